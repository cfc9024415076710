using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A browser that reports whatever the content security policy refuses has nothing to report of any page.</summary>
public sealed class RunOnlyOurScripts(Chromium chromium, ServerWithTwoYears house) : IClassFixture<ServerWithTwoYears>
{
    private const string Listen = """
        window.refused = [];
        document.addEventListener('securitypolicyviolation', event =>
            window.refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
        """;

    [Fact]
    public async Task Nothing_is_refused_on_any_page()
    {
        var page = await chromium.OpenAsync(house.Server.Url);
        await page.AddInitScriptAsync(Listen);
        var refused = new List<string>();
        await OpenNumbersAsync();

        foreach (var address in new[] { "/", "/account/login", "/account/register", "/account/forgotten", "/there/is/nothing", "/docs", "/stats/spring?" + ServerWithTwoYears.Days + "&crosstab=time,country" })
        {
            await page.GotoAsync(address);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await DrawnAsync();
            await LookAsync(address);
        }

        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password);
        await new DashboardView(page).ReadyAsync();
        foreach (var address in new[] { "/dashboard?" + ServerWithTwoYears.Days, "/links", "/keys", "/import", "/links/import", "/settings", "/settings/two-factor" })
        {
            await page.GotoAsync(address);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await DrawnAsync();
            await LookAsync(address);
        }

        Assert.Equal([], refused);

        async Task OpenNumbersAsync()
        {
            var links = house.Server.Services.GetRequiredService<LinkService>();
            var link = await links.FindByNameAsync("spring", TestContext.Current.CancellationToken);
            await links.EditAsync(link!.PublicId, new LinkEdit { PrivateStats = new(false) }, Viewer.User(house.Owner.Id), null, TestContext.Current.CancellationToken);
        }

        // What draws itself later may be refused later: the map comes when the reader comes near it.
        Task DrawnAsync() => Eventually.TrueAsync(() => page.EvaluateAsync<bool>(
            "() => [...document.querySelectorAll('clicks-chart, world-map')].every(drawing => drawing.hasAttribute('data-drawn') || drawing.offsetWidth === 0)"));

        async Task LookAsync(string address)
        {
            foreach (var one in await page.EvaluateAsync<string[]>("window.refused"))
            {
                refused.Add($"{address}: {one}");
            }
        }
    }
}
