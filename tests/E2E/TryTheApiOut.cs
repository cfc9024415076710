using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person reads about the API, and tries a call where it is described.</summary>
public sealed class TryTheApiOut(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task The_reference_describes_the_calls_to_anybody(string shape)
    {
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync("/docs");
        await Assertions.Expect(page.GetByText("/api/v1/stats", new() { Exact = true })).ToBeVisibleAsync();

        await page.ScreenshotAsync(new() { Path = Repository.Screenshot($"docs-{shape}") });
        await page.AxeFindsNothingAsync();
        await page.Locator(".opblock-summary-control").First.ClickAsync();
        await Assertions.Expect(page.Locator(".opblock-body").First).ToBeVisibleAsync();
        await page.AxeFindsNothingAsync();
        Assert.Equal(page.ViewportSize!.Width, await page.EvaluateAsync<int>("innerWidth"));
        Assert.Empty(errors);
        Assert.Empty(chromium.OutsideRequests);
    }

    [Fact]
    public async Task Whoever_is_signed_in_makes_a_link_from_the_reference()
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url);
        await new AccountPages(page).SignInAsync(account.Email, account.Password);
        await new DashboardView(page).ReadyAsync();
        await page.GotoAsync("/docs");

        var call = page.Locator(".opblock-post").Filter(new() { Has = page.GetByText("/api/v1/shorten", new() { Exact = true }) });
        await call.Locator(".opblock-summary-control").ClickAsync();
        await call.Locator("textarea.body-param__text").FillAsync("""{"long_url":"https://example.com/from-the-reference","alias":"reference"}""");
        await call.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        await Assertions.Expect(call.Locator(".live-responses-table .response .response-col_status")).ToContainTextAsync("201");

        await page.GotoAsync("/links");
        await Assertions.Expect(page.GetByText("example.com/from-the-reference")).ToBeVisibleAsync();
    }
}
