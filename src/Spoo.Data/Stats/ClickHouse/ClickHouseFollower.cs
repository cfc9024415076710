using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Brings the copies up to what is stored, one look at a time. Rows are the truth and the copies an index of them, as columns are. Each shard has its own copy with its own
/// position, so that one that was away, or a process that ended between two of them, leaves nothing to be settled: what a shard lacks, it gets.
/// </summary>
internal sealed partial class ClickHouseFollower(IDbContextFactory<SpooDbContext> contexts, StoreGate gate, ClickHouseServers servers, TimeProvider clock, ILogger logger)
{
    private readonly Lazy<IReadOnlyList<ClickHouseFollowed>> _shards =
        new(() => [.. servers.All.Select(server => new ClickHouseFollowed(server, new ClickHouseShard(server.Number, servers.All.Count)))]);

    // What was seen of the writers, and learned of their clicks, in which epoch.
    private EpochOfAll _epoch;
    private FollowedWriters? _writers;
    private ClickHousePieces _pieces = new(contexts);

    // Of the copies that were begun last, for saying how far they are.
    private volatile IReadOnlyList<ClickHouseCopy> _begun = [];
    private long _toCopy;

    public IReadOnlyList<ClickHouseFollowed> Shards => _shards.Value;

    /// <summary>Clicks that this process has brought to the copies that it began last, and that there were when it did.</summary>
    public (long Done, long All) Progress => (_begun.Sum(copy => copy.Added), Interlocked.Read(ref _toCopy));

    /// <summary>Lets go of what is known of the copies.</summary>
    public void Forget()
    {
        foreach (var shard in Shards)
        {
            shard.Meet(null);
        }
    }

    /// <summary>Brings all copies up to now. Where a shard is away, the others are brought there before that is said.</summary>
    /// <param name="verify">Whether to look how far the copies are, too, and not only at what this process knows of them.</param>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<ClickHouseMoment> LookAsync(bool verify, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (looked, asOf) = (clock.GetTimestamp(), clock.GetUtcNow());
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var epoch = await ClickEpoch.OfAllAsync(context, cancellationToken);
            gate.Require(epoch.Identity);
            if (epoch != _epoch)
            {
                // What clicks refer to may be called otherwise from now on.
                (_epoch, _writers, _pieces) = (epoch, null, new ClickHousePieces(contexts));
            }

            var answering = new ClickHouseAnswering(Shards);
            var met = await MeetAsync(answering, epoch, cancellationToken);

            // First how far the copies are, then how far the writers are: they can never be ahead of them, unless these have gone back.
            await answering.EachAsync(
                answering.All.Where(shard => verify || met.Contains(shard) || shard.Failure is not null),
                async shard => (shard.There, shard.Failure) = (await shard.Copy!.PositionsAsync(cancellationToken), null));
            var past = new List<ClickHouseFollowed>();
            await answering.InTurnAsync(async shard =>
            {
                if (met.Contains(shard) && shard.There.Count > 0 && await shard.Copy!.IsOfAnotherPastAsync(context, cancellationToken))
                {
                    past.Add(shard);
                }
            });
            var writers = _writers = await FollowedWriters.NowAsync(context, _writers, cancellationToken);
            past.AddRange(answering.All.Where(shard => !writers.HaveAllOf(shard.There)).Except(past));
            if (past.Count > 0)
            {
                await DropPastAsync(answering, past, cancellationToken);
                continue;
            }

            if (met.Count > 0)
            {
                var clicks = await context.Links.SumAsync(link => link.TotalClicks, cancellationToken);
                Interlocked.Exchange(ref _toCopy, clicks * met.Count / Shards.Count);
                _begun = [.. answering.All.Where(met.Contains).Select(shard => shard.Copy!)];
            }

            if (await CopyAsync(context, epoch, answering, writers, cancellationToken))
            {
                await answering.EachAsync(met, shard => shard.Tables.DropOthersAsync(shard.Copy!.Table, cancellationToken));
                foreach (var shard in answering.All)
                {
                    shard.Failure = null;
                }

                answering.Require();
                if (answering.AreAll)
                {
                    return new ClickHouseMoment([.. Shards.Select(shard => shard.Copy!)], writers, asOf, looked);
                }
            }
        }
    }

    // Those of which nothing was known in this epoch, each with its copy now.
    private async Task<HashSet<ClickHouseFollowed>> MeetAsync(ClickHouseAnswering answering, EpochOfAll epoch, CancellationToken cancellationToken)
    {
        var unknown = Shards.Where(shard => shard.Copy is not { } copy || !copy.Table.IsOfFamily(shard.FamilyOf(epoch))).ToHashSet();
        if (unknown.Count > 0)
        {
            // How far it is cannot be said while what was removed is left out.
            Interlocked.Exchange(ref _toCopy, 0);
            await answering.EachAsync(unknown, async shard => shard.Meet(await shard.Tables.LastAsync(shard.FamilyOf(epoch), cancellationToken)));
            if (answering.All.Any(shard => shard.Copy is null))
            {
                await FollowRemovalAsync(answering, epoch, cancellationToken);
                await answering.EachAsync(
                    answering.All.Where(shard => shard.Copy is null),
                    async shard => shard.Meet(await shard.Tables.LastOrNewAsync(shard.FamilyOf(epoch), cancellationToken)));
            }

            unknown.IntersectWith(answering.All);
        }

        return unknown;
    }

    // Copies from which nothing but clicks have been removed since are the beginning of the new ones. Since all shards are counted together for that, they wait while one is away, or gets a copy that it has lost.
    private async Task FollowRemovalAsync(ClickHouseAnswering answering, EpochOfAll epoch, CancellationToken cancellationToken)
    {
        var bases = new Dictionary<ClickHouseFollowed, ClickHouseTable>();
        await answering.InTurnAsync(async shard =>
        {
            if ((shard.Copy?.Table ?? await shard.Tables.LargestOfPastAsync(shard.FamilyOf(epoch), cancellationToken)) is { } table)
            {
                bases.Add(shard, table);
            }
        });
        if (bases.Count == Shards.Count)
        {
            try
            {
                List<ClickHouseCopy> copies = [.. Shards.Select(shard => new ClickHouseCopy(shard.Server, bases[shard]))];
                if (await new ClickHouseRemoval(contexts, copies).FollowAsync([.. Shards.Select(shard => shard.FamilyOf(epoch))], cancellationToken) is { } gone)
                {
                    RemovalFollowed(gone);
                }
            }
            catch (ClickHouseException exception) when (exception.IsMissingTable)
            {
                // One that is gone was let go of by another server, which has made the new one.
            }
            catch (ClickHouseException exception) when (exception.HasAnswered || Shards.Count == 1)
            {
                RemovalNotFollowed(exception.Message);
            }
            catch (ClickHouseException exception)
            {
                answering.Fail(Shards[exception.Server - 1], exception);
            }
        }

        if (bases.Count < Shards.Count || !answering.AreAll)
        {
            foreach (var shard in answering.All.Where(shard => shard.Copy is null && bases.ContainsKey(shard)).ToList())
            {
                answering.LeaveOut(shard);
            }
        }
    }

    // A shard may have nothing by which it is seen that it is of another past, so all are let go of together, and last those by which it is.
    private async Task DropPastAsync(ClickHouseAnswering answering, List<ClickHouseFollowed> past, CancellationToken cancellationToken)
    {
        CopyIsOfAnotherPast(past[0].Copy!.Table.Name);
        answering.Require();

        // Whoever has them in hand finds them gone, and does as we do: begins anew, with tables of other names.
        foreach (var some in new[] { Shards.Except(past), past })
        {
            await answering.EachAsync(some, shard => shard.Tables.DropPastAsync(shard.Copy!.Table, cancellationToken));
            answering.Require();
        }

        Forget();
    }

    // False: a new epoch has begun meanwhile.
    private async Task<bool> CopyAsync(SpooDbContext context, EpochOfAll epoch, ClickHouseAnswering answering, FollowedWriters writers, CancellationToken cancellationToken)
    {
        var byId = writers.All.ToDictionary(writer => writer.Id);
        while (answering.All.SelectMany(shard => writers.Since(shard.There).Select(stretch => (Shard: shard, Stretch: stretch))).ToList() is { Count: > 0 } behind)
        {
            // What several shards lack is read once.
            foreach (var lacking in behind.GroupBy(one => one.Stretch, one => one.Shard))
            {
                var (after, until) = lacking.Key;
                List<ClickHouseFollowed> shards = [.. lacking.Intersect(answering.All)];
                if (shards.Count > 0)
                {
                    var piece = await _pieces.NextAsync(
                        byId[ClickId.Unpack(until).Writer], after, until, [.. shards.Select(shard => shard.Shard)], cancellationToken);
                    await answering.EachAsync(shards, shard => shard.Copy!.AddAsync(piece, cancellationToken));
                }
            }

            // Others may have been quicker.
            await answering.EachAsync(behind.Select(one => one.Shard).Distinct(), async shard => shard.There = await shard.Copy!.PositionsAsync(cancellationToken));
            if (await ClickEpoch.OfAllAsync(context, cancellationToken) != epoch)
            {
                return false;
            }
        }

        // Of which those that have finished are known to be the same the next time.
        foreach (var shard in answering.All)
        {
            shard.There = writers;
        }

        return true;
    }

    [LoggerMessage(LogLevel.Information, "Clicks were removed from the database, and {Clicks} of them from the copy in ClickHouse.")]
    private partial void RemovalFollowed(long clicks);

    [LoggerMessage(LogLevel.Warning, "Clicks that were removed from the database could not be taken out of the copy in ClickHouse, which is made anew: {Reason}")]
    private partial void RemovalNotFollowed(string reason);

    [LoggerMessage(LogLevel.Warning, "The copy of the clicks in ClickHouse, {Table}, is not of the state that the database is in, and is made anew.")]
    private partial void CopyIsOfAnotherPast(string table);
}
