using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>An installation whose clicks are counted on two servers, and what is asked of it.</summary>
public abstract class OnTwoServers : IAsyncDisposable
{
    /// <summary>In the copies alone, so that what has it was not read from the database again.</summary>
    protected const string Marked = "of the copy before";

    protected OnTwoServers()
    {
        App = new SpooApp { Settings = Settings, Register = ClickHouseDoor.WithoutRounds };
        There = new ClickHouseInspection(App);
    }

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected static StatsQuery ByBrowser { get; } = new() { GroupBy = [Dimension.Browser] };

    protected Dictionary<string, string> Settings { get; } = ClickHouseDoor.NewSettings(shards: 2);

    private protected SpooApp App { get; }

    private protected ClickHouseInspection There { get; }

    private protected IClickCounting Counting => App.Get<IClickCounting>();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static ClickSelection Everything(Link link) => Some.ClicksOf(link, Some.Noon.AddDays(-40), Some.Noon.AddDays(40));

    private protected async Task<Link> LinkWithClicksAsync(int clicks)
    {
        var link = await App.AddAsync(Some.Link());
        await App.AddAsync(Enumerable.Range(0, clicks).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i)));
        return link;
    }

    private protected async Task<string> AskAsync(Link link, IHost? process = null)
    {
        var counting = process?.Services.GetRequiredService<IClickCounting>() ?? Counting;
        var summary = (await counting.ReportAsync(ByBrowser, Everything(link))).Summary;
        return $"{summary.TotalClicks} clicks of {summary.UniqueClicks}";
    }

    private protected static async Task<Refusal> RefusalAsync(Link link, IHost process)
    {
        var outcomes = await process.Services.GetRequiredService<IClickCounting>().CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, Cancelled);
        return Assert.IsType<StatsOutcome.Refused>(Assert.Single(outcomes)).Refusal;
    }

    // Another process, which does not reach the second server.
    private protected IHost WithoutSecond() => ClickHouseDoor.OtherProcess(App, new(Settings) { [ClickHouseDoor.Shard(2)] = $"Port=1;{Settings[ClickHouseDoor.Shard(2)]}" });
}
