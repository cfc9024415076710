namespace Spoo.Data.Alerts;

/// <summary>What an alert is about. The names are kept in databases.</summary>
public enum AlertKind
{
    /// <summary>Many more clicks within an hour than are usual in this hour of the week.</summary>
    Spike,

    /// <summary>No clicks, where there usually are some.</summary>
    Silence,

    /// <summary>Many more visits by bots within an hour than are usual in this hour of the week.</summary>
    Bots,

    /// <summary>A link that ends by the clock.</summary>
    LinkEnding,

    /// <summary>A link that has had most of the clicks that it may have.</summary>
    LinkLimit,

    /// <summary>An account that has most of what it may have.</summary>
    Quota,

    /// <summary>A domain that is not proved any more, and does not lead here either.</summary>
    DomainFailing,

    /// <summary>A destination that does not answer, or answers that it is not there.</summary>
    BrokenDestination,
}

/// <summary>What can be said about alerts of a kind.</summary>
/// <param name="Name">What programs call it.</param>
/// <param name="Threshold">What a rule's threshold is when nothing is said.</param>
/// <param name="Minimum">As <paramref name="Threshold"/>, for the clicks below which nothing is said. Null: the kind has no such minimum.</param>
/// <param name="CountsClicks">Whether it follows from clicks, hour by hour, and so can be tried on the past.</param>
/// <param name="Unit">What the threshold counts, for people who read the API's reference or were refused.</param>
public sealed record AlertKindFacts(AlertKind Kind, string Name, int Threshold, int LeastThreshold, int MostThreshold, int? Minimum, bool CountsClicks, string Unit)
{
    public const int LeastMinimum = 1;
    public const int MostMinimum = 1_000_000;

    public static IReadOnlyList<AlertKindFacts> All { get; } =
    [
        new(AlertKind.Spike, "spike", 3, 2, 100, 20, true, "times what is usual in this hour of the week"),
        new(AlertKind.Silence, "silence", 24, 1, 168, 10, true, "hours without a click"),
        new(AlertKind.Bots, "bots", 3, 2, 100, 100, true, "times what is usual in this hour of the week"),
        new(AlertKind.LinkEnding, "link_ending", 72, 1, 720, null, false, "hours before the end"),
        new(AlertKind.LinkLimit, "link_limit", 90, 50, 99, null, false, "percent of max_clicks"),
        new(AlertKind.Quota, "quota", 80, 50, 99, null, false, "percent of the quota"),
        new(AlertKind.DomainFailing, "domain_failing", 3, 1, 10, null, false, "checks in a row that failed"),
        new(AlertKind.BrokenDestination, "broken_destination", 3, 1, 10, null, false, "checks in a row that failed"),
    ];

    /// <summary>Whether a rule can be about one link or the links with a tag.</summary>
    public bool IsOfLinks => Kind is not (AlertKind.Quota or AlertKind.DomainFailing);

    /// <summary>Whether a rule can be about one domain.</summary>
    public bool IsOfDomains => Kind != AlertKind.Quota;

    public static AlertKindFacts Of(AlertKind kind) => All.First(known => known.Kind == kind);
}
