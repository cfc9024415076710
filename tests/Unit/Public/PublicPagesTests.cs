using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Components.Public;

namespace Spoo.Tests.Public;

/// <summary>Public pages that are sent again as they were drawn.</summary>
public sealed class PublicPagesTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private PublicPages Pages => app.Get<PublicPages>();

    [Fact]
    public async Task What_nobody_clicked_since_is_sent_as_it_was_drawn()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));

        var (first, firstPolicy) = await GetAsync($"/stats/{link.ShortCode}?period=all");
        var drawn = Pages.Drawn;
        var (second, secondPolicy) = await GetAsync($"/stats/{link.ShortCode}?period=all");

        Assert.Equal(first, second);
        Assert.Equal(firstPolicy, secondPolicy);
        Assert.DoesNotMatch("script-src[^;]*nonce", firstPolicy);
        Assert.DoesNotContain("<!--Blazor", first, StringComparison.Ordinal);
        Assert.Equal(drawn, Pages.Drawn);
    }

    [Theory]
    [InlineData("<html></html>", "<html></html>")]
    [InlineData("<!--Blazor-Server-Component-State:abc--><html></html>", "<html></html>")]
    [InlineData("<p>a</p><!--Blazor-Web-Initializers:x--><p>b</p><!--Blazor-Server-Component-State:y-->", "<p>a</p><p>b</p>")]
    [InlineData("<p>a</p><!-- ours --><p>ü</p>", "<p>a</p><!-- ours --><p>ü</p>")]
    [InlineData("<p>a</p><!--Blazor-Web-Initializers:x", "<p>a</p><!--Blazor-Web-Initializers:x")]
    public void What_the_framework_says_to_itself_is_taken_out_of_a_page(string drawn, string sent) =>
        Assert.Equal(sent, Encoding.UTF8.GetString(PublicPages.WithoutState(Encoding.UTF8.GetBytes(drawn))));

    /// <summary>They are drawn on sheets that are used again, and compressed in haste.</summary>
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Many_pages_drawn_at_once_are_each_their_own(string encoding)
    {
        var links = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => app.AddAsync(Some.Link())));
        await app.AddAsync(links.SelectMany((link, number) => Enumerable.Range(0, 1 + number).Select(_ => Some.Click(link))));

        var pages = await Task.WhenAll(links.Select(link => DecodedAsync($"/stats/{link.ShortCode}?period=all&encoding={encoding}", encoding)));

        Assert.All(pages.Zip(links).Index(), page =>
        {
            Assert.Contains($"<h1 tabindex=\"-1\">{page.Item.Second.ShortCode}</h1>", page.Item.First, StringComparison.Ordinal);
            Assert.Contains($"{1 + page.Index} click", page.Item.First, StringComparison.Ordinal);
            Assert.EndsWith("</html>", page.Item.First.TrimEnd(), StringComparison.Ordinal);
        });
    }

    private async Task<string> DecodedAsync(string address, string encoding)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, address);
        asked.Headers.Add("Accept-Encoding", encoding);
        using var answer = await app.Anonymous().SendAsync(asked, Ended);
        var body = await answer.Content.ReadAsStreamAsync(Ended);
        using var text = new StreamReader(encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        });
        return await text.ReadToEndAsync(Ended);
    }

    /// <summary>A page asks four questions and more; five hundred different ones at once must not be as many times their looking up.</summary>
    [Fact]
    public async Task A_page_looks_its_link_and_the_clicks_up_once()
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        var (links, writers) = (new QueryPlans("\"ShortCode\" = "), new QueryPlans("\"FinishedAt\" IS NULL"));
        await using var watched = new SpooApp { Register = services => services.AddSingleton<IInterceptor>(links).AddSingleton<IInterceptor>(writers) };
        var link = await watched.AddAsync(Some.Link());
        await watched.AddAsync(Some.Click(link));
        await watched.Anonymous().GetStringAsync("/stats/nobody", Ended).ContinueWith(_ => { }, Ended);
        links.Seen.Clear();
        writers.Seen.Clear();

        var page = await watched.Anonymous().GetStringAsync($"/stats/{link.ShortCode}?period=all", Ended);

        Assert.Contains(link.ShortCode, page, StringComparison.Ordinal);
        Assert.Equal((1, 1), (links.Seen.Count, writers.Seen.Count));
    }

    [Theory]
    [InlineData("Accept-Language", "de")]
    [InlineData("Cookie", "timezone=Asia%2FTokyo")]
    [InlineData("Cookie", "theme=dark")]
    [InlineData("Accept-Encoding", "br")]
    public async Task What_is_told_in_another_way_is_another_page(string header, string value)
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));

        var (first, _) = await GetAsync($"/stats/{link.ShortCode}?period=all");
        var (second, _) = await GetAsync($"/stats/{link.ShortCode}?period=all", (header, value));

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_link_that_becomes_private_is_gone_at_once_and_comes_back_with_another_title()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));
        await GetAsync($"/stats/{link.ShortCode}");

        await EditAsync(link, owner.Id, new LinkEdit { PrivateStats = new(true) });
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync($"/stats/{link.ShortCode}", Ended)).StatusCode);

        await EditAsync(link, owner.Id, new LinkEdit { PrivateStats = new(false), LongUrl = "https://example.com/moved" });
        Assert.Contains("example.com/moved", (await GetAsync($"/stats/{link.ShortCode}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_at_the_same_moment_waits_for_the_one_who_draws()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));
        await GetAsync($"/stats/{link.ShortCode}?period=7d");
        var drawn = Pages.Drawn;

        var pages = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => GetAsync($"/stats/{link.ShortCode}?period=all")));

        Assert.Single(pages.Select(page => page.Text).Distinct());
        Assert.Equal(drawn + 1, Pages.Drawn);
    }

    [Fact]
    public async Task What_is_not_for_everybody_is_drawn_each_time()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        var secret = Some.Link();
        secret.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(secret);
        var drawn = Pages.Drawn;

        await (await app.SignedInAsync(owner)).GetAsync($"/stats/{link.ShortCode}", Ended);
        await GetAsync($"/stats/{secret.ShortCode}");

        Assert.Equal(drawn, Pages.Drawn);
    }

    private async Task EditAsync(Link link, string ownerId, LinkEdit edit) =>
        Assert.IsType<LinkOutcome.Done>(await app.Get<LinkService>().EditAsync(link.PublicId, edit, Viewer.User(ownerId), null, Ended));

    private async Task<(string Text, string Policy)> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await app.Anonymous().SendAsync(request, Ended);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(headers.Contains(("Accept-Encoding", "br")) ? ["br"] : [], answer.Content.Headers.ContentEncoding);
        Assert.True(answer.Headers.CacheControl is { Private: true } and ({ NoCache: true } or { NoStore: true }));
        return (Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync(Ended)) is var bytes && answer.Content.Headers.ContentEncoding.Count > 0 ? bytes : await answer.Content.ReadAsStringAsync(Ended),
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }
}
