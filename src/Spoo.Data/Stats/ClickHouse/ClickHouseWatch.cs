using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>How counting on a ClickHouse server is.</summary>
public sealed record ClickHouseState
{
    /// <summary>Which of the servers it is, in the order in which they are named; from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Host and port.</summary>
    public required string Server { get; init; }

    public required string Database { get; init; }

    /// <summary>Why it could not be asked, or could not be the last time. Null: all is well.</summary>
    public string? Failure { get; init; }

    /// <summary>Null: it does not answer.</summary>
    public string? Version { get; init; }

    /// <summary>The table that has the copy. Null: there is none, or it is not known.</summary>
    public string? Table { get; init; }

    /// <summary>Clicks in it.</summary>
    public long Clicks { get; init; }

    /// <summary>Clicks that live on it, and not in the database.</summary>
    public long Moved { get; init; }

    /// <summary>Of the copy, on the server's disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Clicks that are stored and not looked at for it yet; deleted ones and those of other servers' visitors among them are counted as well.</summary>
    public long Waiting { get; init; }

    /// <summary>Every click that was stored by then is in the copies. Null: this process has not brought them up to date yet.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>A link whose clicks the copies have otherwise than the rows.</summary>
/// <param name="Link">The text of a <see cref="LinkName"/>.</param>
public sealed record ClickHouseDifference(string Link, long Rows, long Copied);

/// <param name="Clicks">In the copies, of links that there are.</param>
/// <param name="Differences">The links that are not the same in both.</param>
public sealed record ClickHouseComparison(long Clicks, IReadOnlyList<ClickHouseDifference> Differences);

/// <summary>Looks at ClickHouse and at the copies of the clicks in it, for those who run the server.</summary>
public sealed class ClickHouseWatch(IDbContextFactory<SpooDbContext> contexts, ClickHouseServers servers, ClickHouseClicks clicks)
{
    /// <summary>A page and a command wait so long for what is known at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CountingPatience = TimeSpan.FromHours(1);

    /// <summary>How each server is, in the order in which they are named.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<ClickHouseState>> LookAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(servers.All.Select(server => LookAsync(server, cancellationToken)));

    private async Task<ClickHouseState> LookAsync(ClickHouseServer server, CancellationToken cancellationToken)
    {
        var state = new ClickHouseState { Number = server.Number, Server = server.Where, Database = server.Database, AsOf = clicks.AsOf, Failure = clicks.FailureOf(server) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await LookAsync(server, state, patience.Token);
        }
        catch (ClickHouseException exception)
        {
            return state with { Failure = exception.Message };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return state with { Failure = string.Create(CultureInfo.InvariantCulture, $"ClickHouse at {server.Where} has not answered within {Patience.TotalSeconds:0} seconds") };
        }
    }

    /// <summary>Counts the clicks of each link, with the first and the last of them, in the rows and in the copies together, which are brought up to date before.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<ClickHouseComparison> CompareAsync(CancellationToken cancellationToken)
    {
        var moment = await clicks.FollowAsync(verify: true, cancellationToken);
        var copied = new Dictionary<long, Counted>();
        foreach (var copy in moment.Copies)
        {
            await copy.Server.CountAsync(
                $"SELECT LinkId, toInt64(count()), min(Time), max(Time) FROM {copy.Table.Path} WHERE LinkId != {ClickHouseTable.MarkLink} AND {moment.Only} GROUP BY LinkId",
                row =>
                {
                    var counted = new Counted(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
                    copied[row.GetInt64(0)] = copied.TryGetValue(row.GetInt64(0), out var others) ? others + counted : counted;
                },
                cancellationToken);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(CountingPatience);
        var rows = await context.Moved().ReadAsync(context, moved => RowsAsync(context, moment, moved, cancellationToken), cancellationToken);

        // What is deleted leaves the copy a little later, and is in no answer until then.
        var links = await context.Links.Select(link => new { link.Id, link.DomainHost, link.ShortCode }).ToListAsync(cancellationToken);
        return new(
            links.Sum(link => copied.GetValueOrDefault(link.Id).Clicks),
            [
                .. links.Where(link => rows.GetValueOrDefault(link.Id) != copied.GetValueOrDefault(link.Id))
                    .Select(link => new ClickHouseDifference(
                        new LinkName(link.DomainHost, link.ShortCode).ToString(), rows.GetValueOrDefault(link.Id).Clicks, copied.GetValueOrDefault(link.Id).Clicks)),
            ]);
    }

    private static async Task<Dictionary<long, Counted>> RowsAsync(SpooDbContext context, ClickHouseMoment moment, MovedMoment? moved, CancellationToken cancellationToken)
    {
        var rows = (await moment.Writers.ClicksIn(context).GroupBy(click => click.LinkId)
                .Select(link => new { link.Key, Count = link.LongCount(), First = link.Min(click => click.Time), Last = link.Max(click => click.Time) })
                .ToListAsync(cancellationToken))
            .ToDictionary(link => link.Key, link => new Counted(link.Count, Milliseconds(link.First), Milliseconds(link.Last)));
        if (moved is not null)
        {
            await moved.EachAsync(
                "LinkId, toInt64(count()), min(Time), max(Time)",
                moment.Only,
                "GROUP BY LinkId",
                row =>
                {
                    var counted = new Counted(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
                    rows[row.GetInt64(0)] = rows.TryGetValue(row.GetInt64(0), out var others) ? others + counted : counted;
                },
                cancellationToken);
        }

        return rows;
    }

    private static long Milliseconds(DateTimeOffset time) => Math.Clamp(time.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last);

    private async Task<ClickHouseState> LookAsync(ClickHouseServer server, ClickHouseState state, CancellationToken cancellationToken)
    {
        await server.ReadAsync("SELECT version()", row => state = state with { Version = row.GetString(0) }, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var there = FollowedWriters.None;
        if (await clicks.TableAsync(server, context, cancellationToken) is { } table)
        {
            await server.ReadAsync(
                $"SELECT toInt64(countIf(LinkId != {ClickHouseTable.MarkLink})) FROM {table.Path}",
                row => state = state with { Table = table.Name, Clicks = row.GetInt64(0) },
                cancellationToken);
            await server.ReadAsync(
                $"SELECT toInt64(ifNull(total_bytes, 0)) FROM system.tables WHERE database = {ClickHouseServer.Text(table.Database)} AND name = {ClickHouseServer.Text(table.Name)}",
                row => state = state with { Bytes = row.GetInt64(0) },
                cancellationToken);
            there = await new ClickHouseCopy(server, table).PositionsAsync(cancellationToken);
        }

        var moved = await context.Moved().CountOnAsync(context, server, cancellationToken);
        var writers = await FollowedWriters.NowAsync(context, null, cancellationToken);
        return state with { Moved = moved, Waiting = writers.Since(there).Sum(stretch => stretch.Until - stretch.After) };
    }

    private readonly record struct Counted(long Clicks, long First, long Last)
    {
        public static Counted operator +(Counted one, Counted other) =>
            new(one.Clicks + other.Clicks, Math.Min(one.First, other.First), Math.Max(one.Last, other.Last));
    }
}
