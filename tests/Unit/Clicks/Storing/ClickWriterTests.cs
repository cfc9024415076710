using System.Buffers.Binary;
using System.Data.Common;
using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Clicks.Journal;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

public sealed class ClickWriterTests
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

    private int _answered;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_click_is_stored_with_all_that_the_request_said()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}?utm_source=news&utm_medium=mail&utm_campaign=spring&qr=1");
        request.Headers.Add("User-Agent", Chrome);
        request.Headers.Add("Accept-Language", "de-CH,de;q=0.9,en;q=0.5");
        request.Headers.Add("Referer", "https://www.google.com/search?q=test");

        await app.Anonymous().SendAsync(request, Cancelled);
        await app.StoredAsync();

        await using var database = app.OpenDatabase();
        var click = await database.Clicks.SingleAsync(Cancelled);
        var agent = await database.ClickAgents.SingleAsync(row => row.Id == click.AgentId, Cancelled);
        var source = await database.ClickSources.SingleAsync(row => row.Id == click.SourceId, Cancelled);
        Assert.Equal((link.Id, "de"), (click.LinkId, click.Language));
        Assert.Equal((Chrome, "Chrome", "Windows", "desktop", false), (agent.UserAgent, agent.Browser, agent.Os, agent.Device, agent.IsBot));
        Assert.Equal(("google.com", "news", "mail", "spring", "qr"), (source.Referrer, source.UtmSource, source.UtmMedium, source.UtmCampaign, source.Trigger));
        Assert.NotNull(click.RedirectMs);
    }

    [Fact]
    public async Task A_batch_that_is_delivered_twice_is_stored_once()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        var store = app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("twice", null, Cancelled);
        ClickBatch Batch()
        {
            var batch = Some.Batch(writer, [Some.Click(link), Some.Click(link, visitor: 2)]);
            batch.AddBlocked(new ClickId(writer, 3), link.Id);
            return batch;
        }

        var first = await store.StoreAsync(Batch(), Cancelled);
        var second = await store.StoreAsync(Batch(), Cancelled);

        Assert.Equal((new StoredBatch(2, 0, 0), new StoredBatch(0, 2, 0)), (first, second));
        Assert.Equal(3, await store.LastSequenceAsync(writer, "twice", Cancelled));
        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(Cancelled);
        Assert.Equal((2, 1), (stored.TotalClicks, stored.BlockedHits));
        Assert.Equal(2, await database.Clicks.CountAsync(Cancelled));
    }

    [Fact]
    public async Task Stored_clicks_are_announced_once_even_when_a_listener_fails()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        var heard = new List<long>();
        app.Get<ClickPublisher>().Stored += _ => throw new InvalidOperationException("a bad listener");
        app.Get<ClickPublisher>().Stored += clicks => heard.AddRange(clicks.Select(click => click.LinkId));

        await ClickAsync(app, link, 3);
        await app.StoredAsync();

        Assert.Equal([link.Id, link.Id, link.Id], heard);
    }

    [Fact]
    public async Task While_another_program_holds_the_database_visitors_do_not_wait_and_nothing_is_lost()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);

        await using var other = app.OpenDatabase();
        await other.Database.OpenConnectionAsync(Cancelled);
        await other.Database.ExecuteSqlRawAsync("BEGIN IMMEDIATE", Cancelled);
        var longest = await ClickAsync(app, link, 400);
        await other.Database.ExecuteSqlRawAsync("ROLLBACK", Cancelled);
        await app.StoredAsync();

        Assert.True(longest < TimeSpan.FromSeconds(5), $"A visitor waited for {longest}.");
        Assert.Equal(401, await TotalAsync(app));
    }

    [Fact]
    public async Task While_thousands_wait_for_a_database_that_another_program_holds_health_says_so()
    {
        // Rounds are done by who lets the clock go on, and one that writes would wait here for what the test holds.
        await using var app = new SpooApp
        {
            Clock = new FakeTimeProvider(DateTimeOffset.UtcNow),
            Register = services => services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.IsAssignableTo(typeof(Rounds)) == true).ToList().ForEach(service => services.Remove(service)),
        };
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);
        await app.StoredAsync();

        await using var other = app.OpenDatabase();
        await other.Database.OpenConnectionAsync(Cancelled);
        await other.Database.ExecuteSqlRawAsync("BEGIN IMMEDIATE", Cancelled);
        await ClickAsync(app, link, 1_100);
        await app.UntilAsync(() => app.Get<ClickWriter>().Health.IsBehind);
        var behind = await app.Anonymous().JsonAsync("/health");
        await other.Database.ExecuteSqlRawAsync("ROLLBACK", Cancelled);
        await app.StoredAsync();
        await app.UntilAsync(() => !app.Get<ClickWriter>().Health.IsBehind);

        Assert.Equal("degraded", behind.Text("status"));
        Assert.Equal("healthy", (await app.Anonymous().JsonAsync("/health")).Text("status"));
        Assert.Equal(1_101, await TotalAsync(app));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/stats/{code}")]
    [InlineData("/stats/{code}/card.png")]
    [InlineData("/{code}+")]
    [InlineData("/not-known-yet")]
    [InlineData("/api/v1/public/stats/{code}")]
    [InlineData("/api/v1/stats?scope=anon&short_code={code}")]
    [InlineData("/api/v1/export?scope=anon&format=csv&short_code={code}")]
    public async Task While_the_database_fails_every_answer_that_needs_it_is_503_and_says_when_to_ask_again(string path)
    {
        await using var app = new SpooApp { Settings = { ["Accounts:SignUp"] = "Invite" } };
        var link = await app.AddAsync(Some.Link());

        await SqlAsync(app, "ALTER TABLE Links RENAME TO Away; ALTER TABLE AspNetUsers RENAME TO AwayToo");
        var answer = await app.Anonymous().GetAsync(path.Replace("{code}", link.ShortCode, StringComparison.Ordinal), Cancelled);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
    }

    [Fact]
    public async Task While_the_database_fails_known_links_work_and_their_clicks_are_stored_when_it_is_back()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);
        await app.StoredAsync();

        await SqlAsync(app, "ALTER TABLE Links RENAME TO Away");
        await ClickAsync(app, link, 50);
        await app.UntilAsync(() => app.Get<ClickWriter>().Health.StoreFailingSince is not null);
        Assert.False(app.Get<ClickWriter>().Health.IsGood);
        var unknown = await app.Anonymous().GetAsync("/not-known-yet", Cancelled);
        await SqlAsync(app, "ALTER TABLE Away RENAME TO Links");
        await app.StoredAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (unknown.StatusCode, unknown.Headers.RetryAfter?.ToString()));
        Assert.Equal(51, await TotalAsync(app));
        Assert.True(app.Get<ClickWriter>().Health.IsGood);
    }

    [Fact]
    public async Task While_the_disk_of_the_journal_is_full_visitors_are_sent_on_and_health_says_what_is_lost()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "00:00:00.020" } };
        var folder = Directory.CreateDirectory(Path.Combine(app.Folder, "journal")).FullName;
        using var disk = SmallDisk.Mount(folder, kilobytes: 64);
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);
        await app.StoredAsync();

        await File.WriteAllBytesAsync(Path.Combine(folder, "somebody-else"), new byte[40 * 1024], Cancelled);
        await FillAsync(app, link);
        var lost = app.Get<ClickWriter>().Health;
        disk.Grow(kilobytes: 4096);
        await ClickAsync(app, link, 3);
        await app.StoredAsync();

        Assert.True(lost is { IsLosing: true, IsGood: false, LostClicks: > 0, LastLoss: not null });
        Assert.True(app.Get<ClickWriter>().Health is { IsLosing: false, IsGood: true });
        Assert.Equal(_answered - app.Get<ClickWriter>().Health.LostClicks, await TotalAsync(app));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_kept_aside_and_holds_nothing_up()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "00:00:00.020" } };
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 2);
        await app.StoredAsync();

        // As a later version might have written it, before this one was put back.
        var journal = app.Get<ClickJournal>();
        journal.Append(new RawClick { LinkId = link.Id, Time = Some.Noon, Visitor = 1 }, kind: 9);
        await ClickAsync(app, link, 3);
        await app.StoredAsync();

        Assert.Equal(5, await TotalAsync(app));
        var aside = Directory.GetFiles(Path.Combine(app.Folder, "journal"), "*.unread").Single();
        Assert.True(File.ReadAllBytes(aside).AsSpan().IndexOf((byte)9) > 0);
        Assert.True(app.Get<ClickWriter>().Health is { HasUnreadable: true, IsGood: false });
        File.Delete(aside);
        Assert.True(app.Get<ClickWriter>().Health.IsGood);
    }

    [Fact]
    public async Task A_click_that_the_database_always_refuses_is_set_aside_and_holds_nothing_up()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "00:00:00.300" } };
        var link = await app.AddAsync(Some.Link());
        await RefuseCampaignAsync(app, "bad");

        await ClickAsync(app, link, 20);
        await ClickAsync(app, link, 1, "?utm_campaign=bad");
        app.Get<ClickJournal>().AppendBlocked(link.Id, Some.Noon);
        await ClickAsync(app, link, 20);
        await app.StoredAsync();

        Assert.Equal(40, await TotalAsync(app));
        await using var database = app.OpenDatabase();
        Assert.Equal(1, (await database.Links.SingleAsync(Cancelled)).BlockedHits);
        var file = app.Get<RefusedClicks>().Files().Single();
        Assert.Single(await File.ReadAllLinesAsync(file, Cancelled));
        var refused = RefusedClicks.Read(file);
        Assert.Equal((link.Id, "bad", Chrome, false), (refused.Click.LinkId, refused.Click.UtmCampaign, refused.Click.UserAgent, refused.IsBlocked));
        Assert.Contains("no such campaign", refused.Reason, StringComparison.Ordinal);
        Assert.True(app.Get<ClickWriter>().Health is { RefusedClicks: 1, RefusedFiles: 1, StoreFailingSince: null, IsGood: false });
        File.Delete(file);
        Assert.True(app.Get<ClickWriter>().Health.IsGood);
    }

    [Fact]
    public async Task The_only_click_there_is_can_be_refused_too()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        await RefuseCampaignAsync(app, "bad");

        await ClickAsync(app, link, 1, "?utm_campaign=bad");
        await app.StoredAsync();

        Assert.Equal(1, app.Get<RefusedClicks>().Count);
    }

    [Theory]
    [InlineData("ALTER TABLE Links RENAME TO Away", "ALTER TABLE Away RENAME TO Links")]
    [InlineData("ALTER TABLE Clicks RENAME TO Away", "ALTER TABLE Away RENAME TO Clicks")]
    [InlineData("CREATE TRIGGER away BEFORE INSERT ON Clicks BEGIN SELECT RAISE(ABORT, 'none today'); END", "DROP TRIGGER away")]
    [InlineData("CREATE TRIGGER away BEFORE UPDATE ON ClickWriters BEGIN SELECT RAISE(ABORT, 'none today'); END", "DROP TRIGGER away")]
    public async Task A_database_that_takes_no_click_at_all_is_away_and_nothing_is_set_aside(string away, string back)
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "00:00:00.020" } };
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);
        await app.StoredAsync();

        await SqlAsync(app, away);
        await ClickAsync(app, link, 5);
        await app.UntilAsync(() => app.Get<ClickWriter>().Health.StoreFailures >= 3 || app.Get<RefusedClicks>().Count > 0);
        var (unstored, refused) = (app.Get<ClickWriter>().Health.Unstored, app.Get<RefusedClicks>().Count);
        await SqlAsync(app, back);
        await app.StoredAsync();

        Assert.Equal((5, 0), (unstored, refused));
        Assert.Equal((6, 0), (await TotalAsync(app), app.Get<RefusedClicks>().Count));
    }

    [Fact]
    public async Task A_click_that_cannot_be_set_aside_is_not_gone_past()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        await RefuseCampaignAsync(app, "bad");
        var inTheWay = app.Get<RefusedClicks>().Folder;
        await File.WriteAllTextAsync(inTheWay, "a file where the folder should be", Cancelled);

        await ClickAsync(app, link, 1, "?utm_campaign=bad");
        await ClickAsync(app, link, 1);
        await app.UntilAsync(() => app.Get<ClickWriter>().Health.StoreFailures >= 2);
        var waiting = app.Get<ClickWriter>().Health.Unstored;
        File.Delete(inTheWay);
        await app.StoredAsync();

        Assert.True(waiting >= 1);
        Assert.Equal((1, 1), (await TotalAsync(app), app.Get<RefusedClicks>().Count));
    }

    [Fact]
    public async Task Killed_between_setting_aside_and_going_past_a_refused_click_is_there_once()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "01:00:00" } };
        var link = await app.AddAsync(Some.Link());
        var journal = app.Get<ClickJournal>();
        await RefuseCampaignAsync(app, "bad");
        await ClickAsync(app, link, 1, "?utm_campaign=bad");
        ClickBatch Read()
        {
            var batch = new ClickBatch();
            var record = journal.Find(journal.LastSequence)!.Value;
            app.Get<ClickReader>().Read(record.Click, new ClickId(journal.Writer, record.Sequence), batch);
            return batch;
        }

        // The file is there and the sequence has not moved, as after a kill between the two.
        await app.Get<BisectingStore>().StoreAsync(Read(), Cancelled);
        await SqlAsync(app, "UPDATE ClickWriters SET LastSequence = 0");
        await app.Get<BisectingStore>().StoreAsync(Read(), Cancelled);

        Assert.Equal((1, 1), (app.Get<RefusedClicks>().Count, app.Get<BisectingStore>().Refusals));
        await using var database = app.OpenDatabase();
        Assert.Equal(journal.LastSequence, (await database.ClickWriters.SingleAsync(row => row.Id == journal.Writer, Cancelled)).LastSequence);
    }

    [Fact]
    public async Task A_refused_click_that_is_tried_again_is_stored_once_and_counted_by_whoever_had_gone_past_it()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await RefuseCampaignAsync(app, "bad");
        await ClickAsync(app, link, 1, "?utm_campaign=bad");
        await ClickAsync(app, link, 1);
        await app.StoredAsync();
        var me = await app.WithKeyAsync(owner);
        var before = await me.JsonAsync("/api/v1/stats");
        var file = app.Get<RefusedClicks>().Files().Single();
        var content = await File.ReadAllTextAsync(file, Cancelled);

        var stillRefused = await app.Get<RefusedRetry>().RunAsync(Cancelled);
        await SqlAsync(app, "DROP TRIGGER refuse_bad");
        var stored = await app.Get<RefusedRetry>().RunAsync(Cancelled);
        await File.WriteAllTextAsync(file, content, Cancelled);     // as after a kill between the commit and the deletion of the file
        var again = await app.Get<RefusedRetry>().RunAsync(Cancelled);

        Assert.Equal((0, 1), (stillRefused.Stored, stillRefused.Refused.Count));
        Assert.Equal((1, 0), (stored.Stored, stored.Refused.Count));
        Assert.Equal((0, 1, 0), (again.Stored, again.AlreadyThere, again.Refused.Count));
        Assert.Equal((2, 0), (await TotalAsync(app), app.Get<RefusedClicks>().Count));
        var after = await me.JsonAsync("/api/v1/stats");
        Assert.Equal((1, 2), (before.GetProperty("summary").GetProperty("total_clicks").GetInt32(), after.GetProperty("summary").GetProperty("total_clicks").GetInt32()));
    }

    [Fact]
    public async Task A_record_that_breaks_the_reader_is_kept_aside_as_well()
    {
        await using var app = new SpooApp();
        var folder = Directory.CreateDirectory(Path.Combine(app.Folder, "journal")).FullName;
        var record = new byte[256];
        var length = ClickJournalLayout.HeaderLength
            + ClickJournalLayout.WriteClick(record.AsSpan(ClickJournalLayout.HeaderLength), new RawClick { LinkId = 1, Time = Some.Noon, Visitor = 1 });
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(ClickJournalLayout.HeaderLength + 9), long.MaxValue);     // no calendar has this moment
        ClickJournalLayout.Seal(record.AsSpan(0, length), 1);
        using (var file = ClickJournalFile.Create(folder, 1, 1))
        {
            file.Append(record.AsSpan(0, length), 1);
        }

        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 1);
        await app.StoredAsync();

        Assert.Equal(1, await TotalAsync(app));
        Assert.Single(Directory.GetFiles(folder, "*.unread"));
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_taken_for_stored()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());
        var store = app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("again", null, Cancelled);
        ClickBatch Batch() => Some.Batch(writer, [Some.Click(link) with { Browser = "Lynx", Country = "CH", UtmSource = "news" }]);

        await SqlAsync(app, "ALTER TABLE Clicks RENAME TO Away");
        await Assert.ThrowsAnyAsync<DbException>(() => store.StoreAsync(Batch(), Cancelled));
        await SqlAsync(app, "ALTER TABLE Away RENAME TO Clicks");
        await store.StoreAsync(Batch(), Cancelled);

        await using var database = app.OpenDatabase();
        Assert.Equal("Lynx", (await database.ClickAgents.SingleAsync(Cancelled)).Browser);
        Assert.Equal("CH", (await database.ClickPlaces.SingleAsync(Cancelled)).Country);
        Assert.Equal("news", (await database.ClickSources.SingleAsync(Cancelled)).UtmSource);
        Assert.Equal(1, await TotalAsync(app));
    }

    [Fact]
    public async Task A_clock_that_is_put_back_loses_nothing()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var app = new SpooApp { Clock = clock };
        var link = await app.AddAsync(Some.Link());

        await ClickAsync(app, link, 2);
        clock.AdjustTime(Some.Noon.AddMinutes(-30));
        await ClickAsync(app, link, 3);
        await app.StoredAsync();

        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(Cancelled);
        Assert.Equal((5, Some.Noon), (stored.TotalClicks, stored.LastClick));
        Assert.Equal(3, await database.Clicks.CountAsync(click => click.Time < Some.Noon, Cancelled));
    }

    [Fact]
    public async Task What_is_left_at_the_end_is_stored_before_the_process_goes()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "01:00:00" } };
        var link = await app.AddAsync(Some.Link());
        await ClickAsync(app, link, 20);

        await app.Get<ClickWriter>().StopAsync(Cancelled);

        Assert.Equal(20, await TotalAsync(app));
        Assert.Equal(0, app.Get<ClickWriter>().Health.Unstored);
    }

    [Fact]
    public async Task Clicks_of_a_link_that_has_been_deleted_hold_nothing_up()
    {
        await using var app = new SpooApp();
        var (kept, deleted) = (await app.AddAsync(Some.Link()), await app.AddAsync(Some.Link()));
        await ClickAsync(app, deleted, 1);
        await app.StoredAsync();

        await SqlAsync(app, $"DELETE FROM Links WHERE Id = {deleted.Id}");
        await ClickAsync(app, deleted, 3);
        await ClickAsync(app, kept, 2);
        await app.StoredAsync();

        await using var database = app.OpenDatabase();
        Assert.Equal(2, (await database.Links.SingleAsync(Cancelled)).TotalClicks);
    }

    [Fact]
    public async Task A_journal_that_belongs_to_another_database_stops_the_start()
    {
        await using var app = new SpooApp();
        var folder = Path.Combine(app.Folder, "foreign");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "writer"), "1 somebody-else", Cancelled);
        ClickJournalFile.Create(folder, 1, 1).Dispose();
        await File.AppendAllTextAsync(Directory.GetFiles(folder, "*.clicks").Single(), "records", Cancelled);
        using var journal = new ClickJournal(folder, new ClickOptions(), TimeProvider.System, NullLogger<ClickJournal>.Instance);
        using var writer = new ClickWriter(
            app.Get<SpooDatabase>(),
            new StoreGate(Options.Create(new DataOptions { Folder = folder })),
            journal,
            app.Get<ClickReader>(),
            app.Get<ClickStore>(),
            app.Get<BisectingStore>(),
            app.Get<RefusedClicks>(),
            new ClickOptions(),
            TimeProvider.System,
            NullLogger<ClickWriter>.Instance);

        var refusal = await Assert.ThrowsAsync<SettingException>(() => writer.StartAsync(Cancelled));

        Assert.Contains("another database", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22001", true)]
    [InlineData("23502", true)]
    [InlineData("42703", true)]
    [InlineData("40P01", false)]
    [InlineData("53100", false)]
    [InlineData("57014", false)]
    [InlineData("57P01", false)]
    public void What_PostgreSQL_will_not_take_is_told_from_what_it_cannot_do_now(string state, bool isRefusal) =>
        Assert.Equal(isRefusal, StoreFailure.IsRefusal(new PostgresException("", "ERROR", "ERROR", state)));

    [Fact]
    public void Attempts_at_a_failing_store_come_ever_more_rarely_and_soon_again_after_a_success()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        var retry = new RetryBackoff(clock);

        Assert.Equal([100, 200, 400, 800], Enumerable.Range(0, 4).Select(_ => retry.Failed().TotalMilliseconds));
        clock.SetUtcNow(Some.Noon.AddHours(1));
        Assert.Equal(RetryBackoff.Longest, Enumerable.Range(0, 40).Select(_ => retry.Failed()).ToList()[^1]);
        Assert.Equal(Some.Noon, retry.FailingSince);

        Assert.True(retry.Succeeded());
        Assert.False(retry.Succeeded());
        Assert.Null(retry.FailingSince);
        Assert.Equal(RetryBackoff.First, retry.Failed());
    }

    // Until a click is lost.
    private async Task FillAsync(SpooApp app, Link link)
    {
        for (var tries = 0; tries < 5000 && app.Get<ClickWriter>().Health.LostClicks == 0; tries++)
        {
            await ClickAsync(app, link, 1);
        }
    }

    // Refuses one kind of click, as a constraint, a type or a length would that the reader does not know of.
    private static Task RefuseCampaignAsync(SpooApp app, string campaign) => SqlAsync(
        app,
        $"CREATE TRIGGER refuse_{campaign} BEFORE INSERT ON ClickSources WHEN NEW.UtmCampaign = '{campaign}' BEGIN SELECT RAISE(ABORT, 'no such campaign'); END");

    // Returns how long the slowest of them took.
    private async Task<TimeSpan> ClickAsync(SpooApp app, Link link, int times, string query = "")
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("User-Agent", Chrome);
        var longest = TimeSpan.Zero;
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await client.GetAsync($"/{link.ShortCode}{query}", Cancelled);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            _answered++;
            longest = Stopwatch.GetElapsedTime(started) is var took && took > longest ? took : longest;
        }

        return longest;
    }

    private static async Task SqlAsync(SpooApp app, string sql)
    {
        await using var database = app.OpenDatabase();
        await using DbConnection connection = database.Database.GetDbConnection();
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task<long> TotalAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        var total = (await database.Links.SingleAsync(Cancelled)).TotalClicks;
        Assert.Equal(total, await database.Clicks.LongCountAsync(Cancelled));
        return total;
    }
}
