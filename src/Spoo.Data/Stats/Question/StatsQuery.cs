using Spoo.Data.Links;



namespace Spoo.Data.Stats.Question;

public enum StatsScope
{
    /// <summary>All links of the viewer.</summary>
    All,

    /// <summary>One link, by its code, for anybody unless its owner keeps the statistics private.</summary>
    Anon,
}

/// <summary>
/// A question about clicks, fully understood. Only <see cref="StatsQueryParser"/> makes one from text; pages change one with
/// <c>with</c> and print it again.
/// </summary>
public sealed record StatsQuery
{
    public StatsScope Scope { get; init; } = StatsScope.All;

    /// <summary>The link in question with <see cref="StatsScope.Anon"/>; null otherwise.</summary>
    public LinkName? LinkName { get; init; }

    /// <summary>The <see cref="PublicId"/> of the viewer's own link that alone is in question. Null: the question is not about one link.</summary>
    public string? LinkId { get; init; }

    /// <summary>The <see cref="PublicId"/>s of the links that count. Empty: all.</summary>
    public IReadOnlyList<string> LinkIds { get; init; } = [];

    /// <summary>Null: since the creation of the selected link, or of the oldest selected one.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>A preset, when the range was given as one; it stands for <see cref="Start"/> and <see cref="End"/>. Null: none.</summary>
    public Period? Period { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>As asked, in order; may name a dimension twice.</summary>
    public IReadOnlyList<Dimension> GroupBy { get; init; } = [Dimension.Time];

    public IReadOnlyList<Metric> Metrics { get; init; } = Metric.All;

    public IReadOnlyList<StatsFilter> Filters { get; init; } = [];

    /// <summary>What a filter may call the installation's own domain, beside the names that the settings have for it.</summary>
    public IReadOnlyList<string> OwnHosts { get; init; } = [];

    /// <summary>Null: by the length of the range.</summary>
    public TimeBucketWidth? Interval { get; init; }

    /// <summary>Rows per breakdown. Null: <see cref="Dimension.DefaultLimit"/> of each.</summary>
    public int? Limit { get; init; }

    /// <summary>A <see cref="Limit"/>: as many rows as the viewer may ask for.</summary>
    public const int AllRows = int.MaxValue;

    /// <summary>Whether to cross the first dimension of <see cref="GroupBy"/> with each of the others.</summary>
    public bool Cross { get; init; }

    /// <summary>
    /// Whether the buckets of the breakdown by time are looked at more closely: clicks of people and of bots, and how long redirects took.
    /// </summary>
    public bool BucketDetails { get; init; }

    /// <summary>Each dimension of <see cref="GroupBy"/> once.</summary>
    internal IEnumerable<Dimension> Dimensions => GroupBy.Distinct();

    /// <summary>What is to be crossed.</summary>
    internal IEnumerable<(Dimension First, Dimension Second)> Pairs => Cross ? Dimensions.Skip(1).Select(second => (GroupBy[0], second)) : [];

    /// <summary>Whether there are buckets to look at more closely.</summary>
    internal bool WantsBucketDetails => BucketDetails && GroupBy.Contains(Dimension.Time);

    /// <summary>The range to count as well, for comparison. Null: none.</summary>
    public Comparison? Compare { get; init; }
}
