using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person looks around, and goes back the way they came.</summary>
[Collection(TwoYears.Name)]
public sealed class WalkBackAndForward(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task Every_state_comes_back_as_it_was_from_the_last_to_the_first_and_forward_again()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Country" });
        var crossTab = page.GetByRole(AriaRole.Region, new() { Name = "Cross-tab", Exact = true });
        var places = page.GetByRole(AriaRole.Region, new() { Name = "Places", Exact = true });

        // What a person does, and by what they know that they are there.
        (Func<Task> Do, Func<Task> See)[] steps =
        [
            (() => Task.CompletedTask, () => StandsAsync("156", "1 – 12 Mar 2026", chips: [])),
            (async () => await page.Locator(".period-picker").GetByRole(AriaRole.Link, new() { Name = "Earlier" }).ClickAsync(),
                () => Assertions.Expect(page.GetByText("Nothing was clicked in this period")).ToBeVisibleAsync()),
            (() => dashboard.ChoosePeriodAsync("All time"), () => StandsAsync("234", "All time", chips: [])),
            (() => dashboard.Row("Places", "Germany").GetByRole(AriaRole.Link).ClickAsync(), () => StandsAsync("120", "All time", chips: ["Country is Germany"])),
            (() => dashboard.ShowTabAsync("Languages"), async () =>
            {
                await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Languages" })).ToHaveAttributeAsync("aria-selected", "true");
                await Assertions.Expect(page).ToHaveURLAsync(new Regex("tabs=language"));
            }),
            (() => dashboard.Chip("Country").Locator(".chip-remove").ClickAsync(), () => StandsAsync("234", "All time", chips: [])),
            (async () =>
            {
                await places.Locator(".card-menu summary").ClickAsync();
                await places.GetByRole(AriaRole.Link, new() { Name = "The complete list" }).ClickAsync();
            }, () => Assertions.Expect(dialog.GetByRole(AriaRole.Row)).ToHaveCountAsync(4)),
            (() => dialog.GetByRole(AriaRole.Columnheader, new() { Name = "Country" }).GetByRole(AriaRole.Link).ClickAsync(),
                () => Assertions.Expect(dialog.Locator("tbody th").First).ToContainTextAsync("France")),
            (() => page.Keyboard.PressAsync("Escape"), () => StandsAsync("234", "All time", chips: [])),
            (async () =>
            {
                await crossTab.Locator("summary", new() { HasText = "Columns" }).ClickAsync();
                await crossTab.GetByRole(AriaRole.Link, new() { Name = "Human or bot" }).ClickAsync();
            }, () => Assertions.Expect(crossTab.GetByRole(AriaRole.Columnheader, new() { Name = "Bot" })).ToBeVisibleAsync()),
            (() => page.GetByRole(AriaRole.Link, new() { Name = "As table" }).ClickAsync(),
                () => Assertions.Expect(page.Locator("div.chart-table:not(.visually-hidden)")).ToBeVisibleAsync()),
        ];

        List<string> addresses = [];
        foreach (var (act, see) in steps)
        {
            await act();
            await see();
            if (addresses.Count > 0)
            {
                // A dialog is closed a moment before the address says so.
                await Assertions.Expect(page).Not.ToHaveURLAsync(addresses[^1]);
            }

            addresses.Add(page.Url);
        }

        await Look.AtAsync(page, "walked", WindowShape.Desktop.Name);
        foreach (var place in Enumerable.Range(0, steps.Length - 1).Reverse())
        {
            await page.GoBackAsync();
            await Assertions.Expect(page).ToHaveURLAsync(addresses[place]);
            await steps[place].See();
        }

        for (var place = 1; place < steps.Length; place++)
        {
            await page.GoForwardAsync();
            await Assertions.Expect(page).ToHaveURLAsync(addresses[place]);
            await steps[place].See();
        }

        async Task StandsAsync(string clicks, string period, string[] chips)
        {
            await Assertions.Expect(dialog).ToBeHiddenAsync();
            await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync(clicks);
            await Assertions.Expect(page.Locator(".period-menu button")).ToContainTextAsync(period);
            await Assertions.Expect(page.Locator(".chip-text")).ToHaveTextAsync(chips.Select(chip => new Regex(@"^\s*" + chip.Replace(" ", @"\s+", StringComparison.Ordinal) + @"\s*$")));
        }
    }
}
