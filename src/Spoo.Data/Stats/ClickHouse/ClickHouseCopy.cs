using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Brings the clicks of one epoch from the database to their table, writer by writer and piece by piece. However many processes do so at once, and
/// whenever one of them ends, every click gets there once: see <see cref="AddAsync"/>.
/// </summary>
internal sealed class ClickHouseCopy(IDbContextFactory<SpooDbContext> contexts, ClickHouseServer server, ClickHouseTable table)
{
    /// <summary>Clicks in one piece. One piece is one block of the server's, which is stored in whole or not at all.</summary>
    internal const int PieceSize = 1 << 16;

    private const int KeysAtOnce = 1_000;

    /// <summary>From so many texts on they are learned anew, which costs less than the memory for those that do not come again.</summary>
    private const int MostLearned = 500_000;

    private ClickCodes _codes = new();
    private long _added;

    public ClickHouseTable Table => table;

    /// <summary>Clicks that this process has brought.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>How far each writer is copied.</summary>
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
    public async Task<bool> IsOfAnotherPastAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var last = new Dictionary<long, (long LinkId, long Time, long Visitor)>();
        await server.ReadAsync(table.LastClicks, row => last[row.GetInt64(0)] = (row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellationToken);
        foreach (var ids in last.Keys.Chunk(KeysAtOnce))
        {
            var rows = await context.Clicks.AsNoTracking().Where(click => ids.Contains(click.Id))
                .Select(click => new { click.Id, click.LinkId, click.Time, click.Visitor })
                .ToDictionaryAsync(click => click.Id, cancellationToken);
            var links = ids.Where(id => !rows.ContainsKey(id)).Select(id => last[id].LinkId).Distinct().ToList();
            if (await context.Links.AnyAsync(link => links.Contains(link.Id), cancellationToken)
                || rows.Values.Any(row => last[row.Id] != (row.LinkId, Math.Clamp(row.Time.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last), row.Visitor)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Brings the next piece of a writer's clicks.</summary>
    /// <param name="after">Up to which key they are there.</param>
    /// <param name="until">Up to which key they are stored in the database.</param>
    public async Task AddAsync(ClickWriterState writer, long after, long until, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var clicks = new List<ClickRow>();
        await using (var rows = await ClickRows.NextOfWriterAsync(context, after, until, PieceSize, cancellationToken))
        {
            await rows.ReadAsync(clicks, PieceSize, cancellationToken);
        }

        var end = clicks.Count == PieceSize ? clicks[^1].Id : until;
        if (_codes.Learned > MostLearned)
        {
            _codes = new ClickCodes();
        }

        await _codes.LearnAsync(context, clicks, cancellationToken);
        List<object[]> spelled = [.. Spelled(clicks), ClickHouseTable.Mark(writer.CreatedAt, end)];

        // The piece comes under the key up to which the writer had been copied, and only the first piece under a key is taken, whoever brings it. One that came
        // late, from a process that had been taken for dead or from another server, is left out, and the mark in the one that was taken says how far it goes.
        await server.AddAsync(table.Path, ClickHouseTable.Columns, spelled, string.Create(CultureInfo.InvariantCulture, $"{after}"), cancellationToken);
        Interlocked.Add(ref _added, clicks.Count);
    }

    private IEnumerable<object[]> Spelled(List<ClickRow> clicks)
    {
        var coded = _codes.Encode(clicks, new AttributeTable(ClickCodes.SourceWidth));
        var profiles = Texts(ClickCodes.Profile, coded.ProfileTable);
        var sources = Texts(ClickCodes.Source, coded.SourceTable);
        for (var i = 0; i < clicks.Count; i++)
        {
            var click = clicks[i];
            yield return
            [
                click.LinkId, click.Time, click.Id, click.Visitor, click.RedirectMs,
                .. profiles[coded.Profiles.Span[i]],
                .. sources[coded.Sources.Span[i]],
            ];
        }
    }

    private string[][] Texts(IReadOnlyList<Dimension> dimensions, AttributeTable codes) =>
    [
        .. Enumerable.Range(0, codes.Count).Select(row => dimensions.Select((dimension, column) => _codes.Dictionary(dimension)[codes[row, column]] ?? "").ToArray()),
    ];
}
