using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Benchmarks;

/// <summary>
/// What counting in ClickHouse costs through Spoo, beside the same questions written by hand, in pairs that take turns; and how many clicks a second are
/// copied there. Of a folder that <c>benchmarks/fill</c> has filled; <c>benchmarks/clickhouse</c> starts it.
/// </summary>
internal static class ClickHouseRun
{
    private const int RowsOfAPiece = 1 << 16;

    public static IReadOnlyList<Dimension> Seven { get; } =
        [Dimension.Browser, Dimension.Os, Dimension.Device, Dimension.Country, Dimension.City, Dimension.Referrer, Dimension.UtmSource];

    public static async Task RunAsync(string[] args)
    {
        var (folder, connection, rounds) = (args[0], args[1], args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5);
        using var host = BenchmarkHost.Of(
            folder, ["--Stats:Engine", "ClickHouse", "--Stats:ClickHouse:ConnectionString", connection, "--Stats:ClickHouse:WaitSeconds", "600"]);
        var services = host.Services;
        await services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
        var (clicks, server) = (services.GetRequiredService<ClickHouseClicks>(), services.GetRequiredService<ClickHouseServers>().All[0]);

        var (took, worked) = await WorkedAsync(() => clicks.RebuildAsync(CancellationToken.None));
        var state = (await services.GetRequiredService<ClickHouseWatch>().LookAsync(CancellationToken.None))[0];
        Say($"ClickHouse {state.Version}; {state.Clicks:N0} clicks copied from the database in {took:0.0} s: {state.Clicks / took:N0} a second, {state.Clicks / worked:N0} a second of this process's processor time; {(double)state.Bytes / state.Clicks:0.0} bytes a click there");
        await WriteAsync(server, pieces: 16);

        await using var context = services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        var links = (await context.Links.AsNoTracking().OrderByDescending(link => link.TotalClicks).ToListAsync())
            .GroupBy(link => link.OwnerId).First().Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt)).ToList();
        var table = (await clicks.TableAsync(server, context, CancellationToken.None))!.Path;
        var end = await context.Clicks.MaxAsync(click => click.Time);
        Say($"| question, best of {rounds} in ms | through Spoo | by hand, one statement | by hand, a statement for each list | × the quicker by hand | the same in pairs: median (range) |");
        Say($"|---|---|---|---|---|---|");
        await PairsAsync("seven breakdowns and the summary", links, end.AddYears(-2), Seven);
        await PairsAsync("the same of 30 days", links, end.AddDays(-30), Seven);
        await PairsAsync("the same of one link, 90 days", links[..1], end.AddDays(-90), Seven);
        await PairsAsync("clicks by country", links, end.AddYears(-2), [Dimension.Country]);

        async Task PairsAsync(string name, IReadOnlyList<CountedLink> of, DateTimeOffset from, IReadOnlyList<Dimension> dimensions)
        {
            var query = new StatsQuery { GroupBy = dimensions };
            var selection = new ClickSelection { OwnerId = of[0].OwnerId, Links = of, Range = new TimeRange(from, end, TimeZones.Utc) };
            var (together, each) = ByHand(table, of, selection.Range, dimensions);
            var times = new List<(double Ours, double Together, double Each)>();
            for (var round = 0; round < rounds; round++)
            {
                times.Add((
                    await TimedAsync(async () => _ = (StatsOutcome.Found)(await clicks.CountAsync(query, [selection], AnswerLimits.Owner, CancellationToken.None))[0]),
                    await TimedAsync(() => server.CountAsync(together, _ => { }, CancellationToken.None)),
                    await TimedAsync(async () =>
                    {
                        foreach (var sql in each)
                        {
                            await server.CountAsync(sql, _ => { }, CancellationToken.None);
                        }
                    })));
            }

            var (ours, one, several) = (times.Min(time => time.Ours), times.Min(time => time.Together), times.Min(time => time.Each));
            var pairs = times.Select(time => time.Ours / Math.Min(time.Together, time.Each)).Order().ToList();
            Say($"| {name} | {ours:0} | {one:0} | {several:0} | {ours / Math.Min(one, several):0.00} | {pairs[pairs.Count / 2]:0.00} ({pairs[0]:0.00} to {pairs[^1]:0.00}) |");
        }
    }

    /// <summary>What somebody who knows ClickHouse would write for the same numbers.</summary>
    private static (string Together, IReadOnlyList<string> Each) ByHand(string table, IReadOnlyList<CountedLink> links, TimeRange range, IReadOnlyList<Dimension> dimensions)
    {
        var where = string.Create(
            CultureInfo.InvariantCulture,
            $"FROM {table} WHERE LinkId IN ({string.Join(',', links.Select(link => link.Id))}) AND Time >= {range.Start.ToUnixTimeMilliseconds()} AND Time <= {range.End.ToUnixTimeMilliseconds()}");
        const string Summary = "count(), uniqExact(Visitor), min(Time), max(Time), sumIf(RedirectMs, RedirectMs >= 0), countIf(RedirectMs >= 0)";
        var names = string.Join(", ", dimensions.Select(dimension => dimension.Name));
        return (
            $"SELECT {names}, {Summary} {where} GROUP BY GROUPING SETS ((), {string.Join(", ", dimensions.Select(dimension => $"({dimension.Name})"))})",
            [$"SELECT {Summary} {where}", .. dimensions.Select(dimension => $"SELECT {dimension.Name}, count(), uniqExact(Visitor) {where} GROUP BY {dimension.Name}")]);
    }

    /// <summary>The driver and the server alone, with rows that are there already.</summary>
    private static async Task WriteAsync(ClickHouseServer server, int pieces)
    {
        var table = ClickHouseTable.Of(server.Database, new("write", "", "benchmark"), ClickHouseShard.Whole).New();
        var random = new Random(1);
        object[][] rows =
        [
            .. Enumerable.Range(0, RowsOfAPiece).Select(i => (object[])
            [
                (long)random.Next(1, 1_000), random.NextInt64(1_700_000_000_000, 1_800_000_000_000), (long)i, random.NextInt64(), random.Next(200),
                .. ClickHouseTable.Stored.Select(dimension => $"{dimension.Name} {random.Next(40)}"),
            ]),
        ];
        await server.MakeTableAsync(table.Create, CancellationToken.None);
        try
        {
            var (took, worked) = await WorkedAsync(async () =>
            {
                for (var piece = 0; piece < pieces; piece++)
                {
                    await server.AddAsync(table.Path, ClickHouseTable.Columns, rows, piece.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
                }
            });
            Say($"{pieces * RowsOfAPiece:N0} rows written in pieces of {RowsOfAPiece:N0}, one after the other, in {took:0.0} s: {pieces * RowsOfAPiece / took:N0} a second, {pieces * RowsOfAPiece / worked:N0} a second of this process's processor time");
        }
        finally
        {
            await server.RunAsync(table.Drop, CancellationToken.None);
        }
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <returns>Seconds that went by, and seconds that this process kept processors busy, which says more on a machine that others use.</returns>
    private static async Task<(double Took, double Worked)> WorkedAsync(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var took = await TimedAsync(work);
        process.Refresh();
        return (took / 1000, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
