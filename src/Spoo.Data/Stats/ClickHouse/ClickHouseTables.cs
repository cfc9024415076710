using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>The tables of this installation on one server: which there are, which one has the clicks of an epoch, and which are let go of.</summary>
internal sealed class ClickHouseTables(ClickHouseServer server)
{
    /// <summary>From so many on, marks that newer ones have made needless are taken out.</summary>
    private const int ManyMarks = 10_000;

    /// <summary>
    /// The last one of the family that was made. Where two processes have made one each, the other one is let go of, and whoever has it in hand comes here again. Null: there is none.
    /// </summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<ClickHouseTable?> LastAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(family.Family, cancellationToken);
        foreach (var earlier in names.SkipLast(1))
        {
            await server.RunAsync(family.Named(earlier).Drop, cancellationToken);
        }

        return names is [.., var last] ? family.Named(last) : null;
    }

    /// <summary>The one that <see cref="LastAsync"/> finds, or a new one.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<ClickHouseTable> LastOrNewAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        ClickHouseTable? last;
        while ((last = await LastAsync(family, cancellationToken)) is null)
        {
            await server.MakeTableAsync(family.New().Create, cancellationToken);
        }

        return last;
    }

    /// <summary>The one that has the clicks of the epoch, or else the one from which clicks that were removed since are about to be left out. Null: there is neither.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<ClickHouseTable?> FindAsync(ClickHouseTable family, CancellationToken cancellationToken) =>
        (await NamesAsync(family.Family, cancellationToken)) is [.., var last] ? family.Named(last) : await LargestOfPastAsync(family, cancellationToken);

    /// <summary>The one of the same past that has the most clicks: the newest one may have been begun a moment ago. Null: there is none.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<ClickHouseTable?> LargestOfPastAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        var (largest, most) = ((ClickHouseTable?)null, 0L);
        foreach (var table in await OfPastAsync(family, cancellationToken))
        {
            await server.ReadAsync(
                $"SELECT toInt64(count()) FROM {table.Path}", row => (largest, most) = row.GetInt64(0) > most ? (table, row.GetInt64(0)) : (largest, most), cancellationToken);
        }

        return largest;
    }

    private async Task<List<ClickHouseTable>> OfPastAsync(ClickHouseTable family, CancellationToken cancellationToken) =>
        [.. (await NamesAsync(family.Past, cancellationToken)).Where(family.IsOfPast).Select(family.Named)];

    /// <summary>Lets go of all tables that have clicks of the same past as this one, which is not that of the database.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task DropPastAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        foreach (var other in await OfPastAsync(table, cancellationToken))
        {
            await server.RunAsync(other.Drop, cancellationToken);
        }
    }

    /// <summary>
    /// Lets go of tables of another epoch, and of unfinished ones. One of the same epoch with other columns is another version's, which may still run beside this one, and one of
    /// another number of shards that of a process with other settings.
    /// </summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task DropOthersAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        var ofThisEpoch = $"{table.Prefix}{table.Epoch}_";
        foreach (var other in (await NamesAsync(table.Prefix, cancellationToken)).Where(name => !name.StartsWith(ofThisEpoch, StringComparison.Ordinal)))
        {
            await server.RunAsync(table.Named(other).Drop, cancellationToken);
        }
    }

    /// <summary>Takes out of all tables what clicks said whose links are deleted.</summary>
    /// <param name="family">Of this installation.</param>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task ForgetDeletedAsync(ClickHouseTable family, IDbContextFactory<SpooDbContext> contexts, CancellationToken cancellationToken)
    {
        foreach (var name in await NamesAsync(family.Prefix, cancellationToken))
        {
            await ForgetDeletedInAsync(family.Named(name), contexts, cancellationToken);
        }
    }

    private async Task ForgetDeletedInAsync(ClickHouseTable table, IDbContextFactory<SpooDbContext> contexts, CancellationToken cancellationToken)
    {
        // First the links of which there are clicks, then those that there are: one that is made in between is not taken for deleted.
        var clicked = new HashSet<long>();
        await server.CountAsync($"SELECT DISTINCT LinkId FROM {table.Path} WHERE LinkId != {ClickHouseTable.MarkLink}", row => clicked.Add(row.GetInt64(0)), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        clicked.ExceptWith(await context.Links.Select(link => link.Id).ToListAsync(cancellationToken));
        if (clicked.Count > 0)
        {
            await DeleteAsync($"LinkId IN ({string.Join(',', clicked.Select(id => id.ToString(CultureInfo.InvariantCulture)))})");
        }

        var marks = 0L;
        await server.ReadAsync($"SELECT toInt64(count()) FROM {table.Path} WHERE LinkId = {ClickHouseTable.MarkLink}", row => marks = row.GetInt64(0), cancellationToken);
        if (marks > ManyMarks)
        {
            var last = $"SELECT max(Id) FROM {table.Path} WHERE LinkId = {ClickHouseTable.MarkLink} GROUP BY bitShiftRight(Id, {ClickId.SequenceBits})";
            await DeleteAsync($"LinkId = {ClickHouseTable.MarkLink} AND Id NOT IN ({last})");
        }

        // The parts with deleted rows are written anew, and gone when this ends.
        Task DeleteAsync(string which) => server.RunAtLengthAsync($"ALTER TABLE {table.Path} DELETE WHERE {which} SETTINGS mutations_sync = 2", cancellationToken);
    }

    /// <summary>The names of the tables that begin so, in the order of their letters and so of their age.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<List<string>> NamesAsync(string begin, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await server.ReadAsync(
            $"SELECT name FROM system.tables WHERE database = {ClickHouseServer.Text(server.Database)} AND startsWith(name, {ClickHouseServer.Text(begin)}) ORDER BY name",
            row => names.Add(row.GetString(0)),
            cancellationToken);
        return names;
    }
}
