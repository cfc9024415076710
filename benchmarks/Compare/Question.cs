using System.Text.Json.Serialization;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Compare;

/// <summary>One question in two languages: as a scan, and as SQL that every engine understands.</summary>
/// <param name="From">In Unix milliseconds, included; null for no limit.</param>
/// <param name="To">In Unix milliseconds, not included; null for no limit.</param>
/// <param name="BucketStart">Where the first time bucket begins.</param>
/// <param name="Buckets">How many time buckets there are.</param>
internal sealed record Question(
    string Name,
    string Title,
    long? From,
    long? To,
    int? Link,
    int? Country,
    int? Browser,
    long BucketWidth,
    long BucketStart,
    int Buckets,
    bool Crosses)
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    /// <summary>What the other engines hold of a click.</summary>
    public static readonly string[] Columns = ["visitor", "time", "link", "browser", "os", "country", "city", "referrer"];

    /// <summary>The seven dimensions that every report of the product has.</summary>
    private static readonly string[] Dimensions = ["time", "browser", "os", "country", "city", "referrer", "link"];

    [JsonIgnore]
    public ScanQuestion Scan => new()
    {
        From = From ?? long.MinValue,
        To = To - 1 ?? long.MaxValue,
        Links = Link is { } link ? [link] : null,
        Filters =
        [
            .. Country is { } country ? [new CodeFilter(AttributeOf("country"), true, [country])] : Array.Empty<CodeFilter>(),
            .. Browser is { } browser ? [new CodeFilter(AttributeOf("browser"), true, [browser])] : Array.Empty<CodeFilter>(),
        ],
        Buckets = new BucketTable(
            [.. Enumerable.Range(0, Buckets).Select(bucket => BucketStart + (bucket * BucketWidth))], BucketStart + (Buckets * BucketWidth)),
        Breakdowns = Crosses ? [] : [.. Dimensions.Select(AttributeOf)],
        CrossTabs = Crosses ? [new AttributePair(AttributeId.Time, AttributeOf("country"))] : [],
    };

    /// <summary>The questions about these clicks, all in the middle of the time they span.</summary>
    public static List<Question> About(ClickData data)
    {
        var (first, last) = (data.FirstTime / Day * Day, data.LastTime);
        var days = (int)((last - first) / Day) + 1;
        var middle = first + (days / 2 * Day);
        var (link, country, browser) = data.Favourites;
        return
        [
            new("Q1", "seven breakdowns and the summary", null, null, null, null, null, Day, first, days, false),
            new("Q2", "the same of one country and browser", null, null, null, country, browser, Day, first, days, false),
            new("Q3", "the same of one link, 90 days", middle - (45 * Day), middle + (45 * Day), link, null, null, Day, middle - (45 * Day), 90, false),
            new("Q4", "the same of 30 days", middle - (15 * Day), middle + (15 * Day), null, null, null, Day, middle - (15 * Day), 30, false),
            new("Q5", "the same of one day, by hour", middle, middle + Day, null, null, null, Hour, middle, 24, false),
            new("Q6", "time by country", null, null, null, null, null, Day, first, days, true),
        ];
    }

    public static AttributeId AttributeOf(string column) => column switch
    {
        "time" => AttributeId.Time,
        "link" => AttributeId.Link,
        _ when Array.IndexOf(ClickData.ProfileFields, column) is var profile and >= 0 => AttributeId.Profile(profile),
        _ => AttributeId.Source(Array.IndexOf(ClickData.SourceFields, column)),
    };

    /// <summary>One statement for each part of the answer. Rows are: part, two codes (or first and last time), clicks, unique visitors.</summary>
    public IEnumerable<string> Sql(SqlDialect dialect)
    {
        string[] conditions =
        [
            .. From is null ? Array.Empty<string>() : [$"time >= {From} AND time < {To}"],
            .. Link is null ? Array.Empty<string>() : [$"link = {Link}"],
            .. Country is null ? Array.Empty<string>() : [$"country = {Country}"],
            .. Browser is null ? Array.Empty<string>() : [$"browser = {Browser}"],
        ];
        var from = $"FROM {dialect.Table}{(conditions.Length == 0 ? "" : " WHERE " + string.Join(" AND ", conditions))}";
        var bucket = dialect.Divide("time", BucketWidth);
        if (Crosses)
        {
            return [$"SELECT 0, {bucket} AS a, country, count(*), {dialect.Distinct} {from} GROUP BY a, country"];
        }

        return
        [
            $"SELECT 0, min(time), max(time), count(*), {dialect.Distinct} {from}",
            .. Dimensions.Select((dimension, i) =>
                $"SELECT {i + 1}, {(dimension == "time" ? bucket : dimension)} AS a, 0, count(*), {dialect.Distinct} {from} GROUP BY a"),
        ];
    }

    /// <summary>The scan's answer in the rows that the SQL gives.</summary>
    public IEnumerable<AnswerRow> Rows(ScanAnswer answer)
    {
        if (!Crosses)
        {
            yield return new AnswerRow(0, answer.First ?? 0, answer.Last ?? 0, answer.Clicks, answer.UniqueVisitors);
        }

        for (var part = 0; part < answer.Breakdowns.Count; part++)
        {
            var counts = answer.Breakdowns[part];
            for (var code = 0; code < counts.Clicks.Length; code++)
            {
                if (counts.Clicks[code] > 0)
                {
                    yield return new AnswerRow(part + 1, part == 0 ? BucketNumber(code) : code, 0, counts.Clicks[code], counts.UniqueVisitors[code]);
                }
            }
        }

        foreach (var cell in answer.CrossTabs.SelectMany(cells => cells!))
        {
            yield return new AnswerRow(0, BucketNumber(cell.First), cell.Second, cell.Clicks, cell.UniqueVisitors);
        }
    }

    private long BucketNumber(int bucket) => (BucketStart / BucketWidth) + bucket;
}

internal readonly record struct AnswerRow(long Part, long First, long Second, long Clicks, long UniqueVisitors) : IComparable<AnswerRow>
{
    public static AnswerRow Parse(string line)
    {
        var numbers = Array.ConvertAll(line.Split('|'), text => text.Length == 0 ? 0 : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        return new AnswerRow(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    public int CompareTo(AnswerRow other) => (Part, First, Second).CompareTo((other.Part, other.First, other.Second));

    public override string ToString() => $"{Part}|{First}|{Second}|{Clicks}|{UniqueVisitors}";
}

/// <summary>Where the engines' SQL differs.</summary>
internal sealed record SqlDialect(string Table, string Distinct, Func<string, long, string> Divide);
