using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Spoo.Pages;

/// <summary>A server of its own with one account, whose link <see cref="Code"/> is public and has many of its clicks; and a browser.</summary>
/// <remarks>On a folder that <c>benchmarks/fill</c> has filled, or on a new one, in which the link has half of the clicks.</remarks>
internal sealed class House : IAsyncDisposable
{
    private const string Email = "bench@example.com";
    private const string Password = "Benchmark-1";
    private const string SomeBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    private readonly string? _ownFolder;
    private readonly string _data;
    private string _token = "";
    private Process? _server;
    private IPlaywright? _playwright;

    private House(int clicks, string? filled)
    {
        Clicks = clicks;
        Code = filled is null ? "measured" : "bench0";
        _ownFolder = filled is null ? Directory.CreateTempSubdirectory("spoo-pages-").FullName : null;
        _data = filled ?? Path.Combine(_ownFolder!, "data");
    }

    /// <summary>How many clicks the account has.</summary>
    public int Clicks { get; }

    public string Code { get; }

    public string Url { get; } = $"http://127.0.0.1:{Random.Shared.Next(20_000, 30_000)}";

    public IBrowser Browser { get; private set; } = null!;      // there once StartAsync has ended

    public HttpClient Visitor { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 10_000 })
    {
        Timeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>Resident memory of the server, in megabytes.</summary>
    public long ServerMegabytes
    {
        get
        {
            _server!.Refresh();
            return _server.WorkingSet64 >> 20;
        }
    }

    public TimeSpan ServerTime
    {
        get
        {
            _server!.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    public static string Machine => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} when it began");

    public static async Task<House> BuildAsync(int clicks, string? filled)
    {
        var house = new House(clicks, filled);
        try
        {
            await house.StartAsync();
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        if (_ownFolder is not null)
        {
            Console.Error.WriteLine($"pages: making {Clicks} clicks");
            await RunAsync(Start("users", "add", Email, "--password", Password));
            var file = Path.Combine(_ownFolder, "clicks.csv.gz");
            Generate(file, Clicks);
            await RunAsync(Start("import", "clicks", file, "--owner", Email));
        }

        _token = (await RunAsync(Start("keys", "add", Email, "--scopes", "admin:all"))).Trim().Split('\n')[^1].Trim();

        _server = Start("--urls", Url, "--RateLimits:Enabled", "false");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                (await Visitor.GetAsync($"{Url}/health")).EnsureSuccessStatusCode();
                break;
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }

        var links = await ListAsync($"filter={Uri.EscapeDataString($$"""{"search":"{{Code}}"}""")}");
        await MakePublicAsync(links.First(link => link.GetProperty("alias").GetString() == Code).GetProperty("id").GetString()!);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("SPOO_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task<IPage> OpenAsync(bool signedIn = false)
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = Url, ViewportSize = new() { Width = 1440, Height = 900 }, TimezoneId = "UTC" });
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        if (signedIn)
        {
            await page.GotoAsync("/account/login?returnUrl=%2Fsettings");
            await page.GetByLabel("E-mail").FillAsync(Email);
            await page.GetByLabel("Password").FillAsync(Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await page.WaitForURLAsync("**/settings");
        }

        return page;
    }

    /// <summary>Follows the link, and says when its redirect was there: Unix milliseconds.</summary>
    public async Task<double> ClickAsync(string? code = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}/{code ?? Code}");
        request.Headers.TryAddWithoutValidation("User-Agent", SomeBrowser);
        using var answer = await Visitor.SendAsync(request);
        return (int)answer.StatusCode == 302 ? Now() : throw new InvalidOperationException($"the link answered {(int)answer.StatusCode}");
    }

    public static double Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    public async ValueTask DisposeAsync()
    {
        await (Browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
        Visitor.Dispose();
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(Process process)
    {
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"spoo ended with {process.ExitCode}: {output}");
    }

    /// <summary>A year of clicks until now; a few links, countries and referrers have most of them.</summary>
    private void Generate(string file, int clicks)
    {
        var random = new Random(20260218);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string[] countries = ["US", "DE", "FR", "BR", "IN", "GB", "JP", "IT", "ES", "PL", "NL", "SE", "CA", "MX", "AU", "ZA", "TR", "KR", "AR", "CH"];
        string[] browsers = ["Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", "Opera", "Brave", "Vivaldi", "IE", "Yandex", "UC Browser"];
        string[] systems = ["Windows", "macOS", "iOS", "Android", "Linux", "ChromeOS"];
        string[] devices = ["desktop", "mobile", "tablet"];
        using var writer = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        writer.WriteLine("time,short_code,long_url,visitor,country,city,browser,os,device,language,referrer,bot,id");
        for (var i = 0; i < clicks; i++)
        {
            var code = random.Next(2) == 0 ? Code : $"link{Skewed(1_000):000}";
            var visitor = Skewed(clicks / 3);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{now - random.Next(365 * 86_400)},{code},https://example.com/{code},v{visitor},{countries[visitor % 20]},City {visitor % 500},{browsers[visitor % 11]},{systems[visitor % 6]},{devices[visitor % 3]},{(visitor % 2 == 0 ? "en" : "de")},site{Skewed(2_000)}.example,{(visitor % 30 == 0 ? "true" : "false")},{i}"));
        }

        int Skewed(int below) => Math.Min(below - 1, (int)(below * Math.Pow(random.NextDouble(), 2)));
    }

    /// <summary>Shows the numbers of so many links to everybody.</summary>
    /// <returns>Their codes.</returns>
    public async Task<IReadOnlyList<string>> MakePublicAsync(int links)
    {
        const int PageSize = 100;
        var codes = new List<string>();
        for (var page = 1; codes.Count < links; page++)
        {
            var found = await ListAsync($"pageSize={PageSize}&page={page}&sortBy=total_clicks&sortOrder=descending");
            foreach (var link in found.Take(links - codes.Count))
            {
                await MakePublicAsync(link.GetProperty("id").GetString()!);
                codes.Add(link.GetProperty("alias").GetString()!);
            }

            if (found.Count < PageSize)
            {
                break;
            }
        }

        return codes;
    }

    private async Task<List<JsonElement>> ListAsync(string query)
    {
        using var list = new HttpRequestMessage(HttpMethod.Get, $"{Url}/api/v1/urls?{query}");
        list.Headers.Authorization = new("Bearer", _token);
        using var answer = await Visitor.SendAsync(list);
        return [.. (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()];
    }

    private async Task MakePublicAsync(string id)
    {
        using var edit = new HttpRequestMessage(HttpMethod.Patch, $"{Url}/api/v1/urls/{id}") { Content = JsonContent.Create(new { private_stats = false }) };
        edit.Headers.Authorization = new("Bearer", _token);
        (await Visitor.SendAsync(edit)).EnsureSuccessStatusCode();
    }

    private Process Start(params string[] arguments)
    {
        var program = Environment.GetEnvironmentVariable("SPOO_WEB") ?? throw new InvalidOperationException("SPOO_WEB names Spoo.Web.dll; benchmarks/pages sets it");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[program, .. arguments, "--data", _data])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
