using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// An update of two servers, one after the other and with visitors all the time: the version before goes on beside the schema of this one. <c>SPOO_EARLIER</c> names the
/// <c>Spoo.Web.dll</c> of the version before, which <c>eng/rolling-upgrade</c> builds; without it there is none to run, and <see cref="SchemaContractTests"/> reads the migrations.
/// </summary>
public sealed partial class RollingUpgradeTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Visitors = 4;

    private const string Picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>What both versions are asked, and have to answer alike.</summary>
    private static readonly string[] Questions =
    [
        "/api/v1/stats?group_by=browser,os,device,country,referrer,language,time&end_date={until}",
        "/api/v1/stats?group_by=short_code,utm_source,bot_rule,visitor_type,channel&end_date={until}",
        "/api/v1/urls?page=1&pageSize=100",
        "/auth/me",
    ];

    /// <summary>Which are of the question, and not of what was asked about.</summary>
    private static readonly HashSet<string> Moments = ["generated_at", "as_of", "elapsed_ms", "last_seen_at"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_servers_are_updated_one_after_the_other_and_no_visitor_notices()
    {
        var earlier = Environment.GetEnvironmentVariable("SPOO_EARLIER");
        Assert.SkipUnless(earlier is { Length: > 0 }, "SPOO_EARLIER names no build of the version before; eng/rolling-upgrade makes one.");
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        await using var nodes = new ServerNodes(server, 2) { MoreSettings = ["--RateLimits:Enabled", "false"] };
        await nodes.StartAsync(0, earlier);
        await nodes.MakeAccountAsync(earlier);
        await nodes.CommandAsync(earlier, "users", "add", "leaving@example.com", "--password", "correct horse battery");
        var before = await nodes.StartAsync(1, earlier);
        await nodes.MakeLinkAsync();
        var migrations = await nodes.MigrationsAsync();
        nodes.BeginVisits(Visitors);

        // The second brings the schema up to date while the first serves.
        await nodes.EndAsync(1, kill: false);
        var after = await nodes.StartAsync(1);
        before = nodes.Running.First();
        var added = (await nodes.MigrationsAsync()).Except(migrations).ToList();

        foreach (var (maker, other) in (IEnumerable<(ServerProcess, ServerProcess)>)[(before, after), (after, before)])
        {
            await LinksGoBackAndForthAsync(nodes, maker, other);
            await SessionsGoBackAndForthAsync(maker, other);
        }

        // An account with what only the new version knows is deleted by the version before.
        await FillAsync(nodes, after);
        await nodes.CommandAsync(earlier, "users", "delete", "leaving@example.com", "--yes");
        await nodes.CommandAsync(earlier, "audit");
        await nodes.CommandAsync(null, "audit");

        await nodes.EndVisitsAsync();
        var counted = await nodes.AssertAllAreCountedAsync(Visitors);
        var until = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        foreach (var question in Questions)
        {
            var address = question.Replace("{until}", until, StringComparison.Ordinal);
            var differences = Differences(await nodes.AskAsync(before.Address, HttpMethod.Get, address), await nodes.AskAsync(after.Address, HttpMethod.Get, address), question);
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }

        Assert.Equal(await ClicksAsync(nodes, before), await ClicksAsync(nodes, after));

        // The first follows, with the clicks that it has journalled.
        await nodes.EndAsync(0, kill: true);
        await nodes.StartAsync(0);
        Assert.Equal(counted, await nodes.AssertAllAreCountedAsync(Visitors));
        Assert.Equal(0, nodes.Refused);
        TestContext.Current.SendDiagnosticMessage(
            $"{added.Count} migrations while the version before served ({string.Join(", ", added)}), {nodes.Answered.Count} redirects received, {counted.Clicks} clicks counted by both, {nodes.Refused} visitors refused");
    }

    private static async Task LinksGoBackAndForthAsync(ServerNodes nodes, ServerProcess maker, ServerProcess other)
    {
        var made = await nodes.AskAsync(maker.Address, HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/made","title":"Made here","max_clicks":1000}""");
        var code = made.Text("alias");
        Assert.Equal("https://example.com/made", await ServerNodes.LocationAsync(other, code));

        await nodes.AskAsync(other.Address, HttpMethod.Patch, $"/api/v1/urls/{made.Text("id")}", """{"long_url":"https://example.com/edited"}""");
        await Eventually.TrueAsync(async () => await ServerNodes.LocationAsync(maker, code) == "https://example.com/edited");

        await nodes.AskAsync(other.Address, HttpMethod.Delete, $"/api/v1/urls/{made.Text("id")}");
        await Eventually.TrueAsync(async () => await ServerNodes.LocationAsync(maker, code) is null);
    }

    // A session that one begins is one on the other, too, and so is its end.
    private static async Task SessionsGoBackAndForthAsync(ServerProcess maker, ServerProcess other)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false });
        var form = await client.GetStringAsync(new Uri(maker.Address, "/account/login"), Cancelled);
        var fields = HiddenField().Matches(form).ToDictionary(field => WebUtility.HtmlDecode(field.Groups["name"].Value), field => WebUtility.HtmlDecode(field.Groups["value"].Value));
        fields[InputName(form, "email")] = "owner@example.com";
        fields[InputName(form, "password")] = "correct horse battery";
        using var signedIn = await client.PostAsync(new Uri(maker.Address, "/account/login"), new FormUrlEncodedContent(fields), Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        // Cookies know no ports: both servers are the same host to it.
        using var page = await client.GetAsync(new Uri(other.Address, "/links"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task FillAsync(ServerNodes nodes, ServerProcess node)
    {
        var key = (await nodes.CommandAsync(null, "keys", "add", "leaving@example.com", "--scopes", "admin:all")).Trim().Split('\n')[^1].Trim();
        using var client = new HttpClient { BaseAddress = node.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var link = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", $$$"""{"long_url":"https://example.com/leaving","alias":"leaving","meta_tags":{"title":"Leaving","image":"{{{Picture}}}"}}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", """{"kind":"spike","threshold":3,"minimum":50}""").JsonAsync(201);
        Assert.NotEmpty(link.Text("id"));
    }

    private static async Task<List<string>> ClicksAsync(ServerNodes nodes, ServerProcess node) =>
        [.. (await nodes.TextAsync(node.Address, HttpMethod.Get, "/api/v1/export/clicks?format=ndjson")).Split('\n').Order(StringComparer.Ordinal)];

    // Whatever the version before says, this one says, too. What is new in an answer is nothing that it could say.
    private static List<string> Differences(JsonElement before, JsonElement after, string where) => (before.ValueKind, after.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) =>
        [
            .. before.EnumerateObject().Where(property => !Moments.Contains(property.Name)).SelectMany(property => after.TryGetProperty(property.Name, out var there)
                ? Differences(property.Value, there, $"{where} {property.Name}")
                : [$"{where} {property.Name} is gone"]),
        ],
        (JsonValueKind.Array, JsonValueKind.Array) when before.GetArrayLength() == after.GetArrayLength() =>
            [.. before.EnumerateArray().Zip(after.EnumerateArray()).SelectMany(pair => Differences(pair.First, pair.Second, where))],
        _ => before.ToString() == after.ToString() ? [] : [$"{where}: {before} is {after}"],
    };

    private static string InputName(string form, string type) =>
        WebUtility.HtmlDecode(Regex.Match(Regex.Match(form, $"<input[^>]*type=\"{type}\"[^>]*>").Value, "name=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenField();
}
