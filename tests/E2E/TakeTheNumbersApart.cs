using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person wants to know where from, when and with what, and takes the answers along.</summary>
public sealed class TakeTheNumbersApart(Chromium chromium, ServerWithAnHour house) : IClassFixture<ServerWithAnHour>
{
    private const string TheHour = "?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z";

    [Fact]
    public async Task A_click_on_the_map_leads_into_a_country_and_the_browsers_button_back()
    {
        var (page, dashboard) = await OpenAsync(TheHour);
        var map = page.Locator("world-map");
        await map.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(map).ToHaveAttributeAsync("data-drawn", "true");

        await map.Locator("[data-code=BR]").HoverAsync();
        await Assertions.Expect(page.Locator(".jvm-tooltip.active")).ToHaveTextAsync("Brazil: 35 clicks");
        await map.Locator("[data-code=BR]").ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("35");
        await Assertions.Expect(dashboard.Chip("Country is Brazil")).ToBeVisibleAsync();

        await page.GoBackAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");

        await dashboard.Row("Places", "Brazil").GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Whole world" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
    }

    [Fact]
    public async Task A_tap_on_the_map_leads_into_a_country_and_the_map_follows()
    {
        var page = await chromium.OpenAsync(house.Server.Url, WindowShape.Phone);
        var (dashboard, map) = (new DashboardView(page), page.Locator("world-map"));
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        await dashboard.SignInAsync(house.Owner, TheHour);
        await map.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(map).ToHaveAttributeAsync("data-drawn", "true");
        var before = await map.Locator("[data-code=US]").GetAttributeAsync("fill");

        // With touch: what happened here once threw, and left the numbers of the whole world on the map.
        await map.Locator("[data-code=BR]").TapAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("35");
        await Assertions.Expect(map.Locator("[data-code=US]")).Not.ToHaveAttributeAsync("fill", before!);
        await Assertions.Expect(map.Locator("[data-code=BR].has-clicks")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "Whole world" }).TapAsync();
        await Assertions.Expect(map.Locator("[data-code=US]")).ToHaveAttributeAsync("fill", before!);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_dashboard_that_leaves_bots_out_says_how_many_and_counts_them_at_one_click()
    {
        var (page, dashboard) = await OpenAsync(TheHour + "&bots=hidden");
        var all = await dashboard.Tile("Bot clicks").TextContentAsync();
        var people = await dashboard.Tile("Clicks").TextContentAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Count bots" }).ClickAsync();

        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "3,440 clicks by" })).ToHaveCountAsync(1);
        Assert.Equal(3440, int.Parse(all!, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) + int.Parse(people!, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Link, new() { Name = "People only" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync(people!);
    }

    [Fact]
    public async Task Two_dimensions_are_crossed_and_a_cell_leads_to_its_clicks()
    {
        var (page, dashboard) = await OpenAsync(TheHour);
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Cross-tab", Exact = true });

        await card.Locator("summary", new() { HasText = "Columns" }).ClickAsync();
        await card.GetByRole(AriaRole.Link, new() { Name = "Operating system" }).ClickAsync();
        await Assertions.Expect(card.GetByRole(AriaRole.Columnheader, new() { Name = "Windows" })).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("crosstab=country,os|crosstab=country%2Cos"));

        var row = card.GetByRole(AriaRole.Row).Filter(new() { HasText = "Brazil" });
        var cells = await row.GetByRole(AriaRole.Cell).AllTextContentsAsync();
        Assert.Equal(35, Number(cells[^1]));
        Assert.Equal(35, cells.SkipLast(1).Sum(Number));

        var first = row.GetByRole(AriaRole.Cell).GetByRole(AriaRole.Link).First;
        var clicks = await first.TextContentAsync();
        await first.ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync(clicks!);
        await Assertions.Expect(page.Locator(".chip")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task What_is_downloaded_has_the_numbers_of_the_page()
    {
        var (page, dashboard) = await OpenAsync(TheHour + "&country=US");
        var clicks = Number(await dashboard.Tile("Clicks").TextContentAsync() ?? "");

        await page.Locator(".export-menu button").ClickAsync();
        var view = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "JSON", Exact = false }).First.ClickAsync());
        Assert.Equal("spoo-all-links-2012-03-16-to-2012-03-16.json", view.SuggestedFilename);
        var stats = JsonDocument.Parse(await File.ReadAllTextAsync(await view.PathAsync(), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(clicks, stats.GetProperty("summary").GetProperty("total_clicks").GetInt64());

        await page.Locator(".export-menu button").ClickAsync();
        var raw = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "NDJSON" }).ClickAsync());
        Assert.Equal(clicks, (await File.ReadAllLinesAsync(await raw.PathAsync(), TestContext.Current.CancellationToken)).LongLength);
        await Assertions.Expect(page.Locator(".download-toast")).ToContainTextAsync("spoo-all-links-clicks-2012-03-16-to-2012-03-16.ndjson is saved.");

        // The list as a person looks at it, and the picture of the chart.
        await dashboard.OpenAsync(TheHour + "&details=city&search=new&sort=label");
        var shown = await page.Locator(".details-table tbody th").AllInnerTextsAsync();
        var list = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "This list as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await list.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(shown.Select(city => city.Trim()), lines.Skip(1).Select(line => line.Split(',')[0].Trim('"')));

        await dashboard.OpenAsync(TheHour);
        await dashboard.Chart.WaitForAsync();
        await page.Locator(".chart-card .card-menu summary").ClickAsync();
        var picture = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "The chart as PNG" }).ClickAsync());
        var png = await File.ReadAllBytesAsync(await picture.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("PNG"u8.ToArray(), png[1..4]);
        Assert.True(png.Length > 5_000, "The picture is empty.");
    }

    [Fact]
    public async Task A_value_with_a_comma_stays_one_value_from_the_dialog_to_the_chip_and_back()
    {
        var owner = await Account.NewAsync(house.Server);
        var file = Path.Combine(Path.GetTempPath(), owner.Id + ".csv");
        await File.WriteAllTextAsync(file, "time,short_code,city\n2026-01-05T10:00:00Z,c" + owner.Id[^8..] + ",\"Washington, D.C.\"\n2026-01-05T11:00:00Z,c" + owner.Id[^8..] + ",Berlin\n", TestContext.Current.CancellationToken);
        await owner.ImportAsync(house.Server, file);
        File.Delete(file);
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(owner.Email, owner.Password, "/dashboard?period=all&filter=city");
        await dashboard.ReadyAsync();

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Washington, D.C." }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("1");
        await Assertions.Expect(dashboard.Chip("City is “Washington, D.C.”")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await dashboard.ReadyAsync();
        await dashboard.Chip("City is").Locator(".chip-text").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "Washington, D.C." })).ToBeCheckedAsync();
        await page.GetByText("does not contain", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox).FillAsync("D.C.\nParis");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(dashboard.Chip("City does not contain D.C., Paris")).ToBeVisibleAsync();
        await dashboard.ShowTabAsync("Cities");
        await Assertions.Expect(dashboard.Row("Places", "Berlin")).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Row("Places", "Washington")).ToHaveCountAsync(0);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Every_state_of_the_cards_can_be_read_by_everybody(string shape)
    {
        var page = await chromium.OpenAsync(house.Server.Url, WindowShape.Named(shape));
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password, "/dashboard" + TheHour + "&tabs=channel,city&crosstab=time,browser");
        await dashboard.ReadyAsync();
        await page.Locator("world-map").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("world-map")).ToHaveAttributeAsync("data-drawn", "true");
        await Look.AtAsync(page, "cards", shape);

        await page.Locator(".export-menu button").ClickAsync();
        await Look.AtAsync(page, "export-menu", shape, ".mud-popover-open");

        await dashboard.OpenAsync(TheHour + "&details=referrer&search=zzz");
        await Assertions.Expect(page.GetByText("Nothing here has this in its name.")).ToBeVisibleAsync();
        await Look.AtAsync(page, "details-nothing", shape);

        await dashboard.OpenAsync(TheHour + "&browser~=chrome&filter=browser");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("chrome");
        await Look.AtAsync(page, "filter-part", shape);
    }

    private static long Number(string text) => long.Parse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private async Task<(IPage Page, DashboardView Dashboard)> OpenAsync(string query)
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password, "/dashboard" + query);
        await dashboard.ReadyAsync();
        return (page, dashboard);
    }
}
