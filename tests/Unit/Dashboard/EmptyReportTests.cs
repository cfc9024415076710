using Bunit;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;

namespace Spoo.Tests.Dashboard;

/// <summary>What is said where nothing is to be drawn, and that what it offers is not empty too.</summary>
public sealed class EmptyReportTests : ComponentTests
{
    private static readonly DateTimeOffset Day = new(2012, 3, 16, 18, 40, 0, TimeSpan.Zero);
    private static readonly StatsSummary None = new(0, 0, null, null, 0);
    private static readonly StatsSummary OneDay = new(3440, 1991, Day, Day.AddHours(1), 0);

    [Fact]
    public void An_empty_period_says_when_there_were_clicks_and_leads_there()
    {
        var empty = Show("/dashboard", ever: new EverClicked(OneDay, null));

        Assert.Contains("3,440 clicks of your links came on 16 Mar 2012", Words(empty.Find("p")), StringComparison.Ordinal);
        Assert.Contains("start_date=2012-03-16T00%3A00%3A00Z", Assert.Single(empty.FindAll("a.primary")).GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Clicks_of_bots_that_are_left_out_are_told_and_can_be_counted()
    {
        var empty = Show("/dashboard/links/abc", peopleOnly: true, bots: 12, ever: new EverClicked(None, OneDay));

        Assert.Equal("Only bots clicked in this period", empty.Find("h2").TextContent);
        Assert.Contains("12 clicks of bots are not shown", empty.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Equal(["dashboard/links/abc?bots=shown"], empty.FindAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Beside_bots_the_day_that_people_clicked_on_is_offered()
    {
        var empty = Show("/dashboard?country=DE", peopleOnly: true, bots: 1, ever: new EverClicked(OneDay, null));

        Assert.Equal("Only clicks of bots fit these filters", empty.Find("h2").TextContent);
        Assert.Contains("1 click of a bot is not shown", empty.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Count bots", "Show 16 Mar 2012"], empty.FindAll("a").Select(Words));
        Assert.Contains("country=DE", empty.FindAll("a")[1].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_only_bots_ever_clicked_leads_to_their_days_with_bots_counted()
    {
        var empty = Show("/dashboard/links/abc", peopleOnly: true, bots: 0, ever: new EverClicked(None, OneDay with { LastClick = Day.AddDays(2) }));

        Assert.Equal("Only bots have clicked this link", empty.Find("h2").TextContent);
        Assert.Contains("between 16 Mar 2012 and 18 Mar 2012", Words(empty.Find("p")), StringComparison.Ordinal);
        var way = Assert.Single(empty.FindAll("a")).GetAttribute("href")!;
        Assert.Contains("bots=shown", way, StringComparison.Ordinal);
        Assert.Contains("start_date=2012-03-16", way, StringComparison.Ordinal);
        Assert.Contains("end_date=2012-03-18", way, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dashboard?country=DE", "dashboard")]
    [InlineData("/stats/abc?country=DE", "stats/abc")]
    public void Filters_that_nothing_ever_fitted_are_offered_to_be_cleared_and_nothing_else(string url, string cleared)
    {
        var empty = Show(url, ever: new EverClicked(None, null));

        Assert.Equal([cleared], empty.FindAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Filters_that_fit_clicks_of_other_days_lead_there_as_well()
    {
        var empty = Show("/stats/abc?country=DE", ever: new EverClicked(OneDay, null));

        Assert.Contains("The 3,440 clicks that fit them came on 16 Mar 2012", Words(empty.FindAll("p")[1]), StringComparison.Ordinal);
        Assert.Equal(["Clear the filters", "Show 16 Mar 2012"], empty.FindAll("a").Select(Words));
        Assert.Equal("Clear the filters", Words(Assert.Single(empty.FindAll("a.primary"))));
    }

    [Fact]
    public void The_period_that_an_empty_one_is_compared_with_is_offered_where_it_has_clicks()
    {
        var before = SomeReports.Of([Some.Click(Some.Link("abc", id: 1))]);

        var empty = Show("/dashboard?compare=period", SomeReports.Of([]) with { Comparison = before }, ever: new EverClicked(OneDay, null));

        var way = empty.FindAll("a")[^1].GetAttribute("href")!;
        Assert.DoesNotContain("compare", way, StringComparison.Ordinal);
        Assert.Contains($"start_date={before.Range.Start:yyyy-MM-dd}", way, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_which_an_import_told_only_a_number_was_clicked()
    {
        var empty = Show("/dashboard/links/abc", SomeReports.Of([]) with { Imported = new ImportedClicks { LeftOut = 70, IsFiltered = true } }, peopleOnly: true, bots: 0, ever: new EverClicked(None, None));

        Assert.Equal("Only imported clicks are known", empty.Find("h2").TextContent);
        var way = Assert.Single(empty.FindAll("a"));
        Assert.Equal("Show all of them", way.TextContent);
        Assert.Equal("dashboard/links/abc?period=all&bots=shown", way.GetAttribute("href"));
    }

    private IRenderedComponent<EmptyReport> Show(string url, StatsReport? report = null, bool peopleOnly = false, long? bots = null, EverClicked? ever = null)
    {
        report ??= SomeReports.Of([]);
        var parser = new StatsQueryParser(new FakeTimeProvider(Some.Noon), new StatsOptions());
        Assert.True(DashboardAddress.TryParse(parser, new Uri(new Uri("http://localhost"), url), TimeZoneInfo.Utc, out var address, out _, viewerPeopleOnly: peopleOnly));
        return Render<EmptyReport>(parameters => parameters
            .Add(empty => empty.Address, address)
            .Add(empty => empty.Answer, new DashboardAnswer(url, report, null, ever) { Bots = bots }));
    }
}
