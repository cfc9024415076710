using Microsoft.Playwright;

namespace Spoo.Stories.Pages;

/// <summary>The dashboard as somebody sees it.</summary>
internal sealed class DashboardView(IPage page)
{
    public ILocator Chart => page.Locator("clicks-chart[data-drawn=true]");

    public ILocator Tile(string name) => page.Locator(".tile").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator("b");

    public ILocator Chip(string text) => page.Locator(".chip").Filter(new() { HasText = text });

    public ILocator Row(string card, string label) =>
        page.GetByRole(AriaRole.Region, new() { Name = card, Exact = true }).GetByRole(AriaRole.Row).Filter(new() { HasText = label });

    public async Task OpenAsync(string query = "")
    {
        await page.GotoAsync("/dashboard" + query);
        await ReadyAsync();
    }

    /// <summary>Waits until the circuit answers: until then links are ordinary links.</summary>
    public Task ReadyAsync() => Assertions.Expect(page.Locator("body[data-interactive]")).ToBeAttachedAsync();

    public async Task ChoosePeriodAsync(string title)
    {
        await page.Locator(".period-menu summary").ClickAsync();
        await page.Locator(".period-menu a").Filter(new() { HasText = title }).ClickAsync();
    }

    public Task ShowTabAsync(string name) => page.GetByRole(AriaRole.Tab, new() { Name = name, Exact = true }).ClickAsync();
}
