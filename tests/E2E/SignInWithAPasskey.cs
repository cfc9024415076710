using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person makes a passkey on their device, signs out, and signs in with a finger.</summary>
public sealed class SignInWithAPasskey(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Fact]
    public async Task A_device_takes_the_place_of_the_password()
    {
        var account = await Account.NewAsync(server);

        // A site that is named by a number has no passkeys.
        var page = await chromium.OpenAsync(server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        var pages = new AccountPages(page);
        await pages.SignInAsync(account.Email, account.Password, "/settings");

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your passkeys are as you wanted.")).ToBeVisibleAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("My laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name of the passkey")).ToHaveValueAsync("My laptop");
        await Look.AtAsync(page, "passkeys", "desktop");

        // Where the browser offers passkeys by itself, this device, which waits for no finger, would answer before the button is pushed.
        await pages.SignOutAsync();
        await page.AddInitScriptAsync("if ('PublicKeyCredential' in window) { PublicKeyCredential.isConditionalMediationAvailable = async () => false; }");
        await page.GotoAsync("/account/login?returnUrl=%2Fsettings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Signed in with My laptop").First).ToBeVisibleAsync();
    }
}
