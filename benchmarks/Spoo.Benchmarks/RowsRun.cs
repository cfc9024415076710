using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Benchmarks;

/// <summary>
/// What the first answer costs where there is no index yet, and where there is one; and how long a small account waits meanwhile. Of a folder that <c>benchmarks/fill</c> has filled, whose index it deletes:
/// <c>DOTNET_gcServer=1 dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- rows FOLDER [SETTING VALUE]…</c>; with <c>restart</c> in place of <c>rows</c> it
/// deletes nothing and asks once.
/// </summary>
internal static class RowsRun
{
    private static readonly Dimension[] Asked =
        [Dimension.Browser, Dimension.Os, Dimension.Device, Dimension.Country, Dimension.City, Dimension.Referrer, Dimension.UtmSource];

    /// <summary>The first answer of this process, which has an index if one has been saved.</summary>
    public static Task RestartAsync(string[] args) => AskAsync("after a restart", args);

    public static async Task RunAsync(string[] args)
    {
        var index = Path.Combine(args[0], "index");
        if (Directory.Exists(index))
        {
            Directory.Delete(index, recursive: true);
        }

        await AskAsync("from the rows", args);
        await AskAsync("from the index", args);
    }

    /// <summary>Asks as a process does that has just been started, and saves the index at its end.</summary>
    private static async Task AskAsync(string name, string[] args)
    {
        using var host = BenchmarkHost.Of(args[0], args[1..]);
        await host.Services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
        await using var context = host.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        var accounts = (await context.Links.AsNoTracking().ToListAsync()).GroupBy(link => link.OwnerId).OrderByDescending(links => links.Sum(link => link.TotalClicks)).Select(Everything).ToList();
        var live = host.Services.GetRequiredService<LiveClicks>();

        var (started, worked, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var asking = CountAsync(live, accounts[0]);
        var others = new List<double>();
        while (accounts.Count > 1 && !asking.IsCompleted)
        {
            var asked = Stopwatch.GetTimestamp();
            await CountAsync(live, accounts[^1]);
            others.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);

            // Seldom enough that it costs nothing beside the other.
            await Task.WhenAny(asking, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        var answer = await asking;
        var (took, cost) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - worked);
        var clicks = answer.Report.Summary.TotalClicks;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {clicks:N0} clicks, {answer.Report.Summary.UniqueClicks:N0} visitors; {took.TotalSeconds:F1} s, {cost.TotalSeconds:F1} s of the processors: {cost.TotalMicroseconds / clicks:F2} µs a click; {(GC.GetTotalAllocatedBytes() - allocated) >> 20:N0} MB allocated, {MostMemory()}"));
        if (others.Count > 1)
        {
            others.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"meanwhile, of {others.Count} answers to the smallest account: median {others[others.Count / 2]:F0} ms, longest {others[^1]:F0} ms"));
        }
    }

    private static ClickSelection Everything(IEnumerable<Link> links) => new()
    {
        OwnerId = links.First().OwnerId,
        Links = [.. links.Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt))],
        Range = new TimeRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow, TimeZones.Utc),
    };

    private static async Task<StatsOutcome.Found> CountAsync(LiveClicks live, ClickSelection clicks) => (StatsOutcome.Found)(await live.CountAsync(
        new StatsQuery { GroupBy = Asked }, [clicks], AnswerLimits.Owner with { Patience = TimeSpan.FromHours(1) }, CancellationToken.None))[0];

    /// <summary>The most that the process has had, where the system tells that.</summary>
    private static string MostMemory() =>
        File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Replace("\t", " ", StringComparison.Ordinal) : "";
}
