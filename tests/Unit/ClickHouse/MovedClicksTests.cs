using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>Clicks may live in ClickHouse instead of the database: nobody can tell by any answer, whatever is done to them.</summary>
[OnEveryDatabase]
public sealed class MovedClicksTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly List<SpooApp> _apps = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>The same is done on an installation whose clicks are moved time and again, and on one whose clicks stay in the database and are counted in memory.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public async Task Nothing_tells_where_clicks_live(int seed, int servers)
    {
        var random = new Random(seed);
        SpooApp[] both = [Moving(servers), App([])];
        List<Account>[] accounts = [await AccountsAsync(both[0]), await AccountsAsync(both[1])];
        var (moved, came, removed) = (0L, 0L, 0L);
        for (var step = 0; step < 16; step++)
        {
            moved += random.Next(3) > 0 ? await MoveAsync(both[0]) : 0;
            came += step == 11 ? await both[0].Get<ClickMover>().BringBackAsync(null, Cancelled) : 0;
            var (what, of, file) = (step % 8, random.Next(2), Lines(random, random.Next(2)));
            var clicks = random.Next();

            var first = await DoAsync(both[0], accounts[0][of], what, clicks, file);
            var second = await DoAsync(both[1], accounts[1][of], what, clicks, file);

            Assert.Equal(second, first);
            removed += what is 1 or 2 or 4 or 6 ? 1 : 0;
            Assert.Equal(await SeenAsync(both[1], accounts[1], step), await SeenAsync(both[0], accounts[0], step));
            var audit = await both[0].Get<ClickAudit>().RunAsync(Cancelled);
            Assert.True(audit.IsGood, $"step {step}: {string.Join("; ", audit.Differences)} {string.Join("; ", audit.Faults)} {audit.ClicksWithoutLink}");
        }

        // Otherwise nothing was tried.
        Assert.True(moved > 300 && came > 50 && removed > 3, $"{moved} {came} {removed}");
    }

    [Fact]
    public async Task Clicks_that_came_back_are_counted_in_memory_again()
    {
        var app = Moving();
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 30).Select(i => Some.Full(link, Some.Noon.AddMinutes(-i), i)));
        Assert.Equal(30, await MoveAsync(app));
        await app.AddAsync(Some.Click(link));
        Assert.Equal(1, await StoredAsync(app));

        Assert.Equal(30, await app.Get<ClickMover>().BringBackAsync(null, Cancelled));

        Assert.Equal(31, await StoredAsync(app));
        using var inMemory = ClickHouseDoor.OtherProcess(app, new() { ["Stats:Engine"] = "Columns" });
        await inMemory.Services.GetRequiredService<SpooDatabase>().PrepareAsync(Cancelled);
        var report = await inMemory.Services.GetRequiredService<IClickCounting>().ReportAsync(new StatsQuery { GroupBy = [Dimension.Browser] }, Some.ClicksOf(link, Some.Noon.AddDays(-1), Some.Noon.AddDays(1)));
        Assert.Equal((31, 30), (report.Summary.TotalClicks, report.Summary.UniqueClicks));
        Assert.Equal(0, await app.Get<ClickMover>().BringBackAsync(null, Cancelled));
    }

    [Fact]
    public async Task While_clicks_live_in_ClickHouse_nothing_starts_that_would_count_without_them()
    {
        var app = Moving();
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link), Some.Click(link));
        await MoveAsync(app);

        using var inMemory = ClickHouseDoor.OtherProcess(app, new() { ["Stats:Engine"] = "Columns" });
        var refused = await Assert.ThrowsAsync<SettingException>(() => inMemory.Services.GetRequiredService<SpooDatabase>().PrepareAsync(Cancelled));

        Assert.Contains("./run move clicks --to database", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<SettingException>(() => App([]).Get<ClickMover>().MoveAsync(null, null, Cancelled));
        Assert.Contains("Stats:Engine=ClickHouse", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_servers_is_refused_until_clicks_are_back()
    {
        var settings = ClickHouseDoor.NewSettings(shards: 2);
        var app = App(settings);
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));
        await MoveAsync(app);
        settings.Remove(ClickHouseDoor.Shard(2));

        using var other = ClickHouseDoor.OtherProcess(app, settings);

        var refused = await Assert.ThrowsAsync<SettingException>(() => other.Services.GetRequiredService<ClickAudit>().RunAsync(Cancelled));
        Assert.Contains("2 ClickHouse servers", refused.Message, StringComparison.Ordinal);
        await app.AddAsync(Some.Click(link));
        await Assert.ThrowsAsync<SettingException>(() => other.Services.GetRequiredService<ClickMover>().MoveAsync(null, null, Cancelled));
        await Assert.ThrowsAsync<SettingException>(() => other.Services.GetRequiredService<SpooDatabase>().PrepareAsync(Cancelled));
        Assert.Equal(1, await StoredAsync(app));
    }

    [Fact]
    public async Task What_a_process_had_copied_when_it_ended_counts_for_nobody_and_goes()
    {
        var app = Moving();
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 10).Select(i => Some.Click(link, Some.Noon.AddMinutes(i), i)));
        await MoveAsync(app);
        await app.AddAsync(Enumerable.Range(0, 5).Select(i => Some.Click(link, Some.Noon.AddMinutes(i), i)));
        await using (var database = app.OpenDatabase())
        {
            // As far as it gets before the transaction in which it would count.
            var path = MovedTable.Path(Server(app).Database, await MovedClicks.RequireIdentityAsync(database, Cancelled));
            await Server(app).AddAsync(path, MovedTable.Columns, [.. (await database.Clicks.AsNoTracking().ToListAsync(Cancelled)).Select(click => MovedTable.Row(click, 2))], "killed", Cancelled);
        }

        Assert.True((await app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        Assert.Equal(15, await ExportedAsync(app, link));
        Assert.Equal(5, await MoveAsync(app));
        Assert.True((await app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        Assert.Equal(15, await ExportedAsync(app, link));
    }

    [Fact]
    public async Task One_process_moves_clicks_at_a_time()
    {
        var app = Moving();
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));
        await MoveAsync(app);
        await using (var database = app.OpenDatabase())
        {
            await database.ClickMoves.ExecuteUpdateAsync(set => set.SetProperty(move => move.HeldBy, "another").SetProperty(move => move.HeldUntil, _clock.GetUtcNow().AddMinutes(1)), Cancelled);
        }

        await Assert.ThrowsAsync<SettingException>(() => MoveAsync(app));
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, await MoveAsync(app));
    }

    /// <summary>Links are cleared and deleted, clicks come, and others read, while clicks are moved to and fro.</summary>
    [Fact]
    public async Task Nothing_is_lost_or_doubled_while_clicks_are_moved()
    {
        var app = Moving();
        var owner = await app.AddUserAsync();
        var (kept, cleared) = (await app.AddAsync(Some.Link()), await app.AddAsync(Some.Link(owner: owner)));
        var (added, isOver, random) = (0, false, new Random(3));
        async Task AddAsync()
        {
            while (!isOver && added < 800)
            {
                // Of writers that have ended, whose clicks are moved together.
                var store = app.Get<ClickStore>();
                var writer = await store.NewWriterAsync("test", null, Cancelled);
                await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, 40).Select(i => Some.Click(i % 2 == 0 ? kept : cleared, Some.Noon.AddMinutes(i), i))), Cancelled);
                await store.FinishWriterAsync(writer, Cancelled);
                Interlocked.Add(ref added, 20);
                await Task.Delay(200, Cancelled);
            }
        }

        async Task ClearAsync()
        {
            while (!isOver)
            {
                await app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
                await using var database = app.OpenDatabase();
                await app.Get<MovedClicks>().SettleAsync(database, Cancelled);
                await Task.Delay(random.Next(100, 400), Cancelled);
            }
        }

        async Task ReadAsync()
        {
            while (!isOver)
            {
                // What is there when reading begins is read.
                var least = Volatile.Read(ref added);
                Assert.InRange(await ExportedAsync(app, kept), least, long.MaxValue);
            }
        }

        var others = new[] { Task.Run(AddAsync, Cancelled), Task.Run(ClearAsync, Cancelled), Task.Run(ReadAsync, Cancelled) };
        for (var round = 0; round < 5; round++)
        {
            await Task.Run(() => MoveAsync(app), Cancelled);
            if (round == 2)
            {
                await app.Get<ClickMover>().BringBackAsync(null, Cancelled);
            }
        }

        isOver = true;
        await Task.WhenAll(others);

        Assert.Equal(added, await ExportedAsync(app, kept));
        var audit = await app.Get<ClickAudit>().RunAsync(Cancelled);
        Assert.True(audit.IsGood, string.Join("; ", audit.Differences));
    }

    private static Task<long> MoveAsync(SpooApp app) => app.Get<ClickMover>().MoveAsync(null, null, Cancelled);

    private static ClickHouseServer Server(SpooApp app) => Assert.Single(app.Get<ClickHouseServers>().All);

    private static async Task<long> StoredAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await database.Clicks.LongCountAsync(Cancelled);
    }

    private static async Task<long> ExportedAsync(SpooApp app, Link link)
    {
        var clicks = 0L;
        await foreach (var page in app.Get<ClickExport>().ReadAsync(Some.ClicksOf(link, Some.Noon.AddDays(-100), Some.Noon.AddDays(100)), ClickText.Ndjson, null, Cancelled))
        {
            clicks += page.Clicks;
        }

        return clicks;
    }

    // Returns what the one who does it is told.
    private async Task<string> DoAsync(SpooApp app, Account account, int what, int seed, string lines)
    {
        var random = new Random(seed);
        var clicks = new RandomClicks(random);
        switch (what)
        {
            case 1 when random.Next(2) == 0:
                await app.Get<ClickHistory>().ClearAsync(account.User.Id, null, Cancelled);
                return "cleared";
            case 2 when account.Links.Count > 3:
                var link = account.Links[random.Next(account.Links.Count)];
                account.Links.Remove(link);
                await using (var database = app.OpenDatabase())
                {
                    var total = await database.Links.Where(row => row.Id == link.Id).Select(row => row.TotalClicks).SingleAsync(Cancelled);
                    await database.DeleteLinksAsync([(link.Id, total)], _clock.GetUtcNow(), Cancelled);
                }

                return "deleted";
            case 4:
                var days = random.Next(5, 45);
                var older = await app.Get<ClickRetention>().CountOlderAsync(account.User.Id, days, Cancelled);
                await using (var database = app.OpenDatabase())
                {
                    await database.Users.Where(user => user.Id == account.User.Id).ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, days), Cancelled);
                }

                var deleted = await app.Get<ClickRetention>().RunAsync(Cancelled);
                await app.Get<ClearingUp>().RunAsync(Cancelled);
                return $"{older} older, {deleted} deleted";
            case 3 or 5:
                var file = new ClickFileToImport { Name = "history.ndjson", Content = new MemoryStream(Encoding.UTF8.GetBytes(lines)), OwnerId = account.User.Id, Format = ClickFileFormat.Ndjson };
                var report = await app.Get<ClickImport>().RunAsync(file, null, Cancelled);
                return $"{report.Stored} stored, {report.AlreadyThere} there";
            case 6:
                var imports = (await app.Get<ImportRecords>().ListAsync(account.User.Id, Cancelled)).Where(import => import.State == ImportState.Done).ToList();
                if (imports.Count == 0)
                {
                    return "no import";
                }

                var undone = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(imports[0].Id, account.User.Id, null, Cancelled));
                return $"{undone.Clicks} clicks and {undone.Links} links undone";
            default:
                await app.AddAsync(Enumerable.Range(0, random.Next(1, 200)).Select(_ => clicks.Next(account.Links[random.Next(account.Links.Count)])));
                return "added";
        }
    }

    // Everything there is to see of the clicks.
    private static async Task<string> SeenAsync(SpooApp app, List<Account> accounts, int step)
    {
        var (seen, questions) = (new StringBuilder(), new RandomClicks(new Random(step)));
        await using var database = app.OpenDatabase();
        foreach (var link in await database.Links.AsNoTracking().OrderBy(link => link.ShortCode).ToListAsync(Cancelled))
        {
            seen.AppendLine(CultureInfo.InvariantCulture, $"{link.ShortCode} {link.TotalClicks} {link.ForgottenClicks} {link.PreviewClicks} {link.LastClick:O} {link.CreatedAt:O}");
        }

        foreach (var account in accounts)
        {
            var owned = await database.Links.AsNoTracking().Where(link => link.OwnerId == account.User.Id).OrderBy(link => link.ShortCode).ToListAsync(Cancelled);
            for (var i = 0; i < 2; i++)
            {
                var (query, selection) = questions.Question(owned, account.User.Id);
                seen.AppendLine(LiveClicksTests.Text(await app.Get<IClickCounting>().ReportAsync(query, selection)));
            }

            // Not by id: what an import brings is at other numbers in the two.
            var latest = await app.Get<ClickHistory>().LatestAsync(
                new LatestClicksQuestion { OwnerId = account.User.Id, Take = 20, Include = new ClickTraits { Browsers = ["Chrome", "Safari"] }, Exclude = new ClickTraits { Countries = ["DE"] } }, Cancelled);
            seen.AppendJoin('\n', latest.Select(click => $"{click.Time:O} {click.Link} {click.Browser} {click.Country} {click.Referrer} {click.UtmCampaign}").Order()).AppendLine();
            var arrived = await app.Get<ClickHistory>().ArrivedLastAsync(account.User.Id, null, 7, Cancelled);
            seen.AppendJoin('\n', arrived.Select(click => $"{click.Time:O} {click.Link} {click.Browser}")).AppendLine();
            seen.AppendLine(CultureInfo.InvariantCulture, $"{await app.Get<ClickQuotas>().UsedAsync(account.User.Id, Cancelled)} this month");
            foreach (var link in owned)
            {
                seen.AppendLine(CultureInfo.InvariantCulture, $"{link.ShortCode} {await ExportedAsync(app, link)} exported");
            }
        }

        return seen.ToString();
    }

    private static async Task<List<Account>> AccountsAsync(SpooApp app)
    {
        var accounts = new List<Account>();
        for (var i = 0; i < 2; i++)
        {
            var (user, links) = (await app.AddUserAsync(), new List<Link>());
            for (var j = 0; j < 6; j++)
            {
                links.Add(await app.AddAsync(Some.Link($"of{i}no{j}", owner: user)));
            }

            accounts.Add(new Account(user, links));
        }

        return accounts;
    }

    // Some of what one file has, another has as well.
    private static string Lines(Random random, int account) => string.Concat(Enumerable.Range(random.Next(30), 40).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"time":"{{Some.Noon.AddHours(-7 * i):O}}","short_code":"of{{account}}new{{i % 4}}","ip":"203.0.113.{{i}}","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}""") + "\n"));

    private SpooApp Moving(int servers = 1) => App(ClickHouseDoor.NewSettings(servers));

    private SpooApp App(Dictionary<string, string> settings)
    {
        var app = new SpooApp { Settings = settings, Clock = _clock, Register = ClickHouseDoor.WithoutRounds };
        _apps.Add(app);
        return app;
    }

    private sealed record Account(SpooUser User, List<Link> Links);
}
