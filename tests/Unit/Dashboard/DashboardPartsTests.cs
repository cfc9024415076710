using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Dashboard;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Report.Charts;
using Spoo.Web.Components.Report.Pickers;

namespace Spoo.Tests.Dashboard;

/// <summary>What the parts of a dashboard make of a report.</summary>
public sealed class DashboardPartsTests : ComponentTests
{
    private static readonly Link Link = Some.Link("AbC", id: 1);

    public DashboardPartsTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Some.Noon));
        Services.AddSingleton(new StatsQueryParser(new FakeTimeProvider(Some.Noon), new StatsOptions()));
    }

    [Fact]
    public void Tiles_say_what_was_counted_and_a_dash_for_what_nobody_measured()
    {
        var report = SomeReports.Of([Click(), Click(visitor: 2), Click() with { IsBot = true }]);

        var tiles = Tiles(report);

        Assert.Equal(["3", "2", "2", "1", "1.50", "–"], tiles.FindAll(".tile b").Select(value => value.TextContent));
        Assert.Equal(["67%", "33%"], tiles.FindAll(".tile-note").Select(note => note.TextContent));
    }

    [Fact]
    public void Where_people_alone_are_counted_a_tile_says_how_many_bots_are_not_shown_and_counts_them_when_asked()
    {
        var report = SomeReports.Of([Click(), Click(visitor: 2)]);
        Assert.True(DashboardAddress.TryParse(
            Services.GetRequiredService<StatsQueryParser>(), new Uri("http://localhost/dashboard?country=DE"), TimeZoneInfo.Utc, out var address, out _, viewerPeopleOnly: true));

        var tiles = Render<SummaryTiles>(parameters => parameters.Add(it => it.Address, address).Add(it => it.Report, report).Add(it => it.Bots, 7));

        var bots = tiles.FindAll(".tile").Single(tile => tile.TextContent.Contains("Bot clicks", StringComparison.Ordinal));
        Assert.Equal(("7", "not shown"), (bots.QuerySelector("b")!.TextContent, bots.QuerySelector(".tile-note")!.TextContent));
        Assert.Equal("dashboard?country=DE&bots=shown", bots.QuerySelector(".tile-switch")!.GetAttribute("href"));
        Assert.Equal("dashboard?country=DE&metric=bots&bots=shown", bots.QuerySelector("dt a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/dashboard", true, true, "/dashboard")]
    [InlineData("/dashboard?bots=shown", true, false, "/dashboard?bots=shown")]
    [InlineData("/dashboard?bots=hidden", true, true, "/dashboard")]
    [InlineData("/dashboard", false, false, "/dashboard")]
    [InlineData("/dashboard?bots=hidden", false, true, "/dashboard?bots=hidden")]
    [InlineData("/dashboard?visitor_type=bot", true, false, "/dashboard?visitor_type=bot")]
    [InlineData("/dashboard?bot_rule=Googlebot", true, false, "/dashboard?bot_rule=Googlebot")]
    [InlineData("/dashboard?metric=bots", true, false, "/dashboard?metric=bots&bots=shown")]
    [InlineData("/dashboard?metric=bots&bots=hidden", false, false, "/dashboard?metric=bots")]
    [InlineData("/stats/abc", true, false, "/stats/abc")]
    public void Whether_bots_are_left_out_is_in_the_address_where_it_is_not_the_viewers_default(string url, bool viewerPeopleOnly, bool peopleOnly, string printed)
    {
        Assert.True(DashboardAddress.TryParse(
            Services.GetRequiredService<StatsQueryParser>(), new Uri(new Uri("http://localhost"), url), TimeZoneInfo.Utc, out var address, out _, viewerPeopleOnly: viewerPeopleOnly));

        Assert.Equal(peopleOnly, address.PeopleOnly);
        Assert.Equal(peopleOnly, address.Query.Filters.Contains(DashboardAddress.People));
        Assert.Equal(printed, "/" + address.Url);
        Assert.DoesNotContain(DashboardAddress.People, address.Chips);
        Assert.Equal(address.PeopleOnly, address.WithoutChips().PeopleOnly && address.WithoutChips().Query.Filters.Contains(DashboardAddress.People));
        Assert.DoesNotContain(DashboardAddress.People, address.OfPeopleOnly(true).OfPeopleOnly(false).Query.Filters);
        Assert.Equal(ChartMetric.Clicks, address.OfPeopleOnly(true).Metric);
    }

    [Fact]
    public void A_redirect_that_took_no_time_is_not_one_that_nobody_measured()
    {
        var report = SomeReports.Of([Click()]);
        report = report with { Summary = report.Summary with { MeasuredRedirects = 1 } };

        var tiles = Tiles(report);

        Assert.Equal("0", tiles.FindAll(".tile b")[^1].TextContent);
    }

    [Theory]
    [InlineData("/dashboard")]
    [InlineData("/dashboard?metric=unique&compare=period")]
    [InlineData("/dashboard?metric=human")]
    [InlineData("/dashboard?metric=bots")]
    [InlineData("/dashboard?metric=per_visitor&compare=year&chart=table")]
    [InlineData("/dashboard?metric=redirect")]
    public void The_table_for_screen_readers_has_the_numbers_of_the_chart(string url)
    {
        var report = SomeReports.Of([Click() with { RedirectMs = 4 }, Click(visitor: 2), Click(at: Some.Noon.AddHours(2)) with { IsBot = true }]);
        if (url.Contains("compare", StringComparison.Ordinal))
        {
            report = report with { Comparison = SomeReports.Of([Click(), Click()]) };
        }

        var address = Address(url);
        var chart = Chart(address, report);

        var model = ChartModel.Of(report, address, []);
        Assert.Equal(report.Buckets!.All.Count, model.Points.Count);
        Assert.Contains(model.Points, point => point.Value > 0);
        Assert.Equal(model.Points.Select(point => point.Text), chart.FindAll("tbody tr td:nth-child(2)").Select(cell => cell.TextContent));
        if (report.Comparison is not null)
        {
            Assert.Equal(model.Points.Select(point => point.OtherText), chart.FindAll("tbody tr td:nth-child(4)").Select(cell => cell.TextContent));
            Assert.Equal(model.Points.Select(point => point.Change!.Text), chart.FindAll("tbody tr td:nth-child(5)").Select(cell => cell.TextContent));
        }

        if (address.AsTable)
        {
            Assert.Empty(chart.FindAll("clicks-chart"));
        }
        else
        {
            var drawn = System.Text.Json.JsonDocument.Parse(chart.Find("clicks-chart").GetAttribute("data-model")!).RootElement.GetProperty("points");
            Assert.Equal(model.Points.Select(point => point.Text), drawn.EnumerateArray().Select(point => point.GetProperty("text").GetString()));
            Assert.Equal(
                model.Points.Select(point => point.Value),
                drawn.EnumerateArray().Select(point => point.TryGetProperty("value", out var value) ? value.GetDouble() : (double?)null));
        }
    }

    [Fact]
    public void What_nobody_measured_is_a_gap_and_never_a_zero()
    {
        var report = SomeReports.Of([Click() with { RedirectMs = 0 }]);

        var model = ChartModel.Of(report, Address("/dashboard?metric=redirect"), []);

        Assert.Equal(0, Assert.Single(model.Points, point => point.Value is not null).Value);
        Assert.Equal(model.Points.Count - 1, model.Points.Count(point => point.Text == "–"));
    }

    [Fact]
    public void A_bucket_that_time_is_still_filling_is_marked()
    {
        var chart = Chart(Address("/dashboard"), SomeReports.Of([Click()]));

        Assert.Contains("\"unfinished\":true", chart.Find("clicks-chart").GetAttribute("data-model"), StringComparison.Ordinal);
        Assert.EndsWith("so far", chart.Find("tbody tr:last-child th").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happened_stands_at_its_hour_and_in_the_list_below_the_table()
    {
        var chart = Render<ClicksChart>(parameters => parameters
            .Add(chart => chart.Address, Address("/dashboard"))
            .Add(chart => chart.Report, SomeReports.Of([Click()]))
            .Add(chart => chart.Flags, [new ChartFlag(Some.Noon.AddMinutes(70), "destination changed"), new ChartFlag(Some.Noon.AddDays(3), "out of sight")]));

        Assert.Equal(["18 Feb 2026, 13:10: destination changed"], chart.FindAll("li").Select(item => item.TextContent));
        Assert.Contains("\"index\":13,\"kind\":\"flag\"", chart.Find("clicks-chart").GetAttribute("data-model"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-29", "hour", "forward by 60", "01:00 – 03:00")]
    [InlineData("2026-10-25", "hour", "back by 60", "02:00 – 03:00")]
    [InlineData("2026-03-29", "day", "forward by 60", "Sunday, 29 March 2026")]
    public void A_change_of_clocks_is_pointed_out(string day, string width, string change, string where)
    {
        var berlin = TimeZones.Resolve("Europe/Berlin");
        var date = DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var range = new TimeRange(Period.StartOfDay(date.AddDays(-1), berlin), Period.StartOfDay(date.AddDays(2), berlin).AddMilliseconds(-1), berlin);
        var report = SomeReports.Of([], range: range, width: TimeBucketWidth.Find(width)!);

        var model = ChartModel.Of(report, Address("/dashboard"), []);

        var mark = Assert.Single(model.Marks);
        Assert.Contains(change, mark.Text, StringComparison.Ordinal);
        Assert.Contains(where, model.Points[mark.Index].Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(110d, 100d, false, "+10%", "good")]
    [InlineData(90d, 100d, false, "−10%", "bad")]
    [InlineData(90d, 100d, true, "−10%", "good")]
    [InlineData(100d, 100d, false, "±0%", null)]
    [InlineData(0d, 0d, false, "±0%", null)]
    [InlineData(5d, 0d, false, "new", "good")]
    [InlineData(5d, 0d, true, "new", "bad")]
    [InlineData(0d, 5d, false, "−100%", "bad")]
    [InlineData(100_001d, 100_000d, false, "+<0.1%", "good")]
    [InlineData(12_345d, 1d, false, "+1,234,400%", "good")]
    [InlineData(null, 5d, false, "–", null)]
    [InlineData(5d, null, false, "–", null)]
    public void A_change_has_its_sign_its_colour_and_no_opinion_of_what_is_not_known(double? now, double? before, bool lowerIsBetter, string text, string? mood)
    {
        var change = Spoo.Web.Words.Change.Of(now, before, lowerIsBetter);

        Assert.Equal((text, mood), (change.Text, change.Mood));
    }

    [Fact]
    public void A_tile_says_how_its_number_changed_and_leads_to_its_chart()
    {
        var report = SomeReports.Of([Click(), Click(visitor: 2), Click(visitor: 3)]) with { Comparison = SomeReports.Of([Click(), Click()]) };

        var tiles = Tiles(report, "/dashboard?compare=period&metric=unique");

        Assert.Equal(["+50%", "+50%", "+200%", "±0%", "−50%", "–"], tiles.FindAll(".change").Select(change => change.FirstChild!.TextContent));
        Assert.Equal("Unique visitors", tiles.Find("[aria-current]").TextContent);
        Assert.Equal("dashboard?compare=period&metric=human", tiles.FindAll("dt a")[1].GetAttribute("href"));
        Assert.Equal("dashboard?compare=period", tiles.FindAll("dt a")[0].GetAttribute("href"));
    }

    [Fact]
    public void Every_period_has_a_key_of_its_own_and_the_steps_have_the_arrows()
    {
        var picker = RenderWhole<PeriodPicker>(parameters => parameters.Add(picker => picker.Address, Address("/dashboard?period=today")));

        var keys = picker.FindAll("[data-key]").Select(link => link.GetAttribute("data-key")).ToList();
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal("dashboard?period=yesterday", picker.Find("[data-key=ArrowLeft]").GetAttribute("href"));
        Assert.Empty(picker.FindAll("[data-key=ArrowRight]"));
    }

    [Fact]
    public void A_step_leads_to_the_whole_period_before_and_back_again()
    {
        var picker = RenderWhole<PeriodPicker>(parameters => parameters.Add(picker => picker.Address, Address("/dashboard?period=year")));
        var before = picker.Find("[data-key=ArrowLeft]").GetAttribute("href")!;
        Assert.Equal("dashboard?start_date=2025-01-01T00:00:00Z&end_date=2025-12-31T23:59:59.999Z", Uri.UnescapeDataString(before));

        picker = RenderWhole<PeriodPicker>(parameters => parameters.Add(picker => picker.Address, Address(before)));
        Assert.Equal("dashboard?period=year", picker.Find("[data-key=ArrowRight]").GetAttribute("href"));
    }

    [Fact]
    public void Words_for_a_period_are_followed_or_explained()
    {
        var picker = RenderWhole<PeriodPicker>(parameters => parameters.Add(picker => picker.Address, Address("/dashboard?compare=year&country=DE")));

        picker.Find("[data-key=c]").Click();
        picker.Find("#period-words").Input("soon");
        picker.Find(".own-words").Submit();
        Assert.Contains("'soon' is no period", picker.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        picker.Find("#period-words").Input("last 3 weeks");
        picker.Find(".own-words").Submit();
        Assert.EndsWith("/dashboard?period=3w&compare=year&country=DE", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Days_that_are_chosen_become_the_period_and_the_panel_closes()
    {
        var picker = RenderWhole<PeriodPicker>(parameters => parameters.Add(picker => picker.Address, Address("/dashboard?country=DE")));

        picker.Find("[data-key=c]").Click();
        Assert.Equal("true", picker.Find("[data-key=c]").GetAttribute("aria-expanded"));
        picker.Find("#period-from").Input("2026-01-10");
        picker.Find("#period-to").Input("2026-01-11");
        picker.Find(".custom-range").Submit();

        Assert.EndsWith(
            "/dashboard?start_date=2026-01-10T00:00:00Z&end_date=2026-01-11T23:59:59.999Z&country=DE",
            Uri.UnescapeDataString(Services.GetRequiredService<NavigationManager>().Uri),
            StringComparison.Ordinal);
        picker.WaitForAssertion(() => Assert.Empty(picker.FindAll("[role=dialog]")));
    }

    [Theory]
    [InlineData("/dashboard", false, false)]
    [InlineData("/dashboard", true, true)]
    [InlineData("/dashboard/links/abc", false, true)]
    [InlineData("/dashboard/links/abc", true, false)]
    [InlineData("/stats/abc", false, false)]
    public void The_hours_of_the_week_stand_where_a_card_leaves_room_and_leave_none_themselves(string url, bool peopleOnly, bool isBeside)
    {
        Assert.True(DashboardAddress.TryParse(
            Services.GetRequiredService<StatsQueryParser>(), new Uri(new Uri("http://localhost"), url), TimeZoneInfo.Utc, out var address, out _, viewerPeopleOnly: peopleOnly));

        Assert.Equal(isBeside, BreakdownCards.LeaveRoom(BreakdownTab.CardsOf(address, SomeReports.Of([Click()]))));
    }

    [Fact]
    public void A_row_names_the_country_and_leads_to_its_clicks()
    {
        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard?period=all"))
            .Add(table => table.Breakdown, SomeReports.Of([Click() with { Country = "DE" }]).By(Dimension.Country)));

        var link = table.Find("tbody a");
        Assert.Equal("Germany", link.QuerySelector(".breakdown-label")!.TextContent);
        Assert.Equal("dashboard?period=all&country=DE", link.GetAttribute("href"));
    }

    [Fact]
    public void The_first_nine_links_have_the_keys_of_their_places()
    {
        var links = Enumerable.Range(1, 11).Select(number => Some.Link($"link{number}", id: number)).ToList();
        List<ClickFacts> clicks = [.. links.SelectMany((link, place) => Enumerable.Repeat(Some.Click(link), 20 - place))];

        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard?period=all"))
            .Add(table => table.Breakdown, SomeReports.Of(clicks, 11).By(Dimension.ShortCode)));

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8", "9", null, null], table.FindAll("tbody a").Select(link => link.GetAttribute("data-key")));
        Assert.Equal("dashboard/links/link2?period=all", table.Find("[data-key='2']").GetAttribute("href"));
        var countries = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard?period=all"))
            .Add(table => table.Breakdown, SomeReports.Of(clicks).By(Dimension.Country)));
        Assert.Empty(countries.FindAll("[data-key]"));
    }

    [Fact]
    public void Every_key_of_the_page_is_in_the_list_of_keys()
    {
        var keys = RenderWhole<KeysDialog>(parameters => parameters.Add(dialog => dialog.Address, Address("/dashboard"))).FindAll("kbd").Select(key => key.TextContent).ToList();
        var used = Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web", "Components", "Dashboard"), "*.razor")
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "(?:data-k|K)ey=\"(?:@\\([^\"]*\")?(?<key>[^\"@]+)\"")).Select(match => match.Groups["key"].Value)
            .Concat(Period.All.Select(period => period.Key.ToString()));

        Assert.Equal([], used.Select(key => key switch { "ArrowLeft" => "←", "ArrowRight" => "→", "Escape" => "Esc", _ => key.ToUpperInvariant() }).Except(keys));
        Assert.Contains("1", keys);
        Assert.Contains("9", keys);
    }

    [Fact]
    public void No_key_does_two_things()
    {
        var keys = RenderWhole<KeysDialog>(parameters => parameters.Add(dialog => dialog.Address, Address("/dashboard"))).FindAll("kbd").Select(key => key.TextContent);

        Assert.Equal([], keys.Where(key => char.IsLetter(key[0]) && key.Length == 1).GroupBy(key => key).Where(uses => uses.Count() > 1).Select(uses => uses.Key));
    }

    [Fact]
    public void The_longest_bar_is_the_largest_group()
    {
        List<ClickFacts> clicks = [.. Enumerable.Repeat(Click() with { Country = "DE" }, 4), Click() with { Country = "FR" }];

        var table = Render<BreakdownTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard"))
            .Add(table => table.Breakdown, SomeReports.Of(clicks).By(Dimension.Country)));

        Assert.Equal(["p100", "p25"], table.FindAll("tbody tr").Select(row => row.ClassList[0]));
        Assert.Equal(["80%", "20%"], table.FindAll(".share").Select(share => share.TextContent));
    }

    [Fact]
    public void A_card_says_how_much_it_does_not_show()
    {
        var clicks = Enumerable.Range(0, 12).Select(number => Click() with { City = $"City {number}" }).ToList();

        var card = Render<BreakdownCard>(parameters => parameters
            .Add(card => card.Title, "Places")
            .Add(card => card.Tabs, BreakdownTab.TabsOf(DimensionCard.Places))
            .Add(card => card.Address, Address("/dashboard?tabs=city"))
            .Add(card => card.Report, SomeReports.Of(clicks, 300)));

        var more = card.Find("#panel-city .show-all");
        Assert.Contains("Show all 12", more.TextContent, StringComparison.Ordinal);
        Assert.Contains("3 clicks in 3 more", more.TextContent, StringComparison.Ordinal);
        Assert.Equal("dashboard?details=city&tabs=city", more.GetAttribute("href"));
    }

    [Fact]
    public void The_complete_list_says_what_its_page_does_not_show()
    {
        var clicks = Enumerable.Range(0, 250).SelectMany(number => Enumerable.Repeat(Click() with { City = $"City {number:000}" }, number < 100 ? 3 : 1)).ToList();
        var all = SomeReports.Of(clicks, int.MaxValue).By(Dimension.City);

        var first = Details(Dimension.City, "/dashboard?details=city", all);
        Assert.Equal(100, first.FindAll("tbody tr").Count);
        Assert.Equal(["Others: 150 33% – 150", "All: 250 100% – 450"], first.FindAll("tfoot tr").Select(Cells));
        Assert.Contains("1 of 3", first.Find(".pager-place").TextContent, StringComparison.Ordinal);

        var found = Details(Dimension.City, "/dashboard?details=city&search=city 00", all);
        Assert.Equal(["Others: 240 93% – 420", "All: 250 100% – 450"], found.FindAll("tfoot tr").Select(Cells));

        var last = Details(Dimension.City, "/dashboard?details=city&page=9", all);
        Assert.Equal(50, last.FindAll("tbody tr").Count);
        Assert.Null(last.FindAll(".pager a")[1].GetAttribute("href"));
    }

    [Fact]
    public void A_list_without_others_has_only_its_sum() =>
        Assert.Equal(["All: 1 100% – 1"], Details(Dimension.Country, "/dashboard?details=country", SomeReports.Of([Click() with { Country = "DE" }]).By(Dimension.Country)).FindAll("tfoot tr").Select(Cells));

    [Fact]
    public void A_referrer_that_is_a_site_can_be_opened_and_nothing_else_pretends_to_be_one()
    {
        var clicks = new[] { "example.com", "android-app://com.slack", "localhost", "javascript:alert(1).com", null }.Select(referrer => Click() with { Referrer = referrer }).ToList();

        var list = Details(Dimension.Referrer, "/dashboard?details=referrer", SomeReports.Of(clicks).By(Dimension.Referrer));

        var place = Assert.Single(list.FindAll("a.place"));
        Assert.Equal(("https://example.com/", "Open example.com"), (place.GetAttribute("href"), place.GetAttribute("aria-label")));
        Assert.Empty(Details(Dimension.City, "/dashboard?details=city", SomeReports.Of([Click() with { City = "St. Gallen" }]).By(Dimension.City)).FindAll("a.place"));
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
        Assert.Equal("dashboard?os=iOS", bar.FindAll(".chip-remove")[0].GetAttribute("href"));
    }

    [Fact]
    public void Values_ticked_in_the_filter_are_in_the_address_once_applied()
    {
        var dialog = Filter("/dashboard?period=all&filter=country", ["DE", "FR", "BR"]);

        Box(dialog, "Germany").Change(true);
        Box(dialog, "Brazil").Change(true);
        dialog.FindAll("input[type=radio]")[1].Click();
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

        Assert.Equal(["Germany"], dialog.FindAll(".choices span:not([class])").Select(choice => choice.TextContent));
    }

    [Fact]
    public void A_range_is_offered_in_the_intervals_that_make_a_readable_chart()
    {
        var month = new TimeRange(Some.Noon.AddDays(-28), Some.Noon, TimeZones.Utc);

        Assert.Equal(
            [TimeBucketWidth.Hour, TimeBucketWidth.Day, TimeBucketWidth.Week],
            IntervalChoices.For(month, TimeBucketWidth.Day));
    }

    private IRenderedComponent<SummaryTiles> Tiles(StatsReport report, string url = "/dashboard") => Render<SummaryTiles>(
        parameters => parameters.Add(tiles => tiles.Address, Address(url)).Add(tiles => tiles.Report, report));

    private IRenderedComponent<ClicksChart> Chart(DashboardAddress address, StatsReport report) => Render<ClicksChart>(
        parameters => parameters.Add(chart => chart.Address, address).Add(chart => chart.Report, report));

    private static ClickFacts Click(DateTimeOffset? at = null, long visitor = 1) => Some.Click(Link, at, visitor);

    private static DashboardAddress Address(string url) => DashboardAddress.TryParse(
        new StatsQueryParser(new FakeTimeProvider(Some.Noon), new StatsOptions()), new Uri(new Uri("http://localhost"), url), TimeZones.Utc, out var address, out var refusal)
        ? address
        : throw new InvalidOperationException(refusal.Message);

    private static string Cells(IElement row) => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()));

    private IRenderedComponent<Whole> Details(Dimension dimension, string url, Breakdown all) => RenderWhole<DetailsDialog>(parameters => parameters
        .Add(dialog => dialog.Dimension, dimension)
        .Add(dialog => dialog.Address, Address(url))
        .Add(dialog => dialog.Breakdown, all)
        .Add(dialog => dialog.Range, SomeReports.Of([]).Range));

    private static IElement Box(IRenderedComponent<Whole> dialog, string name) =>
        dialog.FindAll(".choices label").Single(label => label.QuerySelector("span:not([class])")!.TextContent == name).QuerySelector("input")!;

    private IRenderedComponent<Whole> Filter(string url, string[] countries) => RenderWhole<FilterDialog>(parameters => parameters
        .Add(dialog => dialog.Dimension, Dimension.Country)
        .Add(dialog => dialog.Address, Address(url))
        .Add(dialog => dialog.Choices, SomeReports.Of([.. countries.Select(country => Click() with { Country = country })], int.MaxValue).By(Dimension.Country)));
}
