using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Requests as libraries write them that nobody here has seen: odd, and legal by spoo.me's documents.</summary>
public sealed class OddRequestsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Shorten = "/api/v1/shorten";
    private const string AnyBody = """{"long_url":"https://example.com/odd"}""";

    [Theory]
    [InlineData("long_url")]
    [InlineData("alias")]
    [InlineData("block_bots")]
    [InlineData("private_stats")]
    [InlineData("status")]
    [InlineData("pass_query")]
    [InlineData("pass_path")]
    [InlineData("archived")]
    public async Task An_edit_to_null_keeps_what_has_no_nothing(string field)
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var link = Some.Link(owner: owner, privateStats: true);
        (link.BlockBots, link.PassQuery, link.PassPath, link.Status, link.ArchivedAt) = (true, true, true, LinkStatus.Inactive, Some.Noon);
        link = await app.AddAsync(link);
        var before = await ShownAsync(client, link);

        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link.PublicId}", $$"""{"{{field}}":null}""").JsonAsync();
        await client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/edit", $$"""{"ids":["{{link.PublicId}}"],"{{(field == "alias" ? "long_url" : field)}}":null}""").JsonAsync();

        Assert.Equal(before, await ShownAsync(client, link));
        Assert.Equal(404, (int)(await app.Anonymous().GetAsync($"/api/v1/public/stats/{link.ShortCode}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("application/json", 201)]
    [InlineData("application/json; charset=utf-8", 201)]
    [InlineData("application/vnd.api+json", 201)]
    [InlineData(null, 201)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    public async Task A_body_is_json_if_it_says_so_or_nothing(string? type, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Shorten) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(AnyBody)) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        using var answer = await (await app.WithKeyAsync(await app.AddUserAsync())).SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_compressed_body_is_told_to_come_as_it_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Shorten) { Content = new StringContent(AnyBody, Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentEncoding.Add("gzip");

        using var answer = await (await app.WithKeyAsync(await app.AddUserAsync())).SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("Content-Encoding", (await answer.ProblemAsync(415, "unsupported_media_type")).Text("error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"long_url":"https://example.com/a","\ud800":1}""")]
    [InlineData("""{"long_url":"https://example.com/a","redirect_rules":[{"url":"https://example.com/b","\ud800":1}]}""")]
    public async Task A_name_that_is_no_text_is_refused(string json)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        await client.SendAsync(HttpMethod.Post, Shorten, json).ProblemAsync(422, "validation_error");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"password":null}""")]
    [InlineData("""{"password":""}""")]
    public async Task Public_numbers_are_had_by_post_without_a_password(string? body)
    {
        var link = await app.AddAsync(Some.Link());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/public/stats/{link.ShortCode}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };

        using var answer = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/urls/")]
    [InlineData("/API/V1/URLS")]
    [InlineData("/api/v1/urls?")]
    [InlineData("/api/v1/urls?&&page=1&")]
    [InlineData("/api/v1/urls?page=1&page=1")]
    [InlineData("/api/v1/urls?page=%201%20&pageSize=1e2")]
    [InlineData("/api/v1/urls?page=2147483647&pageSize=100")]
    [InlineData("/api/v1/urls?filter=%7B%22search%22%3Anull%7D")]
    public async Task Addresses_are_read_as_they_are_meant(string address)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, address);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(address.Contains("1e2", StringComparison.Ordinal) ? 422 : 200, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/", "url=https://example.com/&max_clicks=5", "max_clicks")]
    [InlineData("/", "url=https://example.com/&private_stats=true", "private_stats")]
    [InlineData("/", "url=https://example.com/&emojies=🚀", "emojies")]
    [InlineData("/emoji", "url=https://example.com/&alias=abc", "alias")]
    public async Task The_old_api_makes_no_link_that_is_otherwise_than_it_was_asked(string address, string form, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Accept.ParseAdd("application/json");

        using var answer = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal((400, "RequestError"), ((int)answer.StatusCode, problem.Text("error")));
        Assert.StartsWith(field, problem.Text("message"), StringComparison.Ordinal);
    }

    private static async Task<string> ShownAsync(HttpClient client, Link link) => (await client.JsonAsync($"/api/v1/urls/{link.PublicId}")).GetRawText();
}
