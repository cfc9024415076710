using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Spoo.Tests.Redirect;

/// <summary>
/// Kills the real program, again and again, in the middle of a load of clicks. <c>benchmarks/kill</c> runs the long form:
/// <c>SPOO_KILLS</c> says how often, <c>SPOO_SEED</c> when.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Visitors = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-kill-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task However_often_the_server_is_killed_every_redirect_is_counted_and_none_twice()
    {
        var kills = Setting("SPOO_KILLS", 5);
        var random = new Random(Setting("SPOO_SEED", 20260218));
        using (var server = await Server.StartAsync(_folder))
        {
            AddLink();
            await server.StopAsync();
        }

        var answered = new ConcurrentBag<int>();
        var number = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            using var server = await Server.StartAsync(_folder);
            using var life = new CancellationTokenSource();
            var load = Enumerable.Range(0, Visitors).Select(_ => Task.Run(() => VisitAsync(server, () => Interlocked.Increment(ref number), answered, life.Token))).ToList();
            await Task.Delay(random.Next(20, 700), TestContext.Current.CancellationToken);
            server.Kill();
            await life.CancelAsync();
            await Task.WhenAll(load);
        }

        // What a busy machine does not get stored before a server has to end is in the journal, for the next one.
        for (var ends = 0; ends == 0 || (ends < 20 && Directory.EnumerateFiles(Path.Combine(_folder, "journal"), "*.clicks").Any()); ends++)
        {
            using var last = await Server.StartAsync(_folder, batchSize: 20_000);
            await last.StopAsync();
        }

        var (counted, total) = Counted();
        TestContext.Current.SendDiagnosticMessage(
            $"{kills} kills, {number} requests, {answered.Count} redirects received, {counted.Count} clicks counted, "
            + $"{answered.Count(click => !counted.Contains(click))} lost, {counted.Count - counted.Distinct().Count()} double");
        Assert.True(answered.Count > kills * 10, $"{answered.Count} redirects are no load.");
        Assert.Empty(answered.Except(counted));
        Assert.Equal(counted.Distinct().Count(), counted.Count);
        Assert.All(counted, click => Assert.InRange(click, 1, number));
        Assert.Equal(counted.Count, total);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task VisitAsync(Server server, Func<int> next, ConcurrentBag<int> answered, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = server.Address };
        while (!cancellationToken.IsCancellationRequested)
        {
            var click = next();
            try
            {
                using var answer = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/kill?utm_campaign={click}"), CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.Redirect)
                {
                    answered.Add(click);
                }
            }
            catch (HttpRequestException)
            {
                // Killed before it could answer: the click may count or not.
                return;
            }
        }
    }

    private void AddLink() => Execute(
        """
        INSERT INTO Links (PublicId, ShortCode, LongUrl, CreatedAt, Status, TotalClicks, BlockedHits)
        VALUES ('0123456789abcdef01234567', 'kill', 'https://example.com/', 0, 'Active', 0, 0)
        """);

    private (List<int> Clicks, long Total) Counted()
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT s.UtmCampaign FROM Clicks c JOIN ClickSources s ON s.Id = c.SourceId";
        var clicks = new List<int>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                clicks.Add(int.Parse(rows.GetString(0), CultureInfo.InvariantCulture));
            }
        }

        using var total = connection.CreateCommand();
        total.CommandText = "SELECT TotalClicks FROM Links";
        return (clicks, (long)total.ExecuteScalar()!);
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "spoo.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>The program as its users start it.</summary>
    private sealed class Server : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

        private readonly Process _process;

        private Server(Process process, Uri address) => (_process, Address) = (process, address);

        public Uri Address { get; }

        public static async Task<Server> StartAsync(string folder, int batchSize = 50)
        {
            var address = new Uri($"http://127.0.0.1:{FreePort()}");

            // Small batches and files, so that a kill meets every kind of moment.
            var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Spoo.Web.dll"), "--data", folder, "--urls", address.ToString(),
                "--Clicks:BatchDelay", "00:00:00.020", "--Clicks:BatchSize", batchSize.ToString(CultureInfo.InvariantCulture), "--Clicks:JournalFileSize", "16384",
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            var said = new ConcurrentQueue<string?>();
            process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
            process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();

            using var client = new HttpClient { BaseAddress = address };
            for (var waited = Stopwatch.StartNew(); ;)
            {
                Assert.False(process.HasExited, string.Join('\n', said));
                Assert.True(waited.Elapsed < Patience, "The server does not answer.");
                try
                {
                    using var answer = await client.GetAsync("/nobody-has-this-code");
                    return new Server(process, address);
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(50);
                }
            }
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        /// <summary>Asks it to end, which stores what is left in the journal.</summary>
        public async Task StopAsync()
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token);
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                Kill();
            }

            _process.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
