using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Somebody who comes from YOURLS signs up, brings the log along, sees the same numbers here as there, and takes it all back.</summary>
public sealed class BringYourlsInAndTakeItBack(Chromium chromium) : IAsyncLifetime
{
    private const string Email = "newcomer@example.com";
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0";

    private readonly SpooServer _server = new();

    // A person has installed the server: the first visitor would be its owner, which is another story.
    public async ValueTask InitializeAsync() => await Account.NewAsync(_server);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_log_of_YOURLS_comes_in_by_the_page_with_its_numbers_and_goes_again()
    {
        var log = Enumerable.Range(0, 900).Select(i => new Visit(
            new DateTime(2025, 5, 1, 8, 0, 0).AddMinutes(i * 31), $"link{i * i % 7}", i % 3 == 0 ? Firefox : Chrome, $"203.0.113.{i % 40}", i % 5 == 0 ? "FR" : i % 2 == 0 ? "DE" : "BR")).ToList();
        var page = await chromium.OpenAsync(_server.Url);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignUpAsync(Email, Account.SomePassword);
        await dashboard.ReadyAsync();
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Import a file" }).ClickAsync();

        // The file is looked at before anything is stored.
        await ChooseAsync(page, log);
        await Assertions.Expect(page.GetByText("Taken for YOURLS (log table)")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Format" })).ToHaveValueAsync("As the content tells");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = log[1].Code, Exact = true }).First).ToBeVisibleAsync();
        await page.GetByText("Columns and what they mean").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Meaning of ip_address" })).ToHaveValueAsync("ip");
        await Look.AtAsync(page, "import-preview", "desktop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the whole file" }).ClickAsync();
        await Assertions.Expect(page.GetByText("901 lines: 900 clicks, bad: 1, no clicks: 0")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("900 clicks added")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Fact(page, "Links made")).ToHaveTextAsync(log.Select(visit => visit.Code).Distinct().Count().ToString(CultureInfo.InvariantCulture));
        await Assertions.Expect(Fact(page, "Bad lines")).ToHaveTextAsync("1");
        await page.SetViewportSizeAsync(390, 844);
        await Look.AtAsync(page, "import-report", "phone");
        await page.SetViewportSizeAsync(1280, 900);

        // A second time it has nothing new.
        await ChooseAsync(page, log);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing new in this file")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Fact(page, "Already there")).ToHaveTextAsync("900");

        // The page counts what the log counts, and the API the same.
        await page.GetByRole(AriaRole.Link, new() { Name = "See the clicks" }).ClickAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).ToHaveTextAsync("900");
        await Assertions.Expect(dashboard.Tile("Unique visitors")).ToHaveTextAsync(log.Select(visit => (visit.Address, visit.UserAgent)).Distinct().Count().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(
            log.CountBy(visit => visit.Country switch { "DE" => "Germany", "FR" => "France", _ => "Brazil" }).OrderByDescending(country => country.Value).Select(country => (country.Key, (long)country.Value)),
            await dashboard.RowsAsync("Places"));
        Assert.Equal(
            log.CountBy(visit => visit.Country).OrderByDescending(country => country.Value).Select(country => (country.Key, (long)country.Value)),
            Rows(await AskApiAsync("group_by=country"), "country"));

        // And back.
        await page.GotoAsync("/import");
        await dashboard.ReadyAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Undo the import of yourls_log.csv" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Undo the import" }).WaitForAsync();
        await Look.AtAsync(page, "import-undo", "desktop");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Undo the import" }).ClickAsync();
        await Assertions.Expect(page.GetByText("900 clicks and 4 links removed")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal(0, (await AskApiAsync("group_by=country")).GetProperty("summary").GetProperty("total_clicks").GetInt64());
        await page.GotoAsync("/links");
        await dashboard.ReadyAsync();
        await Assertions.Expect(page.GetByText("link1")).ToHaveCountAsync(0);
    }

    private static async Task ChooseAsync(IPage page, IEnumerable<Visit> log)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Import clicks" })).ToBeVisibleAsync();
        var csv = new StringBuilder("click_id,click_time,shorturl,referrer,user_agent,ip_address,country_code\n");
        foreach (var (number, visit) in log.Index())
        {
            csv.AppendLine(CultureInfo.InvariantCulture, $"{number + 1},{visit.At:yyyy-MM-dd HH:mm:ss},{visit.Code},direct,{(visit.UserAgent.Contains(',') ? $"\"{visit.UserAgent}\"" : visit.UserAgent)},{visit.Address},{visit.Country}");
        }

        csv.AppendLine("901,never,link0,direct,x,203.0.113.1,DE");
        await page.Locator("input[type=file]").Last.SetInputFilesAsync(new FilePayload { Name = "yourls_log.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv.ToString()) });
    }

    private static ILocator Fact(IPage page, string name) =>
        page.Locator(".import-report dl > div").Filter(new() { HasText = name }).Locator("dd");

    private static List<(string Label, long Clicks)> Rows(JsonElement answer, string dimension) =>
    [
        .. answer.GetProperty("metrics").GetProperty($"clicks_by_{dimension}").EnumerateArray()
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

    private sealed record Visit(DateTime At, string Code, string UserAgent, string Address, string Country);
}
