using System.Data.Common;
using System.Globalization;
using System.Text;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Moved;

/// <summary>
/// The table in ClickHouse in which moved clicks live, as their rows were in the database: with keys of what they refer to, in the order of their own. Its name says of which database they are.
/// </summary>
internal static class MovedTable
{
    private const string Begin = "moved_";

    /// <summary>Characters of an identity: more than enough to tell databases apart.</summary>
    private const int KeyLength = 16;

    /// <summary>The columns with their types.</summary>
    public static IReadOnlyDictionary<string, string> Columns { get; } = new OrderedDictionary<string, string>
    {
        ["Piece"] = "Int64",
        ["Id"] = "Int64",
        ["LinkId"] = "Int64",
        ["Time"] = "Int64",
        ["Visitor"] = "Int64",
        ["AgentId"] = "Int64",
        ["PlaceId"] = "Int64",
        ["SourceId"] = "Int64",
        ["Language"] = "LowCardinality(Nullable(String))",
        ["RedirectMs"] = "Nullable(Int32)",
        ["ImportKey"] = "Nullable(Int64)",
    };

    /// <summary>As it stands in a statement.</summary>
    public static string Path(string database, string identity) => $"{ClickHouseServer.Quoted(database)}.{ClickHouseServer.Quoted(Begin + identity[..KeyLength])}";

    /// <remarks>Links and import keys are found without a look at most of the table; the order of keys is that of time within a writer, and so most often that of links that were in use.</remarks>
    public static string Create(string path) =>
        $"""
        CREATE TABLE IF NOT EXISTS {path}
        (
            {string.Join(", ", Columns.Select(column => $"{ClickHouseServer.Quoted(column.Key)} {column.Value}"))},
            INDEX of_link LinkId TYPE bloom_filter GRANULARITY 1,
            INDEX of_import ImportKey TYPE bloom_filter GRANULARITY 1,
            INDEX of_time Time TYPE minmax GRANULARITY 1
        )
        ENGINE = MergeTree ORDER BY Id
        """;

    /// <summary>What is compared with <see cref="Sums"/> of the same clicks: how many they are, and the sum of each column with numbers, as far as 64 bits go.</summary>
    public static string SumsOf(string path, long piece) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT toInt64(count()), sum(Id), sum(LinkId), sum(Time), sum(Visitor), sum(AgentId), sum(PlaceId), sum(SourceId), toInt64(sum(length(ifNull(Language, '')))),
            toInt64(sum(ifNull(RedirectMs, -1))), sum(ifNull(ImportKey, -1))
        FROM {path} WHERE Piece = {piece}
        """);

    public static long[] Sums(IReadOnlyCollection<Click> clicks)
    {
        var sums = new long[11];
        foreach (var click in clicks)
        {
            unchecked
            {
                sums[0]++;
                sums[1] += click.Id;
                sums[2] += click.LinkId;
                sums[3] += click.Time.ToUnixTimeMilliseconds();
                sums[4] += click.Visitor;
                sums[5] += click.AgentId;
                sums[6] += click.PlaceId;
                sums[7] += click.SourceId;
                sums[8] += Encoding.UTF8.GetByteCount(click.Language ?? "");
                sums[9] += click.RedirectMs ?? -1;
                sums[10] += click.ImportKey ?? -1;
            }
        }

        return sums;
    }

    public static object[] Row(Click click, long piece) =>
    [
        piece, click.Id, click.LinkId, click.Time.ToUnixTimeMilliseconds(), click.Visitor, click.AgentId, click.PlaceId, click.SourceId, click.Language!, click.RedirectMs!, click.ImportKey!,
    ];

    /// <summary>A click as it was in the database, from a row with all <see cref="Columns"/>.</summary>
    public static Click Click(DbDataReader row) => new()
    {
        Id = row.GetInt64(1),
        LinkId = row.GetInt64(2),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        Visitor = row.GetInt64(4),
        AgentId = row.GetInt64(5),
        PlaceId = row.GetInt64(6),
        SourceId = row.GetInt64(7),
        Language = row.IsDBNull(8) ? null : row.GetString(8),
        RedirectMs = row.IsDBNull(9) ? null : row.GetInt32(9),
        ImportKey = row.IsDBNull(10) ? null : row.GetInt64(10),
    };

    /// <summary>A condition that names any amount of numbers: a statement may have as many of them as it likes in an array and not elsewhere.</summary>
    public static string IsOneOf(string column, IEnumerable<long> numbers) =>
        $"{column} IN (SELECT arrayJoin(CAST([{string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}], 'Array(Int64)')))";
}
