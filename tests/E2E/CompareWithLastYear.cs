using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person wants to know whether this March went better than the one before.</summary>
[Collection(TwoYears.Name)]
public sealed class CompareWithLastYear(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task Every_number_says_how_it_changed_and_the_way_back_is_the_browsers()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");

        await page.Locator(".compare-menu button").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Year before" }).ClickAsync();
        await Assertions.Expect(dashboard.Change("Clicks")).ToContainTextAsync("+100%");
        await Assertions.Expect(page.Locator(".chart-card h2")).ToContainTextAsync("compared with 1 – 12 Mar 2025");

        await page.GetByRole(AriaRole.Link, new() { Name = "Average redirect" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("compare=year.*metric=redirect"));
        await dashboard.ChartShowsAsync("Average redirect");
        Assert.Equal("±0%", (await dashboard.TableAsync())[0][^1]);

        // A Sunday is compared with a Sunday: the first of March 2026 with the second of March 2025.
        await page.Locator(".compare-menu button").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mondays beside Mondays" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chart-card h2")).ToContainTextAsync("compared with 2 – 13 Mar 2025");
        await page.AxeFindsNothingAsync();

        await page.GoBackAsync();
        await Assertions.Expect(page.Locator(".chart-card h2")).ToContainTextAsync("compared with 1 – 12 Mar 2025");
        await page.GoBackAsync();
        await dashboard.ChartShowsAsync("Clicks");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator(".change")).ToHaveCountAsync(0);
        await page.GoForwardAsync();
        await Assertions.Expect(dashboard.Change("Clicks")).ToContainTextAsync("+100%");
    }
}
