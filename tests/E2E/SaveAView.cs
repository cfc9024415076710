using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person asks the same question every Monday.</summary>
[Collection(TwoYears.Name)]
public sealed class SaveAView(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task A_view_is_saved_found_again_renamed_and_deleted()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, $"?{ServerWithTwoYears.Days}&country=DE&metric=bots");
        var button = page.Locator(".views-menu button");
        var menu = page.GetByRole(AriaRole.Dialog, new() { Name = "Saved views" });

        await page.Keyboard.PressAsync("v");
        await page.GetByLabel("Save this view as").FillAsync("German bots");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "German bots" })).ToHaveAttributeAsync("aria-current", "true");
        await page.AxeFindsNothingAsync();

        await page.GotoAsync("/dashboard?period=all");
        await dashboard.ReadyAsync();
        await button.ClickAsync();
        await menu.GetByRole(AriaRole.Link, new() { Name = "German bots" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("country=DE.*metric=bots"));
        await Assertions.Expect(dashboard.Chip("Country is Germany")).ToBeVisibleAsync();

        await button.ClickAsync();
        await menu.GetByRole(AriaRole.Button, new() { Name = "Rename German bots" }).ClickAsync();
        await menu.GetByLabel("New name").FillAsync("Bots from Germany");
        await menu.GetByRole(AriaRole.Button, new() { Name = "Rename", Exact = true }).ClickAsync();
        await Assertions.Expect(button).ToContainTextAsync("Bots from Germany");

        await menu.GetByRole(AriaRole.Button, new() { Name = "Delete Bots from Germany" }).ClickAsync();
        await Assertions.Expect(button).Not.ToContainTextAsync("Bots from Germany");
    }
}
