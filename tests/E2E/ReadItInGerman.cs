using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Somebody whose browser asks for German reads German, with German numbers and dates.</summary>
[Collection(TwoYears.Name)]
public sealed class ReadItInGerman(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task The_dashboard_speaks_German_and_understands_it()
    {
        var page = await chromium.OpenAsync(house.Server.Url, locale: "de-DE");
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, $"?{ServerWithTwoYears.Days}&compare=year");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Übersicht" })).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Change("Klicks")).ToContainTextAsync("+100 %");
        await Assertions.Expect(page.Locator(".chart-card h2")).ToContainTextAsync("1. – 12. März 2026 verglichen mit 1. – 12. März 2025");
        await Assertions.Expect(page.Locator(".report-line")).ToContainTextAsync("genau");
        Assert.Equal("Sonntag, 1. März 2026", (await dashboard.TableAsync())[0][0]);

        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("vom 5.3.2026 bis 6.3.2026");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Klicks")).ToHaveTextAsync("22");
        await page.AxeFindsNothingAsync();
    }
}
