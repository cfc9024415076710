using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>The first whole path: sign up, bring a file of clicks, see them, filter them, and get the same numbers from the API.</summary>
public sealed class ImportAFileAndSeeItsClicks(Chromium chromium) : IAsyncLifetime
{
    private const string Email = "newcomer@example.com";

    private readonly SpooServer _server = new();
    private readonly TemporaryFolder _folder = new();

    // A person has installed the server: the first visitor would be its owner, which is another story.
    public async ValueTask InitializeAsync() => await Account.NewAsync(_server);

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task From_signing_up_to_the_same_numbers_on_the_page_and_in_the_API()
    {
        var page = await chromium.OpenAsync(_server.Url);
        var dashboard = new DashboardView(page);

        // Sign up, and find the way in.
        await new AccountPages(page).SignUpAsync(Email, Account.SomePassword);
        await dashboard.ReadyAsync();
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Import a file" }).ClickAsync();

        await ImportAsync(page);
        await Assertions.Expect(page.GetByText("3,440 clicks added")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Fact(page, "Links made")).ToHaveTextAsync("737");
        await Assertions.Expect(Fact(page, "Lines that are no clicks")).ToHaveTextAsync("120");
        await page.ScreenshotAsync(new() { Path = Repository.Screenshot("import-report-desktop"), FullPage = true });

        await ImportAsync(page);
        await Assertions.Expect(page.GetByText("Nothing new in this file")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Fact(page, "Already there")).ToHaveTextAsync("3,440");

        // Everything, then one country, and back.
        await page.GetByRole(AriaRole.Link, new() { Name = "See the clicks" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("2,798");
        await page.GetByRole(AriaRole.Link, new() { Name = "Count bots" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Links", Exact = true })).ToContainTextAsync("Show all 737");

        await dashboard.Row("Places", "Brazil").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(dashboard.Chip("Country is Brazil")).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("35");
        var unique = await dashboard.Tile("Unique visitors").TextContentAsync();
        var browsers = await dashboard.RowsAsync("Visitors");

        await page.GoBackAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("3,440");
        var countries = await dashboard.RowsAsync("Places");

        // The API says the same, group by group.
        var brazil = await AskApiAsync("country=BR&group_by=browser");
        Assert.Equal(35, brazil.GetProperty("summary").GetProperty("total_clicks").GetInt64());
        Assert.Equal(unique, brazil.GetProperty("summary").GetProperty("unique_clicks").GetInt64().ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(browsers, Rows(brazil, "browser", browsers.Count));
        var all = await AskApiAsync("group_by=country");
        Assert.Equal(countries.Select(row => row.Clicks), Rows(all, "country", countries.Count).Select(row => row.Clicks));
    }

    private async Task ImportAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Import clicks" })).ToBeVisibleAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(HourOfClicks.WriteTo(_folder.Path));
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Format" })).ToHaveValueAsync("As the content tells");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
    }

    private static ILocator Fact(IPage page, string name) =>
        page.Locator(".import-report dl > div").Filter(new() { HasText = name }).Locator("dd");

    private static List<(string Label, long Clicks)> Rows(JsonElement answer, string dimension, int count) =>
    [
        .. answer.GetProperty("metrics").GetProperty($"clicks_by_{dimension}").EnumerateArray().Take(count)
            .Select(row => (row.GetProperty(dimension).GetString()!, row.GetProperty("clicks").GetInt64())),
    ];

    private async Task<JsonElement> AskApiAsync(string query)
    {
        using var scope = _server.Services.CreateScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().FindByEmailAsync(Email);
        var token = await new Account(user!.Id, Email, Account.SomePassword).NewKeyAsync(_server);
        using var client = new HttpClient { BaseAddress = new Uri(_server.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await client.GetStringAsync($"/api/v1/stats?scope=all&{query}", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(answer).RootElement;
    }
}
