using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Spoo.Hostile;

/// <summary>A server of its own with one public link, whose clicks say whatever strangers like them to say.</summary>
internal sealed partial class House : IAsyncDisposable
{
    public const string PublicDimensions = "time,browser,os,device,country,region,city,language,referrer";

    private const string Email = "bench@example.com";
    private const string Code = "measured";

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-hostile-").FullName;
    private readonly string _url = $"http://127.0.0.1:{Random.Shared.Next(20_000, 30_000)}";
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(10) };
    private Process? _server;
    private string _form = "";
    private string _cookie = "";
    private int _guesses;

    public TimeSpan ProcessorTime
    {
        get
        {
            _server!.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory of the server.</summary>
    public long Megabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_server!.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static async Task<House> BuildAsync(int clicks)
    {
        var house = new House();
        try
        {
            await house.StartAsync(clicks);
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks about the link as anybody can. The answer is read to its end and thrown away.</summary>
    public async Task<(int Status, long Bytes)> AskAsync(string question)
    {
        using var answer = await _client.GetAsync($"{_url}/api/v1/stats?scope=anon&short_code={Code}&{question}", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (buffer, bytes) = (new byte[64 * 1024], 0L);
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            bytes += read;
        }

        return ((int)answer.StatusCode, bytes);
    }

    /// <summary>Follows the link.</summary>
    /// <returns>How long the redirect took, in milliseconds.</returns>
    public async Task<double> FollowAsync()
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await _client.GetAsync($"{_url}/{Code}");
        return (int)answer.StatusCode == 302 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
            : throw new InvalidOperationException($"the link answered {(int)answer.StatusCode}");
    }

    /// <summary>Enters a wrong password, from an address that never did before.</summary>
    /// <param name="known">Whether the e-mail is that of the account; another one has none.</param>
    /// <returns>How long the page took to say no, in milliseconds, and what it said.</returns>
    public async Task<(double Milliseconds, string Page)> SignInWronglyAsync(bool known)
    {
        if (_form.Length == 0)
        {
            using var page = await _client.GetAsync($"{_url}/account/login");
            _form = FormTokens().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
            _cookie = string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        }

        using var post = new HttpRequestMessage(HttpMethod.Post, $"{_url}/account/login")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["_handler"] = "login",
                ["__RequestVerificationToken"] = _form,
                ["Input.Email"] = known ? Email : "other@example.com",
                ["Input.Password"] = "not the password",
            }),
        };
        post.Headers.Add("Cookie", _cookie);
        post.Headers.Add("X-Forwarded-For", $"10.{_guesses >> 8 & 255}.{_guesses & 255}.1");
        _guesses++;
        var start = Stopwatch.GetTimestamp();
        using var answer = await _client.SendAsync(post);
        var text = await answer.Content.ReadAsStringAsync();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, Tags().Replace(text, ""));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(int clicks)
    {
        Console.Error.WriteLine($"hostile: making {clicks} clicks");
        await RunAsync("users", "add", Email, "--password", "Benchmark-1");
        var file = Path.Combine(_folder, "clicks.csv");
        Generate(file, clicks);
        await RunAsync("import", "clicks", file, "--owner", Email);
        File.Delete(file);
        var token = (await RunAsync("keys", "add", Email, "--scopes", "admin:all")).Trim().Split('\n')[^1].Trim();
        _server = Start(["--urls", _url, "--RateLimits:Enabled", "false", "--Proxies:Known:0", "127.0.0.1"]);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                (await _client.GetAsync($"{_url}/health")).EnsureSuccessStatusCode();
                break;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                await Task.Delay(100);
            }
        }

        using var list = new HttpRequestMessage(HttpMethod.Get, $"{_url}/api/v1/urls");
        list.Headers.Authorization = new("Bearer", token);
        using var links = await _client.SendAsync(list);
        var id = (await links.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("id").GetString();
        using var edit = new HttpRequestMessage(HttpMethod.Patch, $"{_url}/api/v1/urls/{id}") { Content = JsonContent.Create(new { private_stats = false }) };
        edit.Headers.Authorization = new("Bearer", token);
        (await _client.SendAsync(edit)).EnsureSuccessStatusCode();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormTokens();

    [GeneratedRegex("<script.*?</script>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    private static void Generate(string file, int clicks)
    {
        var random = new Random(20260218);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string[] countries = ["US", "DE", "FR", "BR", "IN", "GB", "JP", "IT", "ES", "PL", "NL", "SE", "CA", "MX", "AU", "ZA", "TR", "KR", "AR", "CH"];
        using var writer = new StreamWriter(file);
        writer.WriteLine("time,short_code,long_url,visitor,country,region,city,browser,os,device,language,referrer,utm_source,utm_medium,utm_campaign,id");
        for (var i = 0; i < clicks; i++)
        {
            var visitor = random.Next(clicks / 2);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{now - random.Next(365 * 86_400)},{Code},https://example.com/,v{visitor},{countries[visitor % 20]},Region {visitor % 500},City of many names {visitor % 3000},Browser {visitor % 1500},System {visitor % 1200},desktop,de,{Site(random.Next(20_000))}.example,source {random.Next(5_000)},medium {random.Next(500)},campaign {random.Next(5_000)},{i}"));
        }

        // As long as a name of a host may be for one of ten, and believable for the others.
        static string Site(int number) => number % 10 == 0 ? $"{new string('a', 60)}.{new string('b', 60)}.{new string('c', 60)}.site{number}" : $"site{number}";
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"spoo ended with {process.ExitCode}: {output}");
    }

    private Process Start(string[] arguments)
    {
        var program = Environment.GetEnvironmentVariable("SPOO_WEB") ?? throw new InvalidOperationException("SPOO_WEB names Spoo.Web.dll; benchmarks/hostile sets it");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[program, .. arguments, "--data", Path.Combine(_folder, "data")])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
