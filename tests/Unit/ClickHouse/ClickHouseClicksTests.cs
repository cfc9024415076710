using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

public sealed class ClickHouseClicksOnOneServerTests() : ClickHouseClicksTests(shards: 1);

public sealed class ClickHouseClicksOnTwoServersTests() : ClickHouseClicksTests(shards: 2);

/// <summary>Counting in ClickHouse is as counting by hand, whatever comes and goes.</summary>
public abstract class ClickHouseClicksTests : IAsyncDisposable
{
    private static readonly string[] Zones = ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

    private readonly FakeTimeProvider _clock = new(Some.Noon.AddDays(400));
    private readonly Dictionary<string, string> _settings;
    private readonly SpooApp _app;
    private readonly ClickHouseInspection _there;

    protected ClickHouseClicksTests(int shards)
    {
        _settings = ClickHouseDoor.NewSettings(shards);
        _app = new SpooApp { Settings = _settings, Clock = _clock, Register = ClickHouseDoor.WithoutRounds };
        _there = new ClickHouseInspection(_app);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Answers_agree_with_the_rows_after_any_batches()
    {
        var random = new Random(_settings.Count);
        var clicks = new RandomClicks(random);
        var owner = await _app.AddUserAsync();
        var links = new List<Link>();
        for (var i = 0; i < 6; i++)
        {
            links.Add(await _app.AddAsync(Some.Link(owner: random.Next(4) == 0 ? null : owner)));
        }

        for (var round = 0; round < 6; round++)
        {
            await _app.AddAsync(Enumerable.Range(0, random.Next(1, 400)).Select(_ => clicks.Next(links[random.Next(links.Count)])));
            if (round == 3)
            {
                await DeleteAsync(links[0]);
                links.RemoveAt(0);
            }

            for (var i = 0; i < 8; i++)
            {
                var (query, selection) = clicks.Question(links.Where(link => link.OwnerId == owner.Id).ToList(), owner.Id);

                var counted = await Counting.ReportAsync(query, selection);

                Assert.Equal(LiveClicksTests.Text(PlainCount.Of(query, selection, await LiveClicksTests.FactsAsync(_app), counted.AsOf)), LiveClicksTests.Text(counted));
            }
        }
    }

    /// <summary>Everything at once: all dimensions, crossed with the first of them, in zones whose clocks change, with filters of each kind and with the hours of the week.</summary>
    [Fact]
    public async Task Answers_agree_with_the_columns_in_whatever_is_asked()
    {
        var random = new Random(7);
        var clicks = new RandomClicks(random);
        var (own, hosted) = (await _app.AddAsync(Some.Link()), await _app.AddAsync(Some.Link()));
        await _app.AddAsync(Enumerable.Range(0, 3000).Select(i => clicks.Next(i % 3 == 0 ? own : hosted) with { Target = i % 5 == 0 ? "a 'quoted' \\ rule" : null }));
        await _app.AddAsync(Enumerable.Range(0, 50).Select(_ => clicks.Next(own) with { Visitor = Click.NoVisitor }));
        IReadOnlyList<CountedLink> links =
            [new(own.Id, null, own.ShortCode, null, own.CreatedAt), new(hosted.Id, "go.example.com", hosted.ShortCode, null, hosted.CreatedAt)];
        IReadOnlyList<StatsFilter> filters =
        [
            new(Dimension.Target, FilterOperator.Is, ["a 'quoted' \\ rule", Dimension.Target.NoValue]),
            new(Dimension.City, FilterOperator.DoesNotContain, ["ber"]),
            new(Dimension.Country, FilterOperator.Contains, ["german", "U"]),
            new(Dimension.Browser, FilterOperator.IsNot, ["Opera", "Chrome"]),
        ];
        foreach (var (number, name) in Zones.Index())
        {
            var zone = TimeZones.Find(name)!;
            var range = new TimeRange(Some.Noon.AddDays(-40), Some.Noon.AddDays(40), zone);
            var width = number % 2 == 0 ? TimeBucketWidth.Hour : TimeBucketWidth.Day;
            Dimension[] all = [.. Dimension.All.OrderBy(dimension => dimension == Dimension.All[number] ? 0 : 1)];
            foreach (var buckets in new[] { TimeBuckets.Of(range, width), TimeBuckets.HoursOfWeek(range) })
            {
                var query = new StatsQuery { GroupBy = all, Cross = number < 2, BucketDetails = true, Limit = 1000 };
                var selection = new ClickSelection { OwnerId = null, Links = links, Range = range, Buckets = buckets, Filters = [.. filters.Take(number + 1)] };

                Assert.Equal(LiveClicksTests.Text(await _app.Get<LiveClicks>().ReportAsync(query, selection)), LiveClicksTests.Text(await Counting.ReportAsync(query, selection)));
            }
        }
    }

    [Fact]
    public async Task Two_ranges_are_answered_at_once_and_as_of_the_same_moment()
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Enumerable.Range(0, 10).Select(i => Some.Click(link, Some.Noon.AddDays(i % 2 == 0 ? -1 : 1), visitor: i)));
        var (before, after) = (Some.ClicksOf(link, Some.Noon.AddDays(-2), Some.Noon), Some.ClicksOf(link, Some.Noon, Some.Noon.AddDays(2)));

        var outcomes = await Counting.CountAsync(ByBrowser, [after, before, before with { Links = [] }], AnswerLimits.Stranger, Cancelled);

        var reports = outcomes.Select(outcome => Assert.IsType<StatsOutcome.Found>(outcome).Report).ToList();
        Assert.Equal([5L, 5L, 0L], reports.Select(report => report.Summary.TotalClicks));
        Assert.Equal([10L, 10L, 0L], reports.Select(report => report.ClicksLookedAt));
        Assert.Single(reports.Select(report => report.AsOf).Distinct());
    }

    [Fact]
    public async Task A_click_is_in_the_very_next_answer()
    {
        var link = await _app.AddAsync(Some.Link());
        for (var expected = 1; expected <= 4; expected++)
        {
            await _app.AddAsync(Some.Click(link, visitor: expected));

            Assert.Equal($"{expected} clicks of {expected}", await AskAsync(link));
        }
    }

    [Fact]
    public async Task Processes_that_copy_at_once_neither_lose_nor_double_any()
    {
        var link = await _app.AddAsync(Some.Link());
        using var second = OtherProcess();
        using var third = OtherProcess();
        IClickCounting[] processes = [Counting, second.Services.GetRequiredService<IClickCounting>(), third.Services.GetRequiredService<IClickCounting>()];
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("node", null, Cancelled);
        for (var round = 1; round <= 6; round++)
        {
            // The one writer goes on, and is copied by three at once.
            await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, round * 100).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i))), Cancelled);
            await _app.AddAsync(Some.Click(link, visitor: 0));

            var answers = await Task.WhenAll(processes.Select(counting => counting.ReportAsync(ByBrowser, Everything(link))));

            Assert.All(answers, answer => Assert.Equal(((round * 100) + round, round * 100), (answer.Summary.TotalClicks, answer.Summary.UniqueClicks)));
        }

        Assert.Equal(606, await _there.RowsAsync($"LinkId = {link.Id}"));
    }

    [Fact]
    public async Task A_piece_that_comes_again_or_too_late_is_left_out()
    {
        var link = await _app.AddAsync(Some.Link());
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("node", null, Cancelled);
        await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, 30).Select(i => Some.Click(link, visitor: i))), Cancelled);
        Assert.Equal("30 clicks of 30", await AskAsync(link));
        await store.StoreAsync(Some.Batch(writer, Enumerable.Range(0, 50).Select(i => Some.Click(link, visitor: i))), Cancelled);
        var pieces = new ClickHousePieces(_app.Get<IDbContextFactory<SpooDbContext>>());
        foreach (var (server, table) in _there.Servers.Zip(await _there.CurrentAsync()))
        {
            var copy = new ClickHouseCopy(server, table);
            var there = (await copy.PositionsAsync(Cancelled)).Open.Single(state => state.Id == writer);

            // A process that ended before it knew that its first twelve were taken, one that does not know of them, and one that has been asleep.
            await AddAsync(there.LastClickId, there.LastClickId + 12);
            await AddAsync(there.LastClickId, there.LastClickId + 20);
            await AddAsync(ClickId.FirstOf(writer), there.LastClickId);

            async Task AddAsync(long after, long until) => await copy.AddAsync(await pieces.NextAsync(there, after, until, [table.Shard], Cancelled), Cancelled);
        }

        Assert.Equal(42, await _there.RowsAsync($"LinkId = {link.Id}"));
        using var next = OtherProcess();
        Assert.Equal("50 clicks of 50", await AskAsync(link, next.Services.GetRequiredService<IClickCounting>()));
        Assert.Equal(50, await _there.RowsAsync($"LinkId = {link.Id}"));
    }

    [Fact]
    public async Task A_new_epoch_makes_the_copy_worthless_and_it_goes()
    {
        var link = await LinkWithClicksAsync();
        Assert.Equal("300 clicks of 100", await AskAsync(link));
        await using (var database = _app.OpenDatabase())
        {
            await database.ClickAgents.ExecuteUpdateAsync(set => set.SetProperty(agent => agent.Browser, "Lynx"), Cancelled);
            await ClickEpoch.RenewAsync(database, Cancelled);
        }

        var report = await Counting.ReportAsync(ByBrowser, Everything(link));

        Assert.Equal([new BreakdownRow("Lynx", "Lynx", new Count(300, 100))], report.By(Dimension.Browser).Rows);
        await _there.AssertOneTableEachAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_of_another_past_of_the_database_is_made_anew(bool hasGoneOn)
    {
        var link = await LinkWithClicksAsync();
        Assert.Equal("300 clicks of 100", await AskAsync(link));
        await using (var database = _app.OpenDatabase())
        {
            if (hasGoneOn)
            {
                // Under the keys of those that are not there any more come others.
                await database.Clicks.OrderByDescending(click => click.Id).Take(30).ExecuteUpdateAsync(set => set.SetProperty(click => click.Visitor, 4711), Cancelled);
            }
            else
            {
                await database.Clicks.OrderByDescending(click => click.Id).Take(30).ExecuteDeleteAsync(Cancelled);
                await database.ClickWriters.OrderByDescending(writer => writer.Id).Take(1).ExecuteUpdateAsync(
                    set => set.SetProperty(writer => writer.LastSequence, writer => writer.LastSequence - 30), Cancelled);
            }
        }

        using var next = OtherProcess();

        Assert.Equal(hasGoneOn ? "300 clicks of 91" : "270 clicks of 90", await AskAsync(link, next.Services.GetRequiredService<IClickCounting>()));
    }

    [Fact]
    public async Task A_copy_that_was_dropped_is_made_anew()
    {
        var link = await LinkWithClicksAsync();
        await AskAsync(link);
        await _there.RunOnEachAsync("DROP TABLE {0}");
        using var other = OtherProcess();

        // Which makes it anew, and is not followed by what this one knows of the one that was.
        await _app.AddAsync(Some.Click(link, visitor: 4711));
        Assert.Equal("301 clicks of 101", await AskAsync(link, other.Services.GetRequiredService<IClickCounting>()));
        await _app.AddAsync(Some.Click(link, visitor: 4712));
        Assert.Equal("302 clicks of 102", await AskAsync(link));
        Assert.Equal(302, await _there.RowsAsync("LinkId != 0"));
    }

    [Fact]
    public async Task What_was_deleted_is_in_no_table_any_more_and_is_not_copied_again()
    {
        var (kept, deleted) = (await LinkWithClicksAsync(), await LinkWithClicksAsync());
        await AskAsync(kept);
        Assert.Equal(300, await _there.RowsAsync($"LinkId = {deleted.Id}"));
        await DeleteAsync(deleted);

        await Counting.ForgetDeletedAsync(Cancelled);

        Assert.Equal(0, await _there.RowsAsync($"LinkId = {deleted.Id}"));
        Assert.Equal("300 clicks of 100", await AskAsync(kept));
        await _app.AddAsync(Some.Click(kept, visitor: 999));
        Assert.Equal("301 clicks of 101", await AskAsync(kept));
        Assert.Equal(301, await _there.RowsAsync("LinkId != 0"));
    }

    [Fact]
    public async Task A_question_does_not_wait_for_a_long_copy_and_says_why()
    {
        var link = await LinkWithClicksAsync();
        var contexts = new SlowContexts(_app.OpenDatabase);
        var counting = new ClickHouseClicks(contexts, _app.Get<StoreGate>(), _app.Get<ClickHouseServers>(), _app.Get<ClickHouseOptions>(), _clock, NullLogger<ClickHouseClicks>.Instance);
        var first = counting.CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        var second = counting.CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        await Eventually.TrueAsync(() => first.IsCompleted && second.IsCompleted, () => _clock.Advance(TimeSpan.FromMinutes(1)), "both are told");

        var refused = Assert.IsType<StatsOutcome.Refused>((await first)[0]).Refusal;
        Assert.Equal(RefusalKind.Busy, refused.Kind);
        Assert.Contains("are being copied to ClickHouse", refused.Message, StringComparison.Ordinal);
        contexts.Open.SetResult();
        Assert.Equal("300 clicks of 100", await AskAsync(link, counting));
    }

    [Fact]
    public async Task The_API_and_the_audit_count_in_it()
    {
        var owner = await _app.AddUserAsync();
        var link = await LinkWithClicksAsync(owner);
        var client = await _app.WithKeyAsync(owner);
        var report = await client.JsonAsync("/api/v1/stats?group_by=browser,time&compare=previous&start_date=2020-01-01");
        Assert.Equal(300, report.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Empty((await _app.Get<Spoo.Data.Care.ClickAudit>().RunAsync(Cancelled)).Differences);
        Assert.Equal(0, _app.Get<LiveClicks>().Clicks);
    }

    private static StatsQuery ByBrowser { get; } = new() { GroupBy = [Dimension.Browser] };

    private IClickCounting Counting => _app.Get<IClickCounting>();

    private static ClickSelection Everything(Link link) => Some.ClicksOf(link, Some.Noon.AddDays(-30), Some.Noon.AddDays(30));

    private async Task<string> AskAsync(Link link, IClickCounting? counting = null)
    {
        var summary = (await (counting ?? Counting).ReportAsync(ByBrowser, Everything(link))).Summary;
        return $"{summary.TotalClicks} clicks of {summary.UniqueClicks}";
    }

    private async Task<Link> LinkWithClicksAsync(SpooUser? owner = null)
    {
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Enumerable.Range(0, 300).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i / 3) with { Browser = "Firefox" }));
        return link;
    }

    private async Task DeleteAsync(Link link)
    {
        await using var database = _app.OpenDatabase();
        await database.Clicks.Where(click => click.LinkId == link.Id).ExecuteDeleteAsync(Cancelled);
        await database.Links.Where(row => row.Id == link.Id).ExecuteDeleteAsync(Cancelled);
    }

    private IHost OtherProcess() => ClickHouseDoor.OtherProcess(_app, _settings);
}
