using System.Globalization;
using System.Text;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats.Live;

/// <summary>
/// What was counted in numbers, as a report in words. Only what the question's limits leave is turned into words: a link that was
/// clicked from a hundred thousand places has as many numbers, and a report shows some of them.
/// </summary>
/// <param name="scan">What was counted; its codes mean what <paramref name="valueOf"/> says.</param>
/// <param name="valueOf">The stored value that a code of a dimension stands for, of all dimensions but <see cref="Dimension.Time"/>. Null: none.</param>
/// <param name="asOf">Every click that was stored by then was looked at.</param>
/// <param name="looked">How many clicks the counting chose from.</param>
internal sealed class CountedReport(StatsQuery query, ClickSelection clicks, ScanAnswer scan, Func<Dimension, int, string?> valueOf, DateTimeOffset asOf, long looked)
{
    private static readonly CompositeFormat TooMany = CompositeFormat.Parse(
        "the answer has {0:N0} rows and cells, and at most {1:N0} are given at once: choose fewer dimensions, a smaller limit, a shorter range or a wider interval");

    /// <summary>The report, unless it is larger than it may be.</summary>
    public StatsOutcome Within(AnswerLimits limits)
    {
        foreach (var ((first, second), cells) in query.Pairs.Zip(scan.CrossTabs))
        {
            if (cells is null)
            {
                return new StatsOutcome.Refused(Refusal.Invalid(
                    $"{first} by {second} has more than a million cells: choose a shorter range, a wider interval or a filter", "cross"));
            }
        }

        var shown = query.Dimensions.Zip(scan.Breakdowns, (dimension, counts) => new ShownList(dimension, counts, Shown(dimension, counts))).ToList();
        var tabs = query.Pairs.Zip(scan.CrossTabs, (pair, cells) => (Pair: pair, Cells: CellsWithin(cells!, CodesOf(pair.First), CodesOf(pair.Second)))).ToList();
        var ranges = query.Compare is null ? 1L : 2;
        var rows = (shown.Sum(list => (long)list.Codes.Count) + tabs.Sum(tab => (long)tab.Cells.Count)) * query.Metrics.Distinct().Count() * ranges;
        return rows > limits.Rows
            ? new StatsOutcome.Refused(Refusal.Invalid(string.Format(CultureInfo.InvariantCulture, TooMany, rows, limits.Rows), "limit"))
            : new StatsOutcome.Found(Report(shown, tabs));

        HashSet<int> CodesOf(Dimension dimension) => [.. shown.Single(list => list.Dimension == dimension).Codes];
    }

    private StatsReport Report(List<ShownList> shown, List<((Dimension First, Dimension Second) Pair, List<CrossCell> Cells)> tabs) =>
        new()
        {
            Query = query,
            Range = clicks.Range,
            Summary = new StatsSummary(
                scan.Clicks, scan.UniqueVisitors, Instant(scan.First), Instant(scan.Last), Rounded.Ratio(scan.RedirectMs, scan.RedirectsTimed))
            {
                MeasuredRedirects = scan.RedirectsTimed,
                UntrackedClicks = scan.ClicksOfNoVisitor,
            },
            Breakdowns = [.. shown.Select(list => BreakdownOf(list.Dimension, list.Counts, list.Codes))],
            Buckets = clicks.Buckets,
            BucketDetails = query.WantsBucketDetails ? Details() : null,
            CrossTabs = [.. tabs.Select(tab => CrossTabOf(tab.Pair, tab.Cells))],
            AsOf = asOf,
            ClicksLookedAt = looked,
        };

    /// <summary>
    /// The codes that get a row, in the order of the rows: every bucket of time, whether it has clicks or not; otherwise the groups with
    /// the most clicks.
    /// </summary>
    private List<int> Shown(Dimension dimension, GroupCounts counts) => dimension == Dimension.Time
        ? [.. Enumerable.Range(0, clicks.Buckets!.All.Count)]
        : Largest(dimension, counts, query.Limit ?? dimension.DefaultLimit ?? int.MaxValue);

    /// <summary>The groups with the most clicks, ties by label. As few as are wanted are held while looking: of a hundred thousand groups most are ruled out by one comparison.</summary>
    private List<int> Largest(Dimension dimension, GroupCounts counts, int most)
    {
        var order = Comparer<int>.Create((one, other) => counts.Clicks[other].CompareTo(counts.Clicks[one]) is var byClicks and not 0
            ? byClicks
            : string.CompareOrdinal(LabelOf(dimension, one), LabelOf(dimension, other)));
        var largest = new PriorityQueue<int, int>(Comparer<int>.Create((one, other) => order.Compare(other, one)));
        for (var code = 0; code < counts.Clicks.Length; code++)
        {
            if (counts.Clicks[code] > 0 && largest.Count < most)
            {
                largest.Enqueue(code, code);
            }
            else if (counts.Clicks[code] > 0)
            {
                largest.EnqueueDequeue(code, code);
            }
        }

        List<int> codes = [.. largest.UnorderedItems.Select(item => item.Element)];
        codes.Sort(order);
        return codes;
    }

    private Breakdown BreakdownOf(Dimension dimension, GroupCounts counts, List<int> codes)
    {
        var (all, shown, groups) = (default(Count), default(Count), 0);
        for (var code = 0; code < counts.Clicks.Length; code++)
        {
            all += CountOf(counts, code);
            groups += counts.Clicks[code] > 0 ? 1 : 0;
        }

        var rows = new List<BreakdownRow>(codes.Count);
        foreach (var code in codes)
        {
            var count = CountOf(counts, code);
            shown += count;
            var label = LabelOf(dimension, code);
            rows.Add(new BreakdownRow(label, dimension == Dimension.Time ? label : valueOf(dimension, code), count));
        }

        return new Breakdown
        {
            Dimension = dimension,
            Rows = rows,
            Sum = all,
            RestRows = dimension == Dimension.Time ? 0 : groups - codes.Count,
            Rest = all - shown,
        };
    }

    /// <summary>Only the cells whose labels both have a row of their own: the limits of the lists hold for what is made of them.</summary>
    private static List<CrossCell> CellsWithin(IReadOnlyList<CrossCell> cells, HashSet<int> first, HashSet<int> second) =>
        [.. cells.Where(cell => first.Contains(cell.First) && second.Contains(cell.Second))];

    private CrossTab CrossTabOf((Dimension First, Dimension Second) pair, List<CrossCell> cells) => new(
        pair.First,
        pair.Second,
        [.. cells
            .Select(cell => new CrossTabCell(LabelOf(pair.First, cell.First), LabelOf(pair.Second, cell.Second), new Count(cell.Clicks, cell.UniqueVisitors)))
            .OrderBy(cell => cell.FirstLabel, StringComparer.Ordinal)
            .ThenByDescending(cell => cell.Count.Clicks)
            .ThenBy(cell => cell.SecondLabel, StringComparer.Ordinal)]);

    private BucketDetail[] Details()
    {
        // A bucket has two kinds of visitors, so its cells are never too many.
        var details = new BucketDetail[clicks.Buckets!.All.Count];
        foreach (var cell in scan.CrossTabs[^1]!)
        {
            ref var detail = ref details[cell.First];
            detail = valueOf(Dimension.VisitorType, cell.Second) == Dimension.Bot ? detail with { BotClicks = cell.Clicks } : detail with { HumanClicks = cell.Clicks };
        }

        foreach (var (bucket, redirects) in scan.RedirectsByTime!.Index())
        {
            details[bucket] = details[bucket] with { RedirectMs = redirects.Ms, MeasuredRedirects = redirects.Timed, UntrackedClicks = scan.OfNoVisitorByTime![bucket] };
        }

        return details;
    }

    private string LabelOf(Dimension dimension, int code) =>
        dimension == Dimension.Time ? clicks.Buckets!.All[code].Label : dimension.LabelOf(valueOf(dimension, code));

    private static Count CountOf(GroupCounts counts, int code) =>
        code < counts.Clicks.Length ? new Count(counts.Clicks[code], counts.UniqueVisitors[code]) : default;

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    /// <param name="Codes">Those that get a row.</param>
    private sealed record ShownList(Dimension Dimension, GroupCounts Counts, List<int> Codes);
}
