using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Spoo.Data.Links;
using Spoo.Tests.Support;
using Spoo.Web.Api;
using Spoo.Web.Api.Numbers;

namespace Spoo.Tests.Api;

/// <summary>
/// A parameter that a call does nothing about, by itself or beside others, is refused and named: an answer without it looks like success.
/// What no call knows is left alone, as with spoo.me.
/// </summary>
public sealed partial class EveryParameterIsHeardTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string AnyId = "65f0c1d2e3f4a5b6c7d8e9f0";

    /// <summary>Longer than everything that a parameter may be, no number, and none of a few words.</summary>
    private static readonly string Nonsense = new('x', 10_001);

    private List<ControllerActionDescriptor> Calls =>
    [
        .. app.Get<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<ControllerActionDescriptor>()
            .Where(IgnoredParameters.IsOurs)

            // People's own calls, with a cookie, are no different.
            .Where(call => call.EndpointMetadata.OfType<NeedsAccountAttribute>().All(account => account.RefusesKeys is null)),
    ];

    [Fact]
    public async Task Every_call_refuses_what_other_calls_know_and_names_it()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var known = Calls.SelectMany(IgnoredParameters.TakenBy).Where(name => name != "scope").Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(Calls.Count > 50 && known.Count > 80, $"{Calls.Count} calls, {known.Count} parameters");

        foreach (var call in Calls)
        {
            var ignored = known.Except(IgnoredParameters.TakenBy(call)).ToList();
            var query = string.Join('&', ignored.Select(name => $"{Uri.EscapeDataString(name)}=x").Append("scope=all").Append("utm_term=x"));

            using var answer = await client.SendAsync(MethodOf(call), $"{PathOf(call)}?{query}", MethodOf(call) == HttpMethod.Get ? null : "{}");

            Assert.Equal(ignored, await RefusedByAsync(answer, 422));
        }
    }

    [Fact]
    public async Task Every_parameter_of_the_reference_is_looked_at()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        foreach (var call in Calls)
        {
            var stats = call.EndpointMetadata.OfType<TakesStatsQueryAttribute>().SingleOrDefault();
            var own = call.EndpointMetadata.OfType<ParameterAttribute>().ToList();
            foreach (var parameter in own.Concat(stats is null ? [] : StatsParameters.All(stats)))
            {
                foreach (var name in new[] { parameter.Name, parameter.OtherName }.OfType<string>())
                {
                    var required = own.Where(other => other.IsRequired && other.Name != name).Select(other => $"{other.Name}={Uri.EscapeDataString(other.Example!)}");
                    var query = string.Join('&', required.Append($"{Uri.EscapeDataString(name)}={Nonsense}"));

                    using var answer = await client.SendAsync(MethodOf(call), $"{PathOf(call)}?{query}", MethodOf(call) == HttpMethod.Get ? null : """{"password":"open sesame"}""");

                    Assert.True((int)answer.StatusCode is 400 or 422 || call.ActionName.StartsWith("Stats", StringComparison.Ordinal), $"{PathOf(call)}: {name} {(int)answer.StatusCode}");
                    Assert.True((int)answer.StatusCode == 404 || (await RefusedByAsync(answer, (int)answer.StatusCode)).Contains(name), $"{PathOf(call)}: {name}");
                }
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/stats?compare_match=weekday", "compare_match")]
    [InlineData("/api/v1/stats?compare_match=weekday&compare_start=2026-01-01", "compare_match")]
    [InlineData("/api/v1/stats?compare=year&compare_end=2026-01-01", "compare")]
    [InlineData("/api/v1/stats?period=7d&start_date=2026-01-01&end_date=2026-01-02", "period")]
    [InlineData("/api/v1/stats?cross=true", "cross")]
    [InlineData("/api/v1/stats?cross=1&group_by=browser,browser", "cross")]
    [InlineData("/api/v1/export?format=json&compare_match=weekday", "compare_match")]
    [InlineData("/api/v1/export?format=json&layout=report", "layout")]
    [InlineData("/api/v1/export?format=csv&layout=report", "layout")]
    [InlineData("/api/v1/export?format=xlsx&names=de", "names")]
    [InlineData("/api/v1/export?format=xml&names=de&layout=wire", "names")]
    [InlineData("/api/v1/export?format=xlsx&bom=true", "bom")]
    [InlineData("/api/v1/export?format=xlsx&layout=report&cross=true&group_by=time,browser", "cross")]
    [InlineData("/api/v1/export/list?group_by=browser&compare=previous", "compare")]
    [InlineData("/api/v1/export/list?group_by=browser&compare_end=2026-01-01", "compare_end")]
    [InlineData("/api/v1/export/list?group_by=browser,os&search=x", "search")]
    [InlineData("/api/v1/export/list?group_by=browser,os&sort=label", "sort")]
    [InlineData("/api/v1/export/list?group_by=browser,os&metrics=clicks,unique_clicks", "metrics")]
    [InlineData("/api/v1/export/list?group_by=browser&cross=true", "cross")]
    [InlineData("/api/v1/export/list?group_by=browser&layout=wire", "layout")]
    [InlineData("/api/v1/export/clicks?format=csv&group_by=browser", "group_by")]
    [InlineData("/api/v1/export/clicks?format=csv&limit=10", "limit")]
    [InlineData("/api/v1/urls?pageSize=2&page_size=3", "page_size")]
    [InlineData("/api/v1/urls?filter={\"tag\":\"a\"}&tag=b", "tag")]
    [InlineData("/api/v1/urls?browser=Chrome", "browser")]
    [InlineData("/api/v1/alerts?page_size=2&pageSize=3", "pageSize")]
    [InlineData("/api/v1/stats/live?browser=Chrome", "browser")]
    [InlineData("/api/v1/stats?groupBy=browser", "groupBy")]
    [InlineData("/api/v1/stats?Browser=Chrome", "Browser")]
    [InlineData("/api/v1/stats?browser[]=Chrome&browser[]=Firefox", "browser[]")]
    [InlineData("/api/v1/stats?utm-source=a", "utm-source")]
    [InlineData("/api/v1/urls?SEARCH=a", "SEARCH")]
    public async Task What_says_nothing_beside_the_others_is_refused_and_named(string address, string field)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Contains(field, await RefusedByAsync(answer, (int)answer.StatusCode));
        Assert.True((int)answer.StatusCode is 400 or 422);
    }

    [Theory]
    [InlineData("/api/v1/stats?compare=previous&compare_match=weekday&interval=day&limit=&cross=false&metrics=&period=")]
    [InlineData("/api/v1/stats?period=7d&start_date=&end_date=")]
    [InlineData("/api/v1/stats?limit=5&group_by=time,browser&cross=true&utm_content=x&callback=y&_=1")]
    [InlineData("/api/v1/stats?limit=5&interval=day&group_by=browser,os")]
    [InlineData("/api/v1/stats?limit=5")]
    [InlineData("/api/v1/export?format=xlsx&layout=report&names=de")]
    [InlineData("/api/v1/export?format=csv&bom=true&layout=wire&names=en")]
    [InlineData("/api/v1/export/list?group_by=browser,os&metrics=unique_clicks&cross=true")]
    [InlineData("/api/v1/export/list?group_by=browser&metrics=unique_clicks&search=a&sort=-label&names=de")]
    [InlineData("/api/v1/urls?page_size=2&pageSize=2")]
    public async Task What_says_something_or_nothing_at_all_is_accepted(string address)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/v1/alerts/rules", """{"kind":"spike","treshold":5}""", "treshold")]
    [InlineData("PATCH", "/api/v1/alerts/rules/" + AnyId, """{"threshold":5,"enabled":true}""", "enabled")]
    [InlineData("POST", "/api/v1/custom-domains", """{"fqdn":"links.example.com","root_redirect":"https://example.com/"}""", "root_redirect")]
    [InlineData("PATCH", "/api/v1/custom-domains/" + AnyId, """{"fqdn":"links.example.com"}""", "fqdn")]
    [InlineData("POST", "/api/v1/webhooks", """{"url":"https://example.com/","events":["*"],"status":"paused"}""", "status")]
    [InlineData("PATCH", "/api/v1/urls/" + AnyId, """{"reuse":true}""", "reuse")]
    [InlineData("POST", "/api/v1/webhooks/" + AnyId + "/test", """{"eventType":"link.created"}""", "eventType")]
    [InlineData("POST", "/api/v1/reports", """{"items":[],"reporterEmail":"a@example.com"}""", "reporterEmail")]
    [InlineData("POST", "/api/v1/reports", """{"items":[{"code_or_url":"a","reason":"spam","Details":"b"}]}""", "items.0.Details")]
    [InlineData("PATCH", "/api/v1/urls/" + AnyId, """{"ab_variants":[{"url":"https://example.com/","weight":50,"country":"DE"}]}""", "ab_variants.0.country")]
    [InlineData("POST", "/api/v1/shorten?alias=launch", """{"long_url":"https://example.com/"}""", "alias")]
    [InlineData("PATCH", "/api/v1/urls/" + AnyId + "/status?status=INACTIVE", "{}", "status")]
    [InlineData("POST", "/api/v1/shorten", """{"long_url":"https://example.com/","url":"https://example.com/b"}""", "url")]
    [InlineData("POST", "/api/v1/shorten", """{"long_url":"https://example.com/","maxClicks":5}""", "maxClicks")]
    [InlineData("POST", "/api/v1/shorten", """{"long_url":"https://example.com/","block-bots":true}""", "block-bots")]
    [InlineData("PATCH", "/api/v1/urls/" + AnyId, """{"expireAfter":"2090-01-01"}""", "expireAfter")]
    public async Task A_field_that_only_another_call_knows_is_refused_and_named(string method, string address, string json, string field)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        using var answer = await client.SendAsync(new HttpMethod(method), address, json);

        Assert.Contains(field, await RefusedByAsync(answer, 422));
    }

    [Fact]
    public async Task Links_are_filtered_by_parameters_as_by_the_filter_as_json()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var (one, other) = (Some.Link(owner: owner), Some.Link(owner: owner));
        (one.Title, one.PasswordHash) = ("Élan", "hash");
        one.Tags.Add(new LinkTag { OwnerId = owner.Id, Name = "launch" });
        other.Status = LinkStatus.Inactive;
        (one, other) = (await app.AddAsync(one), await app.AddAsync(other));

        foreach (var (query, found) in new[]
        {
            ("search=%C3%A9LAN", one), ("tag=launch", one), ("passwordSet=true", one), ("passwordSet=false", other), ("status=INACTIVE", other),
            ("maxClicksSet=false&status=ACTIVE", one), ("filter={\"tag\":\"launch\"}&passwordSet=true", one),
        })
        {
            Assert.Equal([found.PublicId], (await client.JsonAsync($"/api/v1/urls?{query}")).GetProperty("items").Column("id"));
        }

        Assert.Equal(0, (await client.JsonAsync("/api/v1/urls?createdAfter=2090-01-01")).GetProperty("total").GetInt32());
        Assert.Equal("status", (await client.ProblemAsync("/api/v1/urls?status=asleep", 422, "validation_error")).Text("field"));
    }

    private static HttpMethod MethodOf(ControllerActionDescriptor call) => new(call.EndpointMetadata.OfType<IHttpMethodMetadata>().First().HttpMethods[0]);

    private static string PathOf(ControllerActionDescriptor call) =>
        "/" + RouteParameter().Replace(call.AttributeRouteInfo!.Template!, match => match.Value is "{page}" ? "overview" : match.Value is "{domain}" ? "localhost" : AnyId);

    private static async Task<IReadOnlyList<string>> RefusedByAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status && text.StartsWith('{'), $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.ToString()[..Math.Min(200, answer.RequestMessage.RequestUri.ToString().Length)]}: {(int)answer.StatusCode} {text}");
        var problem = JsonDocument.Parse(text).RootElement;
        return problem.Has("details") ? [.. problem.GetProperty("details").Column("field").Order(StringComparer.Ordinal)]
            : problem.Has("field") ? [problem.Text("field")] : [];
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter();
}
