using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>The tables of this installation in ClickHouse: which there are, which one has the clicks of an epoch, and which are let go of.</summary>
internal sealed partial class ClickHouseTables(IDbContextFactory<SpooDbContext> contexts, ClickHouseServer server, ILogger logger)
{
    /// <summary>The last one of the family that was made. Where two processes have made one each, the other one is let go of, and whoever has it in hand comes here again.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<ClickHouseTable> MeetAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        var names = await OfFamilyAsync();
        if (names.Count == 0)
        {
            await FollowRemovalAsync(family, cancellationToken);
            names = await OfFamilyAsync();
        }

        if (names.Count == 0)
        {
            await server.MakeTableAsync(family.New().Create, cancellationToken);
            names = await OfFamilyAsync();
        }

        foreach (var earlier in names.SkipLast(1))
        {
            await server.RunAsync(family.Named(earlier).Drop, cancellationToken);
        }

        return names.Count == 0 ? await MeetAsync(family, cancellationToken) : family.Named(names[^1]);

        Task<List<string>> OfFamilyAsync() => NamesAsync(family.Database, family.Family, cancellationToken);
    }

    /// <summary>The one that <see cref="MeetAsync"/> would take, or make the new one from. Null: there is none.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<ClickHouseTable?> FindAsync(ClickHouseTable family, CancellationToken cancellationToken) =>
        (await NamesAsync(family.Database, family.Family, cancellationToken)) is [.., var last]
            ? family.Named(last)
            : await LargestOfPastAsync(family, cancellationToken);

    // A copy from which nothing but clicks have been removed since is the beginning of the new one, if there is one.
    private async Task FollowRemovalAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        try
        {
            if (await LargestOfPastAsync(family, cancellationToken) is { } largest
                && await new ClickHouseRemoval(contexts, server, new ClickHouseCopy(contexts, server, largest)).FollowAsync(family, cancellationToken) is { } gone)
            {
                RemovalFollowed(gone);
            }
        }
        catch (ClickHouseException exception)
        {
            // One that is gone was let go of by another server, which has made the new one.
            if (!exception.IsMissingTable)
            {
                RemovalNotFollowed(exception.Message);
            }
        }
    }

    // The newest one may have been begun a moment ago.
    private async Task<ClickHouseTable?> LargestOfPastAsync(ClickHouseTable family, CancellationToken cancellationToken)
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
        [.. (await NamesAsync(family.Database, family.Past, cancellationToken)).Where(family.IsOfPast).Select(family.Named)];

    /// <summary>Lets go of all tables that have clicks of the same past as this one, which is not that of the database.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task DropPastAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        foreach (var other in await OfPastAsync(table, cancellationToken))
        {
            await server.RunAsync(other.Drop, cancellationToken);
        }
    }

    /// <summary>Lets go of tables of another epoch, and of unfinished ones. One of the same epoch with other columns is another version's, which may still run beside this one.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task DropOthersAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        var ofThisEpoch = $"{table.Prefix}{table.Epoch}_";
        foreach (var other in (await NamesAsync(table.Database, table.Prefix, cancellationToken)).Where(name => !name.StartsWith(ofThisEpoch, StringComparison.Ordinal)))
        {
            await server.RunAsync(table.Named(other).Drop, cancellationToken);
        }
    }

    /// <summary>The names of the tables that begin so, in the order of their letters and so of their age.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task<List<string>> NamesAsync(string database, string begin, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await server.ReadAsync(
            $"SELECT name FROM system.tables WHERE database = {ClickHouseServer.Text(database)} AND startsWith(name, {ClickHouseServer.Text(begin)}) ORDER BY name",
            row => names.Add(row.GetString(0)),
            cancellationToken);
        return names;
    }

    [LoggerMessage(LogLevel.Information, "Clicks were removed from the database, and {Clicks} of them from the copy in ClickHouse.")]
    private partial void RemovalFollowed(long clicks);

    [LoggerMessage(LogLevel.Warning, "Clicks that were removed from the database could not be taken out of the copy in ClickHouse, which is made anew: {Reason}")]
    private partial void RemovalNotFollowed(string reason);
}
