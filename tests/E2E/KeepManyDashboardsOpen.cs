using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A team has the dashboard open on all of its screens while a link is clicked. <c>SPOO_DASHBOARDS</c> says on how many.</summary>
public sealed class KeepManyDashboardsOpen(Chromium chromium) : IAsyncLifetime
{
    private const int Clicks = 10;

    private static readonly int Dashboards =
        Environment.GetEnvironmentVariable("SPOO_DASHBOARDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 20;

    private readonly SpooServer _server = new();
    private Account _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _owner = await Account.NewAsync(_server);
        var made = await _server.Services.GetRequiredService<LinkService>().CreateAsync(
            new LinkDraft { LongUrl = "https://example.com/destination", Alias = "watched" }, Viewer.User(_owner.Id), null, TestContext.Current.CancellationToken);
        Assert.IsType<LinkOutcome.Done>(made);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_click_reaches_all_of_them_while_visitors_are_still_redirected()
    {
        await Visitor.FollowAsync(_server, "watched");
        var first = await chromium.OpenAsync(_server.Url);
        await new AccountPages(first).SignInAsync(_owner.Email, _owner.Password, "/dashboard?period=24h");
        await new DashboardView(first).ReadyAsync();
        List<IPage> pages = [first, .. await OpenOthersAsync(first.Context)];
        Assert.Equal(Dashboards, pages.Count);

        var (slowest, watch) = (TimeSpan.Zero, Stopwatch.StartNew());
        for (var click = 0; click < Clicks; click++)
        {
            watch.Restart();
            await Visitor.FollowAsync(_server, "watched");
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        watch.Restart();
        foreach (var page in pages)
        {
            await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync((Clicks + 1).ToString(CultureInfo.InvariantCulture), new() { Timeout = 60_000 });
            Assert.Equal(0, await page.GetByText("could not be counted").CountAsync());
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"slowest redirect {slowest.TotalMilliseconds:0} ms; looked at all of them {watch.Elapsed.TotalSeconds:0.0} s after the last click"));
    }

    /// <summary>Each has its circuit; only what is drawn to be looked at is left out, because so many screens are not looked at at once.</summary>
    private static async Task<IEnumerable<IPage>> OpenOthersAsync(IBrowserContext context)
    {
        await context.RouteAsync(new System.Text.RegularExpressions.Regex("\\.css$|apexcharts|jsvectormap|clicks-chart|world-map"), route => route.AbortAsync());
        var opened = new List<IPage>();
        foreach (var some in Enumerable.Range(1, Dashboards - 1).Chunk(4))
        {
            opened.AddRange(await Task.WhenAll(some.Select(async _ =>
            {
                var page = await context.NewPageAsync();
                await page.GotoAsync("/dashboard?period=24h", new() { Timeout = 60_000 });
                await page.Locator("body[data-interactive]").WaitForAsync(new() { Timeout = 60_000 });
                return page;
            })));
        }

        return opened;
    }
}
