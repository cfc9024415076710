using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Spoo.Pages;

/// <summary>What pages weigh on the wire when they are opened first, and how long people wait, measured in the browser.</summary>
internal static class Weight
{
    private const int Rounds = 7;

    public static async Task<string> MeasureAsync(House house)
    {
        var report = new StringBuilder();
        report.AppendLine("# What pages weigh, and how long they take").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"`benchmarks/pages weight`, {house.Clicks:N0} clicks in the account: {House.Machine}; median of {Rounds}, each in a new browser window without").AppendLine("a cache. Sizes are what came over the wire, compressed as it was, with headers.").AppendLine();
        report.AppendLine("| page | bytes on the wire | readable, ms | interactive with its chart, ms | a filter click repaints after, ms |").AppendLine("|---|---:|---:|---:|---:|");
        var files = new StringBuilder();
        await AddAsync("public page, 28 days", $"/stats/{house.Code}", signedIn: false);
        await AddAsync("public page, all time", $"/stats/{house.Code}?period=all", signedIn: false);
        await AddAsync("embedded", $"/stats/{house.Code}?embed=true&period=all&cards=true", signedIn: false);
        await AddAsync("dashboard of all links, all time", "/dashboard?period=all", signedIn: true);
        report.AppendLine().AppendLine("*Readable* is the end of parsing: numbers and tables stand there. *Interactive* is when the chart is drawn and, on the dashboard, the circuit answers.").AppendLine("*Repaints* is from the click on a country to the frame after the number of clicks has changed.");
        return report.AppendLine().Append(files).ToString();

        async Task AddAsync(string name, string url, bool signedIn)
        {
            Console.Error.WriteLine($"pages: {name}");
            var rounds = new List<(long Bytes, double Readable, double Interactive, double Filter)>();
            IReadOnlyList<(string Url, long Bytes)> parts = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var page = await house.OpenAsync(signedIn);
                var (bytes, times) = (await LoadAsync(page, url), await TimesAsync(page));
                var filter = await FilterAsync(page);
                await page.Context.CloseAsync();

                // The first one finds a server that has never drawn this page.
                if (round > 0)
                {
                    rounds.Add((bytes.Sum(part => part.Bytes), times.Readable, times.Interactive, filter));
                    parts = bytes;
                }
            }

            report.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Median(rounds.Select(round => (double)round.Bytes)):N0} | {Median(rounds.Select(round => round.Readable)):0} | {Median(rounds.Select(round => round.Interactive)):0} | {Median(rounds.Select(round => round.Filter)):0} |");
            files.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"What came with the {name}:").AppendLine().AppendLine("| | bytes |").AppendLine("|---|---:|");
            foreach (var part in parts.OrderByDescending(part => part.Bytes))
            {
                files.AppendLine(CultureInfo.InvariantCulture, $"| `{new Uri(part.Url).AbsolutePath}` | {part.Bytes:N0} |");
            }
        }
    }

    private static async Task<List<(string Url, long Bytes)>> LoadAsync(IPage page, string url)
    {
        var wire = await page.Context.NewCDPSessionAsync(page);
        await wire.SendAsync("Network.enable");
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        var bytes = new List<(string, long)>();
        wire.Event("Network.requestWillBeSent").OnEvent += (_, sent) =>
            urls[sent!.Value.GetProperty("requestId").GetString()!] = sent.Value.GetProperty("request").GetProperty("url").GetString()!;
        wire.Event("Network.loadingFinished").OnEvent += (_, done) =>
        {
            if (urls.TryGetValue(done!.Value.GetProperty("requestId").GetString()!, out var of) && of.StartsWith("http", StringComparison.Ordinal))
            {
                bytes.Add((of, (long)done.Value.GetProperty("encodedDataLength").GetDouble()));
            }
        };
        await page.AddInitScriptAsync(
            """
            const note = () => {
              if (document.querySelector('clicks-chart[data-drawn=true]') && (!location.pathname.startsWith('/dashboard') || document.body?.hasAttribute('data-interactive'))) {
                window.interactiveAt ??= performance.now();
              }
            };
            new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
            """);
        await page.GotoAsync(url);
        await page.WaitForFunctionAsync("() => window.interactiveAt");

        // What is fetched later than that is part of the first load too.
        await Task.Delay(500);
        return [.. bytes];
    }

    private static async Task<(double Readable, double Interactive)> TimesAsync(IPage page) => (
        await page.EvaluateAsync<double>("performance.getEntriesByType('navigation')[0].domInteractive"),
        await page.EvaluateAsync<double>("window.interactiveAt"));

    private static async Task<double> FilterAsync(IPage page)
    {
        // An embedded page without tables has nothing to click on.
        if (await page.Locator("#panel-country tbody a").CountAsync() == 0)
        {
            return double.NaN;
        }

        return await page.EvaluateAsync<double>(
            """
            () => new Promise(done => {
              const clicks = () => document.querySelector('.tile b')?.textContent;
              const before = clicks();
              const start = performance.now();
              const look = new MutationObserver(() => {
                if (clicks() === before || !clicks()) return;
                look.disconnect();
                requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
              });
              look.observe(document.body, { subtree: true, childList: true, characterData: true });
              document.querySelector('#panel-country tbody a').click();
            })
            """);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
