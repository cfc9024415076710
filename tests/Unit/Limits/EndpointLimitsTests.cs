using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Api;
using Spoo.Web.Limits;

namespace Spoo.Tests.Limits;

/// <summary>Limits hold for what an address reaches, and not for how it is spelt.</summary>
public sealed class EndpointLimitsTests : IClassFixture<EndpointLimitsTests.OncePerDay>
{
    /// <summary>What takes something without a limit of ours, and why.</summary>
    private static readonly Dictionary<string, string> Unlimited = new()
    {
        ["POST /account/logout"] = "whoever is signed in may always leave",
        ["POST /{code}/password"] = "each guess counts for its link",
        ["POST /dashboard"] = "has no form",
        ["POST /dashboard/links/{Code}"] = "has no form",
        ["POST /links"] = "has no form",
        ["POST /links/import"] = "has no form",
        ["POST /links/missed"] = "has no form",
        ["POST /import"] = "has no form",
        ["POST /keys"] = "has no form",
        ["POST /admin"] = "has no form",
        ["POST /admin/links"] = "has no form",
        ["POST /admin/domains"] = "has no form",
        ["POST /settings/domains"] = "has no form",
        ["POST /settings/webhooks"] = "has no form",
        ["POST /settings/alerts"] = "has no form",
        ["POST /account/sign-in-refused"] = "has no form",
        ["POST /account/signed-out"] = "has no form",
        ["POST /admin/reports"] = "has no form",
        ["POST /admin/settings"] = "has no form",
        ["POST /admin/system"] = "has no form",
        ["POST /admin/audit"] = "has no form",
        ["POST /{code}/report"] = "each report counts for who sends it, where it is taken",
        ["POST /error"] = "has no form",
        ["POST /not-found"] = "has no form",
        ["POST /auth/device/callback"] = "has no form",
        ["* /_blazor"] = "the framework's own",
        ["* /_blazor/negotiate"] = "the framework's own",
        ["* /_blazor/disconnect"] = "the framework's own",
        ["* /_blazor/initializers"] = "the framework's own; takes nothing",
        ["* /health"] = "takes nothing",
        ["GET /health/ready"] = "takes nothing",
        ["* /metrics"] = "takes nothing",
    };

    private static readonly string[] Taking = ["POST", "PUT", "PATCH", "DELETE", "*"];

    private readonly SpooApp _app;

    public EndpointLimitsTests(OncePerDay house) => _app = house.App;

    [Fact]
    public void Whatever_takes_something_is_limited_or_says_why_it_is_not()
    {
        var taking = Endpoints(_app).SelectMany(endpoint => MethodsOf(endpoint).Where(Taking.Contains)
            .Where(method => LimitOf(endpoint, method) is null)
            .Select(method => $"{method} {PathOf(endpoint)}"));

        Assert.Equal([], taking.Where(door => !Unlimited.ContainsKey(door)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_spelling_of_an_address_is_limited_with_it_or_leads_nowhere()
    {
        var tried = 0;
        var evaded = new List<string>();
        foreach (var endpoint in Endpoints(_app))
        {
            // HEAD is counted as the GET that it asks about.
            foreach (var method in MethodsOf(endpoint).Where(method => method != "HEAD" && LimitOf(endpoint, method) is not null))
            {
                var isCall = endpoint.Metadata.GetMetadata<ShortIoAttribute>() is not null;
                var client = await _app.ScriptOfAsync(await _app.AddUserAsync());
                var path = PathOf(endpoint).Replace("{id}", "0123456789abcdef01234567", StringComparison.Ordinal)
                    .Replace("{linkId}", "0123456789abcdef01234567", StringComparison.Ordinal)
                    .Replace("{domainId}", "1", StringComparison.Ordinal)
                    .Replace("{code}", "some-code", StringComparison.OrdinalIgnoreCase)
                    .Replace("{domain}", "spoo.me", StringComparison.Ordinal);
                path = Regex.Replace(path, @"\{[a-z_]+\}", "some");
                Assert.DoesNotContain('{', path);

                // The one that the limit lets through; the token of the caller has cost that of its endpoint.
                if (LimitOf(endpoint, method) != RateLimits.Account)
                {
                    Assert.NotEqual(429, await StatusAsync(client, method, path, isCall));
                }

                // What is refused for its form does not count, so it is refused for that again and again.
                var again = await StatusAsync(client, method, path, isCall);
                var saysForm = endpoint.Metadata.GetMetadata<ShortIoAttribute>() is null ? 422 : 400;
                Assert.True(again is 429 or 415 || again == saysForm, $"{method} {path}: {again}");
                foreach (var spelling in SpellingsOf(path))
                {
                    tried++;
                    if (await StatusAsync(client, method, spelling, isCall) is var status and not (404 or 405 or 415 or 422 or 429) && !IsAnIdThatIsNone(spelling, status) && ((again == 429 && !isCall) || status != 400))
                    {
                        evaded.Add($"{method} {spelling}: {status}");
                    }
                }
            }
        }

        Assert.Equal([], evaded);
        Assert.True(tried > 300, $"only {tried} spellings were tried");
    }

    /// <summary>What stands where a webhook's id should is refused for that, within the limit of such calls.</summary>
    private static bool IsAnIdThatIsNone(string path, int status) => status == 400 && path.StartsWith("/api/v1/webhooks/event-types", StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("/account/login/")]
    [InlineData("/Account/Login")]
    [InlineData("/account/register/")]
    [InlineData("/account/Forgotten")]
    [InlineData("/Settings/delete")]
    public async Task A_slash_or_a_capital_buys_no_more_attempts(string spelling)
    {
        var client = await _app.ScriptOfAsync(await _app.AddUserAsync());
        await StatusAsync(client, "POST", spelling.TrimEnd('/').ToLowerInvariant());

        Assert.Equal(429, await StatusAsync(client, "POST", spelling));
    }

    private static IEnumerable<string> SpellingsOf(string path)
    {
        yield return path + "/";
        yield return path + "//";
        yield return path.ToUpperInvariant();
        yield return "/" + path;
        yield return path.Insert(1, "./x/../");
        if (path.LastIndexOf('/') is var last and > 0)
        {
            yield return path.Insert(last, "/");
            yield return path[..last] + "%2F" + path[(last + 1)..];
            yield return path[..last] + "%5C" + path[(last + 1)..];
            yield return "/%2F" + path[1..];
        }

        if (path.Length > 1)
        {
            yield return $"/%{(int)path[1]:X2}{path[2..]}";
            yield return path + "%20";
            yield return path + ";x=1";
        }
    }

    /// <param name="isCall">Whether to send JSON, as programs do whose call has the address of a page.</param>
    private static async Task<int> StatusAsync(HttpClient client, string method, string path, bool isCall = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("http://localhost" + path));
        request.Content = method is "GET" or "HEAD" ? null
            : isCall ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json")
            : new FormUrlEncodedContent([]);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private static List<RouteEndpoint> Endpoints(SpooApp app) => [.. app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{code:code}", "{code}", StringComparison.Ordinal);

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? ["GET", "POST"]
        : endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];

    private static string? LimitOf(RouteEndpoint endpoint, string method) =>
        endpoint.Metadata.GetMetadata<LimitedAttribute>()?.Limit
        ?? endpoint.Metadata.OfType<EndpointLimitAttribute>().FirstOrDefault(limit => limit is FormLimitAttribute == (method == "POST"))?.Limit;

    /// <summary>Everybody may do everything once a day.</summary>
    public sealed class OncePerDay : IAsyncDisposable
    {
        public OncePerDay()
        {
            App = new SpooApp { Settings = { ["RateLimits:Enabled"] = "true" } };
            foreach (var name in RateLimits.Names)
            {
                App.Settings[$"RateLimits:Accounts:{name}"] = App.Settings[$"RateLimits:Others:{name}"] = "1/day";
            }
        }

        public SpooApp App { get; }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
