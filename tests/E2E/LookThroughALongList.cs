using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Five thousand cities, of which a person wants one.</summary>
public sealed class LookThroughALongList(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    private const int Cities = 5_000;

    [Fact]
    public async Task A_list_of_thousands_is_searched_sorted_paged_and_taken_along()
    {
        var owner = await OwnerAsync();
        var page = await chromium.OpenAsync(server.Url);
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(owner, "?period=all&tabs=city");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Show all 5,000") }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "City" });

        // The first thousand cities have three clicks, the others one.
        await Assertions.Expect(dialog.Locator("tbody tr")).ToHaveCountAsync(100);
        await Assertions.Expect(dialog.Locator("tfoot tr")).ToHaveTextAsync([Row("Others: 4,900", "6,700"), Row("All: 5,000", "7,000")]);
        await Look.AtAsync(page, "details-long", WindowShape.Desktop.Name);

        await dialog.Locator(".details-scroll").EvaluateAsync("list => list.scrollTo(0, list.scrollHeight)");
        await dialog.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("2 of 50")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByText("City 0100", new() { Exact = true })).ToBeInViewportAsync();

        await dialog.GetByRole(AriaRole.Columnheader, new() { Name = "City" }).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(dialog.Locator("tbody th").First).ToHaveTextAsync("City 0000");
        await dialog.GetByRole(AriaRole.Columnheader, new() { Name = "City" }).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(dialog.Locator("tbody th").First).ToHaveTextAsync("City 4999");

        // The key of the search works from wherever a person stands, and what it finds is there before they look up.
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        var typing = Stopwatch.StartNew();
        await page.Keyboard.TypeAsync("city 042");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("10 rows, 30 clicks");
        TestContext.Current.TestOutputHelper?.WriteLine($"eight letters, and the ten rows are there: {typing.ElapsedMilliseconds} ms");
        await Assertions.Expect(dialog.Locator("tfoot tr").First).ToHaveTextAsync(Row("Others: 4,990", "6,970"));

        var file = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Link, new() { Name = "This list as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(420, 10).Reverse().Select(Name), lines.Skip(1).Select(line => line.Split(',')[0]));

        // A whole list has no pages in its file.
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("");
        await Assertions.Expect(dialog.Locator("tbody tr")).ToHaveCountAsync(100);
        file = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Link, new() { Name = "This list as CSV" }).ClickAsync());
        Assert.Equal(1 + Cities, (await File.ReadAllLinesAsync(await file.PathAsync(), TestContext.Current.CancellationToken)).Length);

        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("4711");
        await dialog.GetByRole(AriaRole.Link, new() { Name = "City 4711" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("1");
        await page.GoBackAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("4711");
    }

    private static Regex Row(string label, string clicks) => new($@"{label}\s[\s\S]*\s{clicks}$");

    private static string Name(int city) => $"City {city:0000}";

    private async Task<Account> OwnerAsync()
    {
        var owner = await Account.NewAsync(server);
        var lines = new StringBuilder("time,short_code,visitor,city\n");
        foreach (var city in Enumerable.Range(0, Cities))
        {
            for (var click = 0; click < (city < 1_000 ? 3 : 1); click++)
            {
                lines.AppendLine(CultureInfo.InvariantCulture, $"{new DateTimeOffset(2026, 3, 1 + click, 12, 0, 0, TimeSpan.Zero).AddSeconds(city):O},far,v{city},{Name(city)}");
            }
        }

        await using var file = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
        var report = await server.Services.GetRequiredService<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "cities.csv", Content = file, OwnerId = owner.Id }, null, TestContext.Current.CancellationToken);
        Assert.Equal(Cities + 2_000, report.Stored);
        return owner;
    }
}
