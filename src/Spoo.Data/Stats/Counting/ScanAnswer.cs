namespace Spoo.Data.Stats.Counting;

/// <summary>What a scan counted, all of it in the same clicks.</summary>
public sealed record ScanAnswer
{
    public required long Clicks { get; init; }

    public required long UniqueVisitors { get; init; }

    /// <summary>Clicks that are of no known visitor, and therefore in none of the numbers of unique visitors.</summary>
    public required long ClicksOfNoVisitor { get; init; }

    /// <summary>The same for each bucket; null where redirect times by bucket were not asked for.</summary>
    public IReadOnlyList<long>? OfNoVisitorByTime { get; init; }

    /// <summary>The earliest click in Unix milliseconds; null if there is none.</summary>
    public required long? First { get; init; }

    /// <summary>The latest click in Unix milliseconds; null if there is none.</summary>
    public required long? Last { get; init; }

    /// <summary>Milliseconds that the redirects took together, where that is known.</summary>
    public required long RedirectMs { get; init; }

    /// <summary>Clicks for which it is known how long the redirect took.</summary>
    public required long RedirectsTimed { get; init; }

    /// <summary>The same two for each bucket; null where that was not asked for.</summary>
    public IReadOnlyList<RedirectSum>? RedirectsByTime { get; init; }

    /// <summary>One for each breakdown asked for, in that order.</summary>
    public required IReadOnlyList<GroupCounts> Breakdowns { get; init; }

    /// <summary>One for each cross-tab asked for, in that order; null where there were more cells than the question allows.</summary>
    public required IReadOnlyList<IReadOnlyList<CrossCell>?> CrossTabs { get; init; }
}

/// <summary>How long redirects took together, and how many of them were timed.</summary>
public readonly record struct RedirectSum(long Ms, long Timed);

/// <summary>Clicks and unique visitors by code, or by bucket number. What lies beyond the end has none.</summary>
public sealed record GroupCounts(long[] Clicks, long[] UniqueVisitors);

/// <summary>One cell of a cross-tab; those without clicks are left out. They come in the order of their codes.</summary>
public readonly record struct CrossCell(int First, int Second, long Clicks, long UniqueVisitors);
