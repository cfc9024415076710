using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Webhooks;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>What belongs to an account, in every shape: photographed, and read by axe.</summary>
public sealed class LookAtKeysAndSettings(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Keys_look_right_and_can_be_read_by_everybody(string shape)
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/keys");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "keys-none", shape);

        var cancel = TestContext.Current.CancellationToken;
        var keys = server.Services.GetRequiredService<ApiKeyService>();
        await keys.CreateAsync(account.Id, "Weekly report", [ApiKeyScope.StatsRead], "Runs on Mondays", DateTimeOffset.UtcNow.AddDays(30), cancel);
        await keys.CreateAsync(account.Id, "Everything", [.. ApiKeyScope.All], cancellationToken: cancel);
        var (revoked, _) = await keys.CreateAsync(account.Id, "An old key of a program that nobody uses any more", [ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage], cancellationToken: cancel);
        await keys.RevokeAsync(account.Id, revoked.Id, cancel);
        await page.ReloadAsync();
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "keys", shape);

        await page.GetByRole(AriaRole.Link, new() { Name = "Revoke Weekly report" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).WaitForAsync();
        await Look.AtAsync(page, "keys-revoke", shape);

        await page.GotoAsync("/keys?dialog=new");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByText("Give the key a name").WaitForAsync();
        await page.Locator(".field:has(#key-life)").GetByRole(AriaRole.Combobox).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "On a day" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        await Look.AtAsync(page, "keys-new", shape);

        await page.GetByLabel("Name").FillAsync("A program");
        await page.GetByLabel("Its last day").FillAsync("31/12/2099");
        await page.Keyboard.PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.Locator(".token code").WaitForAsync();
        await Look.AtAsync(page, "keys-made", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Webhooks_look_right_and_can_be_read_by_everybody(string shape)
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        var webhooks = server.Services.GetRequiredService<WebhookService>();
        var (viewer, cancel) = (Viewer.User(account.Id), TestContext.Current.CancellationToken);
        var made = (WebhookOutcome.Done)await webhooks.CreateAsync(new WebhookDraft { Url = "https://shop.invalid/hooks/spoo", Description = "The shop", Events = ["link.*", "click.created"] }, viewer, server.Url, cancel);
        await webhooks.EditAsync(made.Endpoint.PublicId, new WebhookEdit { Url = "https://shop.invalid/hooks/a-longer-name-than-there-is-room-for-on-a-telephone", Status = WebhookStatus.Paused }, viewer, cancel);
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/settings/webhooks");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "webhooks", shape);

        await page.GotoAsync("/settings/webhooks?dialog=new");
        await new DashboardView(page).ReadyAsync();
        await page.GetByLabel("Address").FillAsync("http://example.com/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.GetByText("Enter an address of the public internet").WaitForAsync();
        await Look.AtAsync(page, "webhooks-new", shape);

        await webhooks.TestAsync(made.Endpoint.PublicId, "link.clicked", viewer, cancel);
        await page.GotoAsync($"/settings/webhooks?dialog=deliveries&webhook={made.Endpoint.PublicId}");
        await new DashboardView(page).ReadyAsync();
        await page.Locator(".deliveries summary").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send it again" }).WaitForAsync();
        await Look.AtAsync(page, "webhooks-deliveries", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Settings_look_right_and_can_be_read_by_everybody(string shape)
    {
        // A person stays: a server whose last account goes asks for a new owner.
        await Account.NewAsync(server);
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        await page.GotoAsync("/account/forgotten");
        await Look.AtAsync(page, "forgotten", shape);
        await page.GotoAsync("/account/new-password?user=x&code=y");
        await Look.AtAsync(page, "new-password", shape);
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/settings");

        await page.GetByRole(AriaRole.Button, new() { Name = "Do not count this browser's visits" }).ClickAsync();
        await Assertions.Expect(page.GetByText("are not counted from now on")).ToBeVisibleAsync();
        await Look.AtAsync(page, "settings", shape);

        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "QR code" }).WaitForAsync();
        await Look.AtAsync(page, "two-factor", shape);

        await page.GotoAsync("/settings/delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is not your current password.")).ToBeVisibleAsync();
        await Look.AtAsync(page, "delete-account", shape);
        await page.GetByLabel("Current password").FillAsync(account.Password);
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your account is deleted" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "account-deleted", shape);

        await new AccountPages(page).SignInAsync(account.Email, account.Password);
        await Assertions.Expect(page.GetByText("No account has this e-mail and password.")).ToBeVisibleAsync();
    }
}
