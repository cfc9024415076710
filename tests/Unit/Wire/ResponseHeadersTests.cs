using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Spoo.Tests.Support;

namespace Spoo.Tests.Wire;

/// <summary>What browsers are told about every page.</summary>
public sealed partial class ResponseHeadersTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_page_has_a_script_in_it_and_only_those_with_a_circuit_may_have_styles(bool isSignedIn)
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow.AddHours(-1)) with { Country = "DE", Browser = "Firefox" });
        var client = isSignedIn ? await app.SignedInAsync(owner) : app.Anonymous();
        var pages = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{Code}", link.ShortCode, StringComparison.OrdinalIgnoreCase))
            .Append("/docs/index.html").Append("/account/there/is/nothing").Append($"/stats/{link.ShortCode}?tabs=city&crosstab=time,browser")
            .ToList();
        var looked = 0;

        foreach (var page in pages)
        {
            using var answer = await client.GetAsync(page, Cancelled);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
            {
                continue;
            }

            looked++;
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            var document = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(Cancelled));
            var hasCircuit = document.QuerySelector("script[src*='blazor.web']") is not null;
            Assert.True(isSignedIn || !hasCircuit, page);

            var nonce = Nonce().Match(policy).Groups[1].Value;
            Assert.Contains(hasCircuit ? "style-src 'self' 'unsafe-inline';" : $"style-src 'self' 'nonce-{nonce}';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", hasCircuit ? policy.Replace("style-src 'self' 'unsafe-inline'", "", StringComparison.Ordinal) : policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);

            // A public page is sent more than once: its script is known by what it says, from its first letter to its last.
            Assert.All(document.QuerySelectorAll("script:not([src])"), script =>
            {
                Assert.Equal(nonce, script.GetAttribute("nonce"));
                var source = page.StartsWith("/stats/", StringComparison.Ordinal)
                    ? $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.TextContent)))}"
                    : $"nonce-{nonce}";
                Assert.Contains($"script-src 'self' '{source}';", policy, StringComparison.Ordinal);
            });
            Assert.DoesNotContain(document.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
            if (!hasCircuit)
            {
                Assert.Empty(document.QuerySelectorAll("style, [style]").Select(element => $"{page}: {element.OuterHtml}"));
            }

            Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Opener-Policy"));
        }

        Assert.True(looked > 10, $"only {looked} pages were looked at");
    }

    [Fact]
    public async Task A_nonce_is_good_for_one_answer()
    {
        var client = app.Anonymous();
        await app.AddUserAsync();

        Assert.NotEqual(await NonceAsync(), await NonceAsync());

        async Task<string> NonceAsync() =>
            Nonce().Match((await client.GetAsync("/account/login", Cancelled)).Headers.GetValues("Content-Security-Policy").Single()).Groups[1].Value;
    }

    [Theory]
    [InlineData("/settings")]
    [InlineData("/dashboard")]
    [InlineData("/account/login")]
    [InlineData("/api/v1/urls")]
    [InlineData("/api/v1/export?format=json")]
    [InlineData("/links/export.csv")]
    [InlineData("/settings/download")]
    [InlineData("/auth/me")]
    public async Task What_a_signed_in_person_sees_stays_in_no_cache(string address)
    {
        using var answer = await (await app.SignedInAsync(await app.AddUserAsync())).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancelled);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Styles_and_scripts_are_kept_also_by_those_who_are_signed_in()
    {
        var client = await app.SignedInAsync(await app.AddUserAsync());
        var page = await client.GetStringAsync("/settings", Cancelled);

        foreach (Match asset in Asset().Matches(page))
        {
            using var answer = await client.GetAsync("/" + asset.Groups[1].Value.TrimStart('/'), Cancelled);
            Assert.False(answer.Headers.CacheControl?.NoStore, asset.Value);
        }
    }

    [Fact]
    public async Task What_is_shown_in_other_sites_frames_says_so_and_nothing_else_does()
    {
        var link = await app.AddAsync(Some.Link());

        var framed = await app.Anonymous().GetAsync($"/stats/{link.ShortCode}?embed=true", Cancelled);
        var redirect = await app.Anonymous().GetAsync($"/{link.ShortCode}", Cancelled);

        Assert.EndsWith("frame-ancestors *", framed.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(framed.Headers.Contains("X-Frame-Options"));
        Assert.False(redirect.Headers.Contains("Cross-Origin-Resource-Policy"));
        Assert.Contains("default-src 'none'", redirect.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("(?:href|src)=\"([^\"]+\\.(?:css|js))\"")]
    private static partial Regex Asset();
}
