using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Stats.Live;

/// <summary>
/// Keeps the columns of each owner's clicks current, and counts in them. Rows are the truth and columns an index of them: an owner's
/// columns are made at the first question, brought up to date by every question, and let go when memory is short.
/// </summary>
/// <remarks>
/// A question first fetches what has been stored since the last one, by this process or by another: at most one short look at
/// each writer that is still writing. So an answer has every click that was stored before it was asked. Questions that were asked at one moment share that look. When rows were changed
/// that otherwise never are, a new <see cref="Clicks.ClickEpoch"/> says so, and the columns are made again.
/// </remarks>
public sealed class LiveClicks(IDbContextFactory<SpooDbContext> contexts, StoreGate gate, ClickIndex index, StatsOptions options, TimeProvider clock) : IClickCounting, IDisposable
{
    /// <summary>The name under which the clicks of links without an owner are kept.</summary>
    private const string Nobody = "";

    /// <summary>How often somebody who waits looks whether it may take long.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, OwnerClicks> _owners = new(StringComparer.Ordinal);

    /// <summary>Accounts with fewer clicks are waited for, however long that takes: it is never long on a machine that is not overloaded.</summary>
    internal long FewestAnnounced { get; init; } = 1 << 19;

    /// <summary>Rows read from the database at a time: enough that beginning anew costs nothing, few enough to be put in order while the next are read.</summary>
    internal int RowsAtOnce { get; init; } = 1 << 16;

    // The saving of indexes whose owners have been let go.
    private Task _savingLetGo = Task.CompletedTask;

    private long Limit => options.MemoryMegabytes * 1024L * 1024L;

    /// <summary>Memory that all columns take, in bytes.</summary>
    public long Bytes => _owners.Values.Sum(owner => owner.Bytes);

    /// <summary>Clicks in all columns.</summary>
    public long Clicks => _owners.Values.Sum(owner => owner.Clicks);

    /// <summary>What the columns of each owner take. Null: of links without an owner.</summary>
    public IReadOnlyList<(string? OwnerId, long Bytes, long Clicks)> ByOwner() =>
        [.. _owners.Select(owner => (owner.Key == Nobody ? null : owner.Key, owner.Value.Bytes, owner.Value.Clicks))];

    public async Task<IReadOnlyList<StatsOutcome>> CountAsync(
        StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
    {
        var ownerId = selections[0].OwnerId;
        for (var isLast = false; ; isLast = true)
        {
            var owner = _owners.GetOrAdd(ownerId ?? Nobody, _ => new OwnerClicks(contexts, gate, index, ownerId, clock, Limit, FewestAnnounced, RowsAtOnce));
            try
            {
                var moment = await NowAsync(owner, selections[0].Asked ?? clock.GetTimestamp(), limits.Patience, cancellationToken);
                if (moment is null)
                {
                    return [new StatsOutcome.Refused(CountingRefusals.Preparing(owner.Preparing?.Progress))];
                }

                LetGo(owner);

                // Counting is pure arithmetic; it goes to a thread of its own so that a page's events never wait for it.
                return limits.StandsBack
                    ? await BackgroundThread.RunAsync(() => Count(moment), cancellationToken)
                    : await Task.Run(() => Count(moment), cancellationToken);
            }
            catch (ColumnsLostException lost) when (!isLast)
            {
                // Rows are the truth: the columns are made again from them.
                index.Refuse(ownerId, lost.Message);
                DropIndex(ownerId, owner);
            }
        }

        List<StatsOutcome> Count(ClickSnapshot moment) => [.. selections.Select(clicks => moment.Count(query, clicks, limits, cancellationToken))];
    }

    /// <summary>All clicks that had been stored when it was asked. Null: their columns are being made, and that takes longer than patience lasts.</summary>
    private async Task<ClickSnapshot?> NowAsync(OwnerClicks owner, long asked, TimeSpan patience, CancellationToken cancellationToken)
    {
        var asking = owner.NowAsync(asked, cancellationToken);
        while (!asking.IsCompleted)
        {
            var left = owner.Preparing is { } preparing ? patience - clock.GetElapsedTime(preparing.Began) : patience;
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            // Whoever gives up ends the asking, and that ends the wait.
            await ((Task)asking).WaitAsync(left < Look ? left : Look, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await asking;
    }

    /// <summary>Columns follow the rows when they are asked.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets go of an owner who is gone, and of their index file.</summary>
    public void Forget(string ownerId)
    {
        if (_owners.TryRemove(ownerId, out var owner))
        {
            owner.DeleteIndex();
        }
        else
        {
            index.Delete(ownerId);
        }
    }

    /// <summary>
    /// Columns keep their words when the clicks that said them are deleted, and the index files with them. Makes those anew of which that is so;
    /// questions are answered from the old ones until then.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task ForgetDeletedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        gate.Require((await ClickEpoch.OfAsync(context, cancellationToken)).Identity);
        foreach (var file in index.Files().ToList())
        {
            await ForgetDeletedAsync(file, _owners.GetValueOrDefault(file.OwnerId ?? Nobody));
        }

        // Afterwards, because a question that came meanwhile may have read a file as it was before.
        foreach (var (name, owner) in _owners)
        {
            if (owner.MadeFrom is { } made)
            {
                await ForgetDeletedAsync(new(name == Nobody ? null : name, made.Epoch, made.Links), owner);
            }
        }

        async Task ForgetDeletedAsync(ClickIndexFile made, OwnerClicks? before)
        {
            var links = (await context.Links.Where(link => link.OwnerId == made.OwnerId).Select(link => link.Id).ToListAsync(cancellationToken)).ToHashSet();
            if (made.Epoch != (await ClickEpoch.OfOwnerAsync(context, made.OwnerId, cancellationToken)).Epoch || links.Count == 0)
            {
                // The next question makes them anew in any case, or there is nothing to be asked about.
                DropIndex(made.OwnerId, before);
            }
            else if (!links.IsSupersetOf(made.Links))
            {
                await RenewAsync(made.OwnerId, before, cancellationToken);
            }
        }
    }

    private async Task RenewAsync(string? ownerId, OwnerClicks? before, CancellationToken cancellationToken)
    {
        var fresh = new OwnerClicks(contexts, gate, index, ownerId, clock, Limit, FewestAnnounced, RowsAtOnce, beginsAnew: true);
        await fresh.NowAsync(clock.GetTimestamp(), cancellationToken);
        before?.Retire();
        fresh.Save();
        if (before is null || !_owners.TryUpdate(ownerId ?? Nobody, fresh, before))
        {
            // It is not asked about, or was let go or forgotten meanwhile.
            fresh.Retire();
        }
    }

    private void DropIndex(string? ownerId, OwnerClicks? before)
    {
        if (before is null)
        {
            index.Delete(ownerId);
        }
        else if (_owners.TryRemove(KeyValuePair.Create(ownerId ?? Nobody, before)))
        {
            before.DeleteIndex();
        }
    }

    /// <summary>Saves the indexes that have fallen behind, so that the next start is quick.</summary>
    public void Dispose()
    {
        // Owners that are let go earlier are left to the garbage collector, because a question may still be waiting for its turn.
        _savingLetGo.Wait();
        foreach (var owner in _owners.Values)
        {
            owner.Dispose();
        }
    }

    /// <summary>Lets go of the columns that were asked about longest ago, until the others fit.</summary>
    private void LetGo(OwnerClicks asked)
    {
        while (Bytes > Limit)
        {
            var idle = _owners.Where(entry => entry.Value != asked && entry.Value.Bytes > 0).ToList();
            if (idle.Count == 0)
            {
                return;
            }

            var longest = idle.MinBy(entry => entry.Value.LastAsked);
            if (_owners.TryRemove(longest))
            {
                lock (_owners)
                {
                    _savingLetGo = Task.WhenAll(_savingLetGo, Task.Run(longest.Value.Save));
                }
            }
        }
    }
}
