using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>What people do with a dashboard, by mouse and by keyboard.</summary>
public sealed class WalkTheDashboard(Chromium chromium, ServerWithAnHour house) : IClassFixture<ServerWithAnHour>
{
    private const string TheHour = "?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z";

    [Fact]
    public async Task A_filter_is_made_in_its_dialog_and_edited_at_its_chip()
    {
        var (page, dashboard) = await OpenAsync(TheHour);

        await page.Keyboard.PressAsync("f");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Germany" }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Brazil" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("63");

        await dashboard.Chip("Country is Germany, Brazil").Locator(".chip-text").ClickAsync();
        await page.GetByText("is not", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,377");

        await page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
    }

    [Fact]
    public async Task The_complete_list_is_searched_and_closed_by_escape_or_by_going_back()
    {
        var (page, dashboard) = await OpenAsync(TheHour);

        await page.GetByRole(AriaRole.Region, new() { Name = "Places", Exact = true }).GetByText("Show all 72").ClickAsync();
        await page.GetByLabel("Search in Country").FillAsync("brazil");
        var dialog = page.GetByRole(AriaRole.Dialog);
        var rows = dialog.Locator("tbody").GetByRole(AriaRole.Row);
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        // The first one clears the search, as in every search box.
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(rows).ToHaveCountAsync(72);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();

        await page.GoBackAsync();
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
    }

    [Fact]
    public async Task A_click_on_a_row_does_not_move_the_page()
    {
        var (page, dashboard) = await OpenAsync(TheHour);
        await page.EvaluateAsync("scrollTo(0, 600)");

        await dashboard.Row("Places", "Brazil").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("35");

        Assert.True(await page.EvaluateAsync<double>("scrollY") > 300);
    }

    [Fact]
    public async Task Periods_have_keys_and_days_of_ones_own()
    {
        var (page, dashboard) = await OpenAsync("");
        await Assertions.Expect(page.GetByText("Nothing was clicked in this period")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("period=all$"));
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");

        await page.Locator(".period-menu button").ClickAsync();
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2012-03-16");
        await page.GetByLabel("to", new() { Exact = true }).FillAsync("2012-03-16");
        await page.Locator(".period-menu-panel .custom-range").GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(page.Locator(".period-menu button")).ToContainTextAsync("16 Mar 2012");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
    }

    [Fact]
    public async Task A_link_has_a_page_of_its_own()
    {
        var (page, dashboard) = await OpenAsync(TheHour);

        await dashboard.Row("Links", "wcndER").GetByRole(AriaRole.Link).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/dashboard/links/wcndER"));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "wcndER", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("425");
    }

    [Fact]
    public async Task A_bookmark_asks_for_the_password_and_then_shows_what_it_says()
    {
        var page = await chromium.OpenAsync(house.Server.Url);

        await page.GotoAsync("/dashboard" + TheHour + "&country=BR");
        await new AccountPages(page).FillAsync(house.Owner.Email, "not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No account has this e-mail and password.")).ToBeVisibleAsync();
        await new AccountPages(page).FillAsync(house.Owner.Email, house.Owner.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync("35");
        await new DashboardView(page).ReadyAsync();
        await new AccountPages(page).SignOutAsync();
        await page.GotoAsync("/dashboard");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/account/login"));
    }

    [Fact]
    public async Task The_theme_that_was_chosen_stays_without_a_flash()
    {
        var (page, _) = await OpenAsync("");
        await page.Locator("summary[aria-label='Your account']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();

        await page.GotoAsync("/links");

        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.Equal("dark", await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme"));
    }

    private async Task<(IPage Page, DashboardView Dashboard)> OpenAsync(string query)
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password, "/dashboard" + query);
        await dashboard.ReadyAsync();
        return (page, dashboard);
    }
}
