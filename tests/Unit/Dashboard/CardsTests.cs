using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Public;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Report.Pickers;
using Spoo.Web.Components.Report.Sharing;

namespace Spoo.Tests.Dashboard;

/// <summary>The cards below the chart: what they show of a report, and where their links lead.</summary>
public sealed class CardsTests : ComponentTests
{
    private static readonly Link Link = Some.Link("AbC", id: 1);


    [Fact]
    public void The_open_tab_of_each_card_is_in_the_address()
    {
        var card = Card(BreakdownTab.TabsOf(DimensionCard.Sources), "/dashboard?period=all&tabs=city,utm_source", [Click() with { UtmSource = "letter" }]);

        var tabs = card.FindAll("[role=tab]");
        Assert.Equal("UTM source", Assert.Single(tabs, tab => tab.GetAttribute("aria-selected") == "true").TextContent);
        Assert.Equal("letter", card.Find(".breakdown-label").TextContent);
        Assert.Equal("dashboard?period=all&tabs=city,channel", Uri.UnescapeDataString(tabs[1].GetAttribute("href")!));
        Assert.Equal("dashboard?period=all&tabs=city", tabs[0].GetAttribute("href"));
    }

    [Fact]
    public void The_address_of_a_view_comes_back_as_it_was()
    {
        const string Url = "/dashboard?period=all&details=city&search=new%20york&sort=-unique_clicks&page=3&tabs=channel&crosstab=browser,os,unique_clicks";

        Assert.Equal(Uri.UnescapeDataString(Url), "/" + Uri.UnescapeDataString(Address(Url).Url));
        Assert.Equal("dashboard?period=all", Address(Url).Question.Url);
    }

    [Fact]
    public void Bots_are_told_by_name_kind_and_rule_and_people_are_not_among_them()
    {
        var card = Card(BreakdownTab.TabsOf(DimensionCard.Bots), "/dashboard",
        [
            Click(), Click(), Click() with { IsBot = true, BotRule = @"Googlebot\/" }, Click() with { IsBot = true, BotRule = @"Googlebot\/" },
            Click() with { IsBot = true, BotRule = "curl" }, Click() with { IsBot = true },
        ]);

        Assert.Equal(["Googlebot", "curl", "Said so by the import"], card.FindAll(".breakdown-label").Select(label => label.TextContent));
        Assert.Equal("crawler", card.FindAll(".breakdown-note")[0].TextContent);
        Assert.Contains(@"the rule Googlebot\/", card.Find("tbody a").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal("50%", card.FindAll(".share")[0].TextContent);
    }

    [Fact]
    public void Links_come_first_and_rules_only_where_one_has_answered_on_the_page_of_a_link_too()
    {
        var plain = SomeReports.Of([Click()]);
        var ruled = SomeReports.Of([Click(), Click() with { Target = "Phones" }]);

        Assert.Equal([Dimension.ShortCode], TabsOfLinks("/dashboard", plain));
        Assert.Equal([Dimension.ShortCode, Dimension.Target], TabsOfLinks("/dashboard", ruled));
        Assert.Equal([], TabsOfLinks("/dashboard/links/AbC", plain));
        Assert.Equal([Dimension.Target], TabsOfLinks("/dashboard/links/AbC", ruled));

        static IEnumerable<Dimension> TabsOfLinks(string url, StatsReport report) => BreakdownTab.CardsOf(Address(url), report)
            .SelectMany(card => card.Tabs).Select(tab => tab.Dimension).Where(dimension => dimension.Card == DimensionCard.Links);
    }

    [Fact]
    public void A_selection_without_bots_says_so()
    {
        var card = Card(BreakdownTab.TabsOf(DimensionCard.Bots), "/dashboard", [Click()]);

        Assert.Contains("No bots", card.Find(".card-empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_has_the_numbers_and_links_of_its_table()
    {
        var report = SomeReports.Of([Click() with { Country = "DE" }, Click() with { Country = "DE" }, Click() with { Country = "BR" }, Click()], 300);

        var map = Render<WorldMap>(parameters => parameters
            .Add(map => map.Address, Address("/dashboard?period=all"))
            .Add(map => map.Countries, report.By(Dimension.Country)));

        var countries = JsonDocument.Parse(map.Find("world-map").GetAttribute("data-model")!).RootElement.GetProperty("countries");
        Assert.Equal(["BR", "DE"], countries.EnumerateObject().Select(country => country.Name).Order());
        Assert.Equal(2, countries.GetProperty("DE")[0].GetInt64());
        Assert.Equal("dashboard?period=all&country=DE", countries.GetProperty("DE")[3].GetString());
        Assert.Empty(map.FindAll(".map-back"));
    }

    [Fact]
    public void From_a_country_the_way_leads_back_to_the_world()
    {
        var report = SomeReports.Of([Click() with { Country = "DE" }], 300);

        var map = Render<WorldMap>(parameters => parameters
            .Add(map => map.Address, Address("/dashboard?period=all&country=Germany"))
            .Add(map => map.Countries, report.By(Dimension.Country)));

        Assert.Equal("DE", JsonDocument.Parse(map.Find("world-map").GetAttribute("data-model")!).RootElement.GetProperty("chosen").GetString());
        Assert.DoesNotContain("country=", map.Find(".map-back").GetAttribute("href")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_hour_of_the_week_has_its_cell_and_unknown_is_not_zero()
    {
        var hours = Enumerable.Range(0, 168).Select(hour => new WeekHour(new Count(hour == 33 ? 6 : 0, 1), hour < 48 ? TimeSpan.FromHours(2) : TimeSpan.Zero)).ToList();
        var week = new WeekReport { Range = new TimeRange(Some.Noon.AddDays(-2), Some.Noon, TimeZoneInfo.Utc), Hours = hours, AsOf = Some.Noon };

        var map = Render<Heatmap>(parameters => parameters.Add(map => map.Week, week));

        var cells = map.FindAll("tbody td");
        Assert.Equal(168, cells.Count);
        Assert.Equal(("3", "p100"), (cells[33].TextContent, cells[33].ClassList[0]));
        Assert.Equal("0", cells[0].TextContent);
        Assert.All(cells.Skip(48), cell => Assert.Equal("–", cell.TextContent));
        Assert.Contains("6 clicks in 2 hours", cells[33].GetAttribute("data-tip"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_of_a_cross_tab_leads_to_its_clicks_and_its_sums_are_those_of_the_lists()
    {
        var table = CrossTab(Metric.Clicks,
        [
            Click() with { Country = "DE", Device = "mobile" }, Click(2) with { Country = "DE", Device = "mobile" },
            Click() with { Country = "DE", Device = "desktop" }, Click() with { Country = "FR", Device = "mobile" },
        ]);

        Assert.Equal(["Germany 2 1 3", "France 1 0 1", "All 3 1 4"], table.FindAll("tbody tr, tfoot tr").Select(Cells));
        Assert.Equal("dashboard?country=DE&device=mobile", table.Find("tbody td a").GetAttribute("href"));
    }

    [Fact]
    public void Visitors_do_not_add_up_and_nothing_pretends_they_do()
    {
        var clicks = Enumerable.Range(0, 10).Select(number => Click() with { Country = "DE", Browser = string.Create(CultureInfo.InvariantCulture, $"Browser {number}") }).ToList();

        var table = CrossTab(Metric.UniqueClicks, clicks, Dimension.Browser);

        Assert.EndsWith("1 1 – 1", Cells(table.Find("tbody tr")), StringComparison.Ordinal);
        Assert.Contains("do not add up", table.Find(".field-hint").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_dimensions_are_always_two()
    {
        var choice = CrossTabChoice.Default;

        Assert.Equal((Dimension.Device, Dimension.Country), (choice.ByRows(Dimension.Device).First, choice.ByRows(Dimension.Device).Second));
        Assert.Equal((Dimension.Device, Dimension.Country), (choice.ByColumns(Dimension.Country).First, choice.ByColumns(Dimension.Country).Second));
        foreach (var rows in Dimension.All)
        {
            foreach (var columns in Dimension.Filterable)
            {
                var made = choice.ByColumns(columns).ByRows(rows);
                Assert.NotEqual(made.First, made.Second);
                Assert.NotEqual(Dimension.Time, made.Second);
                Assert.Equal(made, CrossTabChoice.Find(made.Text, Dimension.All));
            }
        }
    }

    [Theory]
    [InlineData("country")]
    [InlineData("country,country")]
    [InlineData("country,time")]
    [InlineData("country,nothing")]
    public void An_address_that_crosses_nothing_shows_what_is_shown_anyway(string text) => Assert.Null(Address("/dashboard?crosstab=" + text).Cross);

    [Fact]
    public void Exports_ask_the_question_of_the_page_and_are_named_after_it()
    {
        var menu = RenderWhole<ExportMenu>(parameters => parameters
            .Add(menu => menu.Address, Address("/dashboard/links/AbC?period=all&country=DE&timezone=Europe/Berlin"))
            .Add(menu => menu.Report, SomeReports.Of([Click()])));

        menu.Find(".export-menu button").Click();
        var links = menu.FindAll("a[download]").Select(link => Uri.UnescapeDataString(link.GetAttribute("href")!)).ToList();
        Assert.All(links, link => Assert.Contains("period=all&timezone=Europe/Berlin", link, StringComparison.Ordinal));
        Assert.All(links, link => Assert.Contains("short_code=AbC", link, StringComparison.Ordinal));
        Assert.All(links, link => Assert.Contains("country=DE", link, StringComparison.Ordinal));
        Assert.EndsWith("format=xlsx&layout=report&names=en&filename=spoo-AbC-2026-02-18-to-2026-02-19", links[0], StringComparison.Ordinal);
        Assert.Equal(2, links.Count(link => link.StartsWith("api/v1/export/clicks?", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_public_page_offers_what_everybody_may_ask()
    {
        var menu = Render<PublicExport>(parameters => parameters.Add(menu => menu.Address, Address("/stats/AbC?period=all")));

        var links = menu.FindAll("a[download]").Select(link => Uri.UnescapeDataString(link.GetAttribute("href")!)).ToList();
        Assert.All(links, link => Assert.StartsWith("api/v1/export?scope=anon&short_code=AbC&", link, StringComparison.Ordinal));
        Assert.All(links, link => Assert.DoesNotContain("utm_", link, StringComparison.Ordinal));
    }

    [Fact]
    public void Parts_of_names_are_written_one_a_line_and_may_have_commas()
    {
        var dialog = Filter("/dashboard?filter=city");

        dialog.FindAll("input[type=radio]")[2].Click();
        dialog.Find("textarea").Input("Washington, D.C.\n\n york ");
        dialog.Find("form").Submit();

        var filter = Assert.Single(Address(Navigated).Query.Filters);
        Assert.Equal((FilterOperator.Contains, "Washington, D.C.|york"), (filter.Operator, string.Join('|', filter.Values)));

        // And comes back for editing as it was.
        Assert.Equal("Washington, D.C.\nyork", Filter(Navigated + "&filter=city").Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public void A_value_that_no_click_has_can_be_filtered_by_all_the_same()
    {
        var dialog = Filter("/dashboard?filter=city");

        dialog.Find("input[type=search]").Input("Atlantis");
        dialog.Find(".choices-more button").Click();
        dialog.Find("form").Submit();

        Assert.Equal("Atlantis", Assert.Single(Assert.Single(Address(Navigated).Query.Filters).Values));
    }

    [Fact]
    public void A_value_with_a_comma_is_never_read_as_two()
    {
        var bar = Render<FilterBar>(parameters => parameters.Add(
            bar => bar.Address, Address("/dashboard").Where(new StatsFilter(Dimension.City, FilterOperator.Is, ["Washington, D.C.", "Berlin"]))));

        Assert.Contains("City is “Washington, D.C.”, Berlin", Words(bar.Find(".chip-text")), StringComparison.Ordinal);
    }

    [Fact]
    public void Part_of_a_country_is_part_of_its_name()
    {
        var filter = new StatsFilter(Dimension.Country, FilterOperator.Contains, ["germ"]);

        Assert.True(filter.Accepts("DE"));
        Assert.False(filter.Accepts("FR"));
    }

    [Fact]
    public void Names_are_in_the_language_of_the_viewer()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
            Assert.Equal("Deutschland", Spoo.Web.Words.Labels.Of(Dimension.Country, "DE"));
            Assert.Equal("Französisch", Spoo.Web.Words.Labels.Of(Dimension.Language, "fr"));
            Assert.Equal("Soziale Netzwerke", Spoo.Web.Words.Labels.Of(Dimension.Channel, Channels.Social));
            Assert.All(Countries.All, country => Assert.NotEmpty(Spoo.Web.Words.Labels.Of(Dimension.Country, country.Code)));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private string Navigated => "/" + Services.GetRequiredService<NavigationManager>().ToBaseRelativePath(Services.GetRequiredService<NavigationManager>().Uri);

    private static ClickFacts Click(long visitor = 1) => Some.Click(Link, visitor: visitor);

    private static string Cells(IElement row) => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()));

    private static DashboardAddress Address(string url) => DashboardAddress.TryParse(
        new StatsQueryParser(new FakeTimeProvider(Some.Noon), new StatsOptions()), new Uri(new Uri("http://localhost"), url), TimeZoneInfo.Utc, out var address, out var refusal)
        ? address
        : throw new InvalidOperationException(refusal.Message);

    private IRenderedComponent<BreakdownCard> Card(IReadOnlyList<BreakdownTab> tabs, string url, IReadOnlyList<ClickFacts> clicks) => Render<BreakdownCard>(parameters => parameters
        .Add(card => card.Title, "Some")
        .Add(card => card.Tabs, tabs)
        .Add(card => card.Address, Address(url))
        .Add(card => card.Report, SomeReports.Of(clicks, 300)));

    private IRenderedComponent<CrossTabTable> CrossTab(Metric metric, IReadOnlyList<ClickFacts> clicks, Dimension? second = null)
    {
        second ??= Dimension.Device;
        var report = SomeReports.Of(clicks, 12);
        var cells = clicks
            .GroupBy(click => (First: Dimension.Country.LabelOf(Dimension.Country.Read(click)), Second: second.LabelOf(second.Read(click))))
            .Select(group => new CrossTabCell(group.Key.First, group.Key.Second, new Count(group.Count(), group.Select(click => click.Visitor).Distinct().Count())));
        return Render<CrossTabTable>(parameters => parameters
            .Add(table => table.Address, Address("/dashboard"))
            .Add(table => table.Report, report with { CrossTabs = [new CrossTab(Dimension.Country, second, [.. cells])] })
            .Add(table => table.Metric, metric));
    }

    private IRenderedComponent<Whole> Filter(string url) => RenderWhole<FilterDialog>(parameters => parameters
        .Add(dialog => dialog.Dimension, Dimension.City)
        .Add(dialog => dialog.Address, Address(url))
        .Add(dialog => dialog.Choices, SomeReports.Of([Click() with { City = "Berlin" }], int.MaxValue).By(Dimension.City)));
}
