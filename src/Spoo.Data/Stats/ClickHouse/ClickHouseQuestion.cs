using System.Globalization;
using System.Text;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// A question as one statement for each table: clicks are read once, and counted by everything that is asked for at the same time. A row of the answer says of what it
/// is a count (the number of a <see cref="ClickHouseSet"/>), of which value or pair of values, and the counts.
/// </summary>
/// <param name="parts">The stored values that filters by a part of a value mean.</param>
/// <param name="only">A condition on the keys of the clicks. Null: none.</param>
internal sealed class ClickHouseQuestion(
    StatsQuery query, ClickSelection clicks, IReadOnlyDictionary<StatsFilter, IReadOnlyList<string>> parts, string? only)
{
    /// <summary>In place of a number of a bucket, for clicks in none.</summary>
    public const string NoBucket = "-1";

    private const long NoLink = -1;

    // Everything that a row has of its clicks, in the order in which ClickHouseAnswer reads it.
    private static readonly string Counts = string.Join(", ",
    [
        "toInt64(count()) AS clicks",
        // Without the one that stands for no visitor, which costs less to take away afterwards than to leave out.
        string.Create(CultureInfo.InvariantCulture, $"toInt64(uniqExact(Visitor)) - toInt64(countIf(Visitor = {Click.NoVisitor}) > 0) AS visitors"),
        string.Create(CultureInfo.InvariantCulture, $"toInt64(countIf(Visitor = {Click.NoVisitor})) AS untracked"),
        "min(Time) AS earliest",
        "max(Time) AS latest",
        "toInt64(sumIf(RedirectMs, RedirectMs >= 0)) AS redirects",
        "toInt64(countIf(RedirectMs >= 0)) AS timed",
    ]);

    private readonly List<Dimension> _keys = [.. query.Dimensions.Concat(query.WantsBucketDetails ? [Dimension.VisitorType] : []).Distinct()];

    /// <summary>What is counted, each once. The first is everything together.</summary>
    public IReadOnlyList<ClickHouseSet> Sets =>
    [
        .. new[] { ClickHouseSet.All }
            .Concat(query.Dimensions.Select(dimension => new ClickHouseSet(dimension, null)))
            .Concat(query.Pairs.Select(pair => new ClickHouseSet(pair.First, pair.Second)))
            .Concat(query.WantsBucketDetails ? [ClickHouseSet.Details] : [])
            .DistinctBy(set => NumberOf(set)),
    ];

    /// <summary>The number by which rows say of what they are: a bit for each key that is not in the set, the last key's the lowest.</summary>
    public long NumberOf(ClickHouseSet set) =>
        _keys.Index().Sum(key => key.Item == set.First || key.Item == set.Second ? 0 : 1L << (_keys.Count - 1 - key.Index));

    /// <summary>
    /// How many clicks there are to choose from, whatever the range and the filters are. With those that came a moment ago, because the keys of all clicks would have to be read to leave them out.
    /// </summary>
    public string Looked(ClickHouseTable table) => $"SELECT toInt64(count()) FROM {table.Path} WHERE {OfLinks(clicks)}";

    /// <param name="threads">Null: as many as the server likes.</param>
    public string Sql(ClickHouseTable table, int? threads)
    {
        var sql = new StringBuilder();
        var columns = _keys.Select((key, number) => $"{ValueOf(key)} AS {KeyName(number)}").Concat(["Visitor", "Time", "RedirectMs"]);
        if (_keys.Count == 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $"SELECT toInt64(0), '', '', {Counts} FROM {table.Path} WHERE {Conditions()}");
        }
        else
        {
            var names = string.Join(", ", Enumerable.Range(0, _keys.Count).Select(KeyName));
            sql.Append(CultureInfo.InvariantCulture, $"SELECT what, {Chosen(set => set.First)}, {Chosen(set => set.Second)}, clicks, visitors, untracked, earliest, latest, redirects, timed\n");
            sql.Append(CultureInfo.InvariantCulture, $"FROM (SELECT toInt64(grouping({names})) AS what, {names}, {Counts}\n");
            sql.Append(CultureInfo.InvariantCulture, $"FROM (SELECT {string.Join(", ", columns)} FROM {table.Path} WHERE {Conditions()})\n");
            sql.Append(CultureInfo.InvariantCulture, $"GROUP BY GROUPING SETS ({string.Join(", ", Sets.Select(set => $"({string.Join(", ", KeysOf(set).Select(KeyName))})"))}))\n");
        }

        sql.Append("\nSETTINGS force_grouping_standard_compatibility = 1, group_by_use_nulls = 0");
        if (threads is { } most)
        {
            sql.Append(CultureInfo.InvariantCulture, $", max_threads = {most}");
        }

        return sql.ToString();
    }

    /// <summary>Which values there are of some dimensions.</summary>
    public static string Values(ClickHouseTable table, ClickSelection clicks, IReadOnlyList<Dimension> dimensions) =>
        $"SELECT {string.Join(", ", dimensions.Select(dimension => $"groupUniqArray(toString({Column(dimension)}))"))} FROM {table.Path} WHERE {OfLinks(clicks)}";

    private static string KeyName(int number) => string.Create(CultureInfo.InvariantCulture, $"key{number}");

    private static string Column(Dimension dimension) => ClickHouseServer.Quoted(dimension.Name);

    private static string OfLinks(ClickSelection clicks) => clicks.Links.Count == 0 ? "0" : $"LinkId IN ({Numbers(clicks.Links.Select(link => link.Id))})";

    private static string Numbers(IEnumerable<long> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    private IEnumerable<int> KeysOf(ClickHouseSet set) =>
        new[] { set.First, set.Second }.OfType<Dimension>().Select(dimension => _keys.IndexOf(dimension)).Order();

    // The value that a set is counted by stands in one column for all of them: a row of a long answer would otherwise be as wide as the question.
    private string Chosen(Func<ClickHouseSet, Dimension?> of)
    {
        var cases = Sets.Where(set => of(set) is not null)
            .Select(set => string.Create(CultureInfo.InvariantCulture, $"what = {NumberOf(set)}, toString({KeyName(_keys.IndexOf(of(set)!))}), "))
            .ToList();
        return cases.Count == 0 ? "''" : $"multiIf({string.Concat(cases)}'')";
    }

    private string ValueOf(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Time => Bucket(clicks.Buckets!),
        DimensionKind.Link => "LinkId",
        DimensionKind.Domain => Domains(),
        _ => Column(dimension),
    };

    // The edges are reckoned here, so that every zone and every change of a clock is as everywhere else.
    private static string Bucket(TimeBuckets buckets)
    {
        var starts = Numbers(buckets.SlotStarts.ToArray());
        var numbers = Numbers(buckets.SlotBuckets.ToArray().Select(number => (long)number));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"if(Time < {buckets.SlotStarts[0]} OR Time >= {buckets.End}, {NoBucket}, transform(roundDown(Time, [{starts}]), [{starts}], [{numbers}], {NoBucket}))");
    }

    /// <summary>The host of a link's domain; that of the installation's own is empty.</summary>
    private string Domains()
    {
        // There are always some, so that it is never a constant, which cannot be counted by.
        (long Id, string Host)[] hosted = [(NoLink, ""), .. clicks.Links.Where(link => link.DomainHost is not null).Select(link => (link.Id, link.DomainHost!))];
        return $"transform(LinkId, [{Numbers(hosted.Select(link => link.Id))}], [{string.Join(',', hosted.Select(link => ClickHouseServer.Text(link.Host)))}], '')";
    }

    private string Conditions()
    {
        var (from, to) = clicks.Range.Milliseconds;
        return string.Join(" AND ",
        [
            OfLinks(clicks),
            string.Create(CultureInfo.InvariantCulture, $"Time >= {from} AND Time <= {to}"),
            .. clicks.Filters.Where(filter => filter.Values.Count > 0).Select(Condition),
            .. only is null ? Array.Empty<string>() : [only],
        ]);
    }

    private string Condition(StatsFilter filter)
    {
        var values = filter.Operator.MatchesPart ? parts[filter] : [.. filter.Values.Select(text => filter.Dimension.ValueOf(text) ?? "").Distinct()];
        return values.Count == 0
            ? filter.Operator.Excludes ? "1" : "0"
            : $"{Column(filter.Dimension)} {(filter.Operator.Excludes ? "NOT IN" : "IN")} ({string.Join(',', values.Select(ClickHouseServer.Text))})";
    }
}

/// <summary>Something that clicks are counted by: nothing, a dimension, or two.</summary>
internal readonly record struct ClickHouseSet(Dimension? First, Dimension? Second)
{
    public static ClickHouseSet All => default;

    /// <summary>Of buckets that are looked at more closely.</summary>
    public static ClickHouseSet Details { get; } = new(Dimension.Time, Dimension.VisitorType);
}
