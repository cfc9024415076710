using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;



namespace Spoo.Data.Stats.Live;

/// <summary>All clicks of an owner as they were at one moment; never changes.</summary>
/// <param name="Epoch">The <see cref="Clicks.ClickEpoch"/> that they are of.</param>
/// <param name="Writers">How far each writer had got: its clicks up to there are in it.</param>
/// <param name="AsOf">Every click that was stored by then is in it.</param>
/// <param name="Looked">The same moment in the clock's own time stamps.</param>
internal sealed record ClickSnapshot(
    ClickColumns Columns, ClickCodes Codes, string Epoch, IReadOnlyList<ClickWriterState> Writers, DateTimeOffset AsOf, long Looked)
{
    private static readonly (Dimension First, Dimension Second) ByVisitorType = (Dimension.Time, Dimension.VisitorType);

    public long Bytes => Columns.Bytes;

    /// <summary>Translates the question into numbers, counts, and translates the answer back.</summary>
    public CountAnswer Count(CountQuestion question, CancellationToken cancellationToken)
    {
        var groups = question.GroupBy.Where(dimension => dimension != Dimension.Time).ToList();
        var pairs = question.Cross ? question.GroupBy.Skip(1).Select(second => (First: question.GroupBy[0], Second: second)).ToList() : [];
        var linkIds = Codes.LinkIds();
        var linkCodes = question.Links.ToDictionary(link => link.Id, link => link.ShortCode);
        var scan = Scan.Run(
            Columns,
            new ScanQuestion
            {
                From = question.Range.Milliseconds.First,
                To = question.Range.Milliseconds.Last,

                // Links may have been deleted since their clicks were put in columns, so "all" is only all when the numbers say so.
                Links = linkIds.All(linkCodes.ContainsKey) ? null : [.. question.Links.Select(link => Codes.LinkNumber(link.Id)).OfType<int>()],
                Filters = [.. question.Filters.Where(filter => filter.Values.Count > 0).Select(Coded)],
                Buckets = question.Buckets is { } buckets
                    ? new BucketTable(buckets.SlotStarts.ToArray(), buckets.End, buckets.SlotBuckets.ToArray())
                    : null,
                Breakdowns = [.. question.GroupBy.Select(ClickCodes.AttributeOf)],
                CrossTabs =
                [
                    .. (question.BucketDetails ? pairs.Append(ByVisitorType) : pairs)
                        .Select(pair => new AttributePair(ClickCodes.AttributeOf(pair.First), ClickCodes.AttributeOf(pair.Second))),
                ],
                RedirectsByTime = question.BucketDetails,
            },
            cancellationToken);

        var tooWide = pairs.Zip(scan.CrossTabs).Where(table => table.Second is null).Select(table => ((Dimension, Dimension)?)table.First).FirstOrDefault();
        var counts = question.GroupBy.Zip(scan.Breakdowns).ToDictionary(pair => pair.First, pair => pair.Second);
        return new CountAnswer
        {
            Total = new Count(scan.Clicks, scan.UniqueVisitors),
            FirstClick = Instant(scan.First),
            LastClick = Instant(scan.Last),
            RedirectMsSum = scan.RedirectMs,
            RedirectMsCount = scan.RedirectsTimed,
            ByBucket = question.Buckets is { } series ? Padded(counts[Dimension.Time], series.All.Count) : [],
            Groups = groups.ToDictionary(dimension => dimension, dimension => Groups(dimension, counts[dimension])),
            CrossTabs = tooWide is null ? [.. pairs.Zip(scan.CrossTabs, (pair, cells) => CrossTab(pair.First, pair.Second, cells!))] : [],
            TooWide = tooWide,
            BucketDetails = question.BucketDetails ? Details(scan, question.Buckets!.All.Count) : null,
            AsOf = AsOf,
            ClicksLookedAt = Columns.Count,
        };

        IReadOnlyList<ValueCount> Groups(Dimension dimension, GroupCounts counts) =>
        [
            .. counts.Clicks
                .Select((clicks, code) => (Code: code, Count: new Count(clicks, counts.UniqueVisitors[code])))
                .Where(group => group.Count.Clicks > 0)
                .Select(group => new ValueCount(ValueOf(dimension, group.Code), group.Count)),
        ];

        CrossTab CrossTab(Dimension first, Dimension second, IReadOnlyList<CrossCell> cells) => new(
            first,
            second,
            [.. cells
                .Select(cell => new CrossTabCell(LabelOf(first, cell.First), LabelOf(second, cell.Second), new Count(cell.Clicks, cell.UniqueVisitors)))
                .OrderBy(cell => cell.FirstLabel, StringComparer.Ordinal)
                .ThenByDescending(cell => cell.Count.Clicks)
                .ThenBy(cell => cell.SecondLabel, StringComparer.Ordinal)]);

        string LabelOf(Dimension dimension, int code) =>
            dimension == Dimension.Time ? question.Buckets!.All[code].Label : dimension.LabelOf(ValueOf(dimension, code));

        string? ValueOf(Dimension dimension, int code) =>
            dimension == Dimension.ShortCode ? linkCodes[linkIds[code]] : Codes.Dictionary(dimension)[code];
    }

    private BucketDetail[] Details(ScanAnswer scan, int buckets)
    {
        // A bucket has two kinds of visitors, so its cells are never too many.
        var types = Codes.Dictionary(Dimension.VisitorType);
        var details = new BucketDetail[buckets];
        foreach (var cell in scan.CrossTabs[^1]!)
        {
            ref var detail = ref details[cell.First];
            detail = types[cell.Second] == Dimension.Bot ? detail with { BotClicks = cell.Clicks } : detail with { HumanClicks = cell.Clicks };
        }

        foreach (var (bucket, redirects) in scan.RedirectsByTime!.Index())
        {
            details[bucket] = details[bucket] with { RedirectMs = redirects.Ms, MeasuredRedirects = redirects.Timed };
        }

        return details;
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private static Count[] Padded(GroupCounts counts, int length) =>
        [.. Enumerable.Range(0, length).Select(i => i < counts.Clicks.Length ? new Count(counts.Clicks[i], counts.UniqueVisitors[i]) : default)];

    /// <summary>The codes that a filter means. A value that no click ever had means no code, and so no click.</summary>
    private CodeFilter Coded(StatsFilter filter)
    {
        var dictionary = Codes.Dictionary(filter.Dimension);
        var codes = filter.Operator.MatchesPart
            ? Enumerable.Range(0, dictionary.Count).Where(code => filter.Matches(dictionary[code]))
            : filter.Values.Select(text => dictionary.Find(filter.Dimension.ValueOf(text))).OfType<int>();
        return new CodeFilter(ClickCodes.AttributeOf(filter.Dimension), !filter.Operator.Excludes, [.. codes.Distinct()]);
    }
}
