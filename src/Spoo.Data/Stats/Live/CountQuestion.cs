using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;



namespace Spoo.Data.Stats.Live;

/// <summary>A link as far as counting is concerned.</summary>
public sealed record CountedLink(long Id, string ShortCode, string? OwnerId, DateTimeOffset CreatedAt);

/// <summary>What is left of a question once it is merged who may ask and which links are meant: pure counting.</summary>
public sealed record CountQuestion
{
    /// <summary>Whose clicks. Null: links without an owner.</summary>
    public required string? OwnerId { get; init; }

    /// <summary>The links whose clicks count; all of one owner.</summary>
    public required IReadOnlyList<CountedLink> Links { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>All must hold; none is about links.</summary>
    public required IReadOnlyList<StatsFilter> Filters { get; init; }

    /// <summary>Each dimension once.</summary>
    public required IReadOnlyList<Dimension> GroupBy { get; init; }

    /// <summary>Set when <see cref="GroupBy"/> has time.</summary>
    public required TimeBuckets? Buckets { get; init; }

    /// <summary>Whether to cross the first dimension with each of the others.</summary>
    public required bool Cross { get; init; }

    /// <summary>Whether to look at the buckets more closely; only when there are any.</summary>
    public bool BucketDetails { get; init; }
}

public sealed record CountAnswer
{
    public required Count Total { get; init; }

    public required DateTimeOffset? FirstClick { get; init; }

    public required DateTimeOffset? LastClick { get; init; }

    public required long RedirectMsSum { get; init; }

    public required long RedirectMsCount { get; init; }

    /// <summary>By number of the bucket; empty when time was not asked for.</summary>
    public required IReadOnlyList<Count> ByBucket { get; init; }

    /// <summary>For every dimension asked for but time: its groups that have clicks, in any order.</summary>
    public required IReadOnlyDictionary<Dimension, IReadOnlyList<ValueCount>> Groups { get; init; }

    public required IReadOnlyList<CrossTab> CrossTabs { get; init; }

    /// <summary>By number of the bucket. Null: not asked for.</summary>
    public IReadOnlyList<BucketDetail>? BucketDetails { get; init; }

    /// <summary>A pair of dimensions with more cells than anybody could read. Null: there is none, and all cross-tabs are there.</summary>
    public (Dimension First, Dimension Second)? TooWide { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required long ClicksLookedAt { get; init; }
}

/// <summary>The count of one stored value; null is "no value".</summary>
public readonly record struct ValueCount(string? Value, Count Count);
