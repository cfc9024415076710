using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>An administrator's day: a person is invited and joins, a visitor reports a link, it is blocked, and its maker is kept out.</summary>
public sealed class LookAfterTheServer(Chromium chromium) : IAsyncLifetime
{
    private readonly SpooServer _server = new() { IsClosed = true };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task From_an_invitation_to_a_blocked_link_and_what_the_log_says_of_it()
    {
        var root = await Account.NewAsync(_server);
        await _server.Services.GetRequiredService<Administrators>().MakeAsync(root.Id, null, TestContext.Current.CancellationToken);
        var page = await chromium.OpenAsync(_server.Url);
        await new AccountPages(page).SignInAsync(root.Email, root.Password, "/admin");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "People", Exact = true })).ToBeVisibleAsync();
        await Look.AtAsync(page, "admin-people", "desktop");

        // People do not sign up by themselves; those who are invited do.
        await page.GetByRole(AriaRole.Link, new() { Name = "Invite" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("E-mail, if it is for one person only").FillAsync("ann@example.com");
        await Look.AtAsync(page, "admin-invite", "desktop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the invitation" }).ClickAsync();
        var invitation = await dialog.Locator(".token code").TextContentAsync();
        var anns = await chromium.OpenAsync(_server.Url);
        await anns.GotoAsync("/account/register");
        await Assertions.Expect(anns.GetByText("Accounts are made by invitation here")).ToBeVisibleAsync();
        await anns.GotoAsync(invitation!);
        await new AccountPages(anns).FillAsync("ann@example.com", Account.SomePassword);
        await anns.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await new DashboardView(anns).ReadyAsync();
        await anns.GotoAsync("/links?dialog=new");
        await new DashboardView(anns).ReadyAsync();
        await anns.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync("https://evil.example/login");
        await anns.GetByLabel("Alias", new() { Exact = true }).FillAsync("prize");
        await anns.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(anns.GetByRole(AriaRole.Link, new() { Name = $"{_server.Url}/prize" })).ToBeVisibleAsync();

        // A visitor looks before going there, and says what it is.
        var visitors = await chromium.OpenAsync(_server.Url);
        await visitors.GotoAsync("/prize+");
        await visitors.GetByText("Report this link").ClickAsync();
        await visitors.GetByLabel("Details (optional)").FillAsync("It asks for my bank's password.");
        await Look.AtAsync(visitors, "report", "desktop");
        await visitors.GetByRole(AriaRole.Button, new() { Name = "Report" }).ClickAsync();
        await Assertions.Expect(visitors.GetByRole(AriaRole.Heading, new() { Name = "Thank you" })).ToBeVisibleAsync();

        // The administrator reads it and blocks the link.
        await page.GotoAsync("/admin/reports");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByText("It asks for my bank's password.")).ToBeVisibleAsync();
        await Look.AtAsync(page, "admin-reports", "desktop");
        await page.GetByRole(AriaRole.Link, new() { Name = "Block prize" }).ClickAsync();
        await dialog.GetByLabel("Reason, which visitors read").FillAsync("It is a forgery.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Block the link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Unblock prize" })).ToBeVisibleAsync();
        await Look.PutAwayAsync(page);
        await Look.AtAsync(page, "admin-links", "desktop");
        var answer = await visitors.GotoAsync("/prize");
        Assert.Equal(451, answer!.Status);
        await Assertions.Expect(visitors.GetByText("It is a forgery.")).ToBeVisibleAsync();

        // Who made it is kept out, at once.
        await page.GotoAsync("/admin");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "ann@example.com" }).ClickAsync();
        await dialog.GetByLabel("Exports at once").FillAsync("two");
        await dialog.GetByLabel("Exports at once").BlurAsync();
        await Assertions.Expect(dialog.GetByText("Enter a whole number, “unlimited”, or nothing.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Exports at once").FillAsync("2");
        await dialog.GetByLabel("Exports at once").BlurAsync();
        await Assertions.Expect(page.GetByText("The limit is changed.")).ToBeVisibleAsync();
        await Look.PutAwayAsync(page);
        await Look.AtAsync(page, "admin-person", "desktop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Enable" })).ToBeVisibleAsync();

        // The page that is open leaves by itself.
        await Assertions.Expect(anns.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        // All of it is written down.
        await page.GotoAsync("/admin/audit");
        await new DashboardView(page).ReadyAsync();
        foreach (var act in (string[])["Account disabled", "Link blocked", "Invitation used", "Invitation made"])
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = act })).ToBeVisibleAsync();
        }

        await Look.AtAsync(page, "admin-audit", "desktop");
        await page.GotoAsync("/admin/system");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Journal" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "admin-system", "desktop");

        // A domain for everybody is there at once.
        await page.GotoAsync("/admin/domains");
        await new DashboardView(page).ReadyAsync();
        await page.GetByLabel("Name of the host").FillAsync("links.example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add for everybody" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off links.example.com" })).ToBeVisibleAsync();
        await Look.PutAwayAsync(page);
        await Look.AtAsync(page, "admin-domains", "desktop");

        // Sign-up is opened while the server runs.
        await page.GotoAsync("/admin/settings");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "admin-settings", "desktop");
        await page.GetByLabel("Links of an account").FillAsync("many");
        await page.GetByLabel("Links of an account").BlurAsync();
        await Assertions.Expect(page.GetByText("Enter a whole number, or nothing.")).ToBeVisibleAsync();
        await page.GetByLabel("Links of an account").FillAsync("100");
        await page.GetByLabel("Links of an account").BlurAsync();
        await Assertions.Expect(page.GetByText("“Links of an account” is changed.")).ToBeVisibleAsync();
    }
}
