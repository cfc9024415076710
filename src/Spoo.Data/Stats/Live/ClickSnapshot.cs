using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;



namespace Spoo.Data.Stats.Live;

/// <summary>All clicks of an owner as they were at one moment; never changes.</summary>
/// <param name="Epoch">The <see cref="Clicks.ClickEpoch"/> that they are of.</param>
/// <param name="Writers">How far each writer had got: its clicks up to there are in it.</param>
/// <param name="AsOf">Every click that was stored by then is in it.</param>
/// <param name="Looked">The same moment in the clock's own time stamps.</param>
internal sealed record ClickSnapshot(
    ClickColumns Columns, ClickCodes Codes, string Epoch, FollowedWriters Writers, DateTimeOffset AsOf, long Looked)
{
    private static readonly AttributePair TimeByVisitorType = new(AttributeId.Time, ClickCodes.AttributeOf(Dimension.VisitorType));

    public long Bytes => Columns.Bytes;

    /// <summary>Counts what the question asks for, in these clicks.</summary>
    public StatsOutcome Count(StatsQuery query, ClickSelection clicks, AnswerLimits limits, CancellationToken cancellationToken)
    {
        var linkIds = Codes.LinkIds();
        var linkNames = clicks.Links.ToDictionary(link => link.Id, link => link.Name);
        var question = QuestionOf(query, clicks, linkIds, linkNames);
        List<string?> hosts = [null];
        if (query.Dimensions.Contains(Dimension.Domain))
        {
            question = question with { LinkGroups = GroupByHost(clicks, linkIds, hosts) };
        }

        var scan = Scan.Run(Columns, limits.StandsBack ? question with { Threads = 1 } : question, cancellationToken);
        return new CountedReport(query, clicks, scan, ValueOf, AsOf, Columns.Count).Within(limits);

        string? ValueOf(Dimension dimension, int code) =>
            dimension == Dimension.ShortCode ? linkNames[linkIds[code]] : dimension == Dimension.Domain ? hosts[code] : Codes.Dictionary(dimension)[code];
    }

    /// <param name="hosts">Takes the host of each group; the first is that of links on the installation's own domain.</param>
    private static int[] GroupByHost(ClickSelection clicks, long[] linkIds, List<string?> hosts)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new Dictionary<long, int>();
        foreach (var link in clicks.Links.Where(link => link.DomainHost is not null))
        {
            if (!numbers.TryGetValue(link.DomainHost!, out var number))
            {
                numbers.Add(link.DomainHost!, number = hosts.Count);
                hosts.Add(link.DomainHost);
            }

            groups.Add(link.Id, number);
        }

        return Array.ConvertAll(linkIds, id => groups.GetValueOrDefault(id));
    }

    /// <summary>The question in numbers.</summary>
    private ScanQuestion QuestionOf(StatsQuery query, ClickSelection clicks, long[] linkIds, Dictionary<long, string> linkNames) => new()
    {
        From = clicks.Range.Milliseconds.First,
        To = clicks.Range.Milliseconds.Last,

        // Links may have been deleted since their clicks were put in columns, so "all" is only all when the numbers say so.
        Links = linkIds.All(linkNames.ContainsKey) ? null : [.. clicks.Links.Select(link => Codes.LinkNumber(link.Id)).OfType<int>()],
        Filters = [.. clicks.Filters.Where(filter => filter.Values.Count > 0).Select(Coded)],
        Buckets = clicks.Buckets is { } buckets
            ? new BucketTable(buckets.SlotStarts.ToArray(), buckets.End, buckets.SlotBuckets.ToArray())
            : null,
        Breakdowns = [.. query.Dimensions.Select(ClickCodes.AttributeOf)],
        CrossTabs =
        [
            .. query.Pairs.Select(pair => new AttributePair(ClickCodes.AttributeOf(pair.First), ClickCodes.AttributeOf(pair.Second))),
            .. query.WantsBucketDetails ? [TimeByVisitorType] : Array.Empty<AttributePair>(),
        ],
        RedirectsByTime = query.WantsBucketDetails,
    };

    /// <summary>The codes that a filter means. A value that no click ever had means no code, and so no click.</summary>
    private CodeFilter Coded(StatsFilter filter)
    {
        var dictionary = Codes.Dictionary(filter.Dimension);
        var matches = filter.Matcher();
        var codes = filter.Operator.MatchesPart
            ? Enumerable.Range(0, dictionary.Count).Where(code => matches(dictionary[code]))
            : filter.Values.Select(text => dictionary.Find(filter.Dimension.ValueOf(text))).OfType<int>();
        return new CodeFilter(ClickCodes.AttributeOf(filter.Dimension), !filter.Operator.Excludes, [.. codes.Distinct()]);
    }
}
