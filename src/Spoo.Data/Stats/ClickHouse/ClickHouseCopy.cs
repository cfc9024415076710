using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// The clicks of one epoch that a server has, in their table. However many processes bring them at once, and whenever one of them ends, every click gets there
/// once: see <see cref="AddAsync"/>.
/// </summary>
internal sealed class ClickHouseCopy(ClickHouseServer server, ClickHouseTable table)
{
    private const int KeysAtOnce = 1_000;

    private long _added;

    public ClickHouseServer Server => server;

    public ClickHouseTable Table => table;

    /// <summary>Clicks that this process has brought.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>How far each writer is copied.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<FollowedWriters> PositionsAsync(CancellationToken cancellationToken)
    {
        var found = new List<ClickWriterState>();
        await server.ReadAsync(
            table.Positions,
            row => found.Add(new ClickWriterState((int)row.GetInt64(0), row.GetInt64(2), row.GetInt64(1), IsFinished: false)),
            cancellationToken);
        return FollowedWriters.Of(found);
    }

    /// <summary>
    /// Whether a click in the table is another one in the database, or is not there although its link is: the database was replaced by an older
    /// state of itself, and has gone on from there. Looked at are the last clicks of each writer.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<bool> IsOfAnotherPastAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var last = new Dictionary<long, (long LinkId, long Time, long Visitor)>();
        await server.ReadAsync(table.LastClicks, row => last[row.GetInt64(0)] = (row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellationToken);
        foreach (var ids in last.Keys.Chunk(KeysAtOnce))
        {
            var rows = await RowsAsync(context, ids, cancellationToken);
            var links = ids.Where(id => !rows.ContainsKey(id)).Select(id => last[id].LinkId).Distinct().ToList();
            if (await context.Links.AnyAsync(link => links.Contains(link.Id), cancellationToken)
                || rows.Any(row => last[row.Key] != row.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static Task<Dictionary<long, (long LinkId, long Time, long Visitor)>> RowsAsync(SpooDbContext context, long[] ids, CancellationToken cancellationToken) => context.Moved().ReadAsync(
        context,
        async moved =>
        {
            var rows = await context.Clicks.AsNoTracking().Where(click => ids.Contains(click.Id))
                .Select(click => new { click.Id, click.LinkId, click.Time, click.Visitor })
                .ToDictionaryAsync(
                    click => click.Id, click => (click.LinkId, Math.Clamp(click.Time.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last), click.Visitor), cancellationToken);
            foreach (var row in (moved is null ? [] : await moved.FirstAsync(MovedTable.IsOneOf("Id", ids), ids.Length, cancellationToken)).Select(ClickRow.Of))
            {
                rows.Add(row.Id, (row.LinkId, row.Time, row.Visitor));
            }

            return rows;
        },
        cancellationToken);

    /// <summary>Brings this shard's part of a piece, and how far the writer is copied with it, also where the part is empty.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses. Whether the part is there is not known then.</exception>
    public async Task AddAsync(ClickHousePiece piece, CancellationToken cancellationToken)
    {
        var part = piece.Rows[table.Shard];
        List<object[]> rows = [.. part, ClickHouseTable.Mark(piece.Writer.CreatedAt, piece.End)];

        // The piece comes under the key up to which the writer had been copied, and only the first piece under a key is taken, whoever brings it. One that came
        // late, from a process that had been taken for dead or from another server, is left out, and the mark in the one that was taken says how far it goes.
        await server.AddAsync(table.Path, ClickHouseTable.Columns, rows, string.Create(CultureInfo.InvariantCulture, $"{piece.After}"), cancellationToken);
        Interlocked.Add(ref _added, part.Count);
    }
}
