using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Data.Stats;



namespace Spoo.Tests.Support;

/// <summary>Reports counted from a few clicks, for components that draw them.</summary>
internal static class SomeReports
{
    private static readonly TimeRange Day = new(Some.Noon.AddHours(-12), Some.Noon.AddHours(12), TimeZones.Utc);

    /// <param name="limit">Rows of a breakdown.</param>
    /// <param name="range">Null: the day of <see cref="Some.Noon"/>.</param>
    /// <param name="width">Null: hours.</param>
    public static StatsReport Of(IReadOnlyList<ClickFacts> clicks, int limit = 9, TimeRange? range = null, TimeBucketWidth? width = null)
    {
        range ??= Day;
        var buckets = TimeBuckets.Of(range, width ?? TimeBucketWidth.Hour);
        return new StatsReport
        {
            Query = new StatsQuery { GroupBy = Dimension.All },
            Range = range,
            Summary = new StatsSummary(
                clicks.Count, Visitors(clicks), clicks.Select(click => (DateTimeOffset?)click.Time).Min(), clicks.Select(click => (DateTimeOffset?)click.Time).Max(), 0),
            Breakdowns = [.. Dimension.All.Select(dimension => dimension == Dimension.Time ? ByTime(buckets, clicks) : By(dimension, clicks, limit))],
            Buckets = buckets,
            BucketDetails = [.. buckets.All.Select((_, number) => Detail(clicks.Where(click => buckets.NumberOf(click.Time) == number).ToList()))],
            AsOf = Some.Noon.AddHours(1),
            ClicksLookedAt = clicks.Count,
            Elapsed = TimeSpan.FromMilliseconds(12),
        };
    }

    private static BucketDetail Detail(List<ClickFacts> clicks) => new(
        clicks.Count(click => !click.IsBot), clicks.Count(click => click.IsBot), clicks.Sum(click => click.RedirectMs ?? 0), clicks.Count(click => click.RedirectMs is not null));

    private static Breakdown ByTime(TimeBuckets buckets, IReadOnlyList<ClickFacts> clicks) => Shape(
        Dimension.Time,
        [.. buckets.All.Select((bucket, number) => Row(bucket.Label, bucket.Label, clicks.Where(click => buckets.NumberOf(click.Time) == number)))],
        int.MaxValue);

    private static Breakdown By(Dimension dimension, IReadOnlyList<ClickFacts> clicks, int limit) => Shape(
        dimension,
        [.. clicks.GroupBy(dimension.Read).Select(group => Row(dimension.LabelOf(group.Key), group.Key, group)).OrderByDescending(row => row.Count.Clicks)],
        limit);

    private static Breakdown Shape(Dimension dimension, List<BreakdownRow> rows, int limit) => new()
    {
        Dimension = dimension,
        Rows = [.. rows.Take(limit)],
        Sum = Sum(rows),
        RestRows = Math.Max(0, rows.Count - limit),
        Rest = Sum(rows.Skip(limit)),
    };

    private static BreakdownRow Row(string label, string? value, IEnumerable<ClickFacts> clicks)
    {
        var all = clicks.ToList();
        return new BreakdownRow(label, value, new Count(all.Count, Visitors(all)));
    }

    private static Count Sum(IEnumerable<BreakdownRow> rows) => rows.Aggregate(
        default(Count), (sum, row) => new Count(sum.Clicks + row.Count.Clicks, sum.UniqueClicks + row.Count.UniqueClicks));

    private static int Visitors(IEnumerable<ClickFacts> clicks) => clicks.Select(click => click.Visitor).Distinct().Count();
}
