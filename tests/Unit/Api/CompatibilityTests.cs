using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Spoo.Tests.Support;
using Spoo.Web.Api;

namespace Spoo.Tests.Api;

/// <summary>What <c>docs/compatibility.md</c> says of spoo.me's calls is complete and true.</summary>
public sealed partial class CompatibilityTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static readonly string[] Verdicts = ["same", "more", "differs", "refused"];

    private static readonly IReadOnlyList<Call> Rows =
    [
        .. TableRow().Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "compatibility.md")))
            .Select(row => new Call(row.Groups["method"].Value, row.Groups["path"].Value, row.Groups["verdict"].Value, row.Groups["how"].Value.Trim())),
    ];

    public static TheoryData<string, string> Refused => [.. Rows.Where(IsRefusedByCode).Select(row => (row.Method, row.Path))];

    public static TheoryData<string, string> Empty => [.. NotOffered.Calls.Where(call => call.Empty is not null).Select(call => (call.Method, call.Path))];

    [Fact]
    public void Every_call_of_the_official_documents_has_one_row_and_every_row_a_call()
    {
        var official = OfficialDocument.All.SelectMany(document => document.Calls).Select(call => $"{call.Method} {call.Path}").ToList();
        var rows = Rows.Select(row => $"{row.Method} {row.Path}").ToList();

        Assert.Equal([], official.Except(rows));
        Assert.Equal([], rows.Except(official));
        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.All(Rows, row => Assert.Contains(row.Verdict, Verdicts));
        Assert.All(Rows.Where(row => row.Verdict != "same"), row => Assert.NotEmpty(row.How));
    }

    [Fact]
    public void Every_row_is_a_route_of_the_server()
    {
        _ = app.Anonymous();
        var routes = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} {Shape("/" + endpoint.RoutePattern.RawText!.Trim('/'))}"))
            .ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], Rows.Select(row => $"{row.Method} {Shape(row.Path)}").Except(routes));
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task What_is_refused_says_so_and_to_whom_it_concerns(string method, string path)
    {
        var address = Parameter().Replace(path, "000000000000000000000000");

        var problem = await (await app.ScriptOfAsync(await app.AddUserAsync())).SendAsync(new HttpMethod(method), address, "{}").ProblemAsync(403, "feature_disabled");

        Assert.Contains("not available on this server", problem.Text("error"), StringComparison.Ordinal);
        if (NotOffered.Calls.Single(call => (call.Method, call.Path) == (method, path)).NeedsAccount)
        {
            await app.Anonymous().SendAsync(new HttpMethod(method), address, "{}").ProblemAsync(401, "authentication_error");
        }
    }

    [Theory, MemberData(nameof(Empty))]
    public async Task A_list_of_what_there_is_none_of_is_empty(string method, string path)
    {
        var answer = await (await app.WithKeyAsync(await app.AddUserAsync())).SendAsync(new HttpMethod(method), Parameter().Replace(path, "analytics"));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.DoesNotMatch(@"\[[^\]]", text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task No_row_says_refused_of_what_is_answered_or_answered_of_what_is_refused()
    {
        var refused = NotOffered.Calls.Where(call => call.Empty is null).Select(call => $"{call.Method} {call.Path}");

        Assert.Equal(refused.Order(StringComparer.Ordinal), Rows.Where(IsRefusedByCode).Select(row => $"{row.Method} {row.Path}").Order(StringComparer.Ordinal));
        var features = (await (await app.WithKeyAsync(await app.AddUserAsync())).JsonAsync("/api/v1/me/features")).GetProperty("features").EnumerateObject();
        Assert.Equal(["custom_domains", "geo_targeting", "custom_meta_tags", "ab_testing", "ab_variants", "webhooks", "expired_fallback", "link_scheduling"], features.Where(feature => feature.Value.GetString() != "hidden").Select(feature => feature.Name));
    }

    /// <summary>The old API has words of its own for what there is none of.</summary>
    private static bool IsRefusedByCode(Call row) => row.Verdict == "refused" && row.Path != "/emoji";

    /// <summary>An address without the names that its parameters happen to have.</summary>
    private static string Shape(string path) => Parameter().Replace(path, "{}");

    private static string Here([CallerFilePath] string here = "") => here;

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/\S*)` \| (?<verdict>\w+) \|(?<how>.*)\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private sealed record Call(string Method, string Path, string Verdict, string How);
}
