using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

[OnEveryDatabase]
public sealed class RejudgingTests : IAsyncDisposable
{
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private readonly SpooApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Clicks_that_older_rules_took_for_humans_become_a_bots_and_the_very_next_answer_says_so()
    {
        var link = await _app.AddAsync(Some.Link());
        await StoreAsOlderRulesDidAsync(link, Googlebot, GivenFacts.None, clicks: 3);
        Assert.Equal(3, await HumansAsync(link));

        var report = await _app.Get<Rejudging>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new RejudgeReport(1, 1, 3, 3, 0), report);
        Assert.Equal(0, await HumansAsync(link));
        await using var database = _app.OpenDatabase();
        var agent = await database.ClickAgents.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ClickReader.Rules, agent.Rules);
        Assert.NotNull(agent.BotRule);
    }

    [Fact]
    public async Task What_an_import_gave_is_left_as_it_was()
    {
        var link = await _app.AddAsync(Some.Link());
        await StoreAsOlderRulesDidAsync(link, Googlebot, GivenFacts.Bot | GivenFacts.Browser, clicks: 2);

        await _app.Get<Rejudging>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, await HumansAsync(link));
        await using var database = _app.OpenDatabase();
        Assert.Equal("Lynx", (await database.ClickAgents.SingleAsync(TestContext.Current.CancellationToken)).Browser);
    }

    [Fact]
    public async Task A_bot_that_another_rule_finds_now_is_another_bot_and_the_very_next_answer_says_so()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var link = await _app.AddAsync(Some.Link(owner: owner));
        var today = new ClickAgent { Id = 1, UserAgent = Googlebot };
        _app.Get<ClickReader>().Reread(today);
        var rule = today.BotRule!;
        today.BotRule = "older rule";
        await StoreAsync(link, today, clicks: 1);
        Assert.Equal("older rule", await RuleAsync());

        var report = await _app.Get<Rejudging>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new RejudgeReport(1, 1, 1, 0, 0), report);
        Assert.Equal(rule, await RuleAsync());

        async Task<string?> RuleAsync() => (await client.JsonAsync("/api/v1/stats?group_by=bot_rule"))
            .GetProperty("metrics").GetProperty("clicks_by_bot_rule").EnumerateArray().Single().Text("bot_rule");
    }

    [Fact]
    public async Task Judging_twice_changes_nothing()
    {
        var link = await _app.AddAsync(Some.Link());
        await StoreAsOlderRulesDidAsync(link, Googlebot, GivenFacts.None, clicks: 1);
        await _app.Get<Rejudging>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await _app.Get<Rejudging>().RunAsync(TestContext.Current.CancellationToken)).Changed);
    }

    private Task StoreAsOlderRulesDidAsync(Spoo.Data.Links.Link link, string userAgent, GivenFacts given, int clicks) =>
        StoreAsync(link, new ClickAgent { Id = 1, UserAgent = userAgent, Browser = "Lynx", IsBot = false, Rules = "older", Given = given }, clicks);

    private async Task StoreAsync(Spoo.Data.Links.Link link, ClickAgent agent, int clicks)
    {
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("test", null, TestContext.Current.CancellationToken);
        var (place, source) = (ClickPlace.Of(null, null, null), ClickSource.Of(null, null, null, null, null));
        var batch = new ClickBatch();
        for (var i = 1; i <= clicks; i++)
        {
            var click = new Click
            {
                Id = new ClickId(writer, i).Packed,
                LinkId = link.Id,
                Time = Some.Noon,
                Visitor = i,
                AgentId = agent.Id,
                PlaceId = place.Id,
                SourceId = source.Id,
            };
            batch.Add(click, agent, place, source);
        }

        await store.StoreAsync(batch, TestContext.Current.CancellationToken);
    }

    private async Task<long> HumansAsync(Spoo.Data.Links.Link link)
    {
        var people = Some.ClicksOf(link, Some.Noon.AddDays(-1), Some.Noon.AddDays(1)) with
        {
            Filters = [new StatsFilter(Dimension.VisitorType, FilterOperator.Is, [Dimension.Human])],
        };
        return (await _app.Get<LiveClicks>().ReportAsync(new StatsQuery { GroupBy = [Dimension.VisitorType] }, people)).Summary.TotalClicks;
    }
}
