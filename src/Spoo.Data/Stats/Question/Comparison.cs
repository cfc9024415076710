namespace Spoo.Data.Stats.Question;

/// <summary>How the other range of a comparison is found.</summary>
public sealed record ComparisonWay
{
    private ComparisonWay(string name) => Name = name;

    /// <summary>As long as the first range, and ending just before it, to the millisecond.</summary>
    public static ComparisonWay Previous { get; } = new("previous");

    /// <summary>The period before by the viewer's calendar, up to the same time of day: a day half over is compared with half a day.</summary>
    public static ComparisonWay Period { get; } = new("period");

    /// <summary>The same dates a year before.</summary>
    public static ComparisonWay Year { get; } = new("year");

    public static IReadOnlyList<ComparisonWay> All { get; } = [Previous, Period, Year];

    /// <summary>The value of <c>compare=</c>.</summary>
    public string Name { get; }

    public static ComparisonWay? Find(string name) => All.FirstOrDefault(way => way.Name == name);

    public override string ToString() => Name;
}

/// <summary>A second range for the same question.</summary>
/// <param name="Start">Null: as long before the end as the first range is long.</param>
/// <param name="End">Null: as long after the start as the first range is long; without a start, <see cref="Way"/> says which range.</param>
public sealed record Comparison(DateTimeOffset? Start, DateTimeOffset? End)
{
    private const int Week = 7;

    public static Comparison Previous { get; } = new(null, null);

    /// <summary>Which range it is when neither start nor end is given.</summary>
    public ComparisonWay Way { get; init; } = ComparisonWay.Previous;

    /// <summary>Whether the other range is moved until its weekdays are those of the first: Mondays beside Mondays.</summary>
    public bool MatchesWeekdays { get; init; }

    public static Comparison By(ComparisonWay way, bool matchesWeekdays = false) => Previous with { Way = way, MatchesWeekdays = matchesWeekdays };

    /// <summary>The other range: never inverted, and never ending in the future.</summary>
    /// <param name="period">Where the first range comes from. Null: from two dates.</param>
    public TimeRange RangeFor(TimeRange first, Period? period, DateTimeOffset now)
    {
        var other = Meant(first, period);
        var end = other.End < now ? other.End : now;
        return other with { Start = other.Start < end ? other.Start : end, End = end };
    }

    private TimeRange Meant(TimeRange first, Period? period) => (Start, End) switch
    {
        ({ } start, null) => first with { Start = start, End = start + first.Length },
        (null, { } end) => first with { Start = end - first.Length, End = end },
        ({ } start, { } end) => first with { Start = start, End = end },
        _ when MatchesWeekdays => RangeStep.OfDays(DaysBack(first, Found(first, period))).Move(first, -1),
        _ => Found(first, period),
    };

    private TimeRange Found(TimeRange first, Period? period) => Way switch
    {
        _ when Way == ComparisonWay.Year => RangeStep.OneYear.Move(first, -1),
        _ when Way == ComparisonWay.Period => RangeStep.Of(first, period).Move(first, -1),
        _ => first.Previous,
    };

    /// <summary>The whole weeks nearest to where the other range was found, but so many that the two do not overlap.</summary>
    private static int DaysBack(TimeRange first, TimeRange found)
    {
        var (start, end) = (first.Local(first.Start).Date, first.Local(first.End).Date);
        var nearest = (int)Math.Round((start - first.Local(found.Start).Date).TotalDays / Week) * Week;
        var fewest = ((int)(end - start).TotalDays + Week) / Week * Week;
        return Math.Max(nearest, fewest);
    }
}
