using System.Buffers;
using System.Text;
using Spoo.Data.Accounts;
using Spoo.Data.Demo;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;

namespace Spoo.Tests.Demo;

public sealed class DemoTests
{
    private static readonly DateOnly First = new(2024, 3, 1);

    [Fact]
    public void The_same_seed_gives_the_same_clicks_and_another_one_others()
    {
        Assert.Equal(Day(1, 400), Day(1, 400));
        Assert.NotEqual(Day(1, 400), Day(2, 400));
    }

    [Fact]
    public void A_day_that_goes_on_only_adds_clicks()
    {
        var noon = Day(1, 400, new DateTimeOffset(First.AddDays(400), new TimeOnly(12, 0), TimeSpan.Zero));

        Assert.NotEmpty(noon);
        Assert.True(noon.Count < Day(1, 400).Count);
        Assert.Subset(Day(1, 400).ToHashSet(), noon.ToHashSet());
    }

    [Fact]
    public void A_story_goes_viral_for_a_day_and_a_Sunday_is_calm()
    {
        Assert.True(Day(1, 556).Count > 4 * Day(1, 549).Count);
        var sunday = Enumerable.Range(470, 7).First(day => First.AddDays(day).DayOfWeek == DayOfWeek.Sunday);
        Assert.True(Day(1, sunday).Count < Day(1, sunday + 2).Count);
    }

    [Fact]
    public async Task A_demo_fills_its_account_once_and_touches_no_other()
    {
        await using var app = new SpooApp();
        var (demo, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var kept = await app.AddAsync(Some.Link(owner: other));
        await app.AddAsync(Some.Click(kept, DateTimeOffset.UtcNow.AddMinutes(-1)));
        var account = app.Get<DemoAccount>();
        var (seed, clicks, first) = DemoAccount.Parse(account.NewClaim(7, 5_000))!.Value;

        var filled = await account.FillAsync(demo.Id, seed, clicks, first, null, TestContext.Current.CancellationToken);
        var again = await account.FillAsync(demo.Id, seed, clicks, first, null, TestContext.Current.CancellationToken);

        Assert.InRange(filled.Stored, 4_500, 5_500);
        Assert.Equal(0, filled.Bad);
        Assert.InRange(again.Stored, 0, 20);        // a minute may have passed
        var report = await AskAsync(app, demo, Dimension.All);
        Assert.Equal(filled.Stored + again.Stored, report.Summary.TotalClicks);
        Assert.InRange(report.Summary.UniqueClicks, filled.Stored / 3, filled.Stored * 9 / 10);
        Assert.True(report.By(Dimension.Country).Rows.Count >= 10);
        Assert.True(report.By(Dimension.Time).Rows.Count >= 24);
        Assert.Contains(report.By(Dimension.VisitorType).Rows, row => row.Value == "bot" && row.Count.Clicks > 200);
        Assert.Contains(report.By(Dimension.Trigger).Rows, row => row.Value == "qr" && row.Count.Clicks > 100);
        Assert.Contains(report.By(Dimension.UtmCampaign).Rows, row => row.Value == "black-friday");
        Assert.Equal(1, (await AskAsync(app, other, [Dimension.Time])).Summary.TotalClicks);
        var (links, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = demo.Id, Take = 100 }, TestContext.Current.CancellationToken);
        Assert.All(links, link => Assert.Contains(link.Tags, tag => tag.Name == "generated"));
    }

    private static List<string> Day(long seed, int day, DateTimeOffset? until = null)
    {
        var lines = new ArrayBufferWriter<byte>();
        new DemoClicks(seed, First, 100_000).Write(lines, day, until ?? DateTimeOffset.MaxValue);
        return [.. Encoding.UTF8.GetString(lines.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<StatsReport> AskAsync(SpooApp app, SpooUser owner, IReadOnlyList<Dimension> dimensions)
    {
        var query = new StatsQuery { GroupBy = dimensions, Start = DateTimeOffset.UtcNow.AddYears(-3), Limit = 100 };
        var outcome = await app.Get<StatsService>().AskAsync(query, Viewer.User(owner.Id), TestContext.Current.CancellationToken);
        return Assert.IsType<StatsOutcome.Found>(outcome).Report;
    }
}
