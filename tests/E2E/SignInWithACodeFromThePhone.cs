using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A person turns two-factor sign-in on, signs in with the phone, loses it, signs in without it, and turns it off again.</summary>
public sealed class SignInWithACodeFromThePhone(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Fact]
    public async Task Codes_of_the_app_and_recovery_codes_let_in_and_nothing_else_does()
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url);
        var pages = new AccountPages(page);
        await pages.SignInAsync(account.Email, account.Password, "/settings");

        // On.
        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "QR code" }).WaitForAsync();
        var key = (await page.Locator(".totp-key").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        await page.GetByLabel("Enter the six digits that it shows now").FillAsync(OtherThan(Authenticator.CodeOf(key)));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is not what the app should show")).ToBeVisibleAsync();
        await page.GetByLabel("Enter the six digits that it shows now").FillAsync(Authenticator.CodeOf(key));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your recovery codes" })).ToBeVisibleAsync();
        var codes = await page.Locator(".recovery-codes code").AllTextContentsAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await Look.AtAsync(page, "recovery-codes", "desktop");
        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();

        // With the phone; the password alone opens nothing.
        await pages.SignOutAsync();
        await pages.SignInAsync(account.Email, account.Password, "/settings");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "One more step" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "login-code", "desktop");
        await page.GotoAsync("/settings");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/account/login"));
        await pages.SignInAsync(account.Email, account.Password, "/settings");
        await pages.EnterCodeAsync(OtherThan(Authenticator.CodeOf(key)));
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right");

        // Each works once, so this has to be the next one; clocks may differ by that much.
        await pages.EnterCodeAsync(Authenticator.CodeOf(key, DateTimeOffset.UtcNow.AddSeconds(30)));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings", Exact = true })).ToBeVisibleAsync();

        // Without the phone.
        await pages.SignOutAsync();
        await pages.SignInAsync(account.Email, account.Password, "/settings/two-factor");
        await pages.EnterCodeAsync(codes[3]);
        await Assertions.Expect(page.GetByText("Unused recovery codes: 9.")).ToBeVisibleAsync();
        await Look.AtAsync(page, "two-factor-on", "desktop");
        await pages.SignOutAsync();
        await pages.SignInAsync(account.Email, account.Password, "/settings/two-factor");
        await pages.EnterCodeAsync(codes[3]);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right");
        await pages.EnterCodeAsync(codes[4]);

        // Off.
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn it off" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is not your current password.")).ToBeVisibleAsync();
        await page.GetByLabel("Current password").FillAsync(account.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn it off" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Set it up" })).ToBeVisibleAsync();
        await pages.SignOutAsync();
        await pages.SignInAsync(account.Email, account.Password, "/settings");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings", Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>Six digits that the app does not show.</summary>
    private static string OtherThan(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];
}
