using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

public sealed class ClickHouseRemovalOnOneServerTests() : ClickHouseRemovalTests(shards: 1);

public sealed class ClickHouseRemovalOnTwoServersTests() : ClickHouseRemovalTests(shards: 2);

/// <summary>Clicks that are removed while their links stay leave the copy, which nobody has to wait for to be made anew.</summary>
public abstract class ClickHouseRemovalTests : IAsyncDisposable
{
    /// <summary>In the copy alone, so that what has it was not read from the database again.</summary>
    private const string Marked = "of the copy before";

    private readonly FakeTimeProvider _clock = new(Some.Noon.AddDays(60));
    private readonly Dictionary<string, string> _settings;
    private readonly SpooApp _app;
    private readonly ClickHouseInspection _there;

    protected ClickHouseRemovalTests(int shards)
    {
        _settings = ClickHouseDoor.NewSettings(shards);
        _app = new SpooApp { Settings = _settings, Clock = _clock, Register = ClickHouseDoor.WithoutRounds };
        _there = new ClickHouseInspection(_app);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IClickCounting Counting => _app.Get<IClickCounting>();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Clicks_that_are_too_old_leave_the_copy_and_the_others_are_not_copied_again()
    {
        var (ann, bob) = (await _app.AddUserAsync(), await _app.AddUserAsync());
        var (anns, bobs) = (await _app.AddAsync(Some.Link(owner: ann)), await _app.AddAsync(Some.Link(owner: bob)));
        await AddDaysAsync(anns, 50);
        await AddDaysAsync(bobs, 50);
        await CopyAndMarkAsync(anns, bobs);
        await using (var database = _app.OpenDatabase())
        {
            await database.Users.Where(user => user.Id == ann.Id).ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, 30), Cancelled);
        }

        Assert.Equal(19, await _app.Get<ClickRetention>().RunAsync(Cancelled));

        Assert.Equal(["31 of the copy before"], await BrowsersAsync(anns));
        Assert.Equal(["50 of the copy before"], await BrowsersAsync(bobs));
        await AssertTheSameAsync();
    }

    [Fact]
    public async Task Cleared_clicks_leave_the_copy_and_clicks_that_came_meanwhile_are_copied()
    {
        var (ann, bob) = (await _app.AddUserAsync(), await _app.AddUserAsync());
        var (anns, bobs) = (await _app.AddAsync(Some.Link(owner: ann)), await _app.AddAsync(Some.Link(owner: bob)));
        await AddDaysAsync(anns, 20);
        await AddDaysAsync(bobs, 20);
        await CopyAndMarkAsync(anns, bobs);
        await AddDaysAsync(anns, 3);
        await AddDaysAsync(bobs, 4);

        await _app.Get<ClickHistory>().ClearAsync(ann.Id, null, Cancelled);
        await AddDaysAsync(anns, 5);

        Assert.Equal(["5 Firefox"], await BrowsersAsync(anns));
        Assert.Equal(["20 of the copy before", "4 Firefox"], await BrowsersAsync(bobs));
        await AssertTheSameAsync();
    }

    [Fact]
    public async Task What_an_import_had_brought_leaves_the_copy_when_it_is_undone()
    {
        var ann = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: ann));
        await AddDaysAsync(link, 10);
        var lines = string.Concat(Enumerable.Range(0, 7).Select(i => $$"""{"time":"{{Some.Noon.AddHours(i):O}}","short_code":"{{link.ShortCode}}"}""" + "\n"));
        var file = new ClickFileToImport { Name = "more.ndjson", Content = new MemoryStream(Encoding.UTF8.GetBytes(lines)), OwnerId = ann.Id, Format = ClickFileFormat.Ndjson };
        Assert.Equal(7, (await _app.Get<ClickImport>().RunAsync(file, null, Cancelled)).Stored);
        await CopyAndMarkAsync(link);
        Assert.Equal(["17 of the copy before"], await BrowsersAsync(link));

        var import = Assert.Single(await _app.Get<ImportRecords>().ListAsync(ann.Id, Cancelled));
        Assert.IsType<UndoOutcome.Done>(await _app.Get<ImportUndo>().UndoAsync(import.Id, ann.Id, null, Cancelled));

        Assert.Equal(["10 of the copy before"], await BrowsersAsync(link));
        await AssertTheSameAsync();
    }

    /// <summary>Whatever is removed, also such that what is left is neither the newer nor the later part of a writer's clicks, and however far the copy was.</summary>
    [Fact]
    public async Task Answers_agree_with_the_rows_after_any_removal()
    {
        var random = new Random(2);
        var clicks = new RandomClicks(random);
        var owner = await _app.AddUserAsync();
        var links = new List<Link>();
        for (var i = 0; i < 4; i++)
        {
            links.Add(await _app.AddAsync(Some.Link(owner: owner)));
        }

        for (var round = 0; round < 4; round++)
        {
            await _app.AddAsync(Enumerable.Range(0, random.Next(1, 300)).Select(_ => clicks.Next(links[random.Next(links.Count)])));
            if (random.Next(3) > 0)
            {
                await Counting.FollowAsync(Cancelled);
            }

            await RemoveAsync(round, random, links[random.Next(links.Count)], owner);
            for (var i = 0; i < 2; i++)
            {
                var (query, selection) = clicks.Question(links, owner.Id);

                var counted = await Counting.ReportAsync(query, selection);

                Assert.Equal(LiveClicksTests.Text(PlainCount.Of(query, selection, await LiveClicksTests.FactsAsync(_app), counted.AsOf)), LiveClicksTests.Text(counted));
            }

            await AssertTheSameAsync();
        }
    }

    [Fact]
    public async Task Processes_that_follow_a_removal_at_once_come_to_the_same_copy()
    {
        var owner = await _app.AddUserAsync();
        var (cleared, kept) = (await _app.AddAsync(Some.Link(owner: owner)), await _app.AddAsync(Some.Link()));
        await AddDaysAsync(kept, 40);
        await CopyAndMarkAsync(kept);
        using var second = ClickHouseDoor.OtherProcess(_app, _settings);
        IClickCounting[] processes = [Counting, second.Services.GetRequiredService<IClickCounting>()];
        for (var round = 0; round < 2; round++)
        {
            await AddDaysAsync(cleared, 10);
            await Task.WhenAll(processes.Select(counting => counting.FollowAsync(Cancelled)));
            await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

            var answers = await Task.WhenAll(processes.Select(counting => BrowsersAsync(kept, counting)));

            Assert.All(answers, answer => Assert.Equal(["40 of the copy before"], answer));
            Assert.Empty(await BrowsersAsync(cleared));
        }

        await AssertTheSameAsync();
    }

    [Fact]
    public async Task What_a_killed_process_left_unfinished_goes()
    {
        var owner = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await AddDaysAsync(link, 10);
        await CopyAndMarkAsync(link);
        foreach (var (server, table) in _there.Servers.Zip(await _there.CurrentAsync()))
        {
            var left = table.Unfinished();
            await server.RunAsync(left.Create, Cancelled);
            await server.RunAsync($"INSERT INTO {left.Path} SELECT * FROM {table.Path}", Cancelled);
        }

        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
        await AddDaysAsync(link, 2);

        Assert.Equal(["2 Firefox"], await BrowsersAsync(link));
        await _there.AssertOneTableEachAsync();
    }

    private async Task RemoveAsync(int round, Random random, Link link, SpooUser owner)
    {
        await using var database = _app.OpenDatabase();
        var clicks = database.Clicks.Where(click => click.LinkId == link.Id);
        var from = Some.Noon.AddDays(random.Next(-40, 40));
        await ((round % 4) switch
        {
            0 => clicks,
            1 => clicks.Where(click => click.Time < from),
            2 => clicks.Where(click => click.Time > from),
            _ => clicks.Where(click => click.Visitor % 3 == 0),
        }).ExecuteDeleteAsync(Cancelled);
        await ClickEpoch.NoteRemovalAsync(database, owner.Id, Cancelled);
    }

    private async Task AddDaysAsync(Link link, int days) =>
        await _app.AddAsync(Enumerable.Range(0, days).Select(i => Some.Click(link, _clock.GetUtcNow().AddDays(-i), visitor: i) with { Browser = "Firefox" }));

    private async Task CopyAndMarkAsync(params Link[] links)
    {
        await Counting.FollowAsync(Cancelled);
        await _there.RunOnEachAsync(
            $"ALTER TABLE {{0}} UPDATE browser = {ClickHouseServer.Text(Marked)} WHERE LinkId IN ({string.Join(',', links.Select(link => link.Id))}) SETTINGS mutations_sync = 2");
    }

    private async Task<IEnumerable<string>> BrowsersAsync(Link link, IClickCounting? counting = null)
    {
        var clicks = Some.ClicksOf(link, Some.Noon.AddDays(-100), Some.Noon.AddDays(100));
        var report = await (counting ?? Counting).ReportAsync(new StatsQuery { GroupBy = [Dimension.Browser] }, clicks);
        return report.By(Dimension.Browser).Rows.Select(row => $"{row.Count.Clicks} {row.Label}");
    }

    // By link: how many, the first and the last.
    private async Task AssertTheSameAsync()
    {
        Assert.Empty((await _app.Get<ClickHouseWatch>().CompareAsync(Cancelled)).Differences);
        await _there.AssertOneTableEachAsync();
    }
}
