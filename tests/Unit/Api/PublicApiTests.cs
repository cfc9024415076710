using System.Text.Json;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

[OnEveryDatabase]
public sealed class PublicApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Stats = "/api/v1/public/stats";
    private const string Preview = "/api/v1/public/preview";

    [Fact]
    public async Task A_public_link_shows_itself_and_its_clicks_to_anybody()
    {
        var link = Some.Link();
        link.MaxClicks = 100;
        await app.AddAsync(link);
        await app.AddAsync(Some.Click(link) with { Browser = "Chrome" }, Some.Click(link, visitor: 2));

        var body = await app.Anonymous().JsonAsync($"{Stats}/{link.ShortCode}?timezone=Asia/Kolkata&scope=nonsense");

        Assert.Equal("v2", body.Text("generation"));
        Assert.Equal(
            $$"""{"alias":"{{link.ShortCode}}","short_url":"http://localhost/{{link.ShortCode}}","long_url":"https://example.com/page","created_at":"2026-02-18T11:00:00Z","status":"active","max_clicks":100,"block_bots":false,"password_protected":false}""",
            body.GetProperty("link").GetRawText());
        var stats = body.GetProperty("stats");
        Assert.Equal(("anon", link.ShortCode, "Asia/Kolkata"), (stats.Text("scope"), stats.Text("short_code"), stats.Text("timezone")));
        Assert.Equal("""["time","browser","os","device","country","city","referrer"]""", stats.GetProperty("group_by").GetRawText());
        Assert.Equal(2, stats.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_private_link_answers_like_one_that_is_not_there()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: true));

        var missing = await app.Anonymous().ProblemAsync($"{Stats}/no-such-link", 404, "not_found");
        var hidden = await app.Anonymous().ProblemAsync($"{Stats}/{link.ShortCode}", 404, "not_found");
        var foreign = await (await app.WithKeyAsync(await app.AddUserAsync())).ProblemAsync($"{Stats}/{link.ShortCode}", 404, "not_found");

        Assert.Equal(missing.GetRawText(), hidden.GetRawText());
        Assert.Equal(missing.GetRawText(), foreign.GetRawText());
        await (await app.WithKeyAsync(owner)).JsonAsync($"{Stats}/{link.ShortCode}");
    }

    [Fact]
    public async Task A_password_is_asked_for_in_the_body_and_nowhere_else()
    {
        var owner = await app.AddUserAsync();
        var link = Some.Link(owner: owner);
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);
        var address = $"{Stats}/{link.ShortCode}";

        await app.Anonymous().ProblemAsync(address, 401, "password_required");
        await app.Anonymous().ProblemAsync(address + "?password=correct%20horse", 401, "password_required");
        await PostAsync(address, """{"password":"battery staple"}""").ProblemAsync(401, "invalid_password");
        await PostAsync(address, "{}").ProblemAsync(401, "password_required");
        await PostAsync(address, $$"""{"password":"{{new string('x', 201)}}"}""").ProblemAsync(422, "validation_error");
        var body = await PostAsync(address, """{"password":"correct horse"}""").JsonAsync();

        Assert.True(body.GetProperty("link").GetProperty("password_protected").GetBoolean());
        await (await app.WithKeyAsync(owner)).JsonAsync(address);
    }

    [Theory]
    [InlineData("start_date=yesterday", 400)]
    [InlineData("start_date=2026-01-02&end_date=2026-01-01", 400)]
    public async Task A_range_of_public_statistics_is_checked_like_any_other(string parameters, int status)
    {
        var link = await app.AddAsync(Some.Link());

        await app.Anonymous().ProblemAsync($"{Stats}/{link.ShortCode}?{parameters}", status, "validation_error");
    }

    [Fact]
    public async Task A_key_that_may_not_see_statistics_does_not_see_public_ones() =>
        await (await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.ShortenCreate)).ProblemAsync($"{Stats}/any", 403, "forbidden");

    [Fact]
    public async Task A_preview_says_where_a_link_leads()
    {
        var link = await app.AddAsync(Some.Link(longUrl: "https://www.example.com/a/b?c=d"));

        var body = await app.Anonymous().JsonAsync($"{Preview}/{link.ShortCode}");

        Assert.Equal(
            ["generation", "alias", "short_url", "status", "created_at", "password_protected", "destination", "geo_destinations"],
            body.Names());
        Assert.Equal(
            """{"url":"https://www.example.com/a/b?c=d","domain":"www.example.com","path":"/a/b","is_https":true}""",
            body.GetProperty("destination").GetRawText());
        await app.Anonymous().ProblemAsync($"{Preview}/no-such-link", 404, "not_found");
    }

    [Theory]
    [InlineData(true, LinkStatus.Active)]
    [InlineData(false, LinkStatus.Blocked)]
    public async Task A_preview_keeps_what_a_visitor_would_not_get_to_see(bool hasPassword, LinkStatus status)
    {
        var link = Some.Link();
        (link.PasswordHash, link.Status) = (hasPassword ? "hash" : null, status);
        await app.AddAsync(link);

        var body = await app.Anonymous().JsonAsync($"{Preview}/{link.ShortCode}");

        Assert.Equal(JsonValueKind.Null, body.GetProperty("destination").ValueKind);
    }

    private Task<HttpResponseMessage> PostAsync(string address, string json) => app.Anonymous().SendAsync(HttpMethod.Post, address, json);
}
