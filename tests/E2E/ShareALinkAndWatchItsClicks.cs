using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A link's owner shows its numbers to others, and everybody sees the next click arrive.</summary>
public sealed class ShareALinkAndWatchItsClicks(Chromium chromium) : IAsyncLifetime
{
    private readonly SpooServer _server = new();
    private Account _owner = null!;
    private Link _link = null!;

    public async ValueTask InitializeAsync()
    {
        _owner = await Account.NewAsync(_server);
        var made = await _server.Services.GetRequiredService<LinkService>().CreateAsync(
            new LinkDraft { LongUrl = "https://example.com/destination", Alias = "shared" }, Viewer.User(_owner.Id), null, TestContext.Current.CancellationToken);
        _link = Assert.IsType<LinkOutcome.Done>(made).Link;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Shared_from_the_dashboard_and_opened_by_somebody_who_is_not_signed_in()
    {
        await ClickAsync();
        var page = await chromium.OpenAsync(_server.Url);
        await new AccountPages(page).SignInAsync(_owner.Email, _owner.Password, "/dashboard/links/shared?period=24h");
        var dashboard = new DashboardView(page);
        await dashboard.ReadyAsync();
        var stranger = await chromium.OpenAsync(_server.Url);
        Assert.Equal(404, (await stranger.GotoAsync("/stats/shared"))!.Status);

        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("The statistics of this link are private")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show them to everybody" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Everybody who has the address can see these numbers")).ToBeVisibleAsync();
        var address = await page.GetByLabel("Address of this view").InputValueAsync();
        var frame = await page.GetByLabel("To show it on a page of your own").InputValueAsync();
        await LookAsync(page, "share");

        await stranger.GotoAsync(address);
        var open = new DashboardView(stranger);
        await Assertions.Expect(open.Tile("Clicks")).ToHaveTextAsync("1");
        await open.Chart.WaitForAsync();
        await LookAsync(stranger, "public");

        // In a frame, on another site's page.
        await using var site = await SiteAsync($"<h1>A blog</h1>{frame}");
        var blog = await chromium.OpenAsync(_server.Url);
        await blog.GotoAsync(site.Urls.First());
        await Assertions.Expect(blog.FrameLocator("iframe").Locator(".tile b").First).ToHaveTextAsync("1");
        await Assertions.Expect(blog.FrameLocator("iframe").Locator("clicks-chart[data-drawn=true]")).ToBeVisibleAsync();
        await blog.ScreenshotAsync(new() { Path = Repository.Screenshot("public-in-a-frame") });
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task A_frame_on_another_site_has_the_colour_of_that_page_and_is_as_tall_as_what_is_in_it(string theme)
    {
        await KeepAsync(isPrivate: false);
        await ClickAsync();
        var page = await chromium.OpenAsync(_server.Url, WindowShape.Desktop);
        await new AccountPages(page).SignInAsync(_owner.Email, _owner.Password, "/dashboard/links/shared?period=24h");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await page.GetByLabel("on the colour of the page").CheckAsync();
        await page.GetByLabel("Theme", new() { Exact = true }).And(page.Locator("#share-theme")).ClickAsync(new() { Force = true });
        await page.GetByRole(AriaRole.Option, new() { Name = theme == "dark" ? "Dark" : "Light" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("To show it on a page of your own")).ToHaveValueAsync(new Regex($"theme={theme}&amp;background=transparent|theme={theme}.*background=transparent"));
        var frame = await page.GetByLabel("To show it on a page of your own").InputValueAsync();

        // The page around it is dark, with a colour of its own; the reader's browser asks for the other theme.
        var blog = await chromium.OpenAsync(_server.Url, theme == "dark" ? WindowShape.Desktop : WindowShape.Dark);
        await using var site = await SiteAsync($"<body style='margin:20px;background:{(theme == "dark" ? "rgb(16,58,40)" : "rgb(250,240,200)")}'>{frame}");
        await blog.GotoAsync(site.Urls.First());
        var inside = blog.FrameLocator("iframe");
        await Assertions.Expect(inside.Locator("clicks-chart[data-drawn=true]")).ToBeVisibleAsync();

        await Eventually.TrueAsync(async () => await HeightAsync() == await inside.Locator("main").EvaluateAsync<int>("main => Math.ceil(main.offsetHeight)"));
        await blog.ScreenshotAsync(new() { Path = Repository.Screenshot($"frame-see-through-{theme}") });
        Assert.Equal(await DotAsync(5, 5), await DotAsync(22, 22));

        Task<int> HeightAsync() => blog.Locator("iframe").EvaluateAsync<int>("frame => frame.clientHeight");

        // One dot of the picture: two files are alike when their colours are.
        async Task<string> DotAsync(float x, float y) =>
            Convert.ToBase64String(await blog.ScreenshotAsync(new() { Clip = new() { X = x, Y = y, Width = 1, Height = 1 } }));
    }

    [Fact]
    public async Task A_filter_is_a_link_that_changes_the_page_in_place_and_goes_back()
    {
        await KeepAsync(isPrivate: false);
        await ClickAsync();
        await Visitor.FollowAsync(_server, "shared", "curl/8.5.0");
        var page = await chromium.OpenAsync(_server.Url, WindowShape.Phone);
        var view = new DashboardView(page);
        await page.GotoAsync("/stats/shared?period=24h");
        await Assertions.Expect(view.Tile("Clicks")).ToHaveTextAsync("2");
        await page.EvaluateAsync("window.isTheSamePage = true");

        await view.Row("Visitors", "Firefox").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(view.Tile("Clicks")).ToHaveTextAsync("1");
        await Assertions.Expect(view.Chip("Browser is Firefox")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSamePage === true"));

        await page.GoBackAsync();
        await Assertions.Expect(view.Tile("Clicks")).ToHaveTextAsync("2");
        await Assertions.Expect(page.Locator(".chip")).ToHaveCountAsync(0);

        await page.GotoAsync("/stats/shared?period=24h&filter=browser");
        await LookAsync(page, "public-filter", "phone");
    }

    [Fact]
    public async Task Without_scripts_everything_can_still_be_read_and_filtered()
    {
        await KeepAsync(isPrivate: false);
        await ClickAsync();
        await StoredAsync();
        var page = await chromium.OpenAsync(_server.Url, WindowShape.Dark, withScripts: false);
        var view = new DashboardView(page);

        await page.GotoAsync("/stats/shared?period=24h");
        await Assertions.Expect(view.Tile("Clicks")).ToHaveTextAsync("1");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Firefox" }).GetByRole(AriaRole.Link).ClickAsync();

        await Assertions.Expect(view.Chip("Browser is Firefox")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Repository.Screenshot("public-without-scripts-dark"), FullPage = true });
    }

    [Fact]
    public async Task A_password_opens_the_numbers()
    {
        await _server.Services.GetRequiredService<LinkService>().EditAsync(
            _link.PublicId, new LinkEdit { PrivateStats = new(false), Password = new("open sesame") }, Viewer.User(_owner.Id), null, TestContext.Current.CancellationToken);
        var page = await chromium.OpenAsync(_server.Url);
        await page.GotoAsync("/stats/shared?period=all");
        await LookAsync(page, "public-password");

        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the numbers" }).ClickAsync();
        await Assertions.Expect(page.GetByText("not the password")).ToBeVisibleAsync();
        await page.GetByLabel("Password").FillAsync("open sesame");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the numbers" }).ClickAsync();

        await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync("0");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("period=all$"));
    }

    [Fact]
    public async Task Each_click_comes_to_every_open_page_by_itself()
    {
        await KeepAsync(isPrivate: false);
        await ClickAsync();
        var mine = await chromium.OpenAsync(_server.Url);
        await new AccountPages(mine).SignInAsync(_owner.Email, _owner.Password, "/dashboard?period=24h");
        await new DashboardView(mine).ReadyAsync();
        var theirs = await chromium.OpenAsync(_server.Url);
        await theirs.GotoAsync("/stats/shared?period=24h");
        foreach (var page in new[] { mine, theirs })
        {
            await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync("1");
            await WatchAsync(page);
        }

        List<double> owner = [], everybody = [];
        for (var clicks = 2; clicks <= 5; clicks++)
        {
            var redirected = await ClickAsync();
            owner.Add(await SeenAsync(mine, clicks) - redirected);
            everybody.Add(await SeenAsync(theirs, clicks) - redirected);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"redirect to number, ms: owner's dashboard {Told(owner)}; public page {Told(everybody)}");
        await mine.Locator(".live-menu button").ClickAsync();
        await Assertions.Expect(mine.Locator(".latest tbody tr")).ToHaveCountAsync(5);
        await LookAsync(mine, "live");

        static string Told(List<double> times) => string.Create(
            CultureInfo.InvariantCulture, $"median {times.Order().ElementAt(times.Count / 2):0}, worst {times.Max():0}");
    }

    /// <summary>Another person's site with one page. It is of this machine, because browsers let no other show what is on it.</summary>
    private static async Task<WebApplication> SiteAsync(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.MapGet("/", () => Results.Content("<!DOCTYPE html>" + body, "text/html; charset=utf-8"));
        await site.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    /// <summary>Writes down when the number of clicks changes, on the clock that both processes have.</summary>
    private static async Task WatchAsync(IPage page) => await page.EvaluateAsync(
        """
        () => {
          window.seen = {};
          const note = () => {
            const tile = [...document.querySelectorAll('.tile')].find(tile => tile.textContent.trim().startsWith('Clicks'));
            const clicks = tile?.querySelector('b')?.textContent;
            if (clicks) window.seen[clicks] ??= performance.timeOrigin + performance.now();
          };
          new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
        }
        """);

    private static async Task<double> SeenAsync(IPage page, int clicks)
    {
        var name = clicks.ToString(CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => page.EvaluateAsync<bool>("name => name in window.seen", name));
        return await page.EvaluateAsync<double>("name => window.seen[name]", name);
    }

    /// <summary>Without scripts a page does not hear of what comes later.</summary>
    private async Task StoredAsync()
    {
        var writer = _server.Services.GetRequiredService<ClickWriter>();
        await Eventually.TrueAsync(() => writer.Health.Unstored == 0);
    }

    private Task<double> ClickAsync() => Visitor.FollowAsync(_server, "shared");

    private async Task KeepAsync(bool isPrivate) => await _server.Services.GetRequiredService<LinkService>().EditAsync(
        _link.PublicId, new LinkEdit { PrivateStats = new(isPrivate) }, Viewer.User(_owner.Id), null, TestContext.Current.CancellationToken);

    private async Task LookAsync(IPage page, string name, string shape = "desktop")
    {
        await Look.AtAsync(page, name, shape);
        Assert.Empty(chromium.OutsideRequests);
    }
}
