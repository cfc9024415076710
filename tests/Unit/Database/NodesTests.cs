using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using Spoo.Data;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// Three servers of Spoo over one PostgreSQL, as a team runs them behind a balancer that asks the next one where one does not answer. <c>SPOO_NODE_ENDS</c> says how
/// often one of them is killed or stopped.
/// </summary>
public sealed class NodesTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IAsyncLifetime
{
    private const int Nodes = 3;
    private const int Visitors = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-nodes-").FullName;
    private readonly string _database = server.NewDatabase();
    private readonly ServerProcess?[] _nodes = new ServerProcess?[Nodes];
    private readonly ConcurrentBag<int> _answered = [];
    private int _number;
    private int _refused;
    private string _key = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Every click has a campaign of its own, by which it is found again.
    private string[] Settings => ["--Data:Database", nameof(DatabaseKind.PostgreSql), "--Data:ConnectionString", _database, "--Clicks:NewValuesPerHour", "1000000", "--RateLimits:Enabled", "false"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node?.Dispose();
        }

        if (server.WhyNot is null)
        {
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync(new NpgsqlConnectionStringBuilder(_database) { Database = "postgres" }.ToString(), $"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(_database).Database}\" WITH (FORCE)");
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task While_one_of_three_ends_again_and_again_no_visitor_is_refused_and_all_say_the_same()
    {
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        var random = new Random(20261128);
        var link = await MakeLinkAsync();
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(StartAsync));

        using var life = new CancellationTokenSource();
        var load = Enumerable.Range(0, Visitors).Select(visitor => Task.Run(() => VisitAsync(visitor, life.Token), Cancelled)).ToList();
        var ends = Environment.GetEnvironmentVariable("SPOO_NODE_ENDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        for (var end = 0; end < ends; end++)
        {
            var node = random.Next(Nodes);
            await Task.Delay(random.Next(100, 600), Cancelled);
            var ending = _nodes[node]!;
            _nodes[node] = null;
            await (end % 2 == 0 ? Task.Run(ending.Kill, Cancelled) : ending.StopAsync());
            ending.Dispose();

            // What is changed while a node is away counts on all of them, and on that one when it is back.
            var destination = $"https://example.com/{end}";
            await ChangeAsync(_nodes.First(other => other is not null)!, link, destination);
            await StartAsync(node);
            foreach (var other in _nodes)
            {
                await Eventually.TrueAsync(async () => await LocationAsync(other!) == destination);
            }
        }

        await life.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(0, _refused);
        Assert.True(_answered.Count > ends * 20, $"{_answered.Count} redirects are no load.");

        // What a killed node had journalled is stored by the node that came after it.
        var counted = new List<int>();
        await Eventually.TrueAsync(async () => (counted = await CountedAsync()).ToHashSet().IsSupersetOf(_answered));
        Assert.Equal(counted.Distinct().Count(), counted.Count);
        foreach (var node in _nodes)
        {
            await Eventually.TrueAsync(async () => (counted = await CountedAsync()).Count == (await SummaryAsync(node!)).Clicks);
            Assert.Equal((counted.Count, Visitors), await SummaryAsync(node!));
        }

        TestContext.Current.SendDiagnosticMessage($"{ends} ends of a node, {_answered.Count} redirects received, {counted.Count} clicks counted by each of {Nodes}, {_refused} visitors refused");
    }

    private async Task<string> MakeLinkAsync()
    {
        await using var app = new SpooApp { On = FolderOf(0), Settings = { ["Data:Database"] = nameof(DatabaseKind.PostgreSql), ["Data:ConnectionString"] = _database } };
        var owner = await app.AddUserAsync();
        using var client = await app.WithKeyAsync(owner);
        _key = client.DefaultRequestHeaders.Authorization!.Parameter!;
        var link = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","alias":"shared"}""").JsonAsync(201);

        // As a node is added: with the keys of the first.
        for (var node = 1; node < Nodes; node++)
        {
            var keys = Directory.CreateDirectory(Path.Combine(FolderOf(node), "keys")).FullName;
            foreach (var key in Directory.EnumerateFiles(Path.Combine(FolderOf(0), "keys")))
            {
                File.Copy(key, Path.Combine(keys, Path.GetFileName(key)));
            }
        }

        return link.Text("id");
    }

    private string FolderOf(int node) => Path.Combine(_folder, node.ToString(CultureInfo.InvariantCulture));

    private async Task StartAsync(int node) => _nodes[node] = await ServerProcess.StartAsync(FolderOf(node), settings: Settings);

    /// <summary>Follows the link through a node, and through the next one where that does not answer.</summary>
    private async Task VisitAsync(int visitor, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.UserAgent.ParseAdd(string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 (X11; Linux x86_64; rv:{120 + visitor}.0) Gecko/20100101 Firefox/{120 + visitor}.0"));
        while (!cancellationToken.IsCancellationRequested)
        {
            var first = Random.Shared.Next(Nodes);
            var isSent = false;
            for (var next = 0; next < Nodes && !isSent; next++)
            {
                isSent = _nodes[(first + next) % Nodes] is { } node && await IsSentOnAsync(client, node);
            }

            Interlocked.Add(ref _refused, isSent ? 0 : 1);

            // It is about which moments are met, and not about how many clicks there are.
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private async Task<bool> IsSentOnAsync(HttpClient client, ServerProcess node)
    {
        var click = Interlocked.Increment(ref _number);
        try
        {
            using var answer = await client.GetAsync(new Uri(node.Address, string.Create(CultureInfo.InvariantCulture, $"/shared?utm_campaign={click}")), CancellationToken.None);
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

    private static async Task<string?> LocationAsync(ServerProcess node)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/shared"), Cancelled);
        return answer.Headers.Location?.ToString();
    }

    private Task<JsonElement> ChangeAsync(ServerProcess node, string link, string destination) =>
        AskAsync(node, new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/urls/{link}") { Content = new StringContent($$"""{"long_url":"{{destination}}"}""", null, "application/json") });

    private async Task<(int Clicks, int Unique)> SummaryAsync(ServerProcess node)
    {
        var summary = (await AskAsync(node, new HttpRequestMessage(HttpMethod.Get, "/api/v1/stats?group_by=browser"))).GetProperty("summary");
        return (summary.GetProperty("total_clicks").GetInt32(), summary.GetProperty("unique_clicks").GetInt32());
    }

    private async Task<JsonElement> AskAsync(ServerProcess node, HttpRequestMessage request)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        request.Headers.Authorization = new("Bearer", _key);
        using var answer = await client.SendAsync(request, Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private async Task<List<int>> CountedAsync()
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("""SELECT s."UtmCampaign" FROM "Clicks" c JOIN "ClickSources" s ON s."Id" = c."SourceId" """, connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var clicks = new List<int>();
        while (await rows.ReadAsync(Cancelled))
        {
            clicks.Add(int.Parse(rows.GetString(0), CultureInfo.InvariantCulture));
        }

        return clicks;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
