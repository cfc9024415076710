using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Counts in ClickHouse, in copies of the clicks that every question brings up to date. Where there are several servers, each counts the clicks of its own visitors, and what they count adds up.
/// </summary>
public sealed partial class ClickHouseClicks(
    IDbContextFactory<SpooDbContext> contexts, StoreGate gate, ClickHouseServers servers, ClickHouseOptions options, TimeProvider clock, ILogger<ClickHouseClicks> logger) : IClickCounting, IDisposable
{
    // So long a question waits for clicks that are being copied, and as long for its turn to have them copied.
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.WaitSeconds);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ClickHouseFollower _follower = new(contexts, gate, servers, clock, logger);
    private volatile ClickHouseMoment? _moment;

    // A question has found a copy gone that the next look would take for known.
    private volatile bool _areGone;

    /// <summary>Every click that was stored by then is in the copies. Null: they have not been looked at since this process started.</summary>
    public DateTimeOffset? AsOf => _moment?.AsOf;

    /// <summary>Why ClickHouse could not be asked the last time, in words. Null: it could.</summary>
    public string? Failure => servers.All.Select(FailureOf).OfType<string>().ToList() is { Count: > 0 } failures ? string.Join("; ", failures) : null;

    /// <summary>Clicks that this process has brought to the copies that it began last, and that there were when it did.</summary>
    public (long Done, long All) Progress => _follower.Progress;

    /// <summary>Why a server could not be asked the last time, in words. Null: it could.</summary>
    public string? FailureOf(ClickHouseServer server) =>
        _follower.Shards[server.Number - 1].Failure ?? (IsSilent(server) ? $"ClickHouse at {server.Where} does not answer" : null);

    // Half of what a question waits has gone by then, with something else before it at most.
    private bool IsSilent(ClickHouseServer server) => server.IsSilentFor(_patience / 2);

    public async Task<IReadOnlyList<StatsOutcome>> CountAsync(
        StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await CountOnceAsync(query, selections, limits, cancellationToken);
            }
            catch (ClickHouseException exception) when (exception.IsMissingTable)
            {
                // Another server has begun a new one meanwhile, or an operator has dropped it.
                (_moment, _areGone) = (null, true);
                return await CountOnceAsync(query, selections, limits, cancellationToken);
            }
        }
        catch (ClickHouseException exception)
        {
            NotCounted(exception.Message);
            return [new StatsOutcome.Refused(CountingRefusals.Away(exception.Server, servers.All.Count))];
        }
    }

    Task IClickCounting.FollowAsync(CancellationToken cancellationToken) => FollowAsync(verify: false, cancellationToken);

    /// <summary>Everything that is stored now is there when this ends.</summary>
    /// <param name="verify">Whether to look how far the copies are, too, and not only at what this process knows of them.</param>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal async Task<ClickHouseMoment> FollowAsync(bool verify, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await LookAsync(verify, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lets go of every copy there is of this installation's clicks, and makes new ones.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            List<(ClickHouseServer Server, ClickHouseTable Table)> all = [];
            await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            {
                // All are asked before anything goes: there are no statistics without one of them in any case.
                var epoch = await ClickEpoch.OfAllAsync(context, cancellationToken);
                foreach (var shard in _follower.Shards)
                {
                    var family = shard.FamilyOf(epoch);
                    all.AddRange((await shard.Tables.NamesAsync(family.Prefix, cancellationToken)).Select(name => (shard.Server, family.Named(name))));
                }
            }

            foreach (var (server, table) in all)
            {
                await server.RunAsync(table.Drop, cancellationToken);
            }

            _moment = null;
            _follower.Forget();
            await LookAsync(verify: false, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The table of a server that has the clicks of now, or the one from which clicks that were removed since are about to be left out. Null: there is none yet.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal async Task<ClickHouseTable?> TableAsync(ClickHouseServer server, SpooDbContext context, CancellationToken cancellationToken)
    {
        var shard = _follower.Shards[server.Number - 1];
        return await shard.Tables.FindAsync(shard.FamilyOf(await ClickEpoch.OfAllAsync(context, cancellationToken)), cancellationToken);
    }

    /// <summary>What an owner had goes with their links, which <see cref="ForgetDeletedAsync"/> looks for.</summary>
    public void Forget(string ownerId)
    {
    }

    public void Dispose() => _turn.Dispose();

    public async Task ForgetDeletedAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            try
            {
                await LookAsync(verify: false, cancellationToken);
            }
            catch (ClickHouseException)
            {
                // What was deleted leaves the servers that answer; which one does not is said below.
            }

            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var epoch = await ClickEpoch.OfAllAsync(context, cancellationToken);
            var answering = new ClickHouseAnswering(_follower.Shards);
            await answering.InTurnAsync(shard => shard.Tables.ForgetDeletedAsync(shard.FamilyOf(epoch), contexts, cancellationToken));
            answering.Require();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IReadOnlyList<StatsOutcome>> CountOnceAsync(
        StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
    {
        if (await NowAsync(selections[0].Asked ?? clock.GetTimestamp(), cancellationToken) is not { } moment)
        {
            return [new StatsOutcome.Refused(servers.All.FirstOrDefault(server => FailureOf(server) is not null) is { } away ? CountingRefusals.Away(away.Number, servers.All.Count) : CountingRefusals.Copying(Progress))];
        }

        // Several ranges, and several servers, answer as of the same moment, whatever is added between the two.
        var only = selections.Count > 1 || moment.Copies.Count > 1 ? moment.Only : null;
        return await Task.WhenAll(selections.Select(async clicks =>
        {
            var parts = await PartsAsync(moment, clicks, cancellationToken);
            var question = new ClickHouseQuestion(query, clicks, parts, only);
            var answer = new ClickHouseAnswer(question, query, clicks);
            var looked = 0L;
            await Task.WhenAll(moment.Copies.SelectMany(copy => new[]
            {
                copy.Server.CountAsync(question.Sql(copy.Table, limits.StandsBack ? 1 : null), answer.Add, cancellationToken),
                copy.Server.CountAsync(question.Looked(copy.Table), row => Interlocked.Add(ref looked, row.GetInt64(0)), cancellationToken),
            }));
            return new CountedReport(query, clicks, answer.Scan(), answer.ValueOf, moment.AsOf, looked).Within(limits);
        }));
    }

    private static async Task<IReadOnlyDictionary<StatsFilter, IReadOnlyList<string>>> PartsAsync(ClickHouseMoment moment, ClickSelection clicks, CancellationToken cancellationToken)
    {
        var filters = clicks.Filters.Where(filter => filter.Operator.MatchesPart && filter.Values.Count > 0).Distinct().ToList();
        List<Dimension> dimensions = [.. filters.Select(filter => filter.Dimension).Distinct()];
        var values = dimensions.ToDictionary(dimension => dimension, _ => new HashSet<string>(StringComparer.Ordinal));
        var adding = new Lock();
        if (dimensions.Count > 0)
        {
            await Task.WhenAll(moment.Copies.Select(copy => copy.Server.CountAsync(
                ClickHouseQuestion.Values(copy.Table, clicks, dimensions),
                row =>
                {
                    lock (adding)
                    {
                        foreach (var (number, dimension) in dimensions.Index())
                        {
                            values[dimension].UnionWith((string[])row.GetValue(number));
                        }
                    }
                },
                cancellationToken)));
        }

        // A part is looked for as everywhere else, in a label and in its English name.
        return filters.ToDictionary(
            filter => filter,
            filter =>
            {
                var matches = filter.Matcher();
                return (IReadOnlyList<string>)[.. values[filter.Dimension].Where(value => matches(value))];
            });
    }

    // Null: it takes longer than a question waits. Whatever becomes of the question, the copying goes on.
    private async Task<ClickHouseMoment?> NowAsync(long asked, CancellationToken cancellationToken)
    {
        using (var patience = new CancellationTokenSource(_patience, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken))
        {
            try
            {
                await _turn.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }

        var look = Task.Run(
            async () =>
            {
                try
                {
                    // A look that began after the question has its answer already.
                    return _moment is { } moment && moment.Looked > asked ? moment : await LookAsync(verify: false, CancellationToken.None);
                }
                finally
                {
                    _turn.Release();
                }
            },
            CancellationToken.None);
        try
        {
            return await look.WaitAsync(_patience, clock, cancellationToken);
        }
        catch (TimeoutException) when (!look.IsCompleted)
        {
            _ = look.ContinueWith(failed => CopyingFailed(failed.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return null;
        }
    }

    // Brings the copies up to now. One at a time.
    private async Task<ClickHouseMoment> LookAsync(bool verify, CancellationToken cancellationToken)
    {
        if (_areGone)
        {
            _areGone = false;
            _follower.Forget();
        }

        try
        {
            return _moment = await _follower.LookAsync(verify, cancellationToken);
        }
        catch (ClickHouseException exception) when (exception.IsMissingTable)
        {
            _moment = null;
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "A question could not be counted: {Reason}")]
    private partial void NotCounted(string reason);

    [LoggerMessage(LogLevel.Error, "Clicks could not be copied to ClickHouse; the next question tries again.")]
    private partial void CopyingFailed(Exception exception);
}
