using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

public sealed class ClickAuditTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_dimension_is_counted_again()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(
            Some.Click(link) with { Browser = "Chrome", City = "Bonn", UtmSource = "news", Language = "de" },
            Some.Click(link) with { Browser = "Chrome", IsBot = true, BotRule = "curl" },
            Some.Click(link) with { Country = "DE", Referrer = "t.co" });
        Assert.Empty((await app.Get<ClickAudit>().RunAsync(Cancelled)).Differences);

        // The columns have been made, and do not hear of this.
        await using (var context = app.OpenDatabase())
        {
            await context.ClickAgents.Where(agent => agent.BotRule == "curl").ExecuteUpdateAsync(set => set.SetProperty(agent => agent.Browser, "Firefox"), Cancelled);
        }

        var report = await app.Get<ClickAudit>().RunAsync(Cancelled);

        Assert.Equal(
            [(null, "clicks with browser 'Chrome' in columns", "1", "2"), (null, "clicks with browser 'Firefox' in columns", "1", "0")],
            report.Differences.Select(difference => (difference.Link, difference.What, difference.Rows, difference.Other)).OrderBy(difference => difference.What, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Clicks_dated_ahead_of_now_and_numbers_that_cannot_be_are_named()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        await app.AddAsync(Some.Click(link) with { RedirectMs = int.MaxValue }, Some.Click(link, DateTimeOffset.UtcNow.AddHours(5)), Some.Click(link) with { RedirectMs = 12 });

        var report = await app.Get<ClickAudit>().RunAsync(Cancelled);

        Assert.Empty(report.Differences);
        Assert.Equal((3, 1), (report.Clicks, report.Ahead));
        Assert.Equal(1, Assert.Single(report.NotMeasured).Sequence);
    }
}
