using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Spoo.Data;

namespace Spoo.Tests.Support;

/// <summary>
/// Several servers of Spoo over one PostgreSQL, each a process with a folder of its own, and visitors of a link who note what they were answered. Every click has a campaign
/// of its own, by which it is found again.
/// </summary>
internal sealed class ServerNodes(PostgreSqlServer server, int count) : IAsyncDisposable
{
    public const string Code = "shared";

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-nodes-").FullName;
    private readonly ServerProcess?[] _nodes = new ServerProcess?[count];
    private readonly ConcurrentBag<int> _answered = [];
    private readonly CancellationTokenSource _life = new();
    private Task[] _visitors = [];
    private int _number;
    private int _refused;

    public string Database { get; } = server.NewDatabase();

    public int Count => count;

    /// <summary>A key that may do everything, after <see cref="MakeAccountAsync"/>.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The clicks that were answered with a redirect.</summary>
    public IReadOnlyCollection<int> Answered => _answered;

    /// <summary>Visitors whom nobody sent on.</summary>
    public int Refused => _refused;

    /// <summary>On which ports the nodes listen. Null: any, another one after each start.</summary>
    public int[]? Ports { get; init; }

    /// <summary>Settings of all nodes beyond those of every run.</summary>
    public string[] MoreSettings { get; init; } = [];

    public IEnumerable<ServerProcess> Running => _nodes.OfType<ServerProcess>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string[] DatabaseSettings => ["--Data:Database", nameof(DatabaseKind.PostgreSql), "--Data:ConnectionString", Database];

    /// <param name="program">Another build's <c>Spoo.Web.dll</c>. Null: this one's.</param>
    public async Task<ServerProcess> StartAsync(int node, string? program = null)
    {
        // As a node is added: with the keys of the first.
        var keys = Path.Combine(FolderOf(node), "keys");
        if (node > 0 && !Directory.Exists(keys))
        {
            Directory.CreateDirectory(keys);
            foreach (var key in Directory.EnumerateFiles(Path.Combine(FolderOf(0), "keys")))
            {
                File.Copy(key, Path.Combine(keys, Path.GetFileName(key)));
            }
        }

        string[] settings = [.. DatabaseSettings, "--Clicks:NewValuesPerHour", "1000000", .. MoreSettings];
        var started = await ServerProcess.StartAsync(FolderOf(node), program: program, port: Ports?[node], settings: settings);
        _nodes[node] = started;
        return started;
    }

    /// <summary>Ends a node: at once, or by asking it to.</summary>
    public async Task EndAsync(int node, bool kill)
    {
        using var ending = _nodes[node]!;
        _nodes[node] = null;
        await (kill ? Task.Run(ending.Kill, Cancelled) : ending.StopAsync());
    }

    /// <summary>Makes an account with a key, by the commands of a build, beside the first node.</summary>
    public async Task MakeAccountAsync(string? program = null)
    {
        await CommandAsync(program, "users", "add", "owner@example.com", "--password", "correct horse battery");
        var said = await CommandAsync(program, "keys", "add", "owner@example.com", "--scopes", "admin:all");
        Key = said.Trim().Split('\n')[^1].Trim();
    }

    /// <summary>Runs a command of a build in the first node's folder, and expects it to do what it should.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> CommandAsync(string? program, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [program ?? ServerProcess.Program, .. args, "--data", FolderOf(0)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Data__Database"] = nameof(DatabaseKind.PostgreSql);
        start.Environment["Data__ConnectionString"] = Database;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', args)}: {output}{await error}");
        return output;
    }

    /// <summary>Makes the link that visitors follow.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> MakeLinkAsync() =>
        (await AskAsync(Running.First().Address, HttpMethod.Post, "/api/v1/shorten", $$"""{"long_url":"https://example.com/","alias":"{{Code}}"}""")).Text("id");

    /// <summary>Visitors begin to follow the link, each with a browser of its own.</summary>
    /// <param name="balancer">Through which. Null: they themselves ask the next node where one does not answer.</param>
    public void BeginVisits(int visitors, Uri? balancer = null) =>
        _visitors = [.. Enumerable.Range(0, visitors).Select(visitor => Task.Run(() => VisitAsync(visitor, balancer), CancellationToken.None))];

    public async Task EndVisitsAsync()
    {
        await _life.CancelAsync();
        await Task.WhenAll(_visitors);
        _visitors = [];
    }

    /// <summary>Where a node sends visitors of a link; the question is no click. Null: nowhere.</summary>
    public static async Task<string?> LocationAsync(ServerProcess node, string code = Code)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/{code}"), Cancelled);
        return answer.Headers.Location?.ToString();
    }

    /// <summary>Asks the API of a node, or through a balancer, with the account's key, and expects success.</summary>
    public async Task<JsonElement> AskAsync(Uri node, HttpMethod method, string address, string? json = null)
    {
        var body = await TextAsync(node, method, address, json);
        return body.Length == 0 ? default : JsonElement.Parse(body);
    }

    /// <summary>As <see cref="AskAsync"/>, for answers that are no JSON.</summary>
    public async Task<string> TextAsync(Uri node, HttpMethod method, string address, string? json = null)
    {
        using var client = new HttpClient { BaseAddress = node };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var answer = await client.SendAsync(method, address, json);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {node}{address}: {(int)answer.StatusCode} {body}");
        return body;
    }

    /// <summary>What a node says of all clicks.</summary>
    public async Task<(int Clicks, int Unique)> SummaryAsync(ServerProcess node)
    {
        var summary = (await AskAsync(node.Address, HttpMethod.Get, "/api/v1/stats?group_by=browser")).GetProperty("summary");
        return (summary.GetProperty("total_clicks").GetInt32(), summary.GetProperty("unique_clicks").GetInt32());
    }

    /// <summary>Waits until every click that was answered is stored, and every node says so: none lost, none twice, none of nobody.</summary>
    /// <param name="askedTwice">Visits that a balancer has passed on to another node after one had them and did not answer: two clicks, if that one had written it down. Null: none.</param>
    /// <returns>How many there are, with those whose answer was cut off on the way, and how many of them are such second clicks.</returns>
    public async Task<(int Clicks, int Doubles)> AssertAllAreCountedAsync(int visitors, IReadOnlySet<int>? askedTwice = null)
    {
        var stored = new List<int>();
        await Eventually.TrueAsync(async () => (stored = await StoredAsync()).ToHashSet().IsSupersetOf(_answered));
        foreach (var node in Running)
        {
            await Eventually.TrueAsync(async () => (stored = await StoredAsync()).Count == (await SummaryAsync(node)).Clicks);
            Assert.Equal((stored.Count, visitors), await SummaryAsync(node));
        }

        var doubles = stored.GroupBy(click => click).Where(click => click.Count() > 1).Select(click => click.Key).ToList();
        Assert.Equal([], doubles.Where(click => askedTwice?.Contains(click) != true));
        return (stored.Count, stored.Count - stored.Distinct().Count());
    }

    /// <summary>The migrations that the database has had, the first one first.</summary>
    public Task<List<string>> MigrationsAsync() => TextsAsync("""SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""");

    public async ValueTask DisposeAsync()
    {
        await EndVisitsAsync();
        foreach (var node in Running)
        {
            node.Dispose();
        }

        _life.Dispose();
        NpgsqlConnection.ClearAllPools();
        await using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database) { Database = "postgres" }.ToString()))
        {
            await connection.OpenAsync(CancellationToken.None);
            await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(Database).Database}\" WITH (FORCE)", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string FolderOf(int node) => Path.Combine(_folder, node.ToString(CultureInfo.InvariantCulture));

    private async Task VisitAsync(int visitor, Uri? balancer)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.UserAgent.ParseAdd(string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 (X11; Linux x86_64; rv:{120 + visitor}.0) Gecko/20100101 Firefox/{120 + visitor}.0"));
        while (!_life.IsCancellationRequested)
        {
            var first = Random.Shared.Next(count);
            var isSent = balancer is not null && await IsSentOnAsync(client, balancer);
            for (var next = 0; balancer is null && next < count && !isSent; next++)
            {
                isSent = _nodes[(first + next) % count] is { } node && await IsSentOnAsync(client, node.Address);
            }

            Interlocked.Add(ref _refused, isSent ? 0 : 1);

            // It is about which moments are met, and not about how many clicks there are.
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<bool> IsSentOnAsync(HttpClient client, Uri address)
    {
        var click = Interlocked.Increment(ref _number);
        try
        {
            using var answer = await client.GetAsync(new Uri(address, string.Create(CultureInfo.InvariantCulture, $"/{Code}?utm_campaign={click}")), CancellationToken.None);
            if (answer.StatusCode != HttpStatusCode.Redirect)
            {
                return false;
            }

            _answered.Add(click);
            return true;
        }
        catch (HttpRequestException)
        {
            // Ended before it could answer: the click may count or not.
            return false;
        }
    }

    private async Task<List<int>> StoredAsync() =>
        [.. (await TextsAsync("""SELECT s."UtmCampaign" FROM "Clicks" c JOIN "ClickSources" s ON s."Id" = c."SourceId" """)).Select(campaign => int.Parse(campaign, CultureInfo.InvariantCulture))];

    private async Task<List<string>> TextsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var texts = new List<string>();
        while (await rows.ReadAsync(Cancelled))
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }
}
