using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>The database goes away while a person looks at their numbers.</summary>
[Collection(TwoYears.Name)]
public sealed class LoseTheStore(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task A_failing_store_shows_errors_and_never_zeros()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        house.Server.StoreIsBroken = true;
        try
        {
            await page.Keyboard.PressAsync("a");
            await Assertions.Expect(page.GetByText("The clicks could not be counted")).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".tile")).ToHaveCountAsync(0);
            await page.AxeFindsNothingAsync();
        }
        finally
        {
            house.Server.StoreIsBroken = false;
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("234");
    }
}
