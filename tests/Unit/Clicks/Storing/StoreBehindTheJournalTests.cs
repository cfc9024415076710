using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

/// <summary>Another database, an older one or none at all answers in the place of the one that a node stores into.</summary>
public sealed class StoreBehindTheJournalTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.Path, DataOptions.SqliteFile);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task A_database_that_was_put_back_to_an_earlier_state_gets_its_clicks_again()
    {
        Link link;
        await using (var first = Start())
        {
            link = await first.AddAsync(Some.Link(owner: await first.AddUserAsync()));
            await ClickAsync(first, link, 50);
        }

        var old = await KeepAsync();
        await using (var second = Start())
        {
            await ClickAsync(second, link, 30);
            Assert.Equal(80, (await second.Get<ClickAudit>().RunAsync(Cancelled)).Clicks);
        }

        await PutBackAsync(old);
        await using var third = Start();
        await ClickAsync(third, link, 5);
        await Eventually.TrueAsync(async () => await TotalAsync(third) >= 85);

        var audit = await third.Get<ClickAudit>().RunAsync(Cancelled);
        Assert.Equal((85, 0), (audit.Clicks, audit.Differences.Count));
        Assert.Equal(0, third.Get<ClickWriter>().Health.MissingRecords);
    }

    [Fact]
    public async Task A_database_from_before_it_knew_the_node_gets_all_that_the_journal_has()
    {
        Link link;
        await using (var another = Start())
        {
            link = await another.AddAsync(Some.Link());
            await another.Get<ClickStore>().NewWriterAsync("somebody", null, Cancelled);
        }

        // The node's own writer is forgotten, as in a dump that is older than its first start.
        var old = await KeepAsync();
        await SqlAsync(old, "DELETE FROM ClickWriters WHERE OwnerId IS NULL AND Name <> 'somebody'");
        await using (var second = Start())
        {
            await ClickAsync(second, link, 20);
        }

        await PutBackAsync(old);
        await using var third = Start();
        await ClickAsync(third, link, 5);
        await Eventually.TrueAsync(async () => await TotalAsync(third) >= 25);

        Assert.Equal(25, await TotalAsync(third));
        Assert.Empty((await third.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task An_index_of_another_life_of_the_database_is_not_believed()
    {
        Link link;
        int writer;
        await using (var first = Start())
        {
            link = await first.AddAsync(Some.Link(owner: await first.AddUserAsync()));
            writer = await first.Get<ClickStore>().NewWriterAsync("w", null, Cancelled);
        }

        var old = await KeepAsync();
        await using (var second = Start())
        {
            await second.Get<ClickStore>().StoreAsync(Some.Batch(writer, [Some.Click(link, visitor: 1), Some.Click(link, visitor: 2)]), Cancelled);
            Assert.Empty((await second.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
        }

        // The same keys for other clicks: as many, and of one visitor.
        await PutBackAsync(old);
        await using var third = Start();
        await third.Get<ClickStore>().StoreAsync(Some.Batch(writer, [Some.Click(link, visitor: 3), Some.Click(link, visitor: 3)]), Cancelled);

        Assert.Empty((await third.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task A_data_folder_whose_database_has_vanished_is_not_begun_anew()
    {
        await using (var first = Start())
        {
            await first.AddAsync(Some.Link());
        }

        Forget();

        var refusal = await Assert.ThrowsAsync<SettingException>(() => PrepareAsync());
        Assert.Contains("spoo.db is gone", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task The_database_of_another_installation_is_refused_and_not_touched()
    {
        await using (var first = Start())
        {
            await first.AddAsync(Some.Link());
        }

        await using var other = new SpooApp();
        await other.AddAsync(Some.Link());
        await using (var database = other.OpenDatabase())
        {
            await database.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Cancelled);
        }

        Forget();
        File.Copy(Path.Combine(other.Folder, DataOptions.SqliteFile), Database);
        var before = await File.ReadAllBytesAsync(Database, Cancelled);

        var refusal = await Assert.ThrowsAsync<SettingException>(() => PrepareAsync());
        Assert.Contains("is another database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Cancelled));
    }

    [Fact]
    public async Task Started_while_its_database_is_away_a_server_sends_visitors_on_and_joins_it_later()
    {
        Link link;
        await using (var first = Start())
        {
            link = await first.AddAsync(Some.Link());
            await ClickAsync(first, link, 9);
            var administrator = await first.AddAdministratorAsync();
            await first.Get<DomainService>().RegisterAsync("links.example.com", Viewer.User(administrator.Id), _ => false, Cancelled);
            await first.Get<LinkService>().CreateAsync(
                new LinkDraft { LongUrl = "https://example.com/other", Alias = link.ShortCode, Domain = "links.example.com" }, Viewer.User(administrator.Id), null, Cancelled);
            Assert.Equal("https://example.com/other", await WhereAsync(first));
            await first.StoredAsync();
        }

        var right = await KeepAsync();
        Forget();
        await File.WriteAllTextAsync(Database, "this disk is broken, or whatever else may be", Cancelled);
        await using var second = Start();

        // The domain is known as well as the links: its visitors are not sent where the same code of the other domain leads.
        Assert.Equal("https://example.com/other", await WhereAsync(second));
        await ClickAsync(second, link, 19, untilStored: false);
        var unknown = await second.Anonymous().GetAsync("/not-known", Cancelled);
        var page = await second.Anonymous().GetAsync("/", Cancelled);
        var health = await second.Anonymous().GetAsync("/health", Cancelled);
        Assert.All([unknown, page], answer => Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "5"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString())));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(20, second.Get<ClickWriter>().Health.Unstored);

        await PutBackAsync(right);
        await second.StoredAsync();

        Assert.Equal(30, await TotalAsync(second));
        Assert.Equal(HttpStatusCode.OK, (await second.Anonymous().GetAsync("/health", Cancelled)).StatusCode);
        Assert.Equal(0, second.Get<ClickWriter>().Health.MissingRecords);

        async Task<string?> WhereAsync(SpooApp app)
        {
            using var visitor = app.Anonymous();
            visitor.DefaultRequestHeaders.Host = "links.example.com";
            return (await visitor.GetAsync($"/{link.ShortCode}", Cancelled)).Headers.Location?.OriginalString;
        }
    }

    [Fact]
    public async Task A_link_that_was_deleted_is_not_remembered_for_a_start_without_the_database()
    {
        Link kept, deleted;
        await using (var first = Start())
        {
            (kept, deleted) = (await first.AddAsync(Some.Link()), await first.AddAsync(Some.Link()));
            await ClickAsync(first, kept, 1);
            await ClickAsync(first, deleted, 1);
            await using var database = first.OpenDatabase();
            await database.Links.Where(link => link.Id == deleted.Id).ExecuteDeleteAsync(Cancelled);
            first.Get<LinkLookup>().Forget(deleted.DomainId, deleted.ShortCode);
        }

        var remembered = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "index", "links"), Cancelled);
        Assert.Contains(kept.ShortCode, remembered, StringComparison.Ordinal);
        Assert.DoesNotContain(deleted.ShortCode, remembered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_was_killed_while_it_made_the_tables_keeps_nobody_from_making_them()
    {
        await using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await connection.OpenAsync(Cancelled);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        await using var app = Start();
        var starting = Task.Run(() => app.AddAsync(Some.Link()), Cancelled);

        Assert.Same(starting, await Task.WhenAny(starting, Task.Delay(TimeSpan.FromMinutes(2), Cancelled)));
        await starting;
    }

    [Fact]
    public async Task A_start_says_that_it_waits_for_the_process_that_makes_the_tables_and_gives_up_with_a_line()
    {
        var clock = new FakeTimeProvider();
        using var log = new KeptLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        Task waiting;
        await using (MakingTables())
        {
            waiting = Task.Run(() => PrepareAsync(clock, loggers.CreateLogger<SpooDatabase>()), Cancelled);
            await Eventually.TrueAsync(() => log.Worries.Count > 0, () => clock.Advance(TimeSpan.FromSeconds(1)));
            Assert.Contains("Waiting for another process", Assert.Single(log.Worries), StringComparison.Ordinal);
            Assert.False(waiting.IsCompleted);
        }

        await Eventually.TrueAsync(() => waiting.IsCompleted, () => clock.Advance(TimeSpan.FromMilliseconds(200)));
        await waiting;

        Forget();
        await using (MakingTables())
        {
            var givesUp = Task.Run(() => PrepareAsync(clock), Cancelled);
            await Eventually.TrueAsync(() => givesUp.IsCompleted, () => clock.Advance(TimeSpan.FromSeconds(30)));
            Assert.Contains("wait for it to finish, or end it", (await Assert.ThrowsAsync<SettingException>(() => givesUp)).Message, StringComparison.Ordinal);
        }

        // As a process has it that is at work on the tables.
        FileStream MakingTables() => new(Path.Combine(_folder.Path, ".schema-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    private static async Task ClickAsync(SpooApp app, Link link, int times, bool untilStored = true)
    {
        using var client = app.Anonymous();
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync($"/{link.ShortCode}", Cancelled)).StatusCode);
        }

        if (untilStored)
        {
            await app.StoredAsync();
        }
    }

    private static async Task<long> TotalAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.SumAsync(link => link.TotalClicks, Cancelled);
    }

    private static async Task SqlAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    // As every start and every command does first.
    private async Task PrepareAsync(TimeProvider? clock = null, ILogger<SpooDatabase>? logger = null)
    {
        var options = Options.Create(new DataOptions { Folder = _folder.Path });
        var gate = new StoreGate(options);
        await using var services = new ServiceCollection().BuildServiceProvider();
        await new SpooDatabase(new SpooContexts(options, gate, services), gate, options, new ReadingOptions(), new MovedClicks(new ClickHouseServers(new ClickHouseOptions(), TimeProvider.System), mayBe: false), clock ?? TimeProvider.System, logger ?? NullLogger<SpooDatabase>.Instance).PrepareAsync(Cancelled);
    }

    // A SQLite file's journal keeps nothing from before something was deleted; a new installation takes itself for one where something was, and looks after five seconds.
    private SpooApp Start() => new()
    {
        On = _folder.Path,
        Settings = { ["Clicks:BatchDelay"] = "00:00:00.020" },
        Register = services => services.Remove(services.Single(service => service.ImplementationType == typeof(ClearingUpRounds))),
    };

    private async Task<string> KeepAsync()
    {
        SqliteConnection.ClearAllPools();
        var kept = Path.Combine(_folder.Path, $"kept-{Guid.NewGuid():N}");
        await SqlAsync(Database, "PRAGMA wal_checkpoint(TRUNCATE)");
        File.Copy(Database, kept);
        return kept;
    }

    private async Task PutBackAsync(string kept)
    {
        Forget();
        await Task.Yield();
        File.Copy(kept, Database + ".back");
        File.Move(Database + ".back", Database);
    }

    private void Forget()
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(_folder.Path, DataOptions.SqliteFile + "*"))
        {
            File.Delete(file);
        }
    }
}
