using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A person who uses no mouse, and a person who cannot see the chart.</summary>
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
        await Assertions.Expect(page.Locator(".period-menu button")).ToContainTextAsync("17 – 28 Feb 2026");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");

        await page.Keyboard.PressAsync("i");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("interval=week"));

        // The first link of the list, and back to all of them.
        await page.Keyboard.PressAsync("1");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/dashboard/links/spring"));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "spring" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("0");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/links/"));

        // A key with another one held down is the browser's, or the system's.
        var address = page.Url;
        foreach (var held in new[] { "Control", "Alt", "Meta" })
        {
            await page.Keyboard.PressAsync(held + "+x");
            await page.Keyboard.PressAsync(held + "+9");
            await page.Keyboard.PressAsync(held + "+y");
        }

        await page.Keyboard.PressAsync("v");
        await page.GetByLabel("Save this view as").FillAsync("");
        await page.Keyboard.TypeAsync("1x?fd");
        await Assertions.Expect(page.GetByLabel("Save this view as")).ToHaveValueAsync("1x?fd");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page).ToHaveURLAsync(address);

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
    public async Task From_the_front_door_to_a_zoomed_chart_nobody_needs_a_mouse_or_loses_their_place()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await page.GotoAsync("/");
        await TabToAsync(page, page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = "Sign in" }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("input[type=email]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(house.Owner.Email);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(house.Owner.Password);
        await page.Keyboard.PressAsync("Enter");
        await dashboard.ReadyAsync();
        await Assertions.Expect(page.GetByText("Nothing was clicked in this period")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("1 to 12 March 2026");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");
        await Assertions.Expect(page.Locator(".period-menu-panel")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".period-menu button")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("f");
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("germ");
        await TabToAsync(page, page.GetByRole(AriaRole.Checkbox, new() { Name = "Germany" }));
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Apply" }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("78");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await StandsAsync(page);

        await TabToAsync(page, page.GetByRole(AriaRole.Slider));
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.GetByRole(AriaRole.Slider)).ToHaveAttributeAsync("aria-valuetext", "Monday, 2 March 2026: 2 Clicks");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("5");
        await StandsAsync(page);

        var places = page.GetByRole(AriaRole.Region, new() { Name = "Places", Exact = true });
        await TabToAsync(page, places.Locator(".card-menu summary"));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, places.GetByRole(AriaRole.Link, new() { Name = "The complete list" }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.AxeFindsNothingAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Assertions.Expect(places.Locator(".card-menu summary")).ToBeFocusedAsync();

        // A chip that is removed under a person's fingers takes them nowhere far.
        await TabToAsync(page, dashboard.Chip("Country").Locator(".chip-remove"), backwards: true);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("10");
        await StandsAsync(page);
        await page.GoBackAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("5");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("10");
        await Assertions.Expect(page.Locator(".chip")).ToHaveCountAsync(0);
        await StandsAsync(page);
    }

    /// <summary>Goes there by the key for it, and sees at each step where that is.</summary>
    private static async Task TabToAsync(IPage page, ILocator place, bool backwards = false)
    {
        for (var step = 0; step < 150; step++)
        {
            if (await place.EvaluateAsync<bool>("place => place === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
            await StandsAsync(page);
        }

        Assert.Fail("The key never leads to " + place);
    }

    /// <summary>A person stands somewhere, and it can be seen where; a heading that a page begins with is seen without a ring around it.</summary>
    private static async Task StandsAsync(IPage page)
    {
        await Eventually.TrueAsync(() => page.EvaluateAsync<bool>("document.activeElement !== document.body"));
        var unseen = await page.EvaluateAsync<string?>(
            """
            () => {
              const ring = element => element && (getComputedStyle(element).outlineStyle !== 'none' || ring(element.parentElement));
              const place = document.activeElement;
              return place.matches('h1') || ring(place) ? null : place.outerHTML.slice(0, 200);
            }
            """);
        Assert.Null(unseen);
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
        await Assertions.Expect(page.Locator(".period-menu button")).ToContainTextAsync("11 – 12 Mar 2026");

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("g");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("chart=table"));
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Wednesday, 12 March 2025" })).ToBeVisibleAsync();
        await page.AxeFindsNothingAsync();
    }
}
