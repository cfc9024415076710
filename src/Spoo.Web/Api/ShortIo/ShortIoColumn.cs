using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;



namespace Spoo.Web.Api.ShortIo;

/// <summary>What clicks can be listed by, under Short.io's name for it.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Dimension">What it is here.</param>
internal sealed record ShortIoColumn(string Name, Dimension Dimension)
{
    private const string MacOs = "macOS";

    public static ShortIoColumn Browser { get; } = new("browser", Dimension.Browser);

    public static ShortIoColumn Country { get; } = new("country", Dimension.Country) { DisplayName = Countries.NameOf };

    public static ShortIoColumn Os { get; } = new("os", Dimension.Os) { ValueOf = OsName };

    public static ShortIoColumn Device { get; } = new("device", Dimension.Device);

    public static ShortIoColumn Referer { get; } = new("referer", Dimension.Referrer);

    public static ShortIoColumn Social { get; } = new("social", Dimension.Referrer)
    {
        ValueOf = referrer => SocialNetworks.Of(referrer)?.Name,
        DisplayName = name => SocialNetworks.Find(name)?.Title ?? name,
    };

    public static ShortIoColumn UtmMedium { get; } = new("utm_medium", Dimension.UtmMedium);

    public static ShortIoColumn UtmSource { get; } = new("utm_source", Dimension.UtmSource);

    public static ShortIoColumn UtmCampaign { get; } = new("utm_campaign", Dimension.UtmCampaign);

    /// <summary>Those that the calls about the top of one column take.</summary>
    public static IReadOnlyList<ShortIoColumn> All { get; } =
    [
        new("path", Dimension.ShortCode)
        {
            // Within a domain the code says it all.
            ValueOf = name => LinkName.Parse(name)?.Code ?? name,
        },
        new("human", Dimension.VisitorType)
        {
            ValueOf = type => type == Dimension.Human ? "true" : "false",
            DisplayName = value => value == "true" ? "Human" : "Bot",
            CountsBots = true,
        },
        Browser,
        Country,
        new("city", Dimension.City),
        Social,
        new("refhost", Dimension.Referrer),
        Os,
        UtmSource,
        UtmMedium,
        UtmCampaign,
    ];

    /// <summary>Short.io's columns about what is never stored here.</summary>
    public static IReadOnlyList<string> NotStored { get; } = ["method", "st", "proto", "browser_version", "goal_completed", "ab_path"];

    /// <summary>From the stored value to Short.io's. Null: the click is in no row of this column.</summary>
    public Func<string, string?> ValueOf { get; init; } = value => value;

    /// <summary>From Short.io's value to what people call it.</summary>
    public Func<string, string> DisplayName { get; init; } = value => value;

    /// <summary>Scores are of humans everywhere else.</summary>
    public bool CountsBots { get; init; }

    public static string OsName(string name) => name == MacOs ? "Mac OS X" : name;

    /// <summary>The values that there are, with their clicks, the most clicked first. What is not known is in no row.</summary>
    public IReadOnlyList<(string Value, long Score)> Rows(Breakdown breakdown) => Sorted(breakdown.Rows.Select(row => (row.Value, row.Count.Clicks)));

    /// <summary>Stored values with their clicks, as rows: several stored values may be one of Short.io's.</summary>
    public IReadOnlyList<(string Value, long Score)> Sorted(IEnumerable<(string? Stored, long Clicks)> values) =>
    [
        .. values
            .Select(row => (Value: string.IsNullOrEmpty(row.Stored) ? null : ValueOf(row.Stored), row.Clicks))
            .Where(row => row.Value is not null)
            .GroupBy(row => row.Value!, StringComparer.Ordinal)
            .Select(group => (Value: group.Key, Score: group.Sum(row => row.Clicks)))
            .OrderByDescending(row => row.Score)
            .ThenBy(row => row.Value, StringComparer.Ordinal),
    ];
}
