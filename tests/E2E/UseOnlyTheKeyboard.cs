using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Somebody who uses no mouse, and somebody who cannot see the chart.</summary>
[Collection(TwoYears.Name)]
public sealed class UseOnlyTheKeyboard(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task Keys_lead_everywhere_and_never_while_typing()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);

        await page.Keyboard.PressAsync("?");
        var keys = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await Assertions.Expect(keys.GetByText("One period earlier, or later")).ToBeVisibleAsync();
        await page.AxeFindsNothingAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(keys).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("compare=period"));
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("compare="));

        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(".period-menu summary")).ToContainTextAsync("17 – 28 Feb 2026");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");

        await page.Keyboard.PressAsync("i");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("interval=week"));

        // What is typed are words and not keys; what is not understood is explained on the spot.
        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("max");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "'max' is no period" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("5 to 6 March 2026");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("22");
    }

    [Fact]
    public async Task The_chart_reads_its_points_and_zooms_and_its_table_says_the_same()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, $"?{ServerWithTwoYears.Days}&compare=year&metric=human");
        await dashboard.ChartShowsAsync("Human clicks");
        var chart = page.GetByRole(AriaRole.Slider);
        var rows = await dashboard.TableAsync();
        Assert.Equal(12, rows.Count);

        await chart.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < rows.Count; i++)
        {
            var read = await chart.GetAttributeAsync("aria-valuetext");
            Assert.Equal($"{rows[i][0]}: {rows[i][1]} Human clicks; {rows[i][2]}: {rows[i][3]}, {rows[i][4]}", read);
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Assertions.Expect(page.Locator(".chart-chosen")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".period-menu summary")).ToContainTextAsync("11 – 12 Mar 2026");

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("g");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("chart=table"));
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Wednesday, 12 March 2025" })).ToBeVisibleAsync();
        await page.AxeFindsNothingAsync();
    }
}
