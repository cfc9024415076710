using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A new link is half described when the connection goes, and then the session: nothing of it has to be typed again.</summary>
public sealed class KeepWhatWasTyped(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Fact]
    public async Task What_was_typed_outlives_a_restart_of_the_server()
    {
        await using var first = new SpooServer();
        var account = await Account.NewAsync(first);
        var page = await chromium.OpenAsync(first.Url);
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("#link-url").FillAsync("https://example.com/half");
        await dialog.Locator("#link-title").FillAsync("Spring sale");
        await page.EvaluateAsync("window.isTheOldPage = true");

        await using var second = await first.RestartAsync();

        // The page finds out by itself that its circuit is gone, and loads itself again.
        await Eventually.TrueAsync(IsNewAsync);
        await Assertions.Expect(dialog.GetByText("What you had typed is back.")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.Locator("#link-url")).ToHaveValueAsync("https://example.com/half");
        await Assertions.Expect(dialog.Locator("#link-title")).ToHaveValueAsync("Spring sale");

        async Task<bool> IsNewAsync()
        {
            try
            {
                return await page.EvaluateAsync<bool>("() => !window.isTheOldPage && document.body.hasAttribute('data-interactive')");
            }
            catch (PlaywrightException)
            {
                // Between one page and the next there is nothing to ask.
                return false;
            }
        }
    }

    [Fact]
    public async Task What_tells_of_a_lost_connection_lies_above_a_dialog_and_within_the_window()
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Phone, locale: "de-DE");
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();

        foreach (var (id, shown) in (IEnumerable<(string, string)>)[("components-reconnect-modal", "components-reconnect-show"), ("components-reconnect-modal", "components-reconnect-failed"), ("blazor-error-ui", "")])
        {
            var part = page.Locator("#" + id);
            await part.EvaluateAsync("(part, shown) => { part.className = shown; if (!shown) part.style.display = 'block'; }", shown);
            Assert.True(await part.EvaluateAsync<bool>("part => { const box = part.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth && part.contains(document.elementFromPoint(box.left + box.width / 2, box.top + 8)); }"), $"{id} {shown} cannot be read");
        }

        await page.Locator("#blazor-error-ui").GetByRole(AriaRole.Button).ClickAsync(new() { Trial = true });
    }

    [Fact]
    public async Task What_was_typed_outlives_a_lost_connection_and_the_end_of_the_session()
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url);
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("#link-title").FillAsync("Spring sale");
        await dialog.GetByLabel("Tags", new() { Exact = true }).And(dialog.Locator("input")).FillAsync("mail, spring");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.List, new() { Name = "Tags" })).ToContainTextAsync("spring");
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "Limits and privacy" }).ClickAsync();
        await dialog.GetByLabel("Block bots").CheckAsync();
        await dialog.GetByLabel("Password").FillAsync("never kept");
        await Assertions.Expect(dialog.GetByLabel("Block bots")).ToBeCheckedAsync();

        // Typed while the server does not listen.
        await page.Context.SetOfflineAsync(true);
        await page.Locator("#link-url").EvaluateAsync("field => { field.value = 'https://example.com/half'; field.dispatchEvent(new Event('input', { bubbles: true })); }");
        await page.Context.SetOfflineAsync(false);
        await page.ReloadAsync();
        await IsBackAsync();

        await page.Context.ClearCookiesAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/account/login"));
        await new AccountPages(page).FillAsync(account.Email, account.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await IsBackAsync();
        await Look.AtAsync(page, "links-new-restored", "desktop");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Link, new() { Name = "Close" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Spring sale")).ToBeVisibleAsync();

        // What has become a link is not asked for again.
        await page.GotoAsync("/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(dialog.Locator("#link-url")).ToHaveValueAsync("");

        async Task IsBackAsync()
        {
            await new DashboardView(page).ReadyAsync();
            await Assertions.Expect(dialog.GetByText("What you had typed is back.")).ToBeVisibleAsync();
            await Assertions.Expect(dialog.Locator("#link-url")).ToHaveValueAsync("https://example.com/half");
            await Assertions.Expect(dialog.Locator("#link-title")).ToHaveValueAsync("Spring sale");
            await Assertions.Expect(dialog.GetByRole(AriaRole.List, new() { Name = "Tags" })).ToContainTextAsync("spring");
            await Assertions.Expect(dialog.Locator("#link-password")).ToHaveValueAsync("");
            await dialog.GetByRole(AriaRole.Tab, new() { Name = "Limits and privacy" }).ClickAsync();
            await Assertions.Expect(dialog.GetByLabel("Block bots")).ToBeCheckedAsync();
            await dialog.GetByRole(AriaRole.Tab, new() { Name = "Link", Exact = true }).ClickAsync();
        }
    }
}
