using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;

namespace Spoo.Tests.Addresses;

/// <summary>A server that has a path of its host, and not the host.</summary>
public sealed partial class ServerPathTests
{
    /// <summary>Attributes in which addresses stand.</summary>
    private static readonly string[] Leading = ["href", "src", "action", "data-live", "data-src"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_page_leads_to_or_loads_is_below_the_path_and_is_there()
    {
        await using var app = Below("/go");
        var owner = await app.AddAdministratorAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow.AddHours(-1)) with { Country = "DE", Browser = "Firefox" });
        var pages = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/').Replace("{Code}", link.ShortCode, StringComparison.OrdinalIgnoreCase))
            .Concat(["docs/index.html", "there/is/nothing", $"{link.ShortCode}+", "links?dialog=new", $"links?dialog=qr&link={link.ShortCode}", "dashboard?details=country&period=all"])
            .ToList();
        var found = new Dictionary<string, string>();
        var looked = 0;

        foreach (var client in new[] { await app.SignedInAsync(owner), app.Anonymous() })
        {
            foreach (var page in pages)
            {
                using var answer = await client.GetAsync("/go/" + page, Cancelled);
                if (answer.Headers.Location is { } location)
                {
                    Assert.StartsWith("/go/", location.OriginalString, StringComparison.Ordinal);
                }
                else if (answer.Content.Headers.ContentType?.MediaType == "text/html")
                {
                    looked++;
                    foreach (var address in AddressesIn(await answer.Content.ReadAsStringAsync(Cancelled), $"/go/{page}"))
                    {
                        found.TryAdd(address.ToString(), page);
                    }
                }
            }

            foreach (var (address, page) in found)
            {
                Assert.True(new Uri(address).AbsolutePath.StartsWith("/go/", StringComparison.Ordinal), $"{page} leads to {address}");
                if (Path.HasExtension(new Uri(address).AbsolutePath) && !address.Contains("export", StringComparison.Ordinal))
                {
                    using var file = await client.GetAsync(address, Cancelled);
                    Assert.True(file.StatusCode is not HttpStatusCode.NotFound, $"{page} loads {address}, which is not there");
                }
            }
        }

        Assert.True(looked > 30 && found.Count > 60, $"only {looked} pages with {found.Count} addresses were looked at");
    }

    [Fact]
    public async Task A_person_signs_in_follows_a_link_and_calls_the_API_below_the_path()
    {
        await using var app = Below("/go");
        await app.AddAdministratorAsync("ann@example.com");
        var ann = new Visitor(app, "https://localhost");

        await ann.OpenAsync("/go/links?q=spring");
        Assert.Equal("/go/account/login?returnUrl=%2Flinks%3Fq%3Dspring", ann.Address);
        await ann.SendAsync("login", ("Input.Email", "ann@example.com"), ("Input.Password", "correct horse"));
        Assert.Equal("/go/links?q=spring", ann.Address);
        Assert.All(ann.CookiesSet, cookie => Assert.True(cookie.Contains("path=/go", StringComparison.OrdinalIgnoreCase) && !cookie.StartsWith("__Host-", StringComparison.Ordinal), cookie));

        using var made = await app.Anonymous().PostAsJsonAsync("/go/api/v1/shorten", new { long_url = "https://example.com/", alias = "spring" }, Cancelled);
        Assert.Equal("http://localhost/go/spring", (await made.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("short_url").GetString());
        Assert.Equal("https://example.com/", (await app.Anonymous().GetAsync("/go/spring", Cancelled)).Headers.Location?.OriginalString);
        using var reference = await app.Anonymous().GetAsync("/go/openapi/v1.json", Cancelled);
        Assert.Equal("/go", (await reference.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("servers")[0].GetProperty("url").GetString());

        // The bare path is the home page's, and programs beside the server ask it without the path.
        Assert.Equal("/go/?a=1", (await app.Anonymous().GetAsync("/go?a=1", Cancelled)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_proxy_that_is_known_says_which_path_it_took_away()
    {
        var peer = "";
        await using var app = Behind("10.0.0.7", () => peer);
        await app.AddAdministratorAsync();
        var client = app.Anonymous();

        Assert.Equal("/go/", await BaseAsync("10.0.0.7", "/go"));
        Assert.Equal("/go/", await BaseAsync("10.0.0.7", "/go/"));
        Assert.Equal("/b/c/", await BaseAsync("10.0.0.7", "/a, /b/c"));
        foreach (var noPath in new[] { "//evil.example", "/go/../x", "https://evil.example", "/\\evil.example", "" })
        {
            Assert.Equal("/", await BaseAsync("10.0.0.7", noPath));
        }

        Assert.Equal("/", await BaseAsync("192.0.2.1", "/go"));

        async Task<string?> BaseAsync(string from, string prefix)
        {
            peer = from;
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
            request.Headers.Add("X-Forwarded-Prefix", prefix);
            using var answer = await client.SendAsync(request, Cancelled);
            var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(Cancelled));
            return page.QuerySelector("base")!.GetAttribute("href");
        }
    }

    [Fact]
    public async Task What_the_operator_says_of_the_path_is_not_for_proxies_to_change()
    {
        await using var app = new SpooApp
        {
            Settings = { ["Proxies:Known:0"] = "10.0.0.7", ["Server:PathBase"] = "/go" },
            Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => "10.0.0.7")),
        };
        await app.AddAdministratorAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
        request.Headers.Add("X-Forwarded-Prefix", "/elsewhere");

        using var answer = await app.Anonymous().SendAsync(request, Cancelled);

        Assert.Contains("<base href=\"/go/\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forwarding_header_of_a_peer_that_is_not_known_is_noticed()
    {
        foreach (var header in new[] { "X-Forwarded-Proto", "X-Forwarded-Prefix" })
        {
            await using var app = Behind("10.0.0.7", () => "10.9.9.9");
            await app.AddAdministratorAsync();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
            request.Headers.Add(header, "x");

            await app.Anonymous().SendAsync(request, Cancelled);

            Assert.Equal("10.9.9.9", app.Get<UnknownProxies>().Last);
        }
    }

    [Fact]
    public async Task Nothing_sends_a_browser_to_a_host_or_back_to_http()
    {
        await using var app = new SpooApp();
        await app.AddAdministratorAsync("ann@example.com");

        foreach (var address in new[] { "/links", "/keys", "/settings", "/admin", "/settings/download", "/links/export.csv", "/docs" })
        {
            using var answer = await app.Anonymous().GetAsync(address, Cancelled);
            var location = answer.Headers.Location!.OriginalString;
            Assert.False(location.Contains("://", StringComparison.Ordinal) || location.StartsWith("//", StringComparison.Ordinal), $"{address} leads to {location}");
        }

        var ann = new Visitor(app);
        await ann.OpenAsync("/account/login?returnUrl=" + Uri.EscapeDataString("/.//evil.example"));
        await ann.SendAsync("login", ("Input.Email", "ann@example.com"), ("Input.Password", "correct horse"));
        Assert.Equal("localhost", ann.Client.BaseAddress!.Host);
        Assert.Equal(404, ann.Status);
    }

    [Fact]
    public async Task Who_comes_without_TLS_is_sent_to_TLS_where_the_operator_wants_it()
    {
        await using var app = new SpooApp { Settings = { ["Server:RedirectToHttps"] = "true" } };
        await app.AddAdministratorAsync();

        foreach (var address in new[] { "/account/login?returnUrl=%2Flinks", "/spring", "/api/v1/stats" })
        {
            using var plain = await app.Anonymous().GetAsync(address, Cancelled);
            using var secure = await app.Anonymous().GetAsync("https://localhost" + address, Cancelled);
            Assert.Equal((HttpStatusCode.TemporaryRedirect, "https://localhost" + address), (plain.StatusCode, plain.Headers.Location?.OriginalString));
            Assert.NotEqual(HttpStatusCode.TemporaryRedirect, secure.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health", Cancelled)).StatusCode);
    }

    [Fact]
    public void No_page_and_no_script_hangs_an_address_on_the_root_of_the_host()
    {
        var web = Path.Combine(Repository(), "src", "Spoo.Web");
        var pages = Directory.GetFiles(Path.Combine(web, "Components"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => RootAddress().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
        var scripts = Directory.GetFiles(Path.Combine(web, "wwwroot"), "*.js", SearchOption.AllDirectories).Where(file => !file.Contains("/lib/", StringComparison.Ordinal))
            .SelectMany(file => RootOfScript().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));

        Assert.Empty(pages.Concat(scripts));
    }

    [Theory]
    [InlineData("go")]
    [InlineData("/go/")]
    [InlineData("//go")]
    [InlineData("/go?x")]
    [InlineData("/..")]
    [InlineData("/go/./x")]
    [InlineData("/go\n")]
    public void A_path_that_a_browser_could_read_otherwise_is_none(string path) => Assert.False(ServerOptions.IsPath(path));

    [Theory]
    [InlineData("/go")]
    [InlineData("/go/there")]
    [InlineData("/.well-known/x_y~z")]
    public void A_plain_path_is_one(string path) => Assert.True(ServerOptions.IsPath(path));

    [GeneratedRegex("""(?i)\b(href|src|action|formaction|closeurl)="(@\(\$")?/[^"]*""")]
    private static partial Regex RootAddress();

    [GeneratedRegex("""(, location\.origin\)|(fetch|EventSource|import|location\.assign)\([`'"]/|path=/;)""")]
    private static partial Regex RootOfScript();

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private static SpooApp Below(string path) => new() { Settings = { ["Server:PathBase"] = path } };

    private static SpooApp Behind(string known, Func<string> peer) => new()
    {
        Settings = { ["Proxies:Known:0"] = known },
        Register = services => services.AddSingleton<IStartupFilter>(new Connections(peer)),
    };

    /// <summary>Where this page leads and what it loads, of this server.</summary>
    private static IEnumerable<Uri> AddressesIn(string html, string page)
    {
        var document = new HtmlParser().ParseDocument(html);
        var here = new Uri(new Uri("http://localhost"), page);
        var root = document.QuerySelector("base") is { } hung ? new Uri(here, hung.GetAttribute("href")) : here;
        return document.QuerySelectorAll("[href], [src], form[action], [data-live], [data-src]").Where(element => element.LocalName != "base")
            .SelectMany(element => Leading.Select(element.GetAttribute))
            .Where(address => address is not null)
            .Select(address => new Uri(root, address))
            .Where(address => address.Host == "localhost");
    }
}
