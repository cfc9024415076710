using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A long list: found by searching, changed many at once, deleted with a warning.</summary>
public sealed class ManageAThousandLinks(Chromium chromium) : IAsyncLifetime
{
    private readonly SpooServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_campaign_among_a_thousand_links_is_found_switched_off_tagged_and_deleted()
    {
        var owner = await Account.NewAsync(_server);
        await AddLinksAsync(owner);
        var page = await chromium.OpenAsync(_server.Url);
        await new AccountPages(page).SignInAsync(owner.Email, owner.Password, "/links");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.Locator(".list-count")).ToHaveTextAsync("1,000");

        await page.GetByLabel("Search your links").FillAsync("spring");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/links\?q=spring$"));
        await Assertions.Expect(page.Locator(".list-count")).ToHaveTextAsync("120 found");

        await page.GetByLabel("Select all links of this page").CheckAsync();
        await Assertions.Expect(page.GetByText("20 selected")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all 120" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deactivate", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("120 links are changed.")).ToBeVisibleAsync();

        var asked = page.GetByRole(AriaRole.Dialog);
        await page.GetByRole(AriaRole.Link, new() { Name = "Expires…" }).ClickAsync();
        await Assertions.Expect(asked.GetByText("Time zone: UTC (UTC+00:00)")).ToBeVisibleAsync();
        await asked.GetByLabel("Day", new() { Exact = true }).FillAsync("31/01/2099");
        await page.Keyboard.PressAsync("Tab");
        await asked.GetByLabel("Time of day").FillAsync("10:00");
        await asked.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody").GetByRole(AriaRole.Img, new() { Name = "Expires on 31 Jan 2099" })).ToHaveCountAsync(20);
        await Assertions.Expect(asked).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Edit n0", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "History" }).ClickAsync();
        var history = page.Locator(".link-history li");
        await Assertions.Expect(history.Nth(0)).ToContainTextAsync("Expires on 31 Jan 2099");
        await Assertions.Expect(history.Nth(1)).ToContainTextAsync("Switched off");
        await Assertions.Expect(history.Nth(2)).ToContainTextAsync("Created");
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(asked).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tags…" }).ClickAsync();
        await asked.GetByLabel("Tags", new() { Exact = true }).And(asked.Locator("input")).FillAsync("Over");
        await asked.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("a.tag").GetByText("over").First).ToBeVisibleAsync();

        // All of it can be found again, and the address says how.
        await page.GotoAsync("/links?tag=over&status=inactive&sort=code&page=6");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.Locator(".pager")).ToContainTextAsync("101 – 120 of 120");

        await page.GetByLabel("Select all links of this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("20 links: their visitors find nothing there");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 20 links" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".list-count")).ToHaveTextAsync("100 found");
    }

    private async Task AddLinksAsync(Account owner)
    {
        await using var database = _server.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        database.Links.AddRange(Enumerable.Range(0, 1_000).Select(number => new Link
        {
            PublicId = PublicId.New(DateTimeOffset.UtcNow),
            OwnerId = owner.Id,
            ShortCode = $"n{number}",
            LongUrl = $"https://example.com/{(number % 25 < 3 ? "spring" : "page")}/{number}",
            CreatedAt = DateTimeOffset.UtcNow.AddMinutes(-number),
        }));
        await database.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
