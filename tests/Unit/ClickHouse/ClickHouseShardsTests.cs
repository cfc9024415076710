using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;
using Spoo.Web.Commands;

namespace Spoo.Tests.ClickHouse;

/// <summary>What is particular to counting on several servers: who has which clicks, and what becomes of them when a server is away.</summary>
public sealed class ClickHouseShardsTests : IAsyncDisposable
{
    private const string Marked = "of the copy before";

    private readonly Dictionary<string, string> _settings = ClickHouseDoor.NewSettings(shards: 2);
    private readonly SpooApp _app;
    private readonly ClickHouseInspection _there;

    public ClickHouseShardsTests()
    {
        _app = new SpooApp { Settings = _settings, Register = ClickHouseDoor.WithoutRounds };
        _there = new ClickHouseInspection(_app);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static StatsQuery ByBrowser { get; } = new() { GroupBy = [Dimension.Browser] };

    private IClickCounting Counting => _app.Get<IClickCounting>();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Three, so that no two of them are each other's rest; and clicks of nobody on all.</summary>
    [Fact]
    public async Task Visitors_are_on_one_server_each_and_what_three_count_adds_up()
    {
        var settings = ClickHouseDoor.NewSettings(shards: 3);
        await using var app = new SpooApp { Settings = settings, Register = ClickHouseDoor.WithoutRounds };
        var there = new ClickHouseInspection(app);
        var clicks = new RandomClicks(new Random(5));
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 900).Select(_ => clicks.Next(link)));
        await app.AddAsync(Enumerable.Range(0, 600).Select(i => clicks.Next(link) with { Visitor = i / 2 }));
        await app.AddAsync(Enumerable.Range(0, 300).Select(_ => clicks.Next(link) with { Visitor = Click.NoVisitor }));
        var query = new StatsQuery { GroupBy = Dimension.All, Cross = true, BucketDetails = true, Limit = int.MaxValue };
        var selection = Everything(link) with { Buckets = TimeBuckets.Of(Everything(link).Range, TimeBucketWidth.Day) };

        var counted = await app.Get<IClickCounting>().ReportAsync(query, selection);

        Assert.Equal(LiveClicksTests.Text(await app.Get<LiveClicks>().ReportAsync(query, selection)), LiveClicksTests.Text(counted));
        Assert.Equal(1800, counted.ClicksLookedAt);
        Assert.All(await there.RowsByServerAsync("LinkId != 0"), rows => Assert.InRange(rows, 450, 750));
        Assert.All(await there.RowsByServerAsync($"Visitor = {Click.NoVisitor}"), rows => Assert.InRange(rows, 60, 140));
        var visitors = new List<long>();
        foreach (var (server, table) in there.Servers.Zip(await there.CurrentAsync()))
        {
            await server.ReadAsync($"SELECT DISTINCT Visitor FROM {table.Path} WHERE LinkId != 0 AND Visitor != {Click.NoVisitor}", row => visitors.Add(row.GetInt64(0)), Cancelled);
        }

        Assert.Equal(counted.Summary.UniqueClicks, visitors.Count);
        Assert.Equal(visitors.Count, visitors.Distinct().Count());
    }

    /// <summary>Tables that were made by an earlier version are gone on with, so that whose clicks are where can never change.</summary>
    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(-1, 2, 1)]
    [InlineData(4711, 1, 3)]
    [InlineData(long.MaxValue, 2, 2)]
    [InlineData(Click.NoVisitor, 1, 3)]
    public void Whose_clicks_are_where_is_the_same_for_ever(long visitor, int ofTwo, int ofThree)
    {
        const long ClickId = 8796093022215;

        Assert.Equal([ofTwo], Enumerable.Range(1, 2).Where(number => new ClickHouseShard(number, 2).Has(visitor, ClickId)));
        Assert.Equal([ofThree], Enumerable.Range(1, 3).Where(number => new ClickHouseShard(number, 3).Has(visitor, ClickId)));
        Assert.True(ClickHouseShard.Whole.Has(visitor, ClickId));
    }

    [Fact]
    public void One_server_has_the_table_that_it_has_always_had_and_several_have_others()
    {
        var epoch = new EpochOfAll("clicks", "removals", "identity");
        List<string> families =
            [.. new[] { ClickHouseShard.Whole, new(1, 2), new(2, 2), new(2, 3) }.Select(shard => ClickHouseTable.Of("spoo", epoch, shard).Family)];

        Assert.Matches("^clicks_identity_clicks_removals_[0-9a-f]{8}_$", families[0]);
        Assert.Matches("^clicks_identity_clicks_removals_[0-9a-f]{8}s2of3_$", families[3]);
        Assert.All(families, one => Assert.All(families.Where(other => other != one), other => Assert.False(one.StartsWith(other, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Each_server_is_shown_and_all_are_checked_together()
    {
        var link = await LinkWithClicksAsync(100);
        var good = await CheckAsync(_app.Services);

        var states = await _app.Get<ClickHouseWatch>().LookAsync(Cancelled);
        Assert.Equal(100, states.Sum(state => state.Clicks));
        Assert.All(states, state => Assert.Equal((null, 0L, true), (state.Failure, state.Waiting, state.Clicks > 0)));
        var page = await (await _app.SignedInAsync(await _app.AddAdministratorAsync())).GetStringAsync("/admin/system", Cancelled);
        Assert.All(states, state => Assert.Contains(state.Table!, page, StringComparison.Ordinal));
        Assert.Contains("Counting in ClickHouse, server 2 of 2", page, StringComparison.Ordinal);
        Assert.Matches(@"^ok statistics: ClickHouse \S+ at \S+, ClickHouse \S+ at \S+ count, and their copies together have what the database has: 100 clicks$", Assert.Single(good));
        await _there.Servers[1].RunAsync($"ALTER TABLE {(await _there.CurrentAsync())[1].Path} DELETE WHERE Visitor IN (9, 10) SETTINGS mutations_sync = 2", Cancelled);
        Assert.Contains($"are others than the database for 1 link: {link.ShortCode} with 98 instead of 100 clicks", Assert.Single(await CheckAsync(_app.Services)), StringComparison.Ordinal);
        using var without = WithoutSecond();
        Assert.StartsWith("LOOK statistics: ClickHouse at 127.0.0.1:1 does not answer", Assert.Single(await CheckAsync(without.Services)), StringComparison.Ordinal);

        static async Task<List<string>> CheckAsync(IServiceProvider services)
        {
            var lines = new List<string>();
            await ClickHouseCommands.CheckAsync(services, (isGood, line) => lines.Add($"{(isGood ? "ok" : "LOOK")} {line}"), Cancelled);
            return lines;
        }
    }

    [Fact]
    public async Task A_server_that_is_away_is_named_by_its_number_and_caught_up_when_it_is_back()
    {
        var link = await LinkWithClicksAsync(100);
        using var without = WithoutSecond();

        var refused = await RefusalAsync(link, without);
        await _app.AddAsync(Enumerable.Range(0, 100).Select(i => Some.Click(link, visitor: 50 + i)));
        await RefusalAsync(link, without);

        Assert.Equal((RefusalKind.Busy, CountingRefusals.AwayCode), (refused.Kind, refused.Code));
        Assert.Contains("number 2 of the 2 ClickHouse servers that count them does not answer", refused.Message, StringComparison.Ordinal);
        var rows = await _there.RowsByServerAsync("LinkId != 0");
        Assert.InRange(rows[0], 60, 140);
        Assert.Equal(0, rows[1]);
        var states = await without.Services.GetRequiredService<ClickHouseWatch>().LookAsync(Cancelled);
        Assert.Null(states[0].Failure);
        Assert.Equal("ClickHouse at 127.0.0.1:1 does not answer: it takes no connection", states[1].Failure);
        Assert.Equal("200 clicks of 150", await AskAsync(link));
        Assert.Equal(200, await _there.RowsAsync("LinkId != 0"));
    }

    /// <summary>As behind a wall that drops packets: connections are taken, and then nothing comes.</summary>
    [Fact]
    public async Task A_server_that_says_nothing_is_named_and_the_other_is_followed_when_it_has_been_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new FakeTimeProvider(Some.Noon.AddDays(1));
        var second = $"Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=1;{_settings[ClickHouseDoor.Shard(2)]}";
        await using var app = new SpooApp { Settings = new(_settings) { [ClickHouseDoor.Shard(2)] = second }, Clock = clock, Register = ClickHouseDoor.WithoutRounds };
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 100).Select(i => Some.Click(link, visitor: i)));

        var asking = app.Get<IClickCounting>().CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        using var asked = await silent.AcceptTcpClientAsync(Cancelled);
        await Eventually.TrueAsync(() => asking.IsCompleted, () => clock.Advance(TimeSpan.FromMinutes(1)), "the question is told");

        var refused = Assert.IsType<StatsOutcome.Refused>(Assert.Single(await asking)).Refusal;
        Assert.Contains("number 2 of the 2 ClickHouse servers", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClickHouseException>(() => app.Get<IClickCounting>().FollowAsync(Cancelled));
        Assert.Equal([true, false], (await _there.RowsByServerAsync("LinkId != 0")).Select(rows => rows > 0));
    }

    [Fact]
    public async Task A_process_that_ends_between_two_servers_leaves_nothing_that_is_lost_or_counted_twice()
    {
        var link = await LinkWithClicksAsync(10);
        Assert.Equal("10 clicks of 10", await AskAsync(link));
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("node", null, Cancelled);
        await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, 60).Select(i => Some.Click(link, visitor: i))), Cancelled);
        var pieces = new ClickHousePieces(_app.Get<IDbContextFactory<SpooDbContext>>());
        var tables = await _there.CurrentAsync();
        await using (var database = _app.OpenDatabase())
        {
            var state = (await FollowedWriters.NowAsync(database, null, Cancelled)).All.Single(one => one.Id == writer);
            var piece = await pieces.NextAsync(state, ClickId.FirstOf(writer), ClickId.FirstOf(writer) + 40, [.. tables.Select(table => table.Shard)], Cancelled);
            await new ClickHouseCopy(_there.Servers[1], tables[1]).AddAsync(piece, Cancelled);
        }

        Assert.Equal("70 clicks of 60", await AskAsync(link));
        Assert.Equal(70, await _there.RowsAsync("LinkId != 0"));
        using var next = ClickHouseDoor.OtherProcess(_app, _settings);
        Assert.Equal("70 clicks of 60", await AskAsync(link, next));
    }

    /// <summary>Each batch has a click for each server; while others copy, an answer that had more of one server than of the other would have an odd number.</summary>
    [Fact]
    public async Task All_servers_answer_as_of_the_same_moment()
    {
        var link = await _app.AddAsync(Some.Link());
        long[] visitors = [.. Enumerable.Range(1, 2).Select(number => Enumerable.Range(1, 100).First(visitor => new ClickHouseShard(number, 2).Has(visitor, 0)))];
        using var other = ClickHouseDoor.OtherProcess(_app, _settings);
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("node", null, Cancelled);
        var storing = Task.Run(
            async () =>
            {
                for (var batch = 0; batch < 40; batch++)
                {
                    await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, batch + 1).SelectMany(_ => visitors).Select(visitor => Some.Click(link, visitor: visitor))), Cancelled);
                    await other.Services.GetRequiredService<IClickCounting>().FollowAsync(Cancelled);
                }
            },
            Cancelled);

        while (!storing.IsCompleted)
        {
            var report = await Counting.ReportAsync(new StatsQuery { GroupBy = [Dimension.Browser] }, Everything(link));
            Assert.Equal(0, report.Summary.TotalClicks % 2);
            Assert.InRange(report.ClicksLookedAt, report.Summary.TotalClicks, 80);
        }

        await storing;
        Assert.Equal("80 clicks of 2", await AskAsync(link));
    }

    [Fact]
    public async Task Another_number_of_servers_has_copies_of_its_own_and_the_one_copy_of_before_stays()
    {
        var link = await LinkWithClicksAsync(100);
        var first = new Dictionary<string, string>(_settings);
        first.Remove(ClickHouseDoor.Shard(2));
        using var one = ClickHouseDoor.OtherProcess(_app, first);
        Assert.Equal("100 clicks of 100", await AskAsync(link, one));
        await _there.Servers[0].RunAsync(
            $"ALTER TABLE {Path(Assert.Single((await _there.TablesAsync())[0]))} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2", Cancelled);

        await _app.AddAsync(Some.Click(link, visitor: 1000));
        var two = await Counting.ReportAsync(ByBrowser, Everything(link));
        var again = await one.Services.GetRequiredService<IClickCounting>().ReportAsync(ByBrowser, Everything(link));

        Assert.Equal([101], two.By(Dimension.Browser).Rows.Select(row => (int)row.Count.Clicks));
        Assert.Equal([(Marked, 100), ("Unknown", 1)], again.By(Dimension.Browser).Rows.Select(row => (row.Label, (int)row.Count.Clicks)));
        Assert.Equal([2, 1], (await _there.TablesAsync()).Select(tables => tables.Count));
    }

    /// <summary>Of the clicks that are others now, a server may have none: it would miss what it gets by them.</summary>
    [Fact]
    public async Task What_one_server_has_of_another_past_makes_all_copies_anew()
    {
        var link = await LinkWithClicksAsync(100);
        await AskAsync(link);
        await using (var database = _app.OpenDatabase())
        {
            var last = await database.Clicks.OrderByDescending(click => click.Id).FirstAsync(Cancelled);
            var mine = Enumerable.Range(1, 2).Single(number => new ClickHouseShard(number, 2).Has(last.Visitor, last.Id));
            var others = Enumerable.Range(1000, 100).First(visitor => !new ClickHouseShard(mine, 2).Has(visitor, last.Id));
            await database.Clicks.Where(click => click.Id == last.Id).ExecuteUpdateAsync(set => set.SetProperty(click => click.Visitor, others), Cancelled);
        }

        using var next = ClickHouseDoor.OtherProcess(_app, _settings);

        Assert.Equal("100 clicks of 100", await AskAsync(link, next));
        Assert.Equal(100, await _there.RowsAsync("LinkId != 0"));
    }

    [Fact]
    public async Task Clicks_that_are_removed_while_a_server_is_away_and_behind_leave_the_copies_when_it_is_back()
    {
        var owner = await _app.AddUserAsync();
        var cleared = await _app.AddAsync(Some.Link(owner: owner));
        var kept = await LinkWithClicksAsync(100);
        await _app.AddAsync(Enumerable.Range(0, 40).Select(i => Some.Click(cleared, visitor: i)));
        Assert.Equal("100 clicks of 100", await AskAsync(kept));
        await _there.RunOnEachAsync($"ALTER TABLE {{0}} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2");
        await _app.AddAsync(Enumerable.Range(0, 30).Select(i => Some.Click(kept, visitor: i)));
        using var without = WithoutSecond();
        await RefusalAsync(kept, without);
        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
        await RefusalAsync(kept, without);

        // The first server has thirty more by now, of which those are read again that the copies had not in common.
        var report = await Counting.ReportAsync(ByBrowser, Everything(kept));

        Assert.Equal([(Marked, 100), ("Unknown", 30)], report.By(Dimension.Browser).Rows.Select(row => (row.Label, (int)row.Count.Clicks)));
        Assert.Equal("0 clicks of 0", await AskAsync(cleared));
        Assert.Empty((await _app.Get<ClickHouseWatch>().CompareAsync(Cancelled)).Differences);
        await _there.AssertOneTableEachAsync();
    }

    [Fact]
    public async Task What_a_server_has_lost_is_read_again_and_what_the_other_has_is_kept()
    {
        var owner = await _app.AddUserAsync();
        var cleared = await _app.AddAsync(Some.Link(owner: owner));
        var kept = await LinkWithClicksAsync(100);
        await _app.AddAsync(Enumerable.Range(0, 40).Select(i => Some.Click(cleared, visitor: i)));
        await AskAsync(kept);
        await _there.RunOnEachAsync($"ALTER TABLE {{0}} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2");
        var onFirst = (await _there.RowsByServerAsync($"LinkId = {kept.Id}"))[0];
        await _there.Servers[1].RunAsync((await _there.CurrentAsync())[1].Drop, Cancelled);
        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        var report = await Counting.ReportAsync(ByBrowser, Everything(kept));

        Assert.Equal(
            [(Marked, onFirst), ("Unknown", 100 - onFirst)],
            report.By(Dimension.Browser).Rows.Select(row => (row.Label, (long)row.Count.Clicks)).OrderByDescending(row => row.Label == Marked));
        Assert.Equal(100, await _there.RowsAsync("LinkId != 0"));
        await _there.AssertOneTableEachAsync();
    }

    [Fact]
    public async Task Deleted_links_leave_the_servers_that_answer_and_the_others_later()
    {
        var deleted = await LinkWithClicksAsync(100);
        await AskAsync(deleted);
        await using (var database = _app.OpenDatabase())
        {
            await database.Clicks.ExecuteDeleteAsync(Cancelled);
            await database.Links.ExecuteDeleteAsync(Cancelled);
        }

        using var without = WithoutSecond();
        var away = await Assert.ThrowsAsync<ClickHouseException>(() => without.Services.GetRequiredService<IClickCounting>().ForgetDeletedAsync(Cancelled));

        Assert.Equal(2, away.Server);
        var rows = await _there.RowsByServerAsync("LinkId != 0");
        Assert.Equal((0, true), (rows[0], rows[1] > 0));
        await Counting.ForgetDeletedAsync(Cancelled);
        Assert.Equal(0, await _there.RowsAsync("LinkId != 0"));
    }

    private static ClickSelection Everything(Link link) => Some.ClicksOf(link, Some.Noon.AddDays(-40), Some.Noon.AddDays(40));

    private async Task<Link> LinkWithClicksAsync(int clicks)
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Enumerable.Range(0, clicks).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i)));
        return link;
    }

    private async Task<string> AskAsync(Link link, IHost? process = null)
    {
        var counting = process?.Services.GetRequiredService<IClickCounting>() ?? Counting;
        var summary = (await counting.ReportAsync(ByBrowser, Everything(link))).Summary;
        return $"{summary.TotalClicks} clicks of {summary.UniqueClicks}";
    }

    private static async Task<Refusal> RefusalAsync(Link link, IHost process)
    {
        var outcomes = await process.Services.GetRequiredService<IClickCounting>().CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        return Assert.IsType<StatsOutcome.Refused>(Assert.Single(outcomes)).Refusal;
    }

    // Another process, which does not reach the second server.
    private IHost WithoutSecond() => ClickHouseDoor.OtherProcess(_app, new(_settings) { [ClickHouseDoor.Shard(2)] = $"Port=1;{_settings[ClickHouseDoor.Shard(2)]}" });

    private string Path(string table) => $"{ClickHouseServer.Quoted(_there.Servers[0].Database)}.{ClickHouseServer.Quoted(table)}";
}
