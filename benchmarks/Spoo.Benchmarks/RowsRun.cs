using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Benchmarks;

/// <summary>
/// What the first answer costs where there is no index yet, and where there is one. Of a folder that <c>benchmarks/fill</c> has filled, whose index it deletes:
/// <c>DOTNET_gcServer=1 dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- rows FOLDER [SETTING VALUE]…</c>
/// </summary>
internal static class RowsRun
{
    private static readonly Dimension[] Asked =
        [Dimension.Browser, Dimension.Os, Dimension.Device, Dimension.Country, Dimension.City, Dimension.Referrer, Dimension.UtmSource];

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
        List<CountedLink> links;
        await using (var context = host.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext())
        {
            links = (await context.Links.AsNoTracking().ToListAsync()).ConvertAll(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt));
        }

        var query = new StatsQuery { GroupBy = Asked };
        var selection = new ClickSelection { OwnerId = links[0].OwnerId, Links = links, Range = new TimeRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow, TimeZones.Utc) };
        var (started, worked, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var answer = (StatsOutcome.Found)(await host.Services.GetRequiredService<LiveClicks>()
            .CountAsync(query, [selection], AnswerLimits.Owner with { Patience = TimeSpan.FromHours(1) }, CancellationToken.None))[0];
        var (took, cost) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - worked);
        var clicks = answer.Report.Summary.TotalClicks;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {clicks:N0} clicks, {answer.Report.Summary.UniqueClicks:N0} visitors; {took.TotalSeconds:F1} s, {cost.TotalSeconds:F1} s of the processors: {cost.TotalMicroseconds / clicks:F2} µs a click; {(GC.GetTotalAllocatedBytes() - allocated) >> 20:N0} MB allocated, {MostMemory()}"));
    }

    /// <summary>The most that the process has had, where the system tells that.</summary>
    private static string MostMemory() =>
        File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Replace("\t", " ", StringComparison.Ordinal) : "";
}
