using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>The first minute on a brand-new installation: the owner's account, a link, a click, and the click on the page; then a change and its flag.</summary>
public sealed class ShortenClickAndSeeIt(Chromium chromium) : IAsyncLifetime
{
    private readonly SpooServer _server = new() { IsClosed = true };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task From_the_first_visit_to_a_click_on_ones_own_link_and_a_flag_on_its_chart()
    {
        var page = await chromium.OpenAsync(_server.Url);

        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Spoo" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "setup", "desktop");
        await page.GetByLabel("Setup code").FillAsync("some other code");
        await new AccountPages(page).FillAsync("owner@example.com", Account.SomePassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the administrator's account" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is not the code that the server printed")).ToBeVisibleAsync();

        // The address that the start prints has it.
        await page.GotoAsync($"/setup?code={Uri.EscapeDataString(SpooServer.SetupCode)}");
        await new AccountPages(page).FillAsync("owner@example.com", Account.SomePassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the administrator's account" }).ClickAsync();

        // Nothing is there yet, and the page says what to do.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No links yet" })).ToBeVisibleAsync();
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "links-none", "desktop");
        await page.Locator("main .empty").GetByRole(AriaRole.Link, new() { Name = "New link" }).ClickAsync();

        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync($"{_server.Url}/round/and/round");
        await dialog.GetByLabel("Alias", new() { Exact = true }).FillAsync("no");
        await Assertions.Expect(dialog.GetByText("An alias has 3 to 16 characters.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Alias", new() { Exact = true }).FillAsync("first");
        await Assertions.Expect(dialog.GetByText("“first” is free.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("its host is an IP address")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync("https://example.com/page");
        await dialog.GetByLabel("Tags").FillAsync("Launch, mail");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Link, new() { Name = $"{_server.Url}/first" })).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();

        using (var visitor = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }))
        {
            visitor.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0");
            var answer = await visitor.GetAsync($"{_server.Url}/first?qr=1", TestContext.Current.CancellationToken);
            Assert.Equal("https://example.com/page", answer.Headers.Location?.OriginalString);
        }

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "first" });
        await Assertions.Expect(row.GetByRole(AriaRole.Link, new() { Name = "launch", Exact = true })).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return await row.Locator("td.number").TextContentAsync() == "1";
        });

        // Another destination, and the chart tells when that was.
        await new DashboardView(page).ReadyAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "Edit first" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" })).ToHaveValueAsync("https://example.com/page");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync("https://example.com/elsewhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("first is saved.")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "first", Exact = true }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/dashboard/links/first"));
        await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".chart-table")).ToContainTextAsync("Destination: https://example.com/elsewhere");
    }
}
