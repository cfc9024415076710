using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Tests.Stats.Live;



namespace Spoo.Tests.Stats.Counting;

/// <summary>Clicks and questions from a seed, drawn so that awkward cases are common: few visitors, shared times, edge codes.</summary>
internal sealed class RandomClicks
{
    public const int ProfileAttributes = 3;
    public const int SourceAttributes = 2;

    /// <summary>All codes and link numbers are smaller.</summary>
    public const int MostCodes = 100_000;

    private const long Noon = 1_763_812_800_000;

    private readonly Random _random;
    private readonly int _mostVisitors;
    private readonly long _timeStep;
    private readonly long _timeSpan;
    private readonly bool _hasOddTimes;
    private readonly int _mostLinks;
    private readonly int _mostCodes;
    private readonly int _slowestRedirect;

    public RandomClicks(int seed)
    {
        _random = new Random(seed);
        _mostVisitors = Pick(1, 5, 100, 3_000);
        _timeStep = Pick(1, 1, 250, 1_000, 60_000);
        _timeSpan = Pick(5_000L, 86_400_000L, 400 * 86_400_000L);
        _hasOddTimes = Pick(false, false, false, true);
        _mostLinks = Pick(1, 3, 300, 70_000);
        _mostCodes = Pick(2, 9, 400, 80_000);
        _slowestRedirect = Pick(0, 20, 4_000, 1_000_000);
    }

    public T Pick<T>(params ReadOnlySpan<T> among) => among[_random.Next(among.Length)];

    public int Below(int end) => _random.Next(end);

    public List<PlainClick> Clicks(int count)
    {
        var profiles = Enumerable.Range(0, 40).Select(_ => Codes(ProfileAttributes)).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var visitor = Visitor();

            // A visitor mostly looks the same; sometimes the address book or the browser has changed.
            var profile = profiles[(int)((ulong)(visitor + (_random.Next(10) == 0 ? _random.Next(3) : 0)) % 40)];
            return new PlainClick(visitor, Time(), Link(), profile, Codes(SourceAttributes), Redirect());
        })];
    }

    public static ClickArrays Batch(IReadOnlyList<PlainClick> clicks, AttributeTable? sources = null)
    {
        var profileTable = new AttributeTable(ProfileAttributes);
        var sourceTable = sources ?? new AttributeTable(SourceAttributes);
        return new ClickArrays
        {
            Visitors = clicks.Select(click => click.Visitor).ToArray(),
            Times = clicks.Select(click => click.Time).ToArray(),
            Links = clicks.Select(click => click.Link).ToArray(),
            Profiles = clicks.Select(click => profileTable.Add(click.Profile)).ToArray(),
            Sources = clicks.Select(click => sourceTable.Add(click.Source)).ToArray(),
            RedirectMs = clicks.Select(click => click.RedirectMs).ToArray(),
            ProfileTable = profileTable,
            SourceTable = sourceTable,
        };
    }

    public ScanQuestion Question(IReadOnlyList<PlainClick> clicks) => new()
    {
        From = Pick(true, false) ? long.MinValue : TimeNear(clicks),
        To = Pick(true, false) ? long.MaxValue : TimeNear(clicks),
        Links = Pick(0, 0, 1, 2) switch
        {
            0 => null,
            1 => [Some(clicks)?.Link ?? 0],
            _ => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Some(clicks)?.Link ?? 7), 99_999],
        },
        Filters = [.. Enumerable.Range(0, Pick(0, 0, 1, 2, 3)).Select(_ => Filter(clicks))],
        Buckets = Buckets(clicks),
        LinkGroups = [.. Enumerable.Range(0, 1 + clicks.Select(click => click.Link).DefaultIfEmpty().Max()).Select(_ => _random.Next(3))],
        Breakdowns = [.. Groupings.Where(_ => Pick(true, false))],
        CrossTabs = [.. Enumerable.Range(0, Pick(0, 0, 1, 3)).Select(_ => new AttributePair(Pick(Groupings), Pick(Groupings)))],
        RedirectsByTime = Pick(true, false),
        Threads = Pick(1, 2, 3, 8),
    };

    public BucketTable Buckets(IReadOnlyList<PlainClick> clicks)
    {
        var edges = new SortedSet<long>();
        if (Pick(true, false))
        {
            var width = Math.Max(1, _timeSpan / (1 + _random.Next(400)));
            var start = TimeNear(clicks);
            edges.UnionWith(Enumerable.Range(0, 2 + _random.Next(500)).Select(bucket => start + (bucket * width)));
        }

        while (edges.Count < 2 || _random.Next(4) > 0)
        {
            edges.Add(TimeNear(clicks));
        }

        var starts = edges.SkipLast(1).ToArray();
        var folded = 0;
        return new BucketTable(starts, edges.Max, Pick(true, false) ? null : [.. starts.Select((_, slot) => folded += slot > 0 ? _random.Next(2) : 0)]);
    }

    private static AttributeId[] AllAttributes { get; } =
    [
        AttributeId.Time, AttributeId.Link, AttributeId.Source(0), AttributeId.Source(1),
        AttributeId.Profile(0), AttributeId.Profile(1), AttributeId.Profile(2),
    ];

    /// <summary>What groups of links have in common can be counted by; a filter names the links.</summary>
    private static AttributeId[] Groupings { get; } = [.. AllAttributes, AttributeId.LinkGroup];

    private CodeFilter Filter(IReadOnlyList<PlainClick> clicks)
    {
        var attribute = Pick(AllAttributes.AsSpan(1));
        var codes = Enumerable.Range(0, Pick(0, 1, 1, 1, 2, 6)).Select(_ => (Some(clicks), attribute.Level) switch
        {
            (null, _) => 1,
            ({ } click, AttributeLevel.Link) => click.Link,
            ({ } click, AttributeLevel.Source) => click.Source[attribute.Column],
            ({ } click, _) => click.Profile[attribute.Column],
        });
        return new CodeFilter(attribute, Include: Pick(true, false), [.. codes, .. Pick(true, false) ? [123_456_789] : Array.Empty<int>()]);
    }

    private PlainClick? Some(IReadOnlyList<PlainClick> clicks) => clicks.Count == 0 ? null : clicks[_random.Next(clicks.Count)];

    private long TimeNear(IReadOnlyList<PlainClick> clicks) => (Some(clicks)?.Time ?? Noon) + Pick(-1_000, -1, 0, 0, 1, 250, 3_600_000);

    private long Visitor() => _random.Next(50) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        var _ => (long)(_mostVisitors * Math.Pow(_random.NextDouble(), 3)) * 0x12345678_9ABCDEF,
    };

    private long Time() => _hasOddTimes && _random.Next(20) == 0
        ? Pick(0L, -1L, -86_400_000_123L, 253_402_300_799_999L, -62_135_596_800_000L, 4_294_967_296_000L)
        : Noon + (_random.NextInt64(_timeSpan / _timeStep) * _timeStep);

    private int Link() => (int)(_mostLinks * Math.Pow(_random.NextDouble(), 2));

    private int[] Codes(int width) => [.. Enumerable.Range(0, width).Select(column => (int)((column == 0 ? 3 : _mostCodes) * Math.Pow(_random.NextDouble(), 3)))];

    private int Redirect() => _random.Next(3) == 0 ? -1 : _random.Next(_slowestRedirect + 1);
}
