using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Tests.Support;
using Spoo.Web.Components.Dashboard;

namespace Spoo.Tests.Dashboard;

/// <summary>What the parts of a dashboard make of a report.</summary>
public sealed class DashboardPartsTests : BunitContext
{
    private static readonly Link Link = Some.Link("AbC", id: 1);

    public DashboardPartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new FakeClock(Some.Noon));
    }

    [Fact]
    public void Tiles_say_what_was_counted_and_a_dash_for_what_nobody_measured()
    {
        var report = SomeReports.Of([Click(), Click(visitor: 2), Click() with { IsBot = true }]);

        var tiles = Render<SummaryTiles>(parameters => parameters.Add(tiles => tiles.Report, report));

        Assert.Equal(["3", "2", "2", "1", "1.50", "–"], tiles.FindAll(".tile b").Select(value => value.TextContent));
        Assert.Equal(["67%", "33%"], tiles.FindAll(".tile-note").Select(note => note.TextContent));
    }

    [Fact]
    public void A_redirect_that_took_no_time_is_not_one_that_nobody_measured()
    {
        var report = SomeReports.Of([Click()]);
        report = report with { Summary = report.Summary with { MeasuredRedirects = 1 } };

        var tiles = Render<SummaryTiles>(parameters => parameters.Add(tiles => tiles.Report, report));

        Assert.Equal("0", tiles.FindAll(".tile b")[^1].TextContent);
    }

    [Fact]
    public void The_table_for_screen_readers_has_the_numbers_of_the_chart()
    {
        var report = SomeReports.Of([Click(), Click(visitor: 2), Click(at: Some.Noon.AddHours(2))]);

        var chart = Render<ClicksChart>(parameters => parameters.Add(chart => chart.Report, report));

        var model = System.Text.Json.JsonDocument.Parse(chart.Find("clicks-chart").GetAttribute("data-model")!).RootElement;
        var drawn = model.GetProperty("series")[0].GetProperty("values").EnumerateArray().Select(value => value.GetInt64());
        var read = chart.FindAll("tbody tr td:nth-child(2)").Select(cell => long.Parse(cell.TextContent, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(drawn, read);
        Assert.Equal(3, read.Sum());
    }

    [Fact]
    public void A_bucket_that_time_is_still_filling_is_marked()
    {
        var chart = Render<ClicksChart>(parameters => parameters.Add(chart => chart.Report, SomeReports.Of([Click()])));

        Assert.Contains("\"unfinished\":true", chart.Find("clicks-chart").GetAttribute("data-model"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_names_the_country_and_leads_to_its_clicks()
    {
        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard?period=all"))
            .Add(table => table.Breakdown, SomeReports.Of([Click() with { Country = "DE" }]).By(Dimension.Country)));

        var link = table.Find("tbody a");
        Assert.Equal("Germany", link.QuerySelector(".breakdown-label")!.TextContent);
        Assert.Equal("/dashboard?period=all&country=DE", link.GetAttribute("href"));
    }

    [Fact]
    public void The_longest_bar_is_the_largest_group()
    {
        List<ClickFacts> clicks = [.. Enumerable.Repeat(Click() with { Country = "DE" }, 4), Click() with { Country = "FR" }];

        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard"))
            .Add(table => table.Breakdown, SomeReports.Of(clicks).By(Dimension.Country)));

        Assert.Equal(["--share: 100%", "--share: 25%"], table.FindAll("tbody tr").Select(row => row.GetAttribute("style")));
        Assert.Equal(["80%", "20%"], table.FindAll(".share").Select(share => share.TextContent));
    }

    [Fact]
    public void A_card_says_how_much_it_does_not_show()
    {
        var clicks = Enumerable.Range(0, 12).Select(number => Click() with { City = $"City {number}" }).ToList();

        var card = Render<BreakdownCard>(parameters => parameters
            .Add(card => card.Title, "Places")
            .Add(card => card.Tabs, BreakdownTab.Places)
            .Add(card => card.Address, Address("/dashboard?tabs=city"))
            .Add(card => card.Report, SomeReports.Of(clicks, 300)));

        var more = card.Find("#panel-city .show-all");
        Assert.Contains("Show all 12", more.TextContent, StringComparison.Ordinal);
        Assert.Contains("3 clicks in 3 more", more.TextContent, StringComparison.Ordinal);
        Assert.Equal("/dashboard?details=city&tabs=city", more.GetAttribute("href"));
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard"))
            .Add(table => table.Breakdown, SomeReports.Of([Click() with { City = "<script>alert(1)</script>\"&x=" }]).By(Dimension.City)));

        Assert.Empty(table.FindAll("script"));
        Assert.Equal("<script>alert(1)</script>\"&x=", table.Find(".breakdown-label").TextContent);
        Assert.Single(Address(table.Find("tbody a").GetAttribute("href")!).Query.Filters);
    }

    [Fact]
    public void A_chip_tells_its_condition_in_words_and_removes_it()
    {
        var bar = Render<FilterBar>(parameters => parameters.Add(bar => bar.Address, Address("/dashboard?country!=DE,FR,BR&os=iOS")));

        Assert.Contains("Country is not Germany, France and 1 more", Words(bar.FindAll(".chip-text")[0]), StringComparison.Ordinal);
        Assert.Equal("/dashboard?os=iOS", bar.FindAll(".chip-remove")[0].GetAttribute("href"));
    }

    [Fact]
    public void Values_ticked_in_the_filter_are_in_the_address_once_applied()
    {
        var dialog = Filter("/dashboard?period=all&filter=country", ["DE", "FR", "BR"]);

        Box(dialog, "Germany").Change(true);
        Box(dialog, "Brazil").Change(true);
        dialog.FindAll(".segments input")[1].Change(true);
        dialog.Find("form").Submit();

        Assert.EndsWith("/dashboard?period=all&country!=DE,BR", Uri.UnescapeDataString(Services.GetRequiredService<NavigationManager>().Uri), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_ticked_stays_in_sight_although_it_has_no_clicks_now()
    {
        var dialog = Filter("/dashboard?country=IS&filter=country", ["DE"]);

        Assert.True(Box(dialog, "Iceland").HasAttribute("checked"));
    }

    [Fact]
    public void Searching_the_filter_goes_by_the_name_that_is_shown()
    {
        var dialog = Filter("/dashboard?filter=country", ["DE", "FR"]);

        dialog.Find("input[type=search]").Input("germ");

        Assert.Equal(["Germany"], dialog.FindAll(".choices span").Select(choice => choice.TextContent));
    }

    [Fact]
    public void An_empty_period_says_when_there_were_clicks_and_leads_there()
    {
        var report = SomeReports.Of([]);
        var day = new DateTimeOffset(2012, 3, 16, 18, 40, 0, TimeSpan.Zero);

        var empty = Render<EmptyReport>(parameters => parameters
            .Add(empty => empty.Address, Address("/dashboard"))
            .Add(empty => empty.Report, report)
            .Add(empty => empty.Ever, new StatsSummary(3440, 1991, day, day.AddHours(1), 0)));

        Assert.Contains("3,440 clicks of your links came on 16 Mar 2012", Words(empty.Find("p")), StringComparison.Ordinal);
        Assert.Contains("start_date=2012-03-16T00%3A00%3A00Z", empty.Find("a.primary").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_that_fit_nothing_are_offered_to_be_cleared()
    {
        var empty = Render<EmptyReport>(parameters => parameters
            .Add(empty => empty.Address, Address("/dashboard?country=DE"))
            .Add(empty => empty.Report, SomeReports.Of([])));

        Assert.Equal("/dashboard", empty.Find("a.primary").GetAttribute("href"));
    }

    [Fact]
    public void A_range_is_offered_in_the_intervals_that_make_a_readable_chart()
    {
        var month = new TimeRange(Some.Noon.AddDays(-28), Some.Noon, TimeZones.Utc);

        Assert.Equal(
            [TimeBucketWidth.Hour, TimeBucketWidth.Day, TimeBucketWidth.Week],
            IntervalChoices.For(month, TimeBucketWidth.Day));
    }

    private static ClickFacts Click(DateTimeOffset? at = null, long visitor = 1) => Some.Click(Link, at, visitor);

    private static string Words(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static DashboardAddress Address(string url) => DashboardAddress.TryParse(
        new StatsQueryParser(new FakeClock(Some.Noon), new StatsOptions()), new Uri("http://localhost" + url), TimeZones.Utc, out var address, out var refusal)
        ? address
        : throw new InvalidOperationException(refusal.Message);

    private static IElement Box(IRenderedComponent<FilterDialog> dialog, string name) =>
        dialog.FindAll(".choices label").Single(label => label.QuerySelector("span")!.TextContent == name).QuerySelector("input")!;

    private IRenderedComponent<FilterDialog> Filter(string url, string[] countries) => Render<FilterDialog>(parameters => parameters
        .Add(dialog => dialog.Dimension, Dimension.Country)
        .Add(dialog => dialog.Address, Address(url))
        .Add(dialog => dialog.Choices, SomeReports.Of([.. countries.Select(country => Click() with { Country = country })], int.MaxValue).By(Dimension.Country)));
}
