using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person sees something in the chart and wants to look at just that.</summary>
[Collection(TwoYears.Name)]
public sealed class ZoomIntoTheChart(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task Dragging_over_days_shows_only_these_and_a_click_shows_the_hours_of_one()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);

        var (third, fifth) = (await dashboard.PointAsync(2), await dashboard.PointAsync(4));
        await page.Mouse.MoveAsync(third.X, third.Y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(fifth.X, fifth.Y, new() { Steps = 4 });
        await Assertions.Expect(page.Locator(".chart-chosen")).ToBeVisibleAsync();
        await page.Mouse.UpAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("start_date=2026-03-03T00%3A00%3A00.*end_date=2026-03-05T23%3A59%3A59"));
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("24");
        Assert.Equal(["6", "8", "10"], (await dashboard.TableAsync()).Select(row => row[1]));

        await Assertions.Expect(page.Locator("clicks-chart")).ToHaveAttributeAsync("aria-valuemax", "2");
        var second = await dashboard.PointAsync(1);
        await page.Mouse.ClickAsync(second.X, second.Y);
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("8");
        await Assertions.Expect(page.Locator("clicks-chart")).ToHaveAttributeAsync("aria-valuemax", "23");

        await page.GoBackAsync();
        await page.GoBackAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("156");
    }

    [Fact]
    public async Task A_line_of_imported_clicks_has_a_point_for_each_day_that_has_some_and_none_after_its_end()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, "?" + ServerWithTwoYears.Days);
        await dashboard.Chart.WaitForAsync();

        await page.Locator("clicks-chart").EvaluateAsync(
            """
            chart => {
              const model = JSON.parse(chart.dataset.model);
              model.importedName = 'Imported';
              for (const day of [1, 2]) Object.assign(model.points[day], { imported: 50, importedText: '50' });
              chart.dataset.model = JSON.stringify(model);
            }
            """);

        // What ApexCharts keeps in readiness for tips of its own has no size to be seen.
        const string Points = "[...document.querySelector('clicks-chart > div').shadowRoot.querySelectorAll('.apexcharts-series-markers-wrap path')].filter(point => point.getBBox().width > 1).length";
        await page.WaitForFunctionAsync($"() => {Points} > 0");
        Assert.Equal(2, await page.EvaluateAsync<int>(Points));
    }
}
