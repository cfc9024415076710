using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Data.Stats;



namespace Spoo.Tests.Stats.Live;

/// <summary>Counts by looking at every click and remembering every visitor: slow, and too simple to be wrong.</summary>
internal static class PlainCount
{
    public static CountAnswer Of(CountQuestion question, IEnumerable<ClickFacts> clicks, DateTimeOffset asOf)
    {
        var all = clicks.ToList();
        var links = question.Links.Select(link => link.Id).ToHashSet();
        var selected = all
            .Where(click => links.Contains(click.LinkId) && question.Range.Contains(click.Time))
            .Where(click => question.Filters.All(filter => filter.Accepts(filter.Dimension.Read(click))))
            .ToList();
        var redirects = selected.Select(click => click.RedirectMs).OfType<int>().Select(ms => (long)ms).ToList();

        return new CountAnswer
        {
            Total = CountOf(selected),
            FirstClick = selected.Count == 0 ? null : selected.Min(click => click.Time),
            LastClick = selected.Count == 0 ? null : selected.Max(click => click.Time),
            RedirectMsSum = redirects.Sum(),
            RedirectMsCount = redirects.Count,
            ByBucket = question.Buckets is { } buckets ? ByBucket(buckets, selected) : [],
            Groups = question.GroupBy
                .Where(dimension => dimension != Dimension.Time)
                .ToDictionary(dimension => dimension, dimension => By(dimension, selected)),
            CrossTabs = question.Cross
                ? [.. question.GroupBy.Skip(1).Select(second => Cross(question.Buckets, question.GroupBy[0], second, selected))]
                : [],
            BucketDetails = question.BucketDetails ? Details(question.Buckets!, selected) : null,
            AsOf = asOf,
            ClicksLookedAt = all.Count,
        };
    }

    private static Count[] ByBucket(TimeBuckets buckets, List<ClickFacts> clicks)
    {
        var counts = new Count[buckets.All.Count];
        foreach (var group in clicks.GroupBy(click => buckets.NumberOf(click.Time)))
        {
            counts[group.Key] = CountOf(group);
        }

        return counts;
    }

    private static BucketDetail[] Details(TimeBuckets buckets, List<ClickFacts> clicks)
    {
        var details = new BucketDetail[buckets.All.Count];
        foreach (var group in clicks.GroupBy(click => buckets.NumberOf(click.Time)))
        {
            var measured = group.Select(click => click.RedirectMs).OfType<int>().ToList();
            details[group.Key] = new(group.Count(click => !click.IsBot), group.Count(click => click.IsBot), measured.Sum(ms => (long)ms), measured.Count);
        }

        return details;
    }

    private static IReadOnlyList<ValueCount> By(Dimension dimension, List<ClickFacts> clicks) =>
        [.. clicks.GroupBy(dimension.Read).Select(group => new ValueCount(group.Key, CountOf(group)))];

    private static CrossTab Cross(TimeBuckets? buckets, Dimension first, Dimension second, List<ClickFacts> clicks) => new(
        first,
        second,
        [.. clicks
            .GroupBy(click => (First: Label(buckets, first, click), Second: Label(buckets, second, click)))
            .Select(group => new CrossTabCell(group.Key.First, group.Key.Second, CountOf(group)))
            .OrderBy(cell => cell.FirstLabel, StringComparer.Ordinal)
            .ThenByDescending(cell => cell.Count.Clicks)
            .ThenBy(cell => cell.SecondLabel, StringComparer.Ordinal)]);

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

        return new Count(count, visitors.Count);
    }
}
