using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>Which clicks to count, and by what.</summary>
public sealed record ScanQuestion
{
    /// <summary>The earliest time that counts, in Unix milliseconds.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>The latest time that counts, in Unix milliseconds; included.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>Numbers of the links whose clicks count; null for all links.</summary>
    public IReadOnlyCollection<int>? Links { get; init; }

    /// <summary>The group that each link is in, by the number of the link. Needed where a breakdown or cross-tab is by group.</summary>
    public int[] LinkGroups { get; init; } = [];

    /// <summary>A click counts only if all of these keep it. None may be about time: that is what the range is for.</summary>
    public IReadOnlyList<CodeFilter> Filters { get; init; } = [];

    /// <summary>Needed where a breakdown or cross-tab is by time. Clicks outside all buckets are missing there, not in the summary.</summary>
    public BucketTable? Buckets { get; init; }

    public IReadOnlyList<AttributeId> Breakdowns { get; init; } = [];

    public IReadOnlyList<AttributePair> CrossTabs { get; init; } = [];

    /// <summary>Whether redirect times are also added up by time; needs buckets.</summary>
    public bool RedirectsByTime { get; init; }

    /// <summary>
    /// A cross-tab with more cells than this is given up. It bounds the memory: a cell that has clicks takes up to 64 bytes
    /// for each thread while counting.
    /// </summary>
    public int MostCells { get; init; } = 1 << 20;

    /// <summary>How many threads may count at once, the caller's among them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>Clicks by two attributes at once.</summary>
public sealed record AttributePair(AttributeId First, AttributeId Second);
