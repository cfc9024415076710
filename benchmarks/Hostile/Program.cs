using System.Diagnostics;
using System.Globalization;
using Spoo.Hostile;

// benchmarks/hostile [--clicks N] [--callers N] [--seconds N] [--md FILE]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var options = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var (clicks, callers, seconds) = (Number("--clicks", 1_000_000), Number("--callers", 50), Number("--seconds", 20));
await using var house = await House.BuildAsync(clicks);
List<string> report =
[
    "# What strangers can make a server do", "",
    $"`benchmarks/hostile --clicks {clicks} --callers {callers} --seconds {seconds}`, on {Environment.ProcessorCount} cores, load average {Load()} when it began. One link with {clicks:N0} "
    + "clicks, whose referrers, campaigns and cities are as many as strangers can make them. Rate limits are off, and all callers have one address.", "",
];

// The same again and again, because the first pays for reading the clicks and for compiling.
var parts = string.Join(',', Enumerable.Range(0, 660).Select(number => $"q{number % 10}"));
(string Name, string Question)[] legal =
[
    ("a plain question", "group_by=time,browser,country,referrer"),
    ("every public list at its longest", $"group_by={House.PublicDimensions}&limit=1000&period=365d"),
    ("shorter lists, by the hour, compared", $"group_by={House.PublicDimensions}&limit=300&period=80d&interval=hour&compare=previous&metrics=clicks"),
    ("every public list, with a filter of 660 parts", $"group_by={House.PublicDimensions}&limit=1000&period=365d&referrer!~={parts}"),
];
report.AddRange(["| question of a stranger | status | answer | processor |", "|---|---|---|---|"]);
var worst = legal[0];
var (mostTime, mostBytes) = (TimeSpan.Zero, 0L);
foreach (var question in legal)
{
    var (status, bytes, time) = await CostAsync(question.Question, 20);
    report.Add($"| {question.Name} | {status} | {bytes / 1000.0:N0} kB | {time.TotalMilliseconds:N1} ms |");
    mostBytes = Math.Max(mostBytes, bytes);
    if (time > mostTime)
    {
        (mostTime, worst) = (time, question);
    }
}

foreach (var (name, question) in new[]
{
    ("campaigns crossed with cities", "group_by=city,utm_medium,country,time&cross=true&limit=10000"),
    ("a cross-tab of public lists", "group_by=city,referrer&cross=true&limit=1000"),
    ("ten thousand rows", "group_by=city&limit=10000"),
    ("a year of ten minutes", "group_by=time&interval=10_minute&period=365d"),
})
{
    var (status, bytes, time) = await CostAsync(question, 3);
    report.Add($"| {name} | {status} | {bytes / 1000.0:N0} kB | {time.TotalMilliseconds:N1} ms |");
}

// One after the other, so that what else goes on is the same for both.
var (known, unknown, pages) = (new List<double>(), new List<double>(), new HashSet<string>(StringComparer.Ordinal));
for (var guess = 0; guess < 220; guess++)
{
    var (time, page) = await house.SignInWronglyAsync(known: guess % 2 == 0);
    pages.Add(page);
    if (guess >= 20)
    {
        (guess % 2 == 0 ? known : unknown).Add(time);
    }
}

known.Sort();
unknown.Sort();
report.AddRange(
[
    "",
    $"A wrong password for the e-mail of an account, and for one that has none, {known.Count} times each in turns: median {known[known.Count / 2]:N1} and {unknown[unknown.Count / 2]:N1} ms, "
    + $"quickest quarter up to {known[known.Count / 4]:N1} and {unknown[unknown.Count / 4]:N1} ms; {(pages.Count == 1 ? "the pages that say no read the same to the letter" : $"{pages.Count} different pages")}.",
]);

var quietMemory = house.Megabytes;
var quiet = await RedirectsAsync(TimeSpan.FromSeconds(Math.Max(5, seconds / 2)), CancellationToken.None);
using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
var answers = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
var peak = quietMemory;
var attack = Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
{
    while (!ended.IsCancellationRequested)
    {
        var (status, _) = await house.AskAsync(worst.Question);
        answers.AddOrUpdate(status, 1, (_, count) => count + 1);
        peak = Math.Max(peak, house.Megabytes);
    }
})).ToList();
var busy = await RedirectsAsync(TimeSpan.FromSeconds(seconds), ended.Token);
await Task.WhenAll(attack);
await Task.Delay(TimeSpan.FromSeconds(30));
report.AddRange(
[
    "",
    $"{callers} callers asked the dearest of them ({worst.Name}) without a pause for {seconds} s: "
    + string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Value:N0} × {answer.Key}")) + ".", "",
    "| | quiet | meanwhile | 30 s later |", "|---|---|---|---|",
    $"| resident memory | {quietMemory} MB | {peak} MB at most | {house.Megabytes} MB |",
    $"| redirects, median | {quiet.Median:N1} ms | {busy.Median:N1} ms | |",
    $"| redirects, 99 of 100 | {quiet.P99:N1} ms | {busy.P99:N1} ms | |",
    "",
    $"To reach: 50 ms and 2,000 kB for the dearest question ({mostTime.TotalMilliseconds:N1} ms, {mostBytes / 1000.0:N0} kB), 200 MB more at most ({peak - quietMemory} MB), and redirects within three times "
    + $"their quiet time ({busy.P99 / quiet.P99:N1} times).",
]);
Console.WriteLine(string.Join('\n', report));
if (options.TryGetValue("--md", out var file))
{
    await File.WriteAllLinesAsync(file, report);
}

return 0;

async Task<(int Status, long Bytes, TimeSpan Processor)> CostAsync(string question, int times)
{
    // The first are slower: the program is compiled again and again while it runs, until what is used often is as quick as it gets.
    for (var time = 0; time < 10 * times; time++)
    {
        await house.AskAsync(question);
    }

    var before = house.ProcessorTime;
    var (status, bytes) = (0, 0L);
    for (var time = 0; time < times; time++)
    {
        (status, bytes) = await house.AskAsync(question);
    }

    return (status, bytes, (house.ProcessorTime - before) / times);
}

async Task<(double Median, double P99)> RedirectsAsync(TimeSpan length, CancellationToken cancellationToken)
{
    var (times, start) = (new List<double>(), Stopwatch.GetTimestamp());
    while (Stopwatch.GetElapsedTime(start) < length && !cancellationToken.IsCancellationRequested)
    {
        times.Add(await house.FollowAsync());
        await Task.Delay(2, CancellationToken.None);
    }

    times.Sort();
    return (times[times.Count / 2], times[times.Count * 99 / 100]);
}

static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : otherwise;
