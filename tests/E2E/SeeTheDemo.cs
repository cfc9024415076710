using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Demo;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>The demo account: a full dashboard and a full list, in every shape, both saying that no person clicked.</summary>
public sealed class SeeTheDemo(Chromium chromium, ServerWithADemo house) : IClassFixture<ServerWithADemo>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Generated_clicks_fill_every_page_and_say_what_they_are(string shape)
    {
        var page = await chromium.OpenAsync(house.Server.Url, WindowShape.Named(shape));
        await page.GotoAsync("/");
        await Look.AtAsync(page, "home-form", shape);
        await page.GetByLabel("Address to shorten").FillAsync("https://example.com/some/page");
        await page.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your link is ready")).ToBeVisibleAsync();
        await Look.AtAsync(page, "home-made", shape);

        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Demo.Email, house.Demo.Password, "/dashboard?period=12mo");
        await dashboard.ReadyAsync();
        await Assertions.Expect(page.GetByText("its clicks are generated")).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Tile("Clicks")).Not.ToHaveTextAsync("0");
        await dashboard.Chart.WaitForAsync();
        await Look.AtAsync(page, "demo-dashboard", shape);

        await page.GotoAsync("/links?sort=clicks");
        await dashboard.ReadyAsync();
        await page.Locator("svg.sparkline").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Look.AtAsync(page, "links-demo", shape);
        await page.GetByLabel("Select all links of this page").CheckAsync();
        await page.GetByText("20 selected").WaitForAsync();
        await Look.AtAsync(page, "links-selected", shape);

        foreach (var (dialog, waitFor) in new[] { ("new", "Shorten"), ("edit", "Save"), ("qr", "SVG"), ("delete", "Delete 1 link") })
        {
            await page.GotoAsync($"/links?sort=clicks&dialog={dialog}&link=demo-story");
            await dashboard.ReadyAsync();
            await page.GetByRole(AriaRole.Dialog).GetByText(waitFor, new() { Exact = true }).Locator("visible=true").First.WaitForAsync();
            await Look.AtAsync(page, $"links-{dialog}", shape);
        }
    }
}

/// <summary>A server whose demo account has a few thousand generated clicks.</summary>
public sealed class ServerWithADemo : IAsyncLifetime
{
    public SpooServer Server { get; } = new();

    public Account Demo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Demo = await Account.NewAsync(Server);
        using var scope = Server.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        var account = scope.ServiceProvider.GetRequiredService<DemoAccount>();
        var claim = account.NewClaim(DemoAccount.DefaultSeed, 20_000);
        await users.AddClaimAsync((await users.FindByIdAsync(Demo.Id))!, new Claim(DemoAccount.Claim, claim));
        var (seed, clicks, first) = DemoAccount.Parse(claim)!.Value;
        await account.FillAsync(Demo.Id, seed, clicks, first, null, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
