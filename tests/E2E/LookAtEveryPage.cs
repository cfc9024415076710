using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Every page in every shape: photographed, and read by axe.</summary>
public sealed class LookAtEveryPage(Chromium chromium, ServerWithAnHour house) : IClassFixture<ServerWithAnHour>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Pages_for_everybody_look_right_and_can_be_read_by_everybody(string shape)
    {
        var page = await OpenAsync(shape);

        await page.GotoAsync("/");
        await LookAsync(page, "home", shape);

        await page.GotoAsync("/account/login");
        await LookAsync(page, "login", shape);

        await page.GotoAsync("/account/register");
        await page.GetByLabel("E-mail").FillAsync("not an address");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is not an e-mail address")).ToBeVisibleAsync();
        await LookAsync(page, "register", shape);

        await page.GotoAsync("/account/there/is/nothing");
        await LookAsync(page, "not-found", shape);

        await page.GotoAsync("/error");
        await LookAsync(page, "error", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Pages_of_an_account_look_right_and_can_be_read_by_everybody(string shape)
    {
        var page = await OpenAsync(shape);
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password);

        await dashboard.ReadyAsync();
        await Assertions.Expect(page.GetByText("Nothing was clicked in this period")).ToBeVisibleAsync();
        await LookAsync(page, "dashboard-empty-period", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&interval=10_minute");
        await dashboard.Chart.WaitForAsync();
        await LookAsync(page, "dashboard", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&country=US&browser!=Chrome&city~=new");
        await dashboard.Chart.WaitForAsync();
        await dashboard.ShowTabAsync("Cities");
        await LookAsync(page, "dashboard-filtered", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&details=country");
        await page.GetByText("Brazil").First.WaitForAsync();
        await LookAsync(page, "dashboard-details", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&country=US,BR&filter=country");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Brazil" }).WaitForAsync();
        await LookAsync(page, "dashboard-filter", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&compare_start=2012-03-16T17:00:00Z&compare_end=2012-03-16T19:00:00Z&metric=bots&chart=table");
        await page.GetByRole(AriaRole.Cell).First.WaitForAsync();
        await LookAsync(page, "dashboard-table", shape);

        await dashboard.OpenAsync("?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&city=Nowhere");
        await Assertions.Expect(page.GetByText("No click fits these filters")).ToBeVisibleAsync();
        await LookAsync(page, "dashboard-filtered-away", shape);

        await dashboard.OpenAsync("?show=keys");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" }).WaitForAsync();
        await LookAsync(page, "dashboard-keys", shape);

        await dashboard.OpenAsync("?period=all");
        foreach (var menu in new[] { "period", "compare", "export", "views", "live" })
        {
            await page.Locator($".{menu}-menu button").ClickAsync();
            await LookAsync(page, $"dashboard-menu-{menu}", shape, ".mud-popover-open");
            await page.Keyboard.PressAsync("Escape");
        }

        await page.Locator("header .account-menu summary").ClickAsync();
        await LookAsync(page, "account-menu", shape, "header");

        await page.GotoAsync("/dashboard/links/wcndER?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&interval=10_minute");
        await dashboard.ReadyAsync();
        await dashboard.Chart.WaitForAsync();
        await LookAsync(page, "dashboard-link", shape);
        await page.Locator(".share-menu button").ClickAsync();
        await LookAsync(page, "dashboard-menu-share", shape, ".mud-popover-open");

        await page.GotoAsync("/dashboard/links/missing");
        await Assertions.Expect(page.GetByText("You have no link 'missing'")).ToBeVisibleAsync();
        await dashboard.ReadyAsync();
        await LookAsync(page, "dashboard-no-such-link", shape);

        await dashboard.OpenAsync("?period=for-ever");
        await LookAsync(page, "dashboard-bad-address", shape);

        await page.GotoAsync("/links");
        await dashboard.ReadyAsync();
        await LookAsync(page, "links", shape);

        await page.GotoAsync("/settings");
        await LookAsync(page, "settings", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Numbers_for_everybody_look_right_and_can_be_read_by_everybody(string shape)
    {
        const string TheHour = "?start_date=2012-03-16T18:00:00Z&end_date=2012-03-16T20:00:00Z&interval=10_minute";
        var page = await OpenAsync(shape);
        await EditAsync(new LinkEdit { PrivateStats = new(false), Password = new(null) });

        await page.GotoAsync("/stats/wcndER" + TheHour);
        await new DashboardView(page).Chart.WaitForAsync();
        await LookAsync(page, "public", shape);

        await page.GotoAsync($"/stats/wcndER{TheHour}&details=country");
        await page.GetByRole(AriaRole.Region, new() { Name = "Country", Exact = true }).WaitForAsync();
        await LookAsync(page, "public-details", shape);

        await page.GotoAsync($"/stats/wcndER{TheHour}&embed=true");
        await new DashboardView(page).Chart.WaitForAsync();
        await LookAsync(page, "public-embedded", shape);

        await EditAsync(new LinkEdit { Password = new("open sesame") });
        await page.GotoAsync("/stats/wcndER");
        await page.GetByLabel("Password").WaitForAsync();
        await LookAsync(page, "public-password", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task The_very_first_visit_looks_right_and_can_be_read_by_everybody(string shape)
    {
        await using var fresh = new SpooServer { IsClosed = true };
        var page = await chromium.OpenAsync(fresh.Url, WindowShape.Named(shape));

        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to Spoo" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "setup", shape);
    }

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task A_new_account_is_shown_the_way_in(string shape)
    {
        var page = await OpenAsync(shape);
        await new AccountPages(page).SignInAsync(house.Newcomer.Email, house.Newcomer.Password);
        await new DashboardView(page).ReadyAsync();

        await Assertions.Expect(page.GetByText("No clicks yet")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "New link" })).ToHaveAttributeAsync("href", "links?dialog=new");
        await LookAsync(page, "dashboard-new", shape);

        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Import a file" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Import clicks" })).ToBeVisibleAsync();
        await LookAsync(page, "import", shape);
    }

    private async Task EditAsync(LinkEdit edit)
    {
        await using var database = house.Server.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
        var link = await database.Links.SingleAsync(link => link.ShortCode == "wcndER", TestContext.Current.CancellationToken);
        Assert.IsType<LinkOutcome.Done>(await house.Server.Services.GetRequiredService<LinkService>().EditAsync(
            link.PublicId, edit, Viewer.User(house.Owner.Id), null, TestContext.Current.CancellationToken));
    }

    private Task<IPage> OpenAsync(string shape) => chromium.OpenAsync(house.Server.Url, WindowShape.Named(shape));

    private async Task LookAsync(IPage page, string name, string shape, string? part = null)
    {
        await Look.AtAsync(page, name, shape, part);
        Assert.Empty(chromium.OutsideRequests);
    }
}
