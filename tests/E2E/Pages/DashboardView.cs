using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Support;

namespace Spoo.Stories.Pages;

/// <summary>The dashboard as a person sees it.</summary>
internal sealed class DashboardView(IPage page)
{
    public ILocator Chart => page.Locator("clicks-chart[data-drawn=true]");

    public ILocator Tile(string name) => page.Locator(".tile").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator("b");

    /// <summary>What the tile says about the change.</summary>
    public ILocator Change(string tile) =>
        page.Locator(".tile").Filter(new() { Has = page.GetByText(tile, new() { Exact = true }) }).Locator(".change");

    public ILocator Chip(string text) => page.Locator(".chip").Filter(new() { HasText = text });

    public ILocator Row(string card, string label) =>
        page.GetByRole(AriaRole.Region, new() { Name = card, Exact = true }).GetByRole(AriaRole.Row).Filter(new() { HasText = label });

    public async Task OpenAsync(string query = "")
    {
        await page.GotoAsync("/dashboard" + query);
        await ReadyAsync();
    }

    public async Task SignInAsync(Account who, string query = "")
    {
        await new AccountPages(page).SignInAsync(who.Email, who.Password, "/dashboard" + query);
        await ReadyAsync();
    }

    /// <summary>Waits until the chart is drawn and shows this.</summary>
    public Task ChartShowsAsync(string metric) => Assertions.Expect(Chart).ToHaveAttributeAsync("aria-label", new Regex("^" + metric));

    /// <summary>The table that says the same as the chart, cell by cell.</summary>
    public async Task<List<string[]>> TableAsync()
    {
        var rows = await page.Locator(".chart-table tbody tr").EvaluateAllAsync<string[]>(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent).join('\t'))");
        return [.. rows.Select(row => row.Split('\t'))];
    }

    /// <summary>Where a point of the chart is on the screen, at half its height.</summary>
    public async Task<(float X, float Y)> PointAsync(int number)
    {
        await Chart.WaitForAsync();
        var box = await page.Locator("clicks-chart .apexcharts-grid").EvaluateAsync<float[]>(
            "grid => { const lines = grid.querySelector('.apexcharts-gridlines-horizontal').getBoundingClientRect(); return [lines.left, lines.width, lines.top, lines.height]; }");
        var last = int.Parse((await Chart.GetAttributeAsync("aria-valuemax"))!, CultureInfo.InvariantCulture);
        return (box[0] + (box[1] * number / last), box[2] + (box[3] / 2));
    }

    /// <summary>Waits until the circuit answers: until then links are ordinary links.</summary>
    public Task ReadyAsync() => Assertions.Expect(page.Locator("body[data-interactive]")).ToBeAttachedAsync();

    public async Task ChoosePeriodAsync(string title)
    {
        await page.Locator(".period-menu button").ClickAsync();
        await page.Locator(".period-menu-panel a").Filter(new() { HasText = title }).ClickAsync();
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
