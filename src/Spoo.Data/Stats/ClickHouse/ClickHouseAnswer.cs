using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// The rows of an answer as what a scan of columns would have counted. Those of several shards add up: no visitor is in two of them, so that unique visitors do so, too.
/// </summary>
internal sealed class ClickHouseAnswer(ClickHouseQuestion question, StatsQuery query, ClickSelection clicks)
{
    private readonly Dictionary<long, Counted> _sets = question.Sets.ToDictionary(question.NumberOf, set => new Counted(set));
    private readonly Dictionary<Dimension, Values> _values = [];
    private readonly Dictionary<string, string> _linkNames = clicks.Links.ToDictionary(link => link.Id.ToString(CultureInfo.InvariantCulture), link => link.Name);
    private readonly int _mostCells = new ScanQuestion().MostCells;
    private readonly Lock _adding = new();

    /// <summary>Takes a row of any shard's answer, also while another shard's come.</summary>
    public void Add(DbDataReader row)
    {
        var (number, left, right) = (row.GetInt64(0), row.GetString(1), row.GetString(2));
        var counts = new Row(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9));
        lock (_adding)
        {
            Add(_sets[number], left, right, counts);
        }
    }

    /// <summary>The stored value of a code.</summary>
    public string? ValueOf(Dimension dimension, int code)
    {
        var text = ValuesOf(dimension).All[code];
        return dimension == Dimension.ShortCode ? _linkNames[text] : text.Length == 0 ? null : text;
    }

    public ScanAnswer Scan()
    {
        var all = RowsOf(ClickHouseSet.All).GetValueOrDefault((0, 0));
        var byTime = query.WantsBucketDetails ? RowsOf(new(Dimension.Time, null)) : null;
        return new ScanAnswer
        {
            Clicks = all.Clicks,
            UniqueVisitors = all.Visitors,
            ClicksOfNoVisitor = all.Untracked,
            First = all.Clicks == 0 ? null : all.First,
            Last = all.Clicks == 0 ? null : all.Last,
            RedirectMs = all.RedirectMs,
            RedirectsTimed = all.Timed,
            Breakdowns = [.. query.Dimensions.Select(Breakdown)],
            CrossTabs =
            [
                .. query.Pairs.Select(pair => Cells(new(pair.First, pair.Second))),
                .. query.WantsBucketDetails ? [Cells(ClickHouseSet.Details)] : Array.Empty<IReadOnlyList<CrossCell>?>(),
            ],
            RedirectsByTime = byTime is null ? null : ByBucket(byTime, counts => new RedirectSum(counts.RedirectMs, counts.Timed)),
            OfNoVisitorByTime = byTime is null ? null : ByBucket(byTime, counts => counts.Untracked),
        };
    }

    private void Add(Counted counted, string left, string right, Row counts)
    {
        var isFull = counted.Set.Second is not null && counted.Rows.Count > _mostCells;
        if (counts.Clicks > 0 && !isFull && (CodeOf(counted.Set.First, left), CodeOf(counted.Set.Second, right)) is ({ } first, { } second))
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(counted.Rows, (first, second), out var isThere);
            sum = isThere ? sum + counts : counts;
        }
    }

    private GroupCounts Breakdown(Dimension dimension)
    {
        var rows = RowsOf(new(dimension, null));
        var size = dimension == Dimension.Time ? clicks.Buckets!.All.Count : ValuesOf(dimension).All.Count;
        var counts = new GroupCounts(new long[size], new long[size]);
        foreach (var ((code, _), row) in rows)
        {
            (counts.Clicks[code], counts.UniqueVisitors[code]) = (row.Clicks, row.Visitors);
        }

        return counts;
    }

    private IReadOnlyList<CrossCell>? Cells(ClickHouseSet set)
    {
        // The same two dimensions the other way round are counted once.
        var counted = _sets[question.NumberOf(set)];
        var isTurned = counted.Set.First != set.First;
        return counted.Rows.Count > _mostCells
            ? null
            : [.. counted.Rows.Select(row => new CrossCell(isTurned ? row.Key.Second : row.Key.First, isTurned ? row.Key.First : row.Key.Second, row.Value.Clicks, row.Value.Visitors))];
    }

    private T[] ByBucket<T>(Dictionary<(int First, int Second), Row> rows, Func<Row, T> of)
    {
        var buckets = new T[clicks.Buckets!.All.Count];
        foreach (var ((bucket, _), row) in rows)
        {
            buckets[bucket] = of(row);
        }

        return buckets;
    }

    private Dictionary<(int First, int Second), Row> RowsOf(ClickHouseSet set) => _sets[question.NumberOf(set)].Rows;

    // Null: a click in no bucket. Zero: by no dimension.
    private int? CodeOf(Dimension? dimension, string text)
    {
        if (dimension == Dimension.Time)
        {
            return text == ClickHouseQuestion.NoBucket ? null : int.Parse(text, CultureInfo.InvariantCulture);
        }

        return dimension is null ? 0 : ValuesOf(dimension).CodeOf(text);
    }

    private Values ValuesOf(Dimension dimension)
    {
        if (!_values.TryGetValue(dimension, out var values))
        {
            _values.Add(dimension, values = new Values());
        }

        return values;
    }

    private readonly record struct Row(long Clicks, long Visitors, long Untracked, long First, long Last, long RedirectMs, long Timed)
    {
        public static Row operator +(Row one, Row other) => new(
            one.Clicks + other.Clicks,
            one.Visitors + other.Visitors,
            one.Untracked + other.Untracked,
            Math.Min(one.First, other.First),
            Math.Max(one.Last, other.Last),
            one.RedirectMs + other.RedirectMs,
            one.Timed + other.Timed);
    }

    private sealed class Counted(ClickHouseSet set)
    {
        public ClickHouseSet Set { get; } = set;

        public Dictionary<(int First, int Second), Row> Rows { get; } = [];
    }

    private sealed class Values
    {
        private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);

        public List<string> All { get; } = [];

        public int CodeOf(string text)
        {
            if (!_codes.TryGetValue(text, out var code))
            {
                _codes.Add(text, code = All.Count);
                All.Add(text);
            }

            return code;
        }
    }
}
