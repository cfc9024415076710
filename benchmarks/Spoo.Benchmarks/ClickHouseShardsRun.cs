using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Benchmarks;

/// <summary>
/// What several ClickHouse servers cost beside one: the same questions of the same clicks, asked of both in turns. Of a folder that <c>benchmarks/fill</c> has filled; <c>benchmarks/clickhouse</c>
/// starts it, with the servers on one machine.
/// </summary>
internal static class ClickHouseShardsRun
{
    /// <param name="args">The folder, how many rounds, what all servers have in common in the words of the driver, and what each has of its own.</param>
    public static async Task RunAsync(string[] args)
    {
        var (folder, rounds, common, servers) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args[2], args[3..]);
        string[] settings = ["--Stats:Engine", "ClickHouse", "--Stats:ClickHouse:ConnectionString", common, "--Stats:ClickHouse:WaitSeconds", "600"];
        using var one = BenchmarkHost.Of(folder, [.. settings, .. Shards(servers[..1])]);
        using var several = BenchmarkHost.Of(folder, [.. settings, .. Shards(servers)]);
        await one.Services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
        await several.Services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
        foreach (var host in new[] { one, several })
        {
            var took = await TimedAsync(() => host.Services.GetRequiredService<ClickHouseClicks>().FollowAsync(verify: true, CancellationToken.None));
            var states = await host.Services.GetRequiredService<ClickHouseWatch>().LookAsync(CancellationToken.None);
            Say($"{states.Count} of ClickHouse {states[0].Version}: {string.Join(" and ", states.Select(state => state.Clicks.ToString("N0", CultureInfo.InvariantCulture)))} clicks copied in {took / 1000:0.0} s");
        }

        await using var context = one.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        var links = (await context.Links.AsNoTracking().OrderByDescending(link => link.TotalClicks).ToListAsync())
            .Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt)).ToList();
        var end = await context.Clicks.MaxAsync(click => click.Time);
        Say($"| question, {rounds} rounds, ms: best (median) | one server | {servers.Length} servers | {servers.Length} against one, median of pairs |");
        Say($"|---|---|---|---|");
        await PairsAsync("seven breakdowns and the summary", links, end.AddYears(-2), ClickHouseRun.Seven);
        await PairsAsync("the same of 30 days", links, end.AddDays(-30), ClickHouseRun.Seven);
        await PairsAsync("the same of one link, 90 days", links[..1], end.AddDays(-90), ClickHouseRun.Seven);
        await PairsAsync("clicks by country", links, end.AddYears(-2), [Dimension.Country]);

        async Task PairsAsync(string name, IReadOnlyList<CountedLink> of, DateTimeOffset from, IReadOnlyList<Dimension> dimensions)
        {
            var query = new StatsQuery { GroupBy = dimensions };
            var selection = new ClickSelection { OwnerId = of[0].OwnerId, Links = of, Range = new TimeRange(from, end, TimeZones.Utc) };
            var times = new List<(double One, double Several)>();
            for (var round = 0; round < rounds; round++)
            {
                times.Add((await AskAsync(one), await AskAsync(several)));
            }

            Say($"| {name} | {Best(times.Select(time => time.One))} | {Best(times.Select(time => time.Several))} | {Median(times.Select(time => time.Several / time.One)):0.00} |");

            Task<double> AskAsync(IHost host) => TimedAsync(async () =>
                _ = (StatsOutcome.Found)(await host.Services.GetRequiredService<ClickHouseClicks>().CountAsync(query, [selection], AnswerLimits.Owner, CancellationToken.None))[0]);
        }
    }

    private static IEnumerable<string> Shards(string[] servers) =>
        servers.Index().SelectMany(server => new[] { string.Create(CultureInfo.InvariantCulture, $"--Stats:ClickHouse:Shards:{server.Index}"), server.Item });

    private static string Best(IEnumerable<double> times) => string.Create(CultureInfo.InvariantCulture, $"{times.Min():0} ({Median(times):0})");

    private static double Median(IEnumerable<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return sorted[sorted.Count / 2];
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
