using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.ClickHouse;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api.Legacy;

/// <summary>Programs written for spoo.me's old API of forms, as its document and the snippets that people copied have them.</summary>
[OnEveryEngine]
public sealed class OldApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form, "url=https%3A%2F%2Fexample.com&alias={alias}&password=SuperStrongPassword%4018322&max-clicks=10&block-bots=true")]
    [InlineData("application/json", """{"url":"https://example.com","alias":"{alias}","password":"SuperStrongPassword@18322","max-clicks":10,"block-bots":true}""")]
    public async Task A_form_sent_to_the_front_door_makes_a_link_that_is_as_it_says(string type, string body)
    {
        var alias = Some.Unique("old");

        var made = await PostAsync("/", body.Replace("{alias}", alias, StringComparison.Ordinal), type).JsonAsync();

        Assert.Equal($$"""{"short_url":"http://localhost/{{alias}}","domain":"localhost","original_url":"https://example.com"}""", made.GetRawText());
        var link = await LinkAsync(alias);
        Assert.Equal((10, true, true, (string?)null), (link.MaxClicks, link.BlockBots, link.PasswordHash is not null, link.OwnerId));
    }

    [Fact]
    public async Task What_may_be_left_out_is_left_out_and_a_long_alias_is_cut()
    {
        var plain = await PostAsync("/", "url=https%3A%2F%2Fexample.com%2Fa%3Fb%3D1&block-bots=false").JsonAsync();
        var start = Some.Unique("cut");
        var longer = await PostAsync("/", $"url=https%3A%2F%2Fexample.com&alias={start}{new string('x', 40)}").JsonAsync();
        var inQuery = await PostAsync("/?url=https%3A%2F%2Fexample.com%2Fq", null).JsonAsync();

        Assert.Equal("https://example.com/a?b=1", plain.Text("original_url"));
        Assert.Equal($"http://localhost/{start}{new string('x', 40)}"[..("http://localhost/".Length + 16)], longer.Text("short_url"));
        Assert.Equal("https://example.com/q", inQuery.Text("original_url"));
        Assert.Null((await LinkAsync(plain.Text("short_url").Split('/')[^1])).BlockBots);
    }

    [Theory]
    [InlineData("", "UrlError")]
    [InlineData("url=", "UrlError")]
    [InlineData("url=nothing", "UrlError")]
    [InlineData("url=javascript%3Aalert(1)", "UrlError")]
    [InlineData("url=https%3A%2F%2Fexample.com&alias=a%20b", "AliasError")]
    [InlineData("url=https%3A%2F%2Fexample.com&alias=dashboard", "AliasError")]
    [InlineData("url=https%3A%2F%2Fexample.com&alias=taken", "AliasError")]
    [InlineData("url=https%3A%2F%2Fexample.com&password=short1%40", "PasswordError")]
    [InlineData("url=https%3A%2F%2Fexample.com&password=nodigits%40here", "PasswordError")]
    [InlineData("url=https%3A%2F%2Fexample.com&password=nospecial123", "PasswordError")]
    [InlineData("url=https%3A%2F%2Fexample.com&max-clicks=0", "MaxClicksError")]
    [InlineData("url=https%3A%2F%2Fexample.com&max-clicks=-5", "MaxClicksError")]
    [InlineData("url=https%3A%2F%2Fexample.com&max-clicks=many", "MaxClicksError")]
    public async Task What_is_wrong_is_said_in_the_old_words(string form, string error)
    {
        if (form.EndsWith("taken", StringComparison.Ordinal) && !await HasAsync("taken"))
        {
            await app.AddAsync(Some.Link("taken"));
        }

        await ErrorAsync(PostAsync("/", form), 400, error);
    }

    [Fact]
    public async Task A_browser_that_sends_the_form_is_led_to_the_home_page_and_the_pages_own_forms_are_left_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("url=https%3A%2F%2Fexample.com", Encoding.UTF8, Form) };
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        var led = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);

        using var ofPage = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("url=https%3A%2F%2Fexample.com&_handler=shorten", Encoding.UTF8, Form) };
        ofPage.Headers.Accept.ParseAdd("text/html");
        var refused = await app.Anonymous().SendAsync(ofPage, TestContext.Current.CancellationToken);

        Assert.Equal(302, (int)led.StatusCode);
        Assert.StartsWith("/?made=", led.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal(400, (int)refused.StatusCode);     // without the page's token
        Assert.NotEqual("application/json", refused.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_form_without_any_Accept_and_one_in_parts_work_as_well()
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Accept.Clear();
        var bare = await client.PostAsync("/", new FormUrlEncodedContent([new("url", "https://example.com")]), TestContext.Current.CancellationToken);
        using var parts = new MultipartFormDataContent { { new StringContent("https://example.com"), "url" } };
        var inParts = await client.PostAsync("/", parts, TestContext.Current.CancellationToken);

        Assert.True((await Task.FromResult(bare).JsonAsync()).Has("short_url"));
        Assert.True((await Task.FromResult(inParts).JsonAsync()).Has("short_url"));
    }

    [Fact]
    public async Task Where_links_without_an_account_are_off_the_old_door_says_so_in_JSON()
    {
        await using var closed = new SpooApp { Settings = { ["Links:AllowAnonymous"] = "false" } };

        await ErrorAsync(PostAsync("/", "url=https%3A%2F%2Fexample.com", Form, closed), 401, "AuthenticationError");
        await ErrorAsync(closed.Anonymous().GetAsync("/metric", TestContext.Current.CancellationToken), 403, "AccessError");
    }

    [Fact]
    public async Task The_numbers_of_a_link_have_the_old_names()
    {
        var clock = new FakeTimeProvider(Some.Noon.AddDays(2));
        await using var then = new SpooApp { Clock = clock };
        var link = await LinkWithClicksAsync(then);

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(method, $"/stats/{link.ShortCode}");
            request.Headers.Accept.ParseAdd("application/json");
            var stats = await then.Anonymous().SendAsync(request, TestContext.Current.CancellationToken).JsonAsync();

            Assert.Equal((3, 2), (stats.GetProperty("total-clicks").GetInt32(), stats.GetProperty("total_unique_clicks").GetInt32()));
            Assert.Equal((link.ShortCode, "https://example.com/page", "2026-02-18"), (stats.Text("short_code"), stats.Text("url"), stats.Text("creation-date")));
            Assert.Equal("""{"2026-02-18":2,"2026-02-19":1,"2026-02-20":0}""", stats.GetProperty("counter").GetRawText());
            Assert.Equal("""{"2026-02-18":1,"2026-02-19":1,"2026-02-20":0}""", stats.GetProperty("unique_counter").GetRawText());
            Assert.Equal("""{"Chrome":2,"Firefox":1}""", stats.GetProperty("browser").GetRawText());
            Assert.Equal("""{"Germany":2,"Unknown":1}""", stats.GetProperty("country").GetRawText().Replace("XX", "Unknown", StringComparison.Ordinal));
            Assert.Equal(1, stats.GetProperty("average_daily_clicks").GetDouble());
            Assert.Equal((false, JsonValueKind.Null), (stats.GetProperty("expired").GetBoolean(), stats.GetProperty("password").ValueKind));
        }

        var page = await then.Anonymous().GetAsync($"/stats/{link.ShortCode}", TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_password_is_asked_for_and_a_private_link_is_not_there()
    {
        var hidden = await app.AddAsync(Some.Link(owner: await app.AddUserAsync(), privateStats: true));
        var made = await PostAsync("/", "url=https%3A%2F%2Fexample.com&password=Example%4012").JsonAsync();
        var code = made.Text("short_url").Split('/')[^1];

        await ErrorAsync(PostAsync($"/stats/{hidden.ShortCode}", ""), 404, "UrlError");
        await ErrorAsync(PostAsync("/stats/never-there", ""), 404, "UrlError");
        await ErrorAsync(PostAsync($"/export/{hidden.ShortCode}/json", ""), 404, "UrlError");
        await ErrorAsync(PostAsync($"/stats/{code}", ""), 400, "PasswordError");
        await ErrorAsync(PostAsync($"/stats/{code}", "password=wrong"), 400, "PasswordError");
        Assert.Equal("set", (await PostAsync($"/stats/{code}", "password=Example%4012").JsonAsync()).Text("password"));
        Assert.True((await PostAsync($"/export/{code}/json", "password=Example%4012")).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("json", "application/json", "spoo-me-export.json")]
    [InlineData("CSV", "application/zip", "spoo-me-export-csv.zip")]
    [InlineData("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "spoo-me-export.xlsx")]
    [InlineData("xml", "application/xml", "data.xml")]
    public async Task The_files_have_the_old_names_and_the_numbers(string format, string type, string name)
    {
        var link = await LinkWithClicksAsync(app);

        foreach (var answer in new[]
        {
            await PostAsync($"/export/{link.ShortCode}/{format}", ""),
            await app.Anonymous().GetAsync($"/export/{link.ShortCode}/{format}", TestContext.Current.CancellationToken),
        })
        {
            var file = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

            Assert.Equal((type, name), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
            Assert.Contains("3", TextOf(format, file), StringComparison.Ordinal);
            Assert.Contains("Chrome", TextOf(format, file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_format_that_there_is_none_of_is_a_format_error() =>
        await ErrorAsync(PostAsync($"/export/{(await LinkWithClicksAsync(app)).ShortCode}/pdf", ""), 400, "FormatError");

    [Fact]
    public async Task The_totals_are_those_of_all_links_together()
    {
        await using var alone = new SpooApp();
        await LinkWithClicksAsync(alone);

        var totals = await alone.Anonymous().JsonAsync("/metric");

        Assert.Equal("""{"total-shortlinks-raw":1,"total-clicks-raw":3,"total-shortlinks":"1","total-clicks":"3","github-stars":null}""", totals.GetRawText());
    }

    [Theory]
    [InlineData(999, "999")]
    [InlineData(12_345, "12K+")]
    [InlineData(7_000_000, "7M+")]
    public void Large_totals_are_rough(long number, string text) => Assert.Equal(text, Web.Api.Legacy.OldTotals.Rough(number));

    [Fact]
    public async Task Too_many_calls_are_told_so_in_the_old_words()
    {
        await using var limited = new SpooApp { Settings = { ["RateLimits:Enabled"] = "true", ["RateLimits:Others:shorten"] = "1/minute" } };
        await PostAsync("/", "url=https%3A%2F%2Fexample.com", Form, limited).JsonAsync();

        var refused = await PostAsync("/", "url=https%3A%2F%2Fexample.com", Form, limited);

        await ErrorAsync(Task.FromResult(refused), 429, "RateLimitError");
        Assert.True(refused.Headers.Contains("Retry-After"));
    }

    private static string TextOf(string format, byte[] file)
    {
        switch (format.ToUpperInvariant())
        {
            case "JSON":
                return JsonElement.Parse(file).GetRawText();
            case "XML":
                return XDocument.Load(new MemoryStream(file)).ToString();
            default:
                using (var archive = new ZipArchive(new MemoryStream(file)))
                {
                    Assert.True(format == "xlsx" || archive.Entries.Select(entry => entry.Name).Contains("general_info.csv"));
                    return string.Concat(archive.Entries.Select(entry =>
                    {
                        using var text = new StreamReader(entry.Open());
                        return text.ReadToEnd();
                    }));
                }
        }
    }

    private static async Task ErrorAsync(Task<HttpResponseMessage> call, int status, string error)
    {
        var body = await call.JsonAsync(status);

        Assert.Equal(["error", "message"], body.Names());
        Assert.Equal(error, body.Text("error"));
        Assert.NotEmpty(body.Text("message"));
    }

    private static async Task<Link> LinkWithClicksAsync(SpooApp app)
    {
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync(), privateStats: false));
        await app.AddAsync(
            Some.Click(link) with { Browser = "Chrome", Country = "DE" },
            Some.Click(link) with { Browser = "Chrome", Country = "DE" },
            Some.Click(link, Some.Noon.AddDays(1), visitor: 2) with { Browser = "Firefox" });
        return link;
    }

    private Task<HttpResponseMessage> PostAsync(string address, string? body, string type = Form) => PostAsync(address, body, type, app);

    private static async Task<HttpResponseMessage> PostAsync(string address, string? body, string type, SpooApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)) };
        request.Headers.Accept.ParseAdd("application/json");
        return await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<Link> LinkAsync(string code)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.SingleAsync(link => link.ShortCode == code, TestContext.Current.CancellationToken);
    }

    private async Task<bool> HasAsync(string code)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.AnyAsync(link => link.ShortCode == code, TestContext.Current.CancellationToken);
    }
}
