using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Spoo.Pages;

/// <summary>Visitors who open the public pages of many links, one after the other, all time, as browsers ask for them.</summary>
internal static class ManyPages
{
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(10);

    public static async Task<string> MeasureAsync(House house, int links, int visitors, int seconds, int clicksPerSecond)
    {
        var codes = await house.MakePublicAsync(links);
        Console.Error.WriteLine($"pages: {visitors} visitors and the pages of {codes.Count} links");
        await RunAsync(house, codes, visitors, Warming, clicksPerSecond);
        var spent = house.ServerTime;
        var watch = Stopwatch.StartNew();
        var times = await RunAsync(house, codes, visitors, TimeSpan.FromSeconds(seconds), clicksPerSecond);
        var (elapsed, processor) = (watch.Elapsed, house.ServerTime - spent);
        times.Sort();
        var output = new StringBuilder();
        output.AppendLine(CultureInfo.InvariantCulture, $"{House.Machine}; {codes.Count} links, {visitors} visitors at once, {clicksPerSecond} clicks a second, {seconds} s after {Warming.TotalSeconds} s of warming up.");
        output.AppendLine();
        output.AppendLine("| pages a second | median, ms | p99, ms | processor of the server a page, ms | memory, MB |");
        output.AppendLine("|---:|---:|---:|---:|---:|");
        output.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {times.Count / elapsed.TotalSeconds:0} | {times[times.Count / 2]:0.0} | {times[(int)(times.Count * 0.99)]:0.0} | {processor.TotalMilliseconds / times.Count:0.0} | {house.ServerMegabytes} |");
        return output.ToString();
    }

    private static async Task<List<double>> RunAsync(House house, IReadOnlyList<string> codes, int visitors, TimeSpan length, int clicksPerSecond)
    {
        using var stop = new CancellationTokenSource(length);
        var clicking = ClickAsync(house, codes, clicksPerSecond, stop.Token);
        var times = await Task.WhenAll(Enumerable.Range(0, visitors).Select(visitor => Task.Run(() => VisitAsync(house, codes, visitor, stop.Token))));
        await clicking;
        return [.. times.SelectMany(own => own)];
    }

    private static async Task<List<double>> VisitAsync(House house, IReadOnlyList<string> codes, int visitor, CancellationToken stop)
    {
        var random = new Random(visitor);
        var times = new List<double>();
        while (!stop.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{house.Url}/stats/{codes[random.Next(codes.Count)]}?period=all");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
            request.Headers.TryAddWithoutValidation("Accept-Language", "en-GB,en;q=0.9");
            var started = Stopwatch.GetTimestamp();
            using var answer = await house.Visitor.SendAsync(request, CancellationToken.None);
            await answer.Content.CopyToAsync(Stream.Null, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>Links are followed while their pages are looked at.</summary>
    private static async Task ClickAsync(House house, IReadOnlyList<string> codes, int clicksPerSecond, CancellationToken stop)
    {
        var random = new Random(1);
        while (clicksPerSecond > 0 && !stop.IsCancellationRequested)
        {
            await house.ClickAsync(codes[random.Next(codes.Count)]);
            await Task.Delay(1000 / clicksPerSecond, CancellationToken.None);
        }
    }
}
