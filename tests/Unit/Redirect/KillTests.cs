using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Data.Sqlite;
using Spoo.Data.Clicks.Journal;
using Spoo.Tests.Support;

namespace Spoo.Tests.Redirect;

/// <summary>
/// Ends the real program, again and again, in the middle of a load of clicks. <c>benchmarks/faults</c> runs the long form:
/// <c>SPOO_KILLS</c> and <c>SPOO_POWER_CUTS</c> say how often, <c>SPOO_SEED</c> when.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Visitors = 8;

    /// <summary>So that the journal's files go when what is in them is stored, and not later.</summary>
    // Every click of this test has a campaign of its own, by which it is found again.
    private static readonly string[] NothingKept = ["--Clicks:KeepStored", "00:00:00", "--Clicks:NewValuesPerHour", "1000000"];

    private readonly string _folder = MadeDatabase.InNewFolder("spoo-kill-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task However_often_the_server_is_killed_every_redirect_is_counted_and_none_twice()
    {
        var kills = Setting("SPOO_KILLS", 3);

        var (answered, number) = await EndAgainAndAgainAsync(kills, 20, 700, _ => { });

        var (counted, total) = Counted();
        TestContext.Current.SendDiagnosticMessage(
            $"{kills} kills, {number} requests, {answered.Count} redirects received, {counted.Count} clicks counted, "
            + $"{answered.Count(click => !counted.Contains(click.Number))} lost, {counted.Count - counted.Distinct().Count()} double");
        Assert.True(answered.Count > kills * 10, $"{answered.Count} redirects are no load.");
        Assert.Empty(answered.Select(click => click.Number).Except(counted));
        AssertOnce(counted, total, number);
    }

    /// <summary>A power cut takes what the journal has not pushed through to the disk: at most a second's clicks, and never one that was stored.</summary>
    [Fact]
    public async Task However_often_the_power_fails_only_the_last_second_is_lost_and_nothing_counts_twice()
    {
        var cuts = Setting("SPOO_POWER_CUTS", 2);
        var window = new ClickOptions().FlushInterval;
        var random = new Random(Setting("SPOO_SEED", 20260218));
        var ends = new List<DateTimeOffset>();

        var (answered, number) = await EndAgainAndAgainAsync(cuts, 1_500, 3_000, ended =>
        {
            ends.Add(ended);
            LoseWhatIsYoungerThan(ended - window, random);
        });

        var (counted, total) = Counted();
        var there = counted.ToHashSet();
        var lost = answered.Where(click => !there.Contains(click.Number)).ToList();
        TestContext.Current.SendDiagnosticMessage(
            $"{cuts} power cuts, {number} requests, {answered.Count} redirects received, {counted.Count} clicks counted, {lost.Count} lost within a second of a cut, "
            + $"{lost.Count(click => !IsWithin(click.At))} lost otherwise, {counted.Count - there.Count} double");
        Assert.True(answered.Count > cuts * 10, $"{answered.Count} redirects are no load.");
        Assert.DoesNotContain(lost, click => !IsWithin(click.At));
        AssertOnce(counted, total, number);

        // Answered after it was written down.
        bool IsWithin(DateTimeOffset at) => ends.Exists(end => at >= end - window);
    }

    private static void AssertOnce(List<int> counted, long total, int number)
    {
        Assert.Equal(counted.Distinct().Count(), counted.Count);
        Assert.All(counted, click => Assert.InRange(click, 1, number));
        Assert.Equal(counted.Count, total);
    }

    private async Task<(List<(int Number, DateTimeOffset At)> Answered, int Number)> EndAgainAndAgainAsync(
        int times, int shortest, int longest, Action<DateTimeOffset> ended)
    {
        var random = new Random(Setting("SPOO_SEED", 20260218));
        using (var server = await ServerProcess.StartAsync(_folder, settings: NothingKept))
        {
            AddLink();
            await server.StopAsync();
        }

        var answered = new ConcurrentBag<(int, DateTimeOffset)>();
        var number = 0;
        for (var time = 0; time < times; time++)
        {
            using var server = await ServerProcess.StartAsync(_folder, settings: NothingKept);
            using var life = new CancellationTokenSource();
            var load = Enumerable.Range(0, Visitors).Select(_ => Task.Run(() => VisitAsync(server, () => Interlocked.Increment(ref number), answered, life.Token))).ToList();
            await Task.Delay(random.Next(shortest, longest), TestContext.Current.CancellationToken);
            server.Kill();
            var now = DateTimeOffset.UtcNow;
            await life.CancelAsync();
            await Task.WhenAll(load);
            ended(now);
        }

        // What a busy machine does not get stored before a server has to end is in the journal, for the next one.
        for (var ends = 0; ends == 0 || (ends < 20 && Directory.EnumerateFiles(Path.Combine(_folder, "journal"), "*.clicks").Any()); ends++)
        {
            using var last = await ServerProcess.StartAsync(_folder, 20_000, settings: NothingKept);
            await last.StopAsync();
        }

        return ([.. answered], number);
    }

    // From somewhere in the records of the last second on, everything is as it was on the disk: room that had been taken, or less.
    private void LoseWhatIsYoungerThan(DateTimeOffset flushed, Random random)
    {
        var journal = Path.Combine(_folder, "journal");
        var owner = ClickJournalOwner.Parse(File.ReadAllText(Path.Combine(journal, "writer")), "writer");
        foreach (var path in ClickJournalFile.In(journal).ToList())
        {
            long from, end;
            using (var file = ClickJournalFile.Open(path, owner))
            {
                var cursor = new ClickJournalCursor(file);
                from = ClickJournalFile.HeaderLength;
                while (cursor.TryNext(out var record) && ClickJournalLayout.Read(record).Click.Time < flushed)
                {
                    from = cursor.EndOfRecords;
                }

                while (cursor.TryNext(out _))
                {
                }

                end = cursor.EndOfRecords;
            }

            if (from < end)
            {
                var cut = random.NextInt64(from, end + 1);
                using var file = new FileStream(path, FileMode.Open);
                var length = file.Length;
                file.SetLength(cut);
                file.SetLength(random.Next(2) == 0 ? length : cut);
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task VisitAsync(ServerProcess server, Func<int> next, ConcurrentBag<(int, DateTimeOffset)> answered, CancellationToken cancellationToken)
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
                    answered.Add((click, DateTimeOffset.UtcNow));
                }
            }
            catch (HttpRequestException)
            {
                // Killed before it could answer: the click may count or not.
                return;
            }

            // It is about which moments are met, and each click has an entry of its own to be stored.
            await Task.Delay(5, CancellationToken.None);
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
}
