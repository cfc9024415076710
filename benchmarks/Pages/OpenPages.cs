using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Spoo.Pages;

/// <summary>
/// Many open pages on one server while clicks arrive: public pages as their streams of events, read like a browser reads them, and
/// dashboards in a real browser, each with its circuit.
/// </summary>
internal static partial class OpenPages
{
    private const int Clicks = 30;

    public static async Task<string> MeasureAsync(House house, int publicPages, int circuits)
    {
        var before = house.ServerMegabytes;
        using var stop = new CancellationTokenSource();
        var seen = new ConcurrentDictionary<(int Page, int Clicks), double>();
        var clicksNow = await ClicksAsync(house);
        Console.Error.WriteLine($"pages: opening {publicPages} streams and {circuits} dashboards");
        var streams = Enumerable.Range(0, publicPages).Select(number => ReadAsync(house, number, seen, stop.Token)).ToList();
        var afterStreams = house.ServerMegabytes;
        var pages = new List<Microsoft.Playwright.IPage>();
        for (var i = 0; i < circuits; i++)
        {
            var page = await house.OpenAsync(signedIn: true);
            await page.GotoAsync("/dashboard?period=7d");
            await page.WaitForSelectorAsync("body[data-interactive]");
            await page.EvaluateAsync(
                """
                () => {
                  window.seen = {};
                  new MutationObserver(() => { window.seen[document.querySelector('.tile b')?.textContent] ??= performance.timeOrigin + performance.now(); })
                    .observe(document.body, { subtree: true, childList: true, characterData: true });
                }
                """);
            pages.Add(page);
        }

        await Task.Delay(2000);
        Console.Error.WriteLine("pages: clicking");
        var start = int.Parse((await pages[0].Locator(".tile b").First.TextContentAsync())!, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        var (redirects, spent) = (new List<double>(), house.ServerTime);
        var clicked = new List<double>();
        for (var i = 0; i < Clicks; i++)
        {
            var began = House.Now();
            clicked.Add(await house.ClickAsync());
            redirects.Add(clicked[^1] - began);
            await Task.Delay(1500);
        }

        await Task.Delay(5000);
        spent = house.ServerTime - spent;
        List<double> ofStreams = [], ofCircuits = [];
        var (missedStreams, missedCircuits) = (0, 0);
        for (var i = 0; i < Clicks; i++)
        {
            for (var page = 0; page < publicPages; page++)
            {
                Add(seen.TryGetValue((page, clicksNow + i + 1), out var at), at, i, ofStreams, ref missedStreams);
            }

            foreach (var page in pages)
            {
                var name = (start + i + 1).ToString("N0", CultureInfo.InvariantCulture);
                var at = await page.EvaluateAsync<double?>("name => window.seen[name] ?? null", name);
                Add(at is not null, at ?? 0, i, ofCircuits, ref missedCircuits);
            }
        }

        var memory = house.ServerMegabytes;
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(streams);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        var report = new StringBuilder();
        report.AppendLine("# Many open pages while clicks arrive").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"`benchmarks/pages open --public {publicPages} --circuits {circuits}`, {house.Clicks:N0} clicks in the account: {House.Machine}; server, browser and visitors on the same machine.");
        report.AppendLine(CultureInfo.InvariantCulture, $"{publicPages} public pages are their streams of events, read to the end of every event as a browser does, without drawing them;");
        report.AppendLine(CultureInfo.InvariantCulture, $"{circuits} dashboards stand in a real browser, each with its circuit. {Clicks} clicks, one every 1.5 s, which all of these pages show.").AppendLine();
        report.AppendLine("| from the redirect to the new number | median, ms | p95, ms | worst, ms | not seen by itself |").AppendLine("|---|---:|---:|---:|---:|");
        report.AppendLine(Row("at the end of a public page's stream", ofStreams, missedStreams));
        report.AppendLine(Row("in a dashboard's markup", ofCircuits, missedCircuits)).AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"The redirects themselves: median {At(redirects, .5):0.0} ms, worst {redirects.Max():0} ms, as the visitor measures them. The server's memory: {before} MB before, {afterStreams} MB with the");
        report.AppendLine(CultureInfo.InvariantCulture, $"streams, {memory} MB at the end. Its CPU time: {spent.TotalMilliseconds / Clicks:0} ms for each click, told to all {publicPages + circuits} pages.");
        return report.ToString();

        void Add(bool isSeen, double at, int click, List<double> times, ref int missed)
        {
            if (isSeen)
            {
                times.Add(at - clicked[click]);
            }
            else
            {
                missed++;
            }
        }
    }

    private static string Row(string name, List<double> times, int missed) => string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {At(times, .5):0} | {At(times, .95):0} | {At(times, 1):0} | {missed} of {times.Count + missed} |");

    private static double At(List<double> times, double share) =>
        times.Count == 0 ? double.NaN : times.Order().ElementAt(Math.Min(times.Count - 1, (int)(times.Count * share)));

    private static async Task<int> ClicksAsync(House house) => Read(await house.Visitor.GetStringAsync($"{house.Url}/stats/{house.Code}?period=7d"));

    private static int Read(string html) => int.Parse(Clicked().Match(html).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task ReadAsync(House house, int number, ConcurrentDictionary<(int, int), double> seen, CancellationToken cancellationToken)
    {
        using var answer = await house.Visitor.GetAsync($"{house.Url}/stats/{house.Code}/live?period=7d&seen=0", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        var html = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                html.AppendLine(line[6..]);
            }
            else if (line.Length == 0 && html.Length > 0)
            {
                seen.TryAdd((number, Read(html.ToString())), House.Now());
                html.Clear();
            }
        }
    }

    /// <summary>The first tile's number.</summary>
    [GeneratedRegex("""class="tile[^>]*>.*?<b>([\d,]+)</b>""", RegexOptions.Singleline)]
    private static partial Regex Clicked();
}
