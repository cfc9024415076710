using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>What becomes of the numbers when a server is away, says nothing, or has lost what it had.</summary>
public sealed class ClickHouseServerAwayTests : OnTwoServers
{
    [Fact]
    public async Task A_server_that_is_away_is_named_by_its_number_and_caught_up_when_it_is_back()
    {
        var link = await LinkWithClicksAsync(100);
        using var without = WithoutSecond();

        var refused = await RefusalAsync(link, without);
        await App.AddAsync(Enumerable.Range(0, 100).Select(i => Some.Click(link, visitor: 50 + i)));
        await RefusalAsync(link, without);

        Assert.Equal((RefusalKind.Busy, CountingRefusals.AwayCode), (refused.Kind, refused.Code));
        Assert.Contains("number 2 of the 2 ClickHouse servers that count them does not answer", refused.Message, StringComparison.Ordinal);
        var rows = await There.RowsByServerAsync("LinkId != 0");
        Assert.InRange(rows[0], 60, 140);
        Assert.Equal(0, rows[1]);
        var states = await without.Services.GetRequiredService<ClickHouseWatch>().LookAsync(Cancelled);
        Assert.Null(states[0].Failure);
        Assert.Equal("ClickHouse at 127.0.0.1:1 does not answer: it takes no connection", states[1].Failure);
        Assert.Equal("200 clicks of 150", await AskAsync(link));
        Assert.Equal(200, await There.RowsAsync("LinkId != 0"));
    }

    /// <summary>As behind a wall that drops packets: connections are taken, and then nothing comes.</summary>
    [Fact]
    public async Task A_server_that_says_nothing_is_named_and_the_other_is_followed_when_it_has_been_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new FakeTimeProvider(Some.Noon.AddDays(1));
        var second = $"Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=1;{Settings[ClickHouseDoor.Shard(2)]}";
        await using var app = new SpooApp { Settings = new(Settings) { [ClickHouseDoor.Shard(2)] = second }, Clock = clock, Register = ClickHouseDoor.WithoutRounds };
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 100).Select(i => Some.Click(link, visitor: i)));

        var asking = app.Get<IClickCounting>().CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        using var asked = await silent.AcceptTcpClientAsync(Cancelled);
        await Eventually.TrueAsync(() => asking.IsCompleted, () => clock.Advance(TimeSpan.FromMinutes(1)), "the question is told");

        var refused = Assert.IsType<StatsOutcome.Refused>(Assert.Single(await asking)).Refusal;
        Assert.Contains("number 2 of the 2 ClickHouse servers", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClickHouseException>(() => app.Get<IClickCounting>().FollowAsync(Cancelled));
        Assert.Equal([true, false], (await There.RowsByServerAsync("LinkId != 0")).Select(rows => rows > 0));
    }

    [Fact]
    public async Task Clicks_that_are_removed_while_a_server_is_away_and_behind_leave_the_copies_when_it_is_back()
    {
        var owner = await App.AddUserAsync();
        var cleared = await App.AddAsync(Some.Link(owner: owner));
        var kept = await LinkWithClicksAsync(100);
        await App.AddAsync(Enumerable.Range(0, 40).Select(i => Some.Click(cleared, visitor: i)));
        Assert.Equal("100 clicks of 100", await AskAsync(kept));
        await There.RunOnEachAsync($"ALTER TABLE {{0}} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2");
        await App.AddAsync(Enumerable.Range(0, 30).Select(i => Some.Click(kept, visitor: i)));
        using var without = WithoutSecond();
        await RefusalAsync(kept, without);
        await App.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
        await RefusalAsync(kept, without);

        // The first server has thirty more by now, of which those are read again that the copies had not in common.
        var report = await Counting.ReportAsync(ByBrowser, Everything(kept));

        Assert.Equal([(Marked, 100), ("Unknown", 30)], report.By(Dimension.Browser).Rows.Select(row => (row.Label, (int)row.Count.Clicks)));
        Assert.Equal("0 clicks of 0", await AskAsync(cleared));
        Assert.Empty((await App.Get<ClickHouseWatch>().CompareAsync(Cancelled)).Differences);
        await There.AssertOneTableEachAsync();
    }

    [Fact]
    public async Task What_a_server_has_lost_is_read_again_and_what_the_other_has_is_kept()
    {
        var owner = await App.AddUserAsync();
        var cleared = await App.AddAsync(Some.Link(owner: owner));
        var kept = await LinkWithClicksAsync(100);
        await App.AddAsync(Enumerable.Range(0, 40).Select(i => Some.Click(cleared, visitor: i)));
        await AskAsync(kept);
        await There.RunOnEachAsync($"ALTER TABLE {{0}} UPDATE browser = '{Marked}' WHERE LinkId != 0 SETTINGS mutations_sync = 2");
        var onFirst = (await There.RowsByServerAsync($"LinkId = {kept.Id}"))[0];
        await There.Servers[1].RunAsync((await There.CurrentAsync())[1].Drop, Cancelled);
        await App.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        var report = await Counting.ReportAsync(ByBrowser, Everything(kept));

        Assert.Equal(
            [(Marked, onFirst), ("Unknown", 100 - onFirst)],
            report.By(Dimension.Browser).Rows.Select(row => (row.Label, (long)row.Count.Clicks)).OrderByDescending(row => row.Label == Marked));
        Assert.Equal(100, await There.RowsAsync("LinkId != 0"));
        await There.AssertOneTableEachAsync();
    }

    [Fact]
    public async Task Deleted_links_leave_the_servers_that_answer_and_the_others_later()
    {
        var deleted = await LinkWithClicksAsync(100);
        await AskAsync(deleted);
        await using (var database = App.OpenDatabase())
        {
            await database.Clicks.ExecuteDeleteAsync(Cancelled);
            await database.Links.ExecuteDeleteAsync(Cancelled);
        }

        using var without = WithoutSecond();
        var away = await Assert.ThrowsAsync<ClickHouseException>(() => without.Services.GetRequiredService<IClickCounting>().ForgetDeletedAsync(Cancelled));

        Assert.Equal(2, away.Server);
        var rows = await There.RowsByServerAsync("LinkId != 0");
        Assert.Equal((0, true), (rows[0], rows[1] > 0));
        await Counting.ForgetDeletedAsync(Cancelled);
        Assert.Equal(0, await There.RowsAsync("LinkId != 0"));
    }
}
