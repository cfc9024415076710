using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Question;



namespace Spoo.Data.Stats.Report;

/// <summary>The answer to a <see cref="StatsQuery"/>. Everything in it comes from one moment, <see cref="AsOf"/>.</summary>
public sealed record StatsReport
{
    public required StatsQuery Query { get; init; }

    /// <summary>The range that was counted, after defaults and caps.</summary>
    public required TimeRange Range { get; init; }

    public required StatsSummary Summary { get; init; }

    /// <summary>One for each different dimension asked for, in the order of the question.</summary>
    public required IReadOnlyList<Breakdown> Breakdowns { get; init; }

    /// <summary>The buckets behind the breakdown by time. Null: time was not asked for.</summary>
    public required TimeBuckets? Buckets { get; init; }

    /// <summary>More about each of the <see cref="Buckets"/>, in their order. Null: not asked for.</summary>
    public IReadOnlyList<BucketDetail>? BucketDetails { get; init; }

    /// <summary>Empty unless the question asked to cross its dimensions.</summary>
    public IReadOnlyList<CrossTab> CrossTabs { get; init; } = [];

    /// <summary>The link in question. Null: the question is not about one link.</summary>
    public ReportedLink? Link { get; init; }

    /// <summary>What imports have told in sums, beside all of this. Null: nothing of these links.</summary>
    public ImportedClicks? Imported { get; init; }

    /// <summary>The same for the range that the question compares with. Null: it does not compare.</summary>
    public StatsReport? Comparison { get; init; }

    /// <summary>
    /// For how long a visitor is known again. Where that is a day or a month, one who comes in two of them counts once in each, and unique visitors
    /// of such periods add up.
    /// </summary>
    public VisitorKeyLife VisitorsKnown { get; init; }

    /// <summary>Every click stored by then is in the numbers, and none stored later.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>How many clicks the counting chose from.</summary>
    public required long ClicksLookedAt { get; init; }

    /// <summary>How long the answer took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// With what a report of all time begins: with the first click, or with the making of the links where imports have told of clicks. Null: there are none.
    /// </summary>
    public DateTimeOffset? Beginning => Imported is { Clicks: > 0 } && !(Summary.FirstClick <= Range.Start) ? Range.Start : Summary.FirstClick;

    public Breakdown By(Dimension dimension) => Breakdowns.Single(breakdown => breakdown.Dimension == dimension);
}

/// <summary>What else is known of the clicks of one time bucket.</summary>
/// <param name="RedirectMs">Milliseconds that the redirects took together, where that was measured.</param>
/// <param name="MeasuredRedirects">How many were measured.</param>
public readonly record struct BucketDetail(long HumanClicks, long BotClicks, long RedirectMs, long MeasuredRedirects)
{
    /// <summary>Clicks whose visitor is not known, because they asked for that.</summary>
    public long UntrackedClicks { get; init; }
}

public sealed record ReportedLink(string PublicId, string Name);

/// <summary>The selection as a whole.</summary>
/// <param name="FirstClick">Null: there are no clicks.</param>
/// <param name="LastClick">Null: there are no clicks.</param>
/// <param name="AverageRedirectMs">Mean of the clicks that have a redirect time; 0 when none has.</param>
public sealed record StatsSummary(
    long TotalClicks, long UniqueClicks, DateTimeOffset? FirstClick, DateTimeOffset? LastClick, double AverageRedirectMs)
{
    /// <summary>How many clicks have a redirect time; tells a mean of 0 from one that was not measured.</summary>
    public long MeasuredRedirects { get; init; }

    /// <summary>Clicks whose visitors asked not to be followed: in <see cref="TotalClicks"/>, and not in <see cref="UniqueClicks"/>.</summary>
    public long UntrackedClicks { get; init; }

    /// <summary>Clicks of which it is known whose they are; what is said of visitors is said of these.</summary>
    public long TrackedClicks => TotalClicks - UntrackedClicks;

    /// <summary>How many of a hundred clicks were a visitor's first within the selection.</summary>
    public double UniqueClickRate => TrackedClicks == 0 ? 0 : Rounded.Percentage(UniqueClicks, TrackedClicks);

    /// <summary>How many of a hundred clicks were made by a visitor who had clicked before.</summary>
    public double RepeatClickRate => TrackedClicks == 0 ? 0 : Rounded.Two(100 - UniqueClickRate);

    /// <summary>How much more this is than <paramref name="before"/>, in percent of it. Null: there was nothing before.</summary>
    public static double? Change(long now, long before) => before == 0 ? null : Rounded.Percentage(now - before, before);

    public double AverageClicksPerVisitor => Rounded.Ratio(TrackedClicks, UniqueClicks);
}

/// <summary>Clicks by one dimension.</summary>
public sealed record Breakdown
{
    public required Dimension Dimension { get; init; }

    /// <summary>
    /// By time: every bucket, in order. Otherwise the largest groups: by clicks, then by label; no more than the question's limit.
    /// </summary>
    public required IReadOnlyList<BreakdownRow> Rows { get; init; }

    /// <summary>Sums over all groups, those behind <see cref="Rows"/> included. The base of every percentage.</summary>
    public required Count Sum { get; init; }

    /// <summary>How many groups there are beyond <see cref="Rows"/>.</summary>
    public required int RestRows { get; init; }

    /// <summary>Sums over the groups beyond <see cref="Rows"/>.</summary>
    public required Count Rest { get; init; }

    /// <summary>With its first rows only; what the others add up to is told.</summary>
    public Breakdown First(int rows)
    {
        var rest = Rows.Skip(rows).Select(row => row.Count).ToList();
        return rest.Count == 0 ? this : this with
        {
            Rows = [.. Rows.Take(rows)],
            RestRows = RestRows + rest.Count,
            Rest = new Count(Rest.Clicks + rest.Sum(count => count.Clicks), Rest.UniqueClicks + rest.Sum(count => count.UniqueClicks)),
        };
    }

    /// <summary>Without the row of what has no value, which no longer counts for the shares.</summary>
    public Breakdown WithoutNone() => Rows.FirstOrDefault(row => row.Value is null) is not { } none ? this : this with
    {
        Rows = [.. Rows.Where(row => row != none)],
        Sum = new Count(Sum.Clicks - none.Count.Clicks, Sum.UniqueClicks - none.Count.UniqueClicks),
    };

    /// <summary>A row's share in percent, of the sum over all groups. Null: the sum is zero.</summary>
    public double? Percentage(BreakdownRow row, Metric metric) =>
        metric.Of(Sum) is var sum and > 0 ? Rounded.Percentage(metric.Of(row.Count), sum) : null;
}

/// <param name="Label">For people, and accepted as the value of a filter.</param>
/// <param name="Value">As stored. Null: no value.</param>
public sealed record BreakdownRow(string Label, string? Value, Count Count);

/// <summary>Clicks by two dimensions.</summary>
/// <param name="Cells">Those that have clicks: by the first label, then by clicks, then by the second label.</param>
public sealed record CrossTab(Dimension First, Dimension Second, IReadOnlyList<CrossTabCell> Cells);

public sealed record CrossTabCell(string FirstLabel, string SecondLabel, Count Count);
