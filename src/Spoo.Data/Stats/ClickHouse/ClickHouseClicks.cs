using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Keeps a copy of all clicks in ClickHouse, and counts there. Rows are the truth and the copy an index of them, as columns are: every question brings it up to
/// date, and a new <see cref="ClickEpoch"/> makes it worthless.
/// </summary>
public sealed partial class ClickHouseClicks(
    IDbContextFactory<SpooDbContext> contexts, StoreGate gate, ClickHouseServer server, ClickHouseOptions options, TimeProvider clock, ILogger<ClickHouseClicks> logger) : IClickCounting, IDisposable
{
    /// <summary>From so many on, marks that newer ones have made needless are taken out.</summary>
    private const int ManyMarks = 10_000;

    // So long a question waits for clicks that are being copied, and as long for its turn to have them copied.
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.WaitSeconds);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ClickHouseTables _tables = new(contexts, server, logger);
    private volatile ClickHouseMoment? _moment;

    // Of the last copy that was begun, for saying how far it is.
    private volatile ClickHouseCopy? _copy;
    private long _toCopy;
    private volatile string? _failure;

    /// <summary>Every click that was stored by then is in the copy. Null: it has not been looked at since this process started.</summary>
    public DateTimeOffset? AsOf => _moment?.AsOf;

    /// <summary>Why ClickHouse could not be asked the last time, in words. Null: it could.</summary>
    public string? Failure => _failure ?? (IsSilent ? $"ClickHouse at {server.Where} does not answer" : null);

    /// <summary>Clicks that this process has brought to the copy that it began last, and that there were when it did.</summary>
    public (long Done, long All) Progress => (_copy?.Added ?? 0, Interlocked.Read(ref _toCopy));

    // Half of what a question waits has gone by then, with something else before it at most.
    private bool IsSilent => server.IsSilentFor(_patience / 2);

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
                _moment = null;
                return await CountOnceAsync(query, selections, limits, cancellationToken);
            }
        }
        catch (ClickHouseException exception)
        {
            NotCounted(exception.Message);
            return [new StatsOutcome.Refused(CountingRefusals.Away)];
        }
    }

    Task IClickCounting.FollowAsync(CancellationToken cancellationToken) => FollowAsync(verify: false, cancellationToken);

    /// <summary>Everything that is stored now is there when this ends.</summary>
    /// <param name="verify">Whether to look how far the copy is, too, and not only at what this process knows of it.</param>
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

    /// <summary>Lets go of every copy there is of this installation's clicks, and makes a new one.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            {
                var family = await FamilyAsync(context, cancellationToken);
                foreach (var name in await _tables.NamesAsync(family.Database, family.Prefix, cancellationToken))
                {
                    await server.RunAsync(family.Named(name).Drop, cancellationToken);
                }
            }

            _moment = null;
            await LookAsync(verify: false, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The table that has the clicks of now, or the one from which clicks that were removed since are about to be left out. Null: there is none yet.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    internal async Task<ClickHouseTable?> TableAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        await _tables.FindAsync(await FamilyAsync(context, cancellationToken), cancellationToken);

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
            var moment = await LookAsync(verify: false, cancellationToken);
            foreach (var name in await _tables.NamesAsync(moment.Table.Database, moment.Table.Prefix, cancellationToken))
            {
                await ForgetDeletedAsync(moment.Table.Named(name).Path, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ForgetDeletedAsync(string table, CancellationToken cancellationToken)
    {
        // First the links of which there are clicks, then those that there are: one that is made in between is not taken for deleted.
        var clicked = new HashSet<long>();
        await server.CountAsync($"SELECT DISTINCT LinkId FROM {table} WHERE LinkId != {ClickHouseTable.MarkLink}", row => clicked.Add(row.GetInt64(0)), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        clicked.ExceptWith(await context.Links.Select(link => link.Id).ToListAsync(cancellationToken));
        if (clicked.Count > 0)
        {
            await DeleteAsync($"LinkId IN ({string.Join(',', clicked.Select(id => id.ToString(CultureInfo.InvariantCulture)))})");
        }

        var marks = 0L;
        await server.ReadAsync($"SELECT toInt64(count()) FROM {table} WHERE LinkId = {ClickHouseTable.MarkLink}", row => marks = row.GetInt64(0), cancellationToken);
        if (marks > ManyMarks)
        {
            var last = $"SELECT max(Id) FROM {table} WHERE LinkId = {ClickHouseTable.MarkLink} GROUP BY bitShiftRight(Id, {ClickId.SequenceBits})";
            await DeleteAsync($"LinkId = {ClickHouseTable.MarkLink} AND Id NOT IN ({last})");
        }

        // The parts with deleted rows are written anew, and gone when this ends.
        Task DeleteAsync(string which) => server.RunAtLengthAsync($"ALTER TABLE {table} DELETE WHERE {which} SETTINGS mutations_sync = 2", cancellationToken);
    }

    private async Task<IReadOnlyList<StatsOutcome>> CountOnceAsync(
        StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
    {
        if (await NowAsync(selections[0].Asked ?? clock.GetTimestamp(), cancellationToken) is not { } moment)
        {
            return [new StatsOutcome.Refused(IsSilent ? CountingRefusals.Away : CountingRefusals.Copying(Progress))];
        }

        // Several ranges are answered as of the same moment, whatever is added between the two.
        var only = selections.Count > 1 ? moment.Only : null;
        return await Task.WhenAll(selections.Select(async clicks =>
        {
            var parts = await PartsAsync(moment.Table, clicks, cancellationToken);
            var question = new ClickHouseQuestion(moment.Table, query, clicks, parts, only);
            var answer = new ClickHouseAnswer(question, query, clicks);
            var looked = 0L;
            await Task.WhenAll(
                server.CountAsync(question.Sql(limits.StandsBack ? 1 : null), answer.Add, cancellationToken),
                server.CountAsync(question.Looked, row => looked = row.GetInt64(0), cancellationToken));
            return new CountedReport(query, clicks, answer.Scan(), answer.ValueOf, moment.AsOf, looked).Within(limits);
        }));
    }

    private async Task<IReadOnlyDictionary<StatsFilter, IReadOnlyList<string>>> PartsAsync(ClickHouseTable table, ClickSelection clicks, CancellationToken cancellationToken)
    {
        var filters = clicks.Filters.Where(filter => filter.Operator.MatchesPart && filter.Values.Count > 0).Distinct().ToList();
        List<Dimension> dimensions = [.. filters.Select(filter => filter.Dimension).Distinct()];
        var values = new Dictionary<Dimension, string[]>();
        if (ClickHouseQuestion.Values(table, clicks, dimensions) is { } sql)
        {
            await server.CountAsync(
                sql,
                row =>
                {
                    foreach (var (number, dimension) in dimensions.Index())
                    {
                        values[dimension] = (string[])row.GetValue(number);
                    }
                },
                cancellationToken);
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

    /// <summary>Brings the copy up to now. One at a time.</summary>
    private async Task<ClickHouseMoment> LookAsync(bool verify, CancellationToken cancellationToken)
    {
        try
        {
            var moment = await LookAsync(_moment, verify, cancellationToken);
            (_moment, _failure) = (moment, null);
            return moment;
        }
        catch (ClickHouseException exception)
        {
            // A copy that is gone is made anew by the next look.
            _moment = exception.IsMissingTable ? null : _moment;
            _failure = exception.Message;
            throw;
        }
    }

    private async Task<ClickHouseTable> FamilyAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        ClickHouseTable.Of(server.Database, await ClickEpoch.OfAllAsync(context, cancellationToken));

    /// <param name="known">Null: nothing is known.</param>
    private async Task<ClickHouseMoment> LookAsync(ClickHouseMoment? known, bool verify, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (looked, asOf) = (clock.GetTimestamp(), clock.GetUtcNow());
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var epoch = await ClickEpoch.OfAllAsync(context, cancellationToken);
            gate.Require(epoch.Identity);
            var family = ClickHouseTable.Of(server.Database, epoch);
            var isKnown = known is not null && known.Table.IsOfFamily(family);
            if (!isKnown)
            {
                // How far it is cannot be said while what was removed is left out.
                Interlocked.Exchange(ref _toCopy, 0);
            }

            var copy = isKnown ? known!.Copy : new ClickHouseCopy(contexts, server, await _tables.MeetAsync(family, cancellationToken));

            // First how far the copy is, then how far the writers are: it can never be ahead of them, unless they have gone back.
            var there = isKnown && !verify ? known!.Writers : await copy.PositionsAsync(cancellationToken);
            var isOfAnotherPast = !isKnown && there.Count > 0 && await copy.IsOfAnotherPastAsync(context, cancellationToken);
            var writers = await FollowedWriters.NowAsync(context, there, cancellationToken);
            if (isOfAnotherPast || !writers.HaveAllOf(there))
            {
                // Whoever has it in hand finds it gone, and does as we do: begins anew, with a table of another name.
                CopyIsOfAnotherPast(copy.Table.Name);
                await _tables.DropPastAsync(copy.Table, cancellationToken);
                known = null;
                continue;
            }

            if (!isKnown)
            {
                Interlocked.Exchange(ref _toCopy, await context.Links.SumAsync(link => link.TotalClicks, cancellationToken));
                _copy = copy;
            }

            if (await CopyAsync(context, epoch, copy, there, writers, cancellationToken))
            {
                if (!isKnown)
                {
                    await _tables.DropOthersAsync(copy.Table, cancellationToken);
                }

                return new ClickHouseMoment(copy, writers, asOf, looked);
            }
        }
    }

    // False: a new epoch has begun meanwhile.
    private static async Task<bool> CopyAsync(
        SpooDbContext context, EpochOfAll epoch, ClickHouseCopy copy, FollowedWriters there, FollowedWriters writers, CancellationToken cancellationToken)
    {
        while (writers.Since(there).ToList() is { Count: > 0 } stretches)
        {
            var byId = writers.All.ToDictionary(writer => writer.Id);
            foreach (var (after, until) in stretches)
            {
                await copy.AddAsync(byId[ClickId.Unpack(until).Writer], after, until, cancellationToken);
            }

            // Others may have been quicker.
            there = await copy.PositionsAsync(cancellationToken);
            if (await ClickEpoch.OfAllAsync(context, cancellationToken) != epoch)
            {
                return false;
            }
        }

        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The copy of the clicks in ClickHouse, {Table}, is not of the state that the database is in, and is made anew.")]
    private partial void CopyIsOfAnotherPast(string table);

    [LoggerMessage(LogLevel.Error, "A question could not be counted: {Reason}")]
    private partial void NotCounted(string reason);

    [LoggerMessage(LogLevel.Error, "Clicks could not be copied to ClickHouse; the next question tries again.")]
    private partial void CopyingFailed(Exception exception);
}
