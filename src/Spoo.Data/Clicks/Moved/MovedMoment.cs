using System.Data.Common;
using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Moved;

/// <summary>The moved clicks of one moment, on all servers: those whose rows the database does not have, as it was then.</summary>
/// <param name="Identity">Of the database.</param>
/// <param name="Piece">The last piece that had been moved.</param>
/// <param name="BackUntil">Up to which key clicks had been brought back. Null: none were being.</param>
internal sealed record MovedMoment(IReadOnlyList<ClickHouseServer> Servers, string Identity, long Piece, long? BackUntil)
{
    /// <summary>A condition that holds for those that have been removed and not been taken out yet. Null: there are none.</summary>
    public string? Removed { get; init; }

    /// <summary>The number of the last removal that was noted.</summary>
    public long LastRemoval { get; init; }

    /// <summary>A condition that holds for keys from the first one to that before the end.</summary>
    public static string Between(long first, long end) => string.Create(CultureInfo.InvariantCulture, $"Id >= {first} AND Id < {end}");

    /// <summary>Asks all servers, one after the other, and hands over row by row.</summary>
    /// <param name="columns">What is selected.</param>
    /// <param name="which">A condition. Null: all of them.</param>
    /// <param name="tail">What follows the condition, such as a grouping, which is then that of each server.</param>
    /// <exception cref="ClickHouseException">One does not answer, or refuses.</exception>
    public async Task EachAsync(string columns, string? which, string? tail, Action<DbDataReader> row, CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            await server.CountAtLengthAsync($"SELECT {columns} FROM {MovedTable.Path(server.Database, Identity)} WHERE {Are(which)} {tail}", row, cancellationToken);
        }
    }

    /// <summary>How many there are.</summary>
    /// <exception cref="ClickHouseException">As there.</exception>
    public async Task<long> CountAsync(string? which, CancellationToken cancellationToken)
    {
        var count = 0L;
        await EachAsync("toInt64(count())", which, null, row => count += row.GetInt64(0), cancellationToken);
        return count;
    }

    /// <summary>How many there are by something that is a number, such as their links.</summary>
    /// <exception cref="ClickHouseException">As there.</exception>
    public async Task<Dictionary<long, long>> CountByAsync(string column, string? which, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<long, long>();
        await EachAsync(
            $"{column}, toInt64(count())", which, "GROUP BY 1", row => counts[row.GetInt64(0)] = counts.GetValueOrDefault(row.GetInt64(0)) + row.GetInt64(1), cancellationToken);
        return counts;
    }

    /// <summary>The first of them by key.</summary>
    /// <exception cref="ClickHouseException">As there.</exception>
    public async Task<List<Click>> FirstAsync(string? which, int count, CancellationToken cancellationToken) =>
        [.. (await RowsAsync(which, Ordered("Id", count), cancellationToken)).OrderBy(row => row.Id).Take(count)];

    /// <summary>The last of them by time, and by key where that is the same.</summary>
    /// <exception cref="ClickHouseException">As there.</exception>
    public async Task<List<Click>> NewestAsync(string which, int count, CancellationToken cancellationToken) =>
        [.. (await RowsAsync(which, Ordered("Time DESC, Id DESC", count), cancellationToken)).OrderByDescending(row => row.Time).ThenByDescending(row => row.Id).Take(count)];

    /// <summary>The last of each link and writer by key.</summary>
    /// <exception cref="ClickHouseException">As there.</exception>
    public Task<List<Click>> LastOfEachAsync(IReadOnlyCollection<long> links, IReadOnlyCollection<int> writers, int count, CancellationToken cancellationToken)
    {
        var ofWriters = string.Join(" OR ", writers.Select(writer => $"({Between(ClickId.FirstOf(writer), ClickId.FirstOf(writer + 1))})"));
        return RowsAsync(
            $"{MovedTable.IsOneOf("LinkId", links)} AND ({ofWriters})",
            string.Create(CultureInfo.InvariantCulture, $"ORDER BY Id DESC LIMIT {count} BY LinkId, bitShiftRight(Id, {ClickId.SequenceBits})"),
            cancellationToken);
    }

    private async Task<List<Click>> RowsAsync(string? which, string tail, CancellationToken cancellationToken)
    {
        var rows = new List<Click>();
        await EachAsync(string.Join(", ", MovedTable.Columns.Keys), which, tail, row => rows.Add(MovedTable.Click(row)), cancellationToken);
        return rows;
    }

    private static string Ordered(string order, int count) => string.Create(CultureInfo.InvariantCulture, $"ORDER BY {order} LIMIT {count}");

    private string Are(string? which)
    {
        List<string> conditions = [string.Create(CultureInfo.InvariantCulture, $"Piece <= {Piece}")];
        if (BackUntil is { } back)
        {
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"Id > {back}"));
        }

        if (which is not null)
        {
            conditions.Add($"({which})");
        }

        if (Removed is not null)
        {
            conditions.Add($"NOT ({Removed})");
        }

        return string.Join(" AND ", conditions);
    }
}
