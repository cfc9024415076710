using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;
using Spoo.Web.Commands;

namespace Spoo.Tests.ClickHouse;

/// <summary>What is particular to counting on several servers: who has which clicks, and what they answer together.</summary>
public sealed class ClickHouseShardsTests : OnTwoServers
{
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
        var good = await CheckAsync(App.Services);

        var states = await App.Get<ClickHouseWatch>().LookAsync(Cancelled);
        Assert.Equal(100, states.Sum(state => state.Clicks));
        Assert.All(states, state => Assert.Equal((null, 0L, true), (state.Failure, state.Waiting, state.Clicks > 0)));
        var page = await (await App.SignedInAsync(await App.AddAdministratorAsync())).GetStringAsync("/admin/system", Cancelled);
        Assert.All(states, state => Assert.Contains(state.Table!, page, StringComparison.Ordinal));
        Assert.Contains("Counting in ClickHouse, server 2 of 2", page, StringComparison.Ordinal);
        Assert.Matches(@"^ok statistics: ClickHouse \S+ at \S+, ClickHouse \S+ at \S+ count, and their copies together have what the database has: 100 clicks$", Assert.Single(good));
        await There.Servers[1].RunAsync($"ALTER TABLE {(await There.CurrentAsync())[1].Path} DELETE WHERE Visitor IN (9, 10) SETTINGS mutations_sync = 2", Cancelled);
        Assert.Contains($"are others than the database for 1 link: {link.ShortCode} with 98 instead of 100 clicks", Assert.Single(await CheckAsync(App.Services)), StringComparison.Ordinal);
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
    public async Task A_process_that_ends_between_two_servers_leaves_nothing_that_is_lost_or_counted_twice()
    {
        var link = await LinkWithClicksAsync(10);
        Assert.Equal("10 clicks of 10", await AskAsync(link));
        var store = App.Get<ClickStore>();
        var writer = await store.NewWriterAsync("node", null, Cancelled);
        await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, 60).Select(i => Some.Click(link, visitor: i))), Cancelled);
        var pieces = new ClickHousePieces(App.Get<IDbContextFactory<SpooDbContext>>());
        var tables = await There.CurrentAsync();
        await using (var database = App.OpenDatabase())
        {
            var state = (await FollowedWriters.NowAsync(database, null, Cancelled)).All.Single(one => one.Id == writer);
            var piece = await pieces.NextAsync(state, ClickId.FirstOf(writer), ClickId.FirstOf(writer) + 40, [.. tables.Select(table => table.Shard)], Cancelled);
            await new ClickHouseCopy(There.Servers[1], tables[1]).AddAsync(piece, Cancelled);
        }

        Assert.Equal("70 clicks of 60", await AskAsync(link));
        Assert.Equal(70, await There.RowsAsync("LinkId != 0"));
        using var next = ClickHouseDoor.OtherProcess(App, Settings);
        Assert.Equal("70 clicks of 60", await AskAsync(link, next));
    }

    /// <summary>Each batch has a click for each server; while others copy, an answer that had more of one server than of the other would have an odd number.</summary>
    [Fact]
    public async Task All_servers_answer_as_of_the_same_moment()
    {
        var link = await App.AddAsync(Some.Link());
        long[] visitors = [.. Enumerable.Range(1, 2).Select(number => Enumerable.Range(1, 100).First(visitor => new ClickHouseShard(number, 2).Has(visitor, 0)))];
        using var other = ClickHouseDoor.OtherProcess(App, Settings);
        var store = App.Get<ClickStore>();
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
        var first = new Dictionary<string, string>(Settings);
        first.Remove(ClickHouseDoor.Shard(2));
        using var one = ClickHouseDoor.OtherProcess(App, first);
        Assert.Equal("100 clicks of 100", await AskAsync(link, one));
        await There.Servers[0].RunAsync(
            $"ALTER TABLE {Path(Assert.Single((await There.TablesAsync())[0]))} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2", Cancelled);

        await App.AddAsync(Some.Click(link, visitor: 1000));
        var two = await Counting.ReportAsync(ByBrowser, Everything(link));
        var again = await one.Services.GetRequiredService<IClickCounting>().ReportAsync(ByBrowser, Everything(link));

        Assert.Equal([101], two.By(Dimension.Browser).Rows.Select(row => (int)row.Count.Clicks));
        Assert.Equal([(Marked, 100), ("Unknown", 1)], again.By(Dimension.Browser).Rows.Select(row => (row.Label, (int)row.Count.Clicks)));
        Assert.Equal([2, 1], (await There.TablesAsync()).Select(tables => tables.Count));
    }

    /// <summary>Of the clicks that are others now, a server may have none: it would miss what it gets by them.</summary>
    [Fact]
    public async Task What_one_server_has_of_another_past_makes_all_copies_anew()
    {
        var link = await LinkWithClicksAsync(100);
        await AskAsync(link);
        await using (var database = App.OpenDatabase())
        {
            var last = await database.Clicks.OrderByDescending(click => click.Id).FirstAsync(Cancelled);
            var mine = Enumerable.Range(1, 2).Single(number => new ClickHouseShard(number, 2).Has(last.Visitor, last.Id));
            var others = Enumerable.Range(1000, 100).First(visitor => !new ClickHouseShard(mine, 2).Has(visitor, last.Id));
            await database.Clicks.Where(click => click.Id == last.Id).ExecuteUpdateAsync(set => set.SetProperty(click => click.Visitor, others), Cancelled);
        }

        using var next = ClickHouseDoor.OtherProcess(App, Settings);

        Assert.Equal("100 clicks of 100", await AskAsync(link, next));
        Assert.Equal(100, await There.RowsAsync("LinkId != 0"));
    }

    private string Path(string table) => $"{ClickHouseServer.Quoted(There.Servers[0].Database)}.{ClickHouseServer.Quoted(table)}";
}
