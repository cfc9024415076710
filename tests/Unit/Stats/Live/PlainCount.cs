using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Tests.Stats.Live;

/// <summary>Counts by looking at every click and remembering every visitor: slow, and too simple to be wrong.</summary>
internal static class PlainCount
{
    public static StatsReport Of(StatsQuery query, ClickSelection selection, IEnumerable<ClickFacts> clicks, DateTimeOffset asOf)
    {
        var all = clicks.ToList();
        var links = selection.Links.Select(link => link.Id).ToHashSet();
        var selected = all
            .Where(click => links.Contains(click.LinkId) && selection.Range.Contains(click.Time))
            .Where(click => selection.Filters.All(filter => filter.Accepts(filter.Dimension.Read(click))))
            .ToList();
        var redirects = selected.Select(click => click.RedirectMs).OfType<int>().Select(ms => (long)ms).ToList();
        var total = CountOf(selected);
        var breakdowns = query.GroupBy.Distinct().Select(dimension => dimension == Dimension.Time
            ? Breakdown(dimension, ByBucket(selection.Buckets!, selected), int.MaxValue)
            : Breakdown(dimension, By(dimension, selected), query.Limit ?? dimension.DefaultLimit ?? int.MaxValue)).ToList();

        return new StatsReport
        {
            Query = query,
            Range = selection.Range,
            Summary = new StatsSummary(
                total.Clicks,
                total.UniqueClicks,
                selected.Count == 0 ? null : selected.Min(click => click.Time),
                selected.Count == 0 ? null : selected.Max(click => click.Time),
                Rounded.Ratio(redirects.Sum(), redirects.Count))
            {
                MeasuredRedirects = redirects.Count,
                UntrackedClicks = selected.LongCount(click => click.Visitor == Click.NoVisitor),
            },
            Breakdowns = breakdowns,
            Buckets = selection.Buckets,
            BucketDetails = query.BucketDetails && selection.Buckets is { } buckets ? Details(buckets, selected) : null,
            CrossTabs = query.Cross
                ? [.. query.GroupBy.Distinct().Skip(1).Select(second => Cross(selection.Buckets, query.GroupBy[0], second, selected, breakdowns))]
                : [],
            AsOf = asOf,
            ClicksLookedAt = all.Count,
        };
    }

    private static Breakdown Breakdown(Dimension dimension, List<BreakdownRow> rows, int limit) => new()
    {
        Dimension = dimension,
        Rows = [.. rows.Take(limit)],
        Sum = Sum(rows),
        RestRows = Math.Max(0, rows.Count - limit),
        Rest = Sum(rows.Skip(limit)),
    };

    private static Count Sum(IEnumerable<BreakdownRow> rows) =>
        new(rows.Sum(row => row.Count.Clicks), rows.Sum(row => row.Count.UniqueClicks));

    private static List<BreakdownRow> ByBucket(TimeBuckets buckets, List<ClickFacts> clicks) =>
    [
        .. buckets.All.Select((bucket, number) => new BreakdownRow(
            bucket.Label, bucket.Label, CountOf(clicks.Where(click => buckets.NumberOf(click.Time) == number)))),
    ];

    private static BucketDetail[] Details(TimeBuckets buckets, List<ClickFacts> clicks)
    {
        var details = new BucketDetail[buckets.All.Count];
        foreach (var group in clicks.GroupBy(click => buckets.NumberOf(click.Time)))
        {
            var measured = group.Select(click => click.RedirectMs).OfType<int>().ToList();
            details[group.Key] = new(group.Count(click => !click.IsBot), group.Count(click => click.IsBot), measured.Sum(ms => (long)ms), measured.Count)
            {
                UntrackedClicks = group.LongCount(click => click.Visitor == Click.NoVisitor),
            };
        }

        return details;
    }

    private static List<BreakdownRow> By(Dimension dimension, List<ClickFacts> clicks) =>
    [
        .. clicks
            .GroupBy(click => dimension.LabelOf(dimension.Read(click)))
            .Select(group => new BreakdownRow(group.Key, group.Key == dimension.NoValue ? null : group.Key, CountOf(group)))
            .OrderByDescending(row => row.Count.Clicks)
            .ThenBy(row => row.Label, StringComparer.Ordinal),
    ];

    private static CrossTab Cross(TimeBuckets? buckets, Dimension first, Dimension second, List<ClickFacts> clicks, List<Breakdown> breakdowns) => new(
        first,
        second,
        [.. clicks
            .GroupBy(click => (First: Label(buckets, first, click), Second: Label(buckets, second, click)))
            .Where(group => HasRow(breakdowns, first, group.Key.First) && HasRow(breakdowns, second, group.Key.Second))
            .Select(group => new CrossTabCell(group.Key.First, group.Key.Second, CountOf(group)))
            .OrderBy(cell => cell.FirstLabel, StringComparer.Ordinal)
            .ThenByDescending(cell => cell.Count.Clicks)
            .ThenBy(cell => cell.SecondLabel, StringComparer.Ordinal)]);

    private static bool HasRow(List<Breakdown> breakdowns, Dimension dimension, string label) =>
        breakdowns.Single(breakdown => breakdown.Dimension == dimension).Rows.Any(row => row.Label == label);

    private static string Label(TimeBuckets? buckets, Dimension dimension, ClickFacts click) => dimension == Dimension.Time
        ? buckets!.All[buckets.NumberOf(click.Time)].Label
        : dimension.LabelOf(dimension.Read(click));

    private static Count CountOf(IEnumerable<ClickFacts> clicks)
    {
        var visitors = new HashSet<long>();
        var count = 0L;
        foreach (var click in clicks)
        {
            count++;
            visitors.Add(click.Visitor);
        }

        visitors.Remove(Click.NoVisitor);
        return new Count(count, visitors.Count);
    }
}
