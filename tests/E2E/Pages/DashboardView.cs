using System.Globalization;
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

    /// <summary>The rows of a card's open tab.</summary>
    public async Task<List<(string Label, long Clicks)>> RowsAsync(string card)
    {
        var panel = page.GetByRole(AriaRole.Region, new() { Name = card, Exact = true }).Locator(".tab-panel");
        var labels = await panel.Locator("tbody .breakdown-label").AllTextContentsAsync();
        var clicks = await panel.Locator("tbody td:last-child").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.lastChild.textContent)");
        return [.. labels.Zip(clicks, (label, count) => (label, long.Parse(count, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)))];
    }

    public Task ShowTabAsync(string name) => page.GetByRole(AriaRole.Tab, new() { Name = name, Exact = true }).ClickAsync();
}
