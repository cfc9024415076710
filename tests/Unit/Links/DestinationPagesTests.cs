using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Links.Destinations;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

public sealed class DestinationPagesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void A_page_is_described_by_what_its_head_says()
    {
        var tags = PageTags.Read("""
            <html><head><!-- <meta property="og:title" content="not this"> -->
            <title>The page's
            own title</title><meta name=description content='In "quotes" &amp; so on'>
            <META PROPERTY="og:title" CONTENT="Ümlaut &lt;3 > all"><meta content="https://example.com/a.png" property='og:image'>
            <meta name="twitter:title" content="A bird's"><meta name="theme-color" content="#FF5733"><link rel="shortcut icon" href="/f.ico">
            <meta name="empty" content=""><template><meta property="og:title" content="nor this"></template></head><body><meta property="og:title" content="nor this"></body></html>
            """);

        Assert.Equal(("The page's own title", "In \"quotes\" & so on", "#FF5733", "/f.ico"), (tags.HtmlTitle, tags.HtmlDescription, tags.Color, tags.Favicon));
        Assert.Equal(("Ümlaut <3 > all", "https://example.com/a.png", "A bird's"), (tags.Og["title"], tags.Og["image"], tags.Twitter["title"]));
    }

    [Fact]
    public async Task A_page_is_read_where_it_leads_once_an_hour_and_what_is_none_is_not_guessed_at()
    {
        var asked = 0;
        await using var site = await SiteAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            var response = context.Response;
            switch (context.Request.Path.Value)
            {
                case "/old":
                    response.Redirect("/page");
                    break;
                case "/page":
                    response.ContentType = "text/html; charset=iso-8859-1";
                    await response.Body.WriteAsync(Encoding.Latin1.GetBytes("<head><title>Grüße</title><meta property=og:image content=https://example.com/a.png></head>"), Cancelled);
                    break;
                case "/loop":
                    response.Redirect("/loop");
                    break;
                case "/picture":
                    response.ContentType = "image/png";
                    break;
                default:
                    response.StatusCode = 404;
                    break;
            }
        });
        var clock = new FakeTimeProvider(Some.Noon);
        using var pages = new DestinationPages(_ => true, Uri.UriSchemeHttp, clock, NullLogger<DestinationPages>.Instance);
        var start = site.Urls.Single();

        var (page, fault) = await pages.ReadAsync(start + "/old", Cancelled);
        Assert.Null(fault);
        Assert.Equal(("Grüße", "https://example.com/a.png", start + "/page"), (page!.Title, page.Image, page.FinalUrl.AbsoluteUri));
        Assert.Equal(2, asked);
        await pages.ReadAsync(start + "/old", Cancelled);
        Assert.Equal(2, asked);
        clock.Advance(TimeSpan.FromMinutes(61));
        await pages.ReadAsync(start + "/old", Cancelled);
        Assert.Equal(4, asked);
        foreach (var path in new[] { "/loop", "/picture", "/none" })
        {
            Assert.Equal((null, PageFault.Unfetchable), await pages.ReadAsync(start + path, Cancelled));
        }
    }

    [Fact]
    public async Task Nothing_inside_of_our_own_network_is_asked_whichever_way_it_is_named()
    {
        var asked = 0;
        await using var site = await SiteAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        var port = new Uri(site.Urls.Single()).Port;
        using var pages = new DestinationPages(PublicAddresses.Has, Uri.UriSchemeHttp, TimeProvider.System, NullLogger<DestinationPages>.Instance);

        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "127.1", "10.0.0.1", "169.254.169.254" })
        {
            Assert.Equal((host, (DestinationPage?)null, PageFault.Unfetchable), (host, await pages.ReadAsync($"http://{host}:{port}/", Cancelled) is var (page, fault) ? page : null, fault));
        }

        Assert.Equal(0, asked);
        Assert.False(pages.IsReadable("https://example.com/"));
        Assert.False(pages.IsReadable("file:///etc/passwd"));
        Assert.False(pages.IsReadable("http://name@example.com/"));
    }

    [Fact]
    public async Task Who_asks_for_a_page_has_an_account_and_names_one_that_is_encrypted()
    {
        await using var app = new SpooApp();
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        await app.Anonymous().ProblemAsync("/api/v1/metadata?url=https://example.com", 401, "authentication_error");
        Assert.Equal("url", (await client.ProblemAsync("/api/v1/metadata?url=http://example.com", 400, "validation_error")).Text("field"));
        await client.ProblemAsync("/api/v1/metadata", 422, "validation_error");
        await client.ProblemAsync("/api/v1/metadata?url=https://127.0.0.1/", 422, "unfetchable");
    }

    private static async Task<WebApplication> SiteAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.Run(answer);
        await site.StartAsync(Cancelled);
        return site;
    }
}
