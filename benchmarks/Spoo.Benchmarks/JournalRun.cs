using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Benchmarks;

/// <summary>
/// What a click costs on its way: recognised and appended to the journal, then stored. As the product does it, without a web server:
/// <c>dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- journal [CLICKS] [SETTING VALUE]…</c>
/// </summary>
internal static class JournalRun
{
    private const int Links = 1_000;
    private const int Agents = 2_000;
    private const int Pages = 5_000;

    public static async Task RunAsync(string[] args)
    {
        var clicks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("spoo-journal-").FullName;
        try
        {
            foreach (var (name, links, agents, pages) in ((string, int, int, int)[])[("one link, a hundred browsers", 1, 100, 100), ("a thousand links, many browsers and pages", Links, Agents, Pages)])
            {
                var data = Path.Combine(folder, links.ToString(CultureInfo.InvariantCulture));
                using var host = BenchmarkHost.Of(data, ["--Clicks:BatchDelay", "10:00:00", .. args[Math.Min(1, args.Length)..]], withJournal: true);
                var contexts = host.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>();
                await host.Services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
                await AddLinksAsync(host, links);
                await MeasureAsync(host, name, clicks, links, agents, pages);

                // Each begins with an empty database, also on a server.
                await using var database = contexts.CreateDbContext();
                await database.Database.EnsureDeletedAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AddLinksAsync(IHost host, int count)
    {
        await using var database = host.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        for (var i = 1; i <= count; i++)
        {
            database.Links.Add(new Link { PublicId = PublicId.New(DateTimeOffset.UtcNow), ShortCode = $"link{i}", LongUrl = "https://example.com/", CreatedAt = DateTimeOffset.UnixEpoch });
        }

        await database.SaveChangesAsync();
    }

    private static async Task MeasureAsync(IHost host, string name, int clicks, int links, int agents, int pages)
    {
        var services = host.Services;
        var (journal, reader, writer) = (services.GetRequiredService<ClickJournal>(), services.GetRequiredService<ClickReader>(), services.GetRequiredService<ClickWriter>());
        await writer.StartAsync(CancellationToken.None);
        var random = new Random(1);
        var userAgents = Enumerable.Range(1, agents).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{20 + (i % 120)}.0.{i}.0 Safari/537.36")).ToArray();
        var referrers = Enumerable.Range(1, pages).Select(i => $"https://www.site{i % 300}.example.com/page/{i}?from=somewhere").ToArray();
        var addresses = Enumerable.Range(1, 4096).Select(_ => new IPAddress(random.NextInt64(1L << 32))).ToArray();
        var picks = Enumerable.Range(0, clicks).Select(_ => random.Next()).ToArray();

        var start = Stopwatch.GetTimestamp();
        foreach (var pick in picks)
        {
            var userAgent = userAgents[pick % agents];
            var (visitor, place) = reader.Identify(addresses[pick % addresses.Length], userAgent, "de-CH,de;q=0.9,en;q=0.8", null);
            journal.Append(new RawClick
            {
                LinkId = 1 + (pick % links),
                Time = DateTimeOffset.UtcNow,
                Visitor = visitor,
                UserAgent = userAgent,
                Language = "de-CH,de;q=0.9,en;q=0.8",
                Referrer = referrers[pick % pages],
                RedirectMs = 0,
                Given = place,
            });
        }

        var appended = Stopwatch.GetElapsedTime(start);
        var bytes = journal.Bytes;
        start = Stopwatch.GetTimestamp();
        await writer.StopAsync(CancellationToken.None);
        var stored = Stopwatch.GetElapsedTime(start);

        await using var database = services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        var rows = await database.Clicks.LongCountAsync();
        var counted = await database.Links.SumAsync(link => link.TotalClicks);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {clicks:N0} | {appended.TotalMicroseconds / clicks:F2} | {bytes / clicks} | {clicks / stored.TotalSeconds:N0} | {(rows == clicks && counted == clicks ? "all" : $"{rows} rows, {counted} counted")} |"));
    }
}
