using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Care;

/// <summary>
/// Removes the agents, places and sources that no click refers to any more. A referrer's address, a campaign or a User-Agent may tell of
/// people whose clicks are deleted as much as the clicks did.
/// </summary>
/// <remarks>
/// Of clicks there is no index by what they refer to, so all of them are looked at, while others go on storing. What is unused then is
/// removed a little at a time; those who store wait that long, and what they have stored since the look is looked at first.
/// </remarks>
public sealed class UnusedEntries(IDbContextFactory<SpooDbContext> contexts)
{
    /// <summary>Removed in one transaction, for which every writer waits.</summary>
    private const int AtOnce = 1_000;

    private const int Attempts = 3;

    /// <returns>How many there were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the next run removes the rest.</exception>
    public async Task<long> RemoveAsync(CancellationToken cancellationToken)
    {
        var removed = 0L;
        for (var attempt = 1; ; attempt++)
        {
            var (some, isDone) = await TryRemoveAsync(cancellationToken);
            removed += some;
            if (isDone || attempt == Attempts)
            {
                return removed;
            }
        }
    }

    // Not done: stored clicks were changed meanwhile, in a way that cannot be followed.
    private async Task<(long Removed, bool IsDone)> TryRemoveAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (last, clearedUp) = await Deletions.OfAsync(context, cancellationToken);
        if (last == clearedUp)
        {
            return (0, true);
        }

        // It may be millions of rows.
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        var (epoch, _) = await ClickEpoch.OfAsync(context, cancellationToken);
        var seen = await FollowedWriters.NowAsync(context, null, cancellationToken);
        var used = new UsedEntries();
        await used.AddAsync(context.Clicks, cancellationToken);

        // Looked at afterwards: a click that is moved in between has been seen in the database, or is seen here.
        if (!await context.Moved().ReadAsync(context, moved => used.AddAsync(moved, cancellationToken), cancellationToken))
        {
            return (0, true);
        }

        var removed = 0L;
        foreach (var kind in Kinds(context, used))
        {
            foreach (var ids in (await UnusedAsync(kind, cancellationToken)).Chunk(AtOnce))
            {
                if (await TakeAndRemoveAsync(null, () => kind.RemoveAsync(ids.Where(id => !kind.Used.Contains(id)).ToArray(), cancellationToken)) is not { } gone)
                {
                    return (removed, false);
                }

                removed += gone;
            }
        }

        return (removed, await TakeAndRemoveAsync(last, () => Task.FromResult(0)) is not null);

        // Null: what is in use is not known any more.
        async Task<int?> TakeAndRemoveAsync(string? upTo, Func<Task<int>> remove)
        {
            // Most of what has been stored since is looked at while no writer has to wait for it.
            await FollowAsync();
            return await context.InTransactionAsync(
                async _ =>
                {
                    await context.TakeEntriesAsync(upTo, cancellationToken);
                    return (await ClickEpoch.OfAsync(context, cancellationToken)).Epoch == epoch && await FollowAsync() ? await remove() : (int?)null;
                },
                cancellationToken);
        }

        async Task<bool> FollowAsync()
        {
            var now = await FollowedWriters.NowAsync(context, null, cancellationToken);
            if (!now.HaveAllOf(seen))
            {
                return false;
            }

            foreach (var (after, until) in now.Since(seen))
            {
                await used.AddAsync(context.Clicks.Where(click => click.Id > after && click.Id <= until), cancellationToken);
            }

            seen = now;
            return true;
        }
    }

    private static IEnumerable<Kind> Kinds(SpooDbContext context, UsedEntries used) =>
    [
        new(context.ClickSources.Select(source => source.Id), used.Sources, (ids, cancelled) => context.ClickSources.Where(source => ids.Contains(source.Id)).ExecuteDeleteAsync(cancelled)),
        new(context.ClickAgents.Select(agent => agent.Id), used.Agents, (ids, cancelled) => context.ClickAgents.Where(agent => ids.Contains(agent.Id)).ExecuteDeleteAsync(cancelled)),
        new(context.ClickPlaces.Select(place => place.Id), used.Places, (ids, cancelled) => context.ClickPlaces.Where(place => ids.Contains(place.Id)).ExecuteDeleteAsync(cancelled)),
    ];

    private static async Task<List<long>> UnusedAsync(Kind kind, CancellationToken cancellationToken)
    {
        var unused = new List<long>();
        await foreach (var id in kind.All.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!kind.Used.Contains(id))
            {
                unused.Add(id);
            }
        }

        return unused;
    }

    private sealed record Kind(IQueryable<long> All, HashSet<long> Used, Func<long[], CancellationToken, Task<int>> RemoveAsync);

    private sealed class UsedEntries
    {
        public HashSet<long> Agents { get; } = [];

        public HashSet<long> Places { get; } = [];

        public HashSet<long> Sources { get; } = [];

        public async Task AddAsync(IQueryable<Click> clicks, CancellationToken cancellationToken)
        {
            await AddAsync(Agents, clicks.Select(click => click.AgentId), cancellationToken);
            await AddAsync(Places, clicks.Select(click => click.PlaceId), cancellationToken);
            await AddAsync(Sources, clicks.Select(click => click.SourceId), cancellationToken);
        }

        /// <summary>False: clicks are coming back to the database, and it is not known which were seen in neither place.</summary>
        public async Task<bool> AddAsync(MovedMoment? moved, CancellationToken cancellationToken)
        {
            if (moved?.BackUntil is not null)
            {
                return false;
            }

            foreach (var (column, known) in moved is null ? [] : new[] { ("AgentId", Agents), ("PlaceId", Places), ("SourceId", Sources) })
            {
                await moved!.EachAsync($"DISTINCT {column}", null, null, row => known.Add(row.GetInt64(0)), cancellationToken);
            }

            return true;
        }

        private static async Task AddAsync(HashSet<long> known, IQueryable<long> keys, CancellationToken cancellationToken)
        {
            await foreach (var key in keys.Distinct().AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                known.Add(key);
            }
        }
    }
}
