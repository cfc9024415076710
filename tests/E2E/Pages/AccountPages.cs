using Microsoft.Playwright;

namespace Spoo.Stories.Pages;

/// <summary>Signing up, in and out.</summary>
internal sealed class AccountPages(IPage page)
{
    public async Task SignUpAsync(string email, string password)
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create account" }).ClickAsync();
        await FillAsync(email, password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();

        // It does not say whether there was an account already; the person who knows the password goes on.
        await Assertions.Expect(page.GetByText("If there was no account with this e-mail, there is one now.")).ToBeVisibleAsync();
        await FillAsync(email, password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task SignInAsync(string email, string password, string returnUrl = "/dashboard")
    {
        // By what the fields are for, not by what they are called: some people sign in in German.
        await page.GotoAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await page.Locator("input[type=email]").FillAsync(email);
        await page.Locator("input[type=password]").FillAsync(password);
        await page.Locator("main form:has(input[type=password]) button[type=submit]").ClickAsync();
    }

    /// <summary>The second step of signing in.</summary>
    public async Task EnterCodeAsync(string code)
    {
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task SignOutAsync()
    {
        await page.Locator("summary[aria-label='Your account']").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        // The form leads home, and the page that was open leads to the sign-in as soon as it hears that its session is over: whichever comes first.
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath is var path && (path.EndsWith('/') || path.EndsWith("/account/login", StringComparison.Ordinal)));
    }

    public async Task FillAsync(string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
    }
}
