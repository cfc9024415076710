using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person makes a key for a program, the program works, the key is revoked, the program is refused.</summary>
public sealed class MakeAKeyUseItAndRevokeIt(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Fact]
    public async Task A_key_works_from_being_made_until_being_revoked()
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url);
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/keys");
        await new DashboardView(page).ReadyAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Create your first key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Give the key a name")).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync("Nightly job");
        await page.Locator(".field:has(#key-life)").GetByRole(AriaRole.Combobox).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "In 30 days" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var token = await page.Locator(".token code").TextContentAsync() ?? "";
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the key" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Tab, new() { Name = "Python" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=dialog] pre:visible")).ToContainTextAsync(token);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(token));

        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Nightly job" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.Locator("body")).Not.ToContainTextAsync(token);

        // Exactly: the words of the links "Revoke" and "Delete" make "revoked" where they meet.
        var isRevoked = page.Locator("tbody").GetByText("Revoked", new() { Exact = true });
        await Assertions.Expect(isRevoked).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Revoke Nightly job" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).ClickAsync();
        await Assertions.Expect(isRevoked).ToBeVisibleAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(token));
    }

    private async Task<HttpStatusCode> CallAsync(string token)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.GetAsync($"{server.Url}/api/v1/stats", TestContext.Current.CancellationToken)).StatusCode;
    }
}
