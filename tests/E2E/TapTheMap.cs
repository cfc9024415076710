using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person holds the dashboard in their hand, and a person takes it along on paper or as a picture.</summary>
public sealed class TapTheMap(Chromium chromium, ServerWithAnHour house) : IClassFixture<ServerWithAnHour>
{
    private const string TheHour = "?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z";

    [Fact]
    public async Task A_tap_on_a_country_filters_by_it_and_the_map_follows()
    {
        var (page, dashboard) = await OpenAsync(WindowShape.Phone, TheHour);
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);
        var all = await dashboard.Tile("Clicks").TextContentAsync();
        await page.Locator("world-map").ScrollIntoViewIfNeededAsync();

        await TapAsync("BR");
        await Assertions.Expect(dashboard.Chip("Country is Brazil")).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("35");
        await Assertions.Expect(page.Locator("world-map .has-clicks")).ToHaveCountAsync(1);
        var brazil = await FillAsync("BR");

        await page.GetByRole(AriaRole.Link, new() { Name = "Whole world" }).TapAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync(all!);
        await Assertions.Expect(page.Locator("world-map .has-clicks").Nth(5)).ToBeAttachedAsync();
        Assert.NotEqual(brazil, await FillAsync("BR"));

        await TapAsync("US");
        await Assertions.Expect(dashboard.Chip("Country is United States")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("world-map .has-clicks")).ToHaveCountAsync(1);
        Assert.Empty(errors);

        async Task TapAsync(string code)
        {
            await Assertions.Expect(page.Locator($"world-map [data-code={code}].has-clicks")).ToBeAttachedAsync();

            // A point that is inside of the country and not only inside of its box.
            var point = await page.Locator($"world-map [data-code={code}]").EvaluateAsync<float[]>(
                """
                country => {
                  const [box, matrix] = [country.getBBox(), country.getScreenCTM()];
                  for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++) {
                    const at = new DOMPoint(box.x + box.width * i / 40, box.y + box.height * j / 40);
                    const seen = at.matrixTransform(matrix);
                    if (country.isPointInFill(at) && document.elementFromPoint(seen.x, seen.y) === country) return [seen.x, seen.y];
                  }
                  return [0, 0];
                }
                """);
            await page.Touchscreen.TapAsync(point[0], point[1]);
        }

        Task<string?> FillAsync(string code) => page.Locator($"world-map [data-code={code}]").GetAttributeAsync("fill");
    }

    [Fact]
    public async Task Paper_has_the_map_although_nobody_has_scrolled_to_it()
    {
        var (page, _) = await OpenAsync(WindowShape.Phone, TheHour);

        await Assertions.Expect(page.Locator("world-map[data-drawn=true] svg")).ToBeAttachedAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.Locator("world-map svg")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".toolbar-actions")).ToBeHiddenAsync();
        await page.PdfAsync(new() { Path = Path.ChangeExtension(Repository.Screenshot("dashboard-on-paper"), ".pdf"), Format = "A4", PrintBackground = true });
    }

    [Fact]
    public async Task A_picture_says_of_what_it_is()
    {
        var (page, dashboard) = await OpenAsync(WindowShape.Desktop, TheHour + "&interval=10_minute&country=US,BR&compare_start=2012-03-16T17:00:00Z&compare_end=2012-03-16T19:00:00Z");
        await dashboard.Chart.WaitForAsync();

        var chart = await SaveAsync(".chart-card", "The chart as SVG");
        foreach (var words in new[] { "Dashboard: Clicks", "16 Mar 2012 18:00 – 20:00", "Country is United States, Brazil", "compared with 16 Mar 2012 17:00 – 19:00" })
        {
            Assert.Matches(words, chart);
        }

        Assert.DoesNotContain("var(", chart, StringComparison.Ordinal);
        await page.Locator("world-map").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("world-map[data-drawn=true]")).ToBeAttachedAsync();
        var map = await SaveAsync(".breakdown-card.with-map", "The map as SVG");
        Assert.Contains("Dashboard: Countries", map, StringComparison.Ordinal);
        Assert.Contains("16 Mar 2012 18:00 – 20:00", map, StringComparison.Ordinal);

        async Task<string> SaveAsync(string card, string name)
        {
            await page.Locator($"{card} .card-menu summary").ClickAsync();
            var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync());
            var text = await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.ChangeExtension(Repository.Screenshot(name.Replace(' ', '-')), ".svg"), text, TestContext.Current.CancellationToken);
            return Regex.Replace(text, "<[^>]+>", "\n");
        }
    }

    private async Task<(IPage Page, DashboardView Dashboard)> OpenAsync(WindowShape shape, string query)
    {
        var page = await chromium.OpenAsync(house.Server.Url, shape);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password, "/dashboard" + query);
        await dashboard.ReadyAsync();
        return (page, dashboard);
    }
}
