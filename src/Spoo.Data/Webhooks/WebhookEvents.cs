using System.Text.Json.Nodes;

namespace Spoo.Data.Webhooks;

/// <summary>A kind of event, for people and programs that choose what they want to hear of.</summary>
/// <param name="Category">What stands before the dot.</param>
/// <param name="Frequency">How often it happens, in words.</param>
/// <param name="Data">What such an event says, for a made-up link.</param>
public sealed record WebhookEventType(string Type, string Category, string Description, string Frequency, Func<JsonObject> Data);

/// <summary>The kinds of events, and the patterns by which endpoints choose among them.</summary>
public static class WebhookEvents
{
    public const string LinkCreated = "link.created";
    public const string LinkUpdated = "link.updated";
    public const string LinkDeleted = "link.deleted";
    public const string LinkClicked = "link.clicked";
    public const string LinkExpired = "link.expired";
    public const string LinkBlocked = "link.blocked";
    public const string ClicksCreated = "click.created";
    public const string AlertRaised = "alert.raised";
    public const string ReportSent = "report.sent";

    /// <summary>Can be sent to try an endpoint out, and not be waited for.</summary>
    public const string Test = "webhook.test";

    /// <summary>All of them.</summary>
    public const string Everything = "*";

    public const int MaxPatternLength = 64;

    private const string Link = """
        {"link_id":"65f0a1b2c3d4e5f6a7b8c9d0","alias":"launch","domain":"sp.example","short_url":"https://sp.example/launch","long_url":"https://example.com/launch","status":"ACTIVE","password_protected":false,"block_bots":false,"max_clicks":1000,"expires_at":null,"starts_at":null,"pre_start_url":null,"archived_at":null,"expired_redirect_url":null,"geo_rules":null,"ab_variants":null,"redirect_rules":null,"meta_tags":null,"tags":["spring"],"title":"Launch","note":null,"private_stats":true,"pass_query":false,"pass_path":false,"redirect_status":302,"total_clicks":41,"created_at":"2026-03-01T09:00:00Z"}
        """;

    private const string Click = """
        {"click_id":"8000000002a","clicked_at":"2026-03-02T10:15:30.25Z","country":"DE","city":"Berlin","browser":"Firefox","os":"Windows","device":"desktop","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0","referrer":"https://news.example/today","utm":{"source":"newsletter","medium":"email","campaign":"spring"},"trigger":"link","is_bot":false,"bot_name":null}
        """;

    public static IReadOnlyList<WebhookEventType> All { get; } =
    [
        Of(LinkCreated, "A link was made.", "once a link", () => new() { ["link"] = Parse(Link) }),
        Of(LinkUpdated, "A link was changed. changes has what is different, with the values before and after.", "with every change", () => new()
        {
            ["link"] = Parse(Link),
            ["changes"] = Parse("""{"long_url":{"old":"https://example.com/soon","new":"https://example.com/launch"}}"""),
        }),
        Of(LinkDeleted, "A link was deleted, with its clicks.", "once a link", () => new() { ["link"] = Parse(Link) }),
        Of(LinkClicked, "A link was clicked, by a person or a bot.", "with every click: high", () =>
        {
            var data = Parse("""{"link_id":"65f0a1b2c3d4e5f6a7b8c9d0","alias":"launch","domain":"sp.example","short_url":"https://sp.example/launch","long_url":"https://example.com/launch"}""");
            foreach (var (name, value) in Parse(Click))
            {
                data[name] = value?.DeepClone();
            }

            data["total_clicks"] = 42;
            return data;
        }),
        Of(LinkExpired, "A link has ended: reason is max_clicks_reached or time_expired.", "once a link", () =>
        {
            var link = Parse(Link);
            (link["status"], link["total_clicks"]) = ("EXPIRED", 1000);
            return new() { ["link"] = link, ["reason"] = "max_clicks_reached" };
        }),
        Of(LinkBlocked, "The operator of this server has blocked a link.", "rarely", () =>
        {
            var link = Parse(Link);
            link["status"] = "BLOCKED";
            return new() { ["link"] = link };
        }),
        Of(
            ClicksCreated,
            "Clicks of a link, up to a hundred in one event. It says what link.clicked does, so only its name and click.* choose it: * and link.* do not.",
            "with every batch that is stored, several a second at most",
            () => new()
            {
                ["link"] = Parse("""{"link_id":"65f0a1b2c3d4e5f6a7b8c9d0","alias":"launch","domain":"sp.example","short_url":"https://sp.example/launch","long_url":"https://example.com/launch"}"""),
                ["clicks"] = new JsonArray(Parse(Click)),
                ["total_clicks"] = 42,
            }),
        Of(AlertRaised, "A rule has found something. Rules tell it where they are told to.", "rarely: a rule pauses for 12 hours", () => new()
        {
            ["alert"] = Parse("""{"id":"65f0a1b2c3d4e5f6a7b8c9d1","rule_id":"65f0a1b2c3d4e5f6a7b8c9d2","kind":"spike","subject":"launch","value":120,"usual":14,"detail":null,"at":"2026-03-02T10:00:00Z"}"""),
            ["message"] = "Clicks within an hour: 120; usual in this hour of the week: 14",
            ["link"] = Parse("""{"link_id":"65f0a1b2c3d4e5f6a7b8c9d0","alias":"launch","domain":"sp.example","short_url":"https://sp.example/launch","long_url":"https://example.com/launch"}"""),
        }),
        Of(ReportSent, "A report has gone out by mail.", "as often as the report comes", () => new()
        {
            ["report"] = Parse("""{"id":"65f0a1b2c3d4e5f6a7b8c9d3","rhythm":"weekly","view_id":null,"due_at":"2026-03-02T08:00:00Z","next_at":"2026-03-09T08:00:00Z"}"""),
        }),
    ];

    /// <summary>Those that are looked for when clicks are stored.</summary>
    internal static IReadOnlyList<string> OfClicks { get; } = [LinkClicked, ClicksCreated, LinkExpired];

    /// <summary>A whole event of this kind, as it is sent.</summary>
    public static JsonObject Example(WebhookEventType known, DateTimeOffset at) => WebhookBody.Envelope("evt_0123456789abcdef0123456789abcdef", known.Type, at, known.Data());

    /// <summary>What an event to try an endpoint out says. Null: there is no such kind.</summary>
    public static JsonObject? Sample(string type) => type == Test
        ? new JsonObject { ["message"] = "This is a test. If you can read it, your endpoint works." }
        : All.FirstOrDefault(known => known.Type == type)?.Data();

    /// <summary>Whether a pattern chooses this kind: by its name, by its category as in <c>link.*</c>, or as everything.</summary>
    public static bool Matches(string pattern, string type) =>
        pattern == type || (pattern == Everything && type != ClicksCreated)
        || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));

    /// <summary>What is wrong with a pattern. Null: it chooses something.</summary>
    public static string? ProblemOf(string pattern)
    {
        if (All.Any(known => Matches(pattern, known.Type)))
        {
            return null;
        }

        string[] words = [.. All.Select(known => known.Type), .. All.Select(known => known.Category + ".*").Distinct(), Everything];
        var nearest = words.MinBy(word => Distance(pattern, word))!;
        return $"unknown event type '{pattern}'. Did you mean '{nearest}'? There are {string.Join(", ", words)}";
    }

    private static WebhookEventType Of(string type, string description, string frequency, Func<JsonObject> data) =>
        new(type, type[..type.IndexOf('.', StringComparison.Ordinal)], description, frequency, data);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>How many letters have to be changed, added or left out to make one of the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
