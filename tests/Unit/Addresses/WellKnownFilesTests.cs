using System.Net;
using System.Text.Json;
using Spoo.Tests.Support;

namespace Spoo.Tests.Addresses;

/// <summary>What browsers, crawlers and link checkers ask for without having been told of it.</summary>
public sealed class WellKnownFilesTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/favicon.ico", "image/x-icon")]
    [InlineData("/robots.txt", "text/plain")]
    [InlineData("/site.webmanifest", "application/manifest+json")]
    [InlineData("/apple-touch-icon.png", "image/png")]
    public async Task A_file_that_browsers_look_for_is_there(string path, string type)
    {
        using var answer = await app.Anonymous().GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Every_icon_of_the_manifest_is_there()
    {
        var manifest = JsonDocument.Parse(await app.Anonymous().GetStringAsync("/site.webmanifest", Cancelled)).RootElement;

        foreach (var icon in manifest.GetProperty("icons").EnumerateArray())
        {
            using var answer = await app.Anonymous().GetAsync(icon.GetProperty("src").GetString(), Cancelled);
            Assert.Equal(icon.GetProperty("type").GetString(), answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Crawlers_stay_out_of_accounts_and_may_read_short_links_and_the_home_page()
    {
        var closed = (await app.Anonymous().GetStringAsync("/robots.txt", Cancelled)).Split('\n')
            .Where(line => line.StartsWith("Disallow: ", StringComparison.Ordinal)).Select(line => line["Disallow: ".Length..].Trim()).ToList();

        Assert.Contains("/dashboard", closed);
        Assert.DoesNotContain(closed, path => "/".StartsWith(path, StringComparison.Ordinal) || "/launch".StartsWith(path, StringComparison.Ordinal) || "/docs".StartsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_home_page_tells_machines_what_it_is_and_where()
    {
        await app.AddUserAsync();

        var page = await app.Anonymous().GetStringAsync("/", Cancelled);

        Assert.Contains("<meta name=\"description\" content=\"Who clicked", page, StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:title\" content=\"Know what your links do. To the last click.\"", page, StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:url\" content=\"http://localhost/\"", page, StringComparison.Ordinal);
        Assert.Matches("<meta property=\"og:image\" content=\"http://localhost/img/dashboard-light[^\"]*\\.jpg\"", page);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/account/login")]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json", "application/json")]
    [InlineData("/health", "application/json")]
    [InlineData("/robots.txt", "text/plain")]
    [InlineData("/site.webmanifest", "application/manifest+json")]
    public async Task What_can_be_read_can_be_asked_for_its_headers(string path, string type = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        await app.AddUserAsync();

        using var answer = await app.Anonymous().SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }
}
