using System.Data;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Moved;

/// <summary>
/// The clicks that live in ClickHouse instead of the database. Every click is in one of the two: whoever reads rows of clicks reads both, as of one moment
/// (<see cref="ReadAsync"/>), and whoever removes some notes it for those that were moved (<see cref="NoteRemovalAsync(SpooDbContext, MovedRemoval, CancellationToken)"/>).
/// </summary>
/// <param name="mayBe">Whether clicks are counted in ClickHouse, and so may live there.</param>
public sealed class MovedClicks(ClickHouseServers servers, bool mayBe) : IDisposable
{
    /// <summary>Removals that are seen to together.</summary>
    private const int RemovalsAtOnce = 10_000;

    private readonly SemaphoreSlim _settling = new(1);

    /// <summary>Whether there may be any: with another way of counting no process starts where clicks were moved.</summary>
    internal bool MayBe => mayBe;

    /// <summary>Whether clicks live in ClickHouse.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal static Task<bool> AnyAsync(SpooDbContext context, CancellationToken cancellationToken) => Used(context).AnyAsync(cancellationToken);

    /// <summary>Reads clicks from both places as of one moment.</summary>
    /// <param name="read">Takes the moved clicks; null where there are none.</param>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal async Task<T> ReadAsync<T>(SpooDbContext context, Func<MovedMoment?, Task<T>> read, CancellationToken cancellationToken)
    {
        if (!MayBe)
        {
            return await read(null);
        }

        // Also where none are moved yet: the first may be in the middle of the reading.
        await RequireServersAsync(context, cancellationToken);
        await using var connection = await BeginSnapshotAsync(context, cancellationToken);
        await using var snapshot = context.Database.CurrentTransaction;
        return await read(await MomentAsync(context, cancellationToken));
    }

    /// <summary>Which of these import keys moved clicks have, with the links of those.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal Task<List<(long Key, long LinkId)>> OfImportsAsync(SpooDbContext context, IReadOnlyCollection<long> keys, CancellationToken cancellationToken) => ReadAsync(
        context,
        async moved =>
        {
            var found = new List<(long, long)>();
            if (moved is not null && keys.Count > 0)
            {
                await moved.EachAsync("assumeNotNull(ImportKey), LinkId", MovedTable.IsOneOf("ImportKey", keys), null, row => found.Add((row.GetInt64(0), row.GetInt64(1))), cancellationToken);
            }

            return found;
        },
        cancellationToken);

    /// <summary>Which of these keys moved clicks have, with the links of those.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal Task<Dictionary<long, long>> LinksOfAsync(SpooDbContext context, IReadOnlyCollection<long> keys, CancellationToken cancellationToken) => ReadAsync(
        context,
        async moved => moved is null || keys.Count == 0
            ? []
            : (await moved.FirstAsync(MovedTable.IsOneOf("Id", keys), keys.Count, cancellationToken)).ToDictionary(row => row.Id, row => row.LinkId),
        cancellationToken);

    /// <summary>The moved clicks of now, for who removes some of them; see <see cref="IsSameAsync"/>.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal async Task<(MovedMoment? Clicks, ClickMove? Move)> NowAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        await RequireServersAsync(context, cancellationToken);
        if (!MayBe || await Used(context).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } move)
        {
            return default;
        }

        return (await MomentAsync(context, move, cancellationToken), move);
    }

    /// <summary>Whether the moved clicks are those of a moment still, and nobody changes that until the end of the transaction.</summary>
    internal static async Task<bool> IsSameAsync(SpooDbContext context, ClickMove then, CancellationToken cancellationToken) =>
        await context.ClickMoves.Where(move => move.Piece == then.Piece && move.Removals == then.Removals && move.BackUntil == then.BackUntil)
            .ExecuteUpdateAsync(set => set.SetProperty(move => move.Removals, move => move.Removals), cancellationToken) > 0;

    /// <summary>How many clicks live on one of the servers.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or that server, does not answer.</exception>
    internal async Task<long> CountOnAsync(SpooDbContext context, ClickHouseServer server, CancellationToken cancellationToken) =>
        MayBe && await MomentAsync(context, cancellationToken) is { } moment ? await (moment with { Servers = [server] }).CountAsync(null, cancellationToken) : 0;

    /// <summary>Says that moved clicks of some links are gone. To be done in the transaction in which their rows are deleted, after that.</summary>
    internal Task NoteRemovalAsync(SpooDbContext context, IEnumerable<long> links, CancellationToken cancellationToken) =>
        NoteRemovalAsync(context, [.. links.Select(link => new MovedRemoval { LinkId = link })], cancellationToken);

    /// <summary>As the other, of the clicks that these describe.</summary>
    internal async Task NoteRemovalAsync(SpooDbContext context, IReadOnlyList<MovedRemoval> removals, CancellationToken cancellationToken)
    {
        // The row is held from here on, so that no piece is moved that this would concern.
        if (!MayBe || removals.Count == 0
            || await Used(context).ExecuteUpdateAsync(set => set.SetProperty(move => move.Removals, move => move.Removals + removals.Count), cancellationToken) == 0)
        {
            return;
        }

        var piece = await context.ClickMoves.Select(move => move.Piece).SingleAsync(cancellationToken);
        foreach (var removal in removals)
        {
            removal.Piece = piece;
        }

        context.MovedRemovals.AddRange(removals);
        await context.SaveChangesAsync(cancellationToken);
        context.ChangeTracker.Clear();
    }

    /// <summary>Takes out of ClickHouse what was removed. Nobody needs to wait for that: who reads leaves it out.</summary>
    /// <remarks>May be done by several processes at once: what is taken out is the same, and a click that was moved since is of a later piece.</remarks>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer; the next run goes on.</exception>
    internal async Task SettleAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (!MayBe)
        {
            return;
        }

        // The next one finds most of it done.
        await _settling.WaitAsync(cancellationToken);
        try
        {
            while (await Pending(context).OrderBy(removal => removal.Id).Take(RemovalsAtOnce).ToListAsync(cancellationToken) is { Count: > 0 } removals)
            {
                var identity = await RequireIdentityAsync(context, cancellationToken);
                foreach (var server in servers.All)
                {
                    // The parts with deleted rows are written anew, and gone when this ends: one statement for all of them.
                    await server.RunAtLengthAsync($"ALTER TABLE {MovedTable.Path(server.Database, identity)} DELETE WHERE {AnyOf(removals)} SETTINGS mutations_sync = 2", cancellationToken);
                }

                // Who is bringing clicks back has to know of it until those that were read before are in the database.
                var last = removals[^1].Id;
                var done = context.MovedRemovals.Where(removal => removal.Id <= last);
                var areBroughtBack = context.ClickMoves.Where(move => move.BackUntil != null && move.BackUntil != ClickMove.AllAreBack);
                await done.Where(_ => areBroughtBack.Any()).ExecuteUpdateAsync(set => set.SetProperty(removal => removal.Piece, MovedRemoval.NoPiece), cancellationToken);
                await done.Where(_ => !areBroughtBack.Any()).ExecuteDeleteAsync(cancellationToken);
            }
        }
        finally
        {
            _settling.Release();
        }
    }

    /// <summary>Refuses settings with which clicks would be counted without those that were moved.</summary>
    /// <exception cref="SettingException">Clicks live in ClickHouse, and it does not count, or on another number of servers.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal async Task RequireAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (await Used(context).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } move)
        {
            if (!MayBe)
            {
                throw new SettingException("clicks of this installation live in ClickHouse, and Stats:Engine is Columns, which would count without them: set Stats:Engine=ClickHouse again, and bring them back with ./run move clicks --to database before it is changed");
            }

            RequireServers(move);
        }
    }

    /// <summary>Refuses to look for moved clicks on other servers than they are on.</summary>
    /// <exception cref="SettingException">They live on another number of servers.</exception>
    internal void RequireServers(ClickMove move)
    {
        if (move.Servers != servers.All.Count)
        {
            throw new SettingException(string.Create(
                CultureInfo.InvariantCulture, $"clicks live on {move.Servers} ClickHouse {(move.Servers == 1 ? "server" : "servers")}, and Stats:ClickHouse names {servers.All.Count}: name as many as before, and bring the clicks back with ./run move clicks --to database before that is changed"));
        }
    }

    public void Dispose() => _settling.Dispose();

    private static IQueryable<ClickMove> Used(SpooDbContext context) =>
        context.ClickMoves.Where(move => move.Piece > 0 && (move.BackUntil == null || move.BackUntil != ClickMove.AllAreBack));

    private static IQueryable<MovedRemoval> Pending(SpooDbContext context) => context.MovedRemovals.AsNoTracking().Where(removal => removal.Piece != MovedRemoval.NoPiece);

    private static string AnyOf(IEnumerable<MovedRemoval> removals) => string.Join(" OR ", removals
        .GroupBy(removal => (removal.Before, removal.FirstId, removal.EndId, removal.Piece, OfLink: removal.LinkId is not null))
        .Select(alike => $"({Which(alike.Key.Before, alike.Key.FirstId, alike.Key.EndId, alike.Key.Piece, alike.Key.OfLink ? [.. alike.Select(removal => removal.LinkId!.Value)] : null)})"));

    private static string Which(DateTimeOffset? before, long? first, long? end, long piece, List<long>? links)
    {
        List<string> conditions = [string.Create(CultureInfo.InvariantCulture, $"Piece <= {piece}")];
        Add(before?.ToUnixTimeMilliseconds(), "Time <");
        Add(first, "Id >=");
        Add(end, "Id <");
        if (links is not null)
        {
            conditions.Add(MovedTable.IsOneOf("LinkId", links));
        }

        return string.Join(" AND ", conditions);

        void Add(long? bound, string what)
        {
            if (bound is { } number)
            {
                conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {number}"));
            }
        }
    }

    // One that is away or silent is waited for in vain, and what is held meanwhile others wait for.
    private async Task RequireServersAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (!MayBe || !await AnyAsync(context, cancellationToken))
        {
            return;
        }

        TimeSpan? patience = context.IsToAnswer() ? StoreFailure.Patience : null;
        await Task.WhenAll(servers.All.Select(server => server.RequireAnswerAsync(patience, cancellationToken)));
        if (await Pending(context).OrderBy(removal => removal.Id).Skip(RemovalsAtOnce).AnyAsync(cancellationToken))
        {
            await SettleAsync(context, cancellationToken);
        }
    }

    private async Task<MovedMoment?> MomentAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        await Used(context).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } move ? await MomentAsync(context, move, cancellationToken) : null;

    private async Task<MovedMoment> MomentAsync(SpooDbContext context, ClickMove move, CancellationToken cancellationToken)
    {
        RequireServers(move);
        var removals = await context.MovedRemovals.AsNoTracking().OrderBy(removal => removal.Id).ToListAsync(cancellationToken);
        var pending = removals.FindAll(removal => removal.Piece != MovedRemoval.NoPiece);
        return new MovedMoment(servers.All, await RequireIdentityAsync(context, cancellationToken), move.Piece, move.BackUntil)
        {
            Removed = pending.Count == 0 ? null : AnyOf(pending),
            LastRemoval = removals.Count == 0 ? 0 : removals[^1].Id,
        };
    }

    internal static async Task<string> RequireIdentityAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        await StoreGate.IdentityOfAsync(context, cancellationToken) ?? throw new InvalidOperationException("The database has not been prepared.");

    // What is read in it is of the moment in which the one row was read.
    private static async Task<IAsyncDisposable> BeginSnapshotAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (context.Database.IsSqlite())
        {
            // The other way of beginning one would keep all writers waiting.
            await context.Database.OpenConnectionAsync(cancellationToken);
            var deferred = ((SqliteConnection)context.Database.GetDbConnection()).BeginTransaction(deferred: true);
            await context.Database.UseTransactionAsync(deferred, cancellationToken);
            return deferred;
        }

        if (context.Database.IsNpgsql())
        {
            return await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        }

        // No piece is moved while its row is held.
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.ClickMoves.FromSqlRaw(TransactSql.MoveToHold).AsNoTracking().ToListAsync(cancellationToken);
        return transaction;
    }
}

/// <summary>Where those that have a context find the moved clicks.</summary>
internal static class MovedClicksOfContext
{
    public static MovedClicks Moved(this SpooDbContext context) => context.GetService<MovedClicks>();
}
