using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Clicks.Moved;

/// <summary>
/// Moves clicks from the database to ClickHouse, and back. A process that ends in between leaves every click in one of the two, and the next run goes on.
/// </summary>
/// <remarks>
/// A piece is first copied to ClickHouse under a number that counts for nobody yet, and compared there. The transaction that deletes its rows makes the number count. So nothing holds a
/// lock while ClickHouse is written to, and if anything was done to those rows since they were read, the copy is dropped and the piece read again.
/// </remarks>
public sealed class ClickMover(IDbContextFactory<SpooDbContext> contexts, MovedClicks moved, ClickHouseServers servers, TimeProvider clock)
{
    /// <summary>
    /// A process that has not been heard of for so long is taken for dead. Where it was not, nothing that it does counts any more: longer than <see cref="ClickHouseServer.LongestInsert"/>, so that
    /// nothing of it arrives later.
    /// </summary>
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(1);

    /// <summary>Clicks in a piece that was read again and again.</summary>
    private const int Fewest = 100;

    private readonly Lease _lease = new(clock);

    /// <summary>Moves clicks to ClickHouse: those that are stored now.</summary>
    /// <param name="before">Only clicks before this instant. Null: all.</param>
    /// <param name="progress">Hears how many have been moved.</param>
    /// <returns>How many that were.</returns>
    /// <exception cref="SettingException">Clicks are not counted in ClickHouse, another process is moving some, or they are being brought back.</exception>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer; what was moved until then is.</exception>
    public async Task<long> MoveAsync(DateTimeOffset? before, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Require();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await BeginAsync(context, cancellationToken);
        await TakeAsync(context, cancellationToken);
        DateTimeOffset? free = null;
        try
        {
            var move = await context.ClickMoves.AsNoTracking().SingleAsync(cancellationToken);
            if (move.BackUntil is not null and not ClickMove.AllAreBack)
            {
                throw new SettingException("moved clicks are being brought back to the database, which ./run move clicks --to database ends");
            }

            var identity = await MovedClicks.RequireIdentityAsync(context, cancellationToken);
            foreach (var server in servers.All)
            {
                await server.MakeTableAsync(MovedTable.Create(MovedTable.Path(server.Database, identity)), cancellationToken);
            }

            await DropAsync(string.Create(CultureInfo.InvariantCulture, $"Piece > {move.Piece}"), identity, cancellationToken);
            if (move.Piece == 0 || move.BackUntil is not null)
            {
                // Numbers of pieces go on, so that nothing that was done to earlier ones can reach those that come.
                await DropAsync(string.Create(CultureInfo.InvariantCulture, $"Piece <= {move.Piece}"), identity, cancellationToken);
                var all = servers.All.Count;
                await _lease.Held(context.ClickMoves).ExecuteUpdateAsync(set => set.SetProperty(row => row.Servers, all).SetProperty(row => row.BackUntil, (long?)null), cancellationToken);
            }
            else
            {
                moved.RequireServers(move);
            }

            var done = 0L;
            foreach (var (first, last) in await StretchesAsync(context, cancellationToken))
            {
                var clicks = context.Clicks.AsNoTracking().Where(click => click.Id >= first && click.Id <= last);
                clicks = before is null ? clicks : clicks.Where(click => click.Time < before);
                while (await MoveSomeAsync(context, clicks, identity, cancellationToken) is > 0 and var some)
                {
                    done += some;
                    progress?.Report(done);
                }
            }

            return done;
        }
        catch (ClickHouseException exception) when (!exception.HasAnswered)
        {
            // A copy that is still on its way must not arrive under a number that counts by then.
            free = clock.GetUtcNow() + HeldFor;
            throw;
        }
        finally
        {
            await GiveBackAsync(free);
        }
    }

    /// <summary>Brings all moved clicks back to the database.</summary>
    /// <param name="progress">Hears how many are back.</param>
    /// <returns>How many that were.</returns>
    /// <exception cref="SettingException">Clicks are not counted in ClickHouse, or another process is moving some.</exception>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer; what was brought back until then is.</exception>
    public async Task<long> BringBackAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Require();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await MovedClicks.AnyAsync(context, cancellationToken))
        {
            return 0;
        }

        await TakeAsync(context, cancellationToken);
        try
        {
            var identity = await MovedClicks.RequireIdentityAsync(context, cancellationToken);
            await context.ClickMoves.Where(move => move.BackUntil == null).ExecuteUpdateAsync(set => set.SetProperty(move => move.BackUntil, 0), cancellationToken);
            var done = 0L;
            while (await BringSomeBackAsync(context, cancellationToken) is { } some)
            {
                done += some;
                progress?.Report(done);
            }

            await KeepAsync(context, cancellationToken);
            var piece = await context.ClickMoves.Select(move => move.Piece).SingleAsync(cancellationToken);
            await _lease.Held(context.ClickMoves).ExecuteUpdateAsync(set => set.SetProperty(move => move.BackUntil, ClickMove.AllAreBack), cancellationToken);
            await context.MovedRemovals.ExecuteDeleteAsync(cancellationToken);
            await DropAsync(string.Create(CultureInfo.InvariantCulture, $"Piece <= {piece}"), identity, cancellationToken);
            return done;
        }
        finally
        {
            await GiveBackAsync(null);
        }
    }

    /// <summary>Whether there are clicks that live in ClickHouse.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> HasMovedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await MovedClicks.AnyAsync(context, cancellationToken);
    }

    private void Require()
    {
        if (!moved.MayBe)
        {
            throw new SettingException("Stats:Engine is Columns, and clicks live where they are counted: in ClickHouse with Stats:Engine=ClickHouse, otherwise in the database; docs/clickhouse.md says how to begin");
        }
    }

    // Keys between which nothing is stored any more: each node's so far, and those of imports that have ended, which may be thousands with few clicks each, together.
    private static async Task<List<(long First, long Last)>> StretchesAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var writers = await context.ClickWriters.OrderBy(writer => writer.Id).Select(writer => new { writer.Id, writer.LastSequence, HasEnded = writer.FinishedAt != null }).ToListAsync(cancellationToken);
        var stretches = new List<(long First, long Last)>();
        var goesOn = false;
        foreach (var writer in writers)
        {
            var last = new ClickId(writer.Id, writer.LastSequence).Packed;
            if (goesOn && writer.HasEnded)
            {
                stretches[^1] = (stretches[^1].First, last);
            }
            else
            {
                stretches.Add((ClickId.FirstOf(writer.Id), last));
            }

            goesOn = writer.HasEnded;
        }

        return stretches;
    }

    // Returns how many were moved: 0 where there are none.
    private async Task<int> MoveSomeAsync(SpooDbContext context, IQueryable<Click> clicks, string identity, CancellationToken cancellationToken)
    {
        for (var most = ClickPieces.ToDelete(context); ; most = Math.Max(most / 2, Fewest))
        {
            await KeepAsync(context, cancellationToken);
            var before = await context.ClickMoves.AsNoTracking().Select(move => move.Piece).SingleAsync(cancellationToken);
            var some = await clicks.OrderBy(click => click.Id).Take(most).ToListAsync(cancellationToken);
            if (some.Count == 0)
            {
                return 0;
            }

            // What is removed from now on is removed from earlier pieces, and otherwise from the database, where these clicks are then missing.
            var piece = before + 1;
            await CopyAsync(some, piece, identity, cancellationToken);
            var (first, last) = (some[0].Id, some[^1].Id);
            var isMoved = await TryAsync(
                context,
                async _ => await clicks.Where(click => click.Id >= first && click.Id <= last).ExecuteDeleteAsync(cancellationToken) == some.Count
                    && await _lease.Held(context.ClickMoves).Where(move => move.Piece == before && move.BackUntil == null)
                        .ExecuteUpdateAsync(set => set.SetProperty(move => move.Piece, piece), cancellationToken) > 0,
                cancellationToken);
            if (isMoved)
            {
                return some.Count;
            }

            // Something was done to them meanwhile, which fewer of them leave less time for.
            await DropAsync(string.Create(CultureInfo.InvariantCulture, $"Piece > {before}"), identity, cancellationToken);
        }
    }

    private async Task CopyAsync(List<Click> clicks, long piece, string identity, CancellationToken cancellationToken)
    {
        var server = servers.All[(int)(piece % servers.All.Count)];
        var path = MovedTable.Path(server.Database, identity);
        await server.AddAsync(
            path, MovedTable.Columns, [.. clicks.Select(click => MovedTable.Row(click, piece))], string.Create(CultureInfo.InvariantCulture, $"moved {piece} {Guid.NewGuid()}"), cancellationToken);
        long[] sums = [];
        await server.ReadAsync(MovedTable.SumsOf(path, piece), row => sums = [.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)], cancellationToken);
        if (!sums.SequenceEqual(MovedTable.Sums(clicks)))
        {
            throw new SettingException(string.Create(
                CultureInfo.InvariantCulture, $"ClickHouse at {server.Where} has other clicks than were brought to it ({sums[0]:N0} of {clicks.Count:N0}); they stay in the database"));
        }
    }

    // Returns how many are back: null where all are. Of those that were read, some may have been removed meanwhile.
    private async Task<int?> BringSomeBackAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            await KeepAsync(context, cancellationToken);
            var (clicks, move) = await moved.NowAsync(context, cancellationToken);
            var some = clicks is null ? [] : await clicks.FirstAsync(null, ClickPieces.ToDelete(context), cancellationToken);
            if (some.Count == 0)
            {
                return null;
            }

            var (last, left) = (some[^1].Id, new List<Click>());
            var isBack = await TryAsync(
                context,
                async transaction =>
                {
                    // In the order of those who remove: the links, then the row, from which on nothing is removed.
                    await context.HoldLinksAsync(some.Select(click => click.LinkId).Distinct(), LinkHold.ToRefer, cancellationToken);
                    if (await _lease.Held(context.ClickMoves).Where(row => row.Piece == move!.Piece && row.BackUntil == move.BackUntil)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.BackUntil, last), cancellationToken) == 0)
                    {
                        return false;
                    }

                    var since = await context.MovedRemovals.AsNoTracking().Where(removal => removal.Id > clicks!.LastRemoval).ToListAsync(cancellationToken);
                    var removals = await context.ClickMoves.Select(row => row.Removals).SingleAsync(cancellationToken);
                    left = some.FindAll(click => !since.Exists(removal => removal.Takes(click)));
                    await InsertAsync(context, transaction, left, cancellationToken);
                    return removals - move!.Removals == since.Count;
                },
                cancellationToken);
            if (isBack)
            {
                await context.MovedRemovals.Where(removal => removal.Id <= clicks!.LastRemoval && removal.Piece == MovedRemoval.NoPiece).ExecuteDeleteAsync(cancellationToken);
                return left.Count;
            }
        }
    }

    private static async Task InsertAsync(SpooDbContext context, IDbContextTransaction transaction, IReadOnlyList<Click> clicks, CancellationToken cancellationToken)
    {
        var rows = BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction());
        if (await rows.InsertNewAsync(ClickStore.ClickTable, nameof(Click.ImportKey), clicks, cancellationToken) is { } added)
        {
            // The same click was imported once more by a process that did not find it.
            await rows.AdvanceLinksAsync(
                [.. clicks.Where(click => !added.Contains(click.Id)).CountBy(click => click.LinkId).Select(link => new LinkAdvance(link.Key, -link.Value, 0, 0, null, null))], cancellationToken);
        }
    }

    // Copies that count for nobody.
    private async Task DropAsync(string unneeded, string identity, CancellationToken cancellationToken)
    {
        foreach (var server in servers.All)
        {
            var path = MovedTable.Path(server.Database, identity);
            var count = 0L;
            await server.CountAtLengthAsync($"SELECT toInt64(count()) FROM {path} WHERE {unneeded}", row => count = row.GetInt64(0), cancellationToken);
            if (count > 0)
            {
                await server.RunAtLengthAsync($"ALTER TABLE {path} DELETE WHERE {unneeded} SETTINGS mutations_sync = 2", cancellationToken);
            }
        }
    }

    private static async Task<bool> TryAsync(SpooDbContext context, Func<IDbContextTransaction, Task<bool>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await context.InTransactionAsync(
                async transaction => await work(transaction) ? true : throw new OvertakenException(), cancellationToken);
        }
        catch (OvertakenException)
        {
            return false;
        }
    }

    private static async Task BeginAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (!await context.ClickMoves.AnyAsync(cancellationToken))
        {
            context.ClickMoves.Add(new ClickMove());
            try
            {
                await context.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException) when (context.ClickMoves.Any())
            {
                // Another process was quicker.
            }

            context.ChangeTracker.Clear();
        }
    }

    private async Task TakeAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (await _lease.TakeAsync(context.ClickMoves, HeldFor, cancellationToken) == 0 && !await _lease.Held(context.ClickMoves).AnyAsync(cancellationToken))
        {
            throw new SettingException("another process is moving clicks, or did until a moment ago; try again when it has ended, or in a minute");
        }
    }

    private async Task KeepAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (await _lease.KeepAsync(context.ClickMoves, HeldFor, cancellationToken) == 0)
        {
            throw new SettingException("another process has begun to move clicks, because this one had not been heard of for a minute");
        }
    }

    private async Task GiveBackAsync(DateTimeOffset? free)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await _lease.GiveBackAsync(context.ClickMoves, free, CancellationToken.None);
    }

    private sealed class OvertakenException : Exception;
}
