using System.Globalization;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;
using Spoo.Web.Components.Dashboard;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Shared;

namespace Spoo.Tests.Dashboard;

/// <summary>The page with the real service behind it, on a database that can be made to fail.</summary>
public sealed class DashboardPageTests : ComponentTests, IClassFixture<SpooApp>
{
    private readonly SpooApp _app;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BreakableContexts _contexts;
    private Link? _mine;

    public DashboardPageTests(SpooApp app)
    {
        _app = app;
        DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        _contexts = new BreakableContexts(_app.OpenDatabase);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<IDbContextFactory<SpooDbContext>>(_contexts);
        Services.AddSingleton(new StatsOptions());
        Services.AddSingleton(_app.Get<ClickIndex>());
        Services.AddSingleton(_app.Get<StoreGate>());
        Services.AddSingleton<LiveClicks>();
        Services.AddSingleton<IClickCounting>(provider => provider.GetRequiredService<LiveClicks>());
        Services.AddSingleton<LinkList>();
        Services.AddSingleton<SavedViews>();
        Services.AddSingleton<LinkChanges>();
        Services.AddSingleton<StatsQueryParser>();
        Services.AddSingleton(_app.Get<StatsMetrics>());
        Services.AddSingleton(_app.Get<ReadingOptions>());
        Services.AddSingleton<StatsService>();
        Services.AddSingleton(_app.Get<KnownDomains>());
        Services.AddSingleton(_app.Get<Quotas>());
        Services.AddSingleton(_app.Get<ClickQuotas>());
        Services.AddSingleton(new ShorteningOptions());
        Services.AddSingleton<PrerenderedReport>();
        Services.AddSingleton<SharedAnswers>();
        Services.AddSingleton<ClickHistory>();
        Services.AddSingleton(_app.Get<ClickSubscriptions>());
        Services.AddSingleton<LiveConnection>();
        Services.AddSingleton(_app.Get<Places>());
        Services.AddLogging();
        AddBunitPersistentComponentState();
    }

    [Fact]
    public async Task The_page_shows_what_the_service_counts()
    {
        await SignInWithClicksAsync();

        var page = Open("/dashboard?period=24h");

        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));
        Assert.Contains("exact", page.Find(".report-line").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_shows_an_error_and_no_numbers_until_it_is_back()
    {
        await SignInWithClicksAsync();
        _contexts.IsBroken = true;

        var page = Open("/dashboard?period=24h");

        page.WaitForAssertion(() => Assert.Contains("could not be counted", page.Find("section [role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".tile"));

        _contexts.IsBroken = false;
        page.Find("section [role=alert] button").Click();
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));
    }

    [Fact]
    public async Task A_new_address_is_a_new_question()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));

        Services.GetRequiredService<NavigationManager>().NavigateTo("/dashboard?period=24h&browser=Firefox");

        page.WaitForAssertion(() => Assert.Equal("1", page.Find(".tile b").TextContent));
        Assert.Single(page.FindAll(".chip"));
    }

    [Fact]
    public async Task Old_numbers_are_not_shown_under_a_new_question_that_failed()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".crosstab, .heatmap").Count));
        _contexts.IsBroken = true;

        Services.GetRequiredService<NavigationManager>().NavigateTo("/dashboard?period=24h&browser=Firefox");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".tile")));
        Assert.Contains("could not be counted", page.Find("section [role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_fails_says_so_and_tries_again_alone()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".crosstab, .heatmap").Count));
        _contexts.IsBroken = true;

        Services.GetRequiredService<NavigationManager>().NavigateTo("/dashboard?period=24h&crosstab=browser,os");

        page.WaitForAssertion(() => Assert.Contains("could not be counted", Card("Cross-tab").QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".crosstab"));
        Assert.NotEmpty(page.FindAll(".heatmap"));
        Assert.Equal("3", page.Find(".tile b").TextContent);

        _contexts.IsBroken = false;
        Card("Cross-tab").QuerySelector("[role=alert] button")!.Click();
        page.WaitForAssertion(() => Assert.Equal("Unknown", Card("Cross-tab").QuerySelector("tbody th")!.TextContent.Trim()));

        AngleSharp.Dom.IElement Card(string title) => page.Find($"section[aria-label='{title}']");
    }

    [Fact]
    public async Task The_complete_list_is_searched_and_sorted_in_the_address()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h&details=browser");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".details-table tbody tr").Count));

        page.Find(".details-tools input").Input("fire");

        page.WaitForAssertion(() => Assert.Equal("Firefox", Assert.Single(page.FindAll(".details-table tbody th")).TextContent.Trim()));
        Assert.EndsWith("details=browser&search=fire", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Contains("group_by=browser&search=fire", page.Find(".details-tools a[download]").GetAttribute("href"), StringComparison.Ordinal);

        Services.GetRequiredService<NavigationManager>().NavigateTo("/dashboard?period=24h&details=browser&sort=clicks");
        page.WaitForAssertion(() => Assert.Equal(["Firefox", "Unknown"], page.FindAll(".details-table tbody th").Select(cell => cell.TextContent.Trim())));
        Assert.Equal("ascending", page.Find("[aria-sort]").GetAttribute("aria-sort"));
    }

    [Fact]
    public async Task A_link_of_somebody_else_looks_like_one_that_does_not_exist()
    {
        await SignInWithClicksAsync();
        await _app.AddAsync(Some.Link("theirs", await _app.AddUserAsync()));

        var page = Open("/dashboard/links/theirs");

        page.WaitForAssertion(() => Assert.Contains("You have no link 'theirs'", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_clicks_arrive_on_an_open_page_by_themselves()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));

        await _app.AddAsync(Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 9) with { Country = "DE", Browser = "Safari" });

        page.WaitForAssertion(() => Assert.Equal("4", page.Find(".tile b").TextContent), Patience);
        await page.InvokeAsync(() => page.Find(".live-menu button").Click());
        page.WaitForAssertion(() => Assert.Contains("Germany", page.Find(".latest tbody tr").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task All_time_begins_with_the_day_of_the_first_click_and_clicks_to_come_are_said_to_exist()
    {
        await SignInWithClicksAsync();
        var first = DateTimeOffset.UtcNow.AddDays(-40);
        await _app.AddAsync(Some.Click(_mine!, first, visitor: 7), Some.Click(_mine!, DateTimeOffset.UtcNow.AddDays(3), visitor: 8));

        var page = Open("/dashboard?period=all&interval=day");

        page.WaitForAssertion(() => Assert.Equal("4", page.Find(".tile b").TextContent));
        Assert.Equal(first.Date.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture), page.Find(".chart-table tbody th").TextContent);
        Assert.Contains("1 click is dated ahead of now", page.Find(".report-line").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_filter_a_period_and_a_comparison_did_is_said_to_those_who_hear_the_page()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));
        Assert.Equal("", Said());

        Go("/dashboard?period=24h&browser=Firefox");
        page.WaitForAssertion(() => Assert.Matches("^1 click by 1 visitor, .*, one filter\\.$", Said()));

        Go("/dashboard?period=24h&browser=Firefox&compare=period");
        page.WaitForAssertion(() => Assert.Matches("^1 click by 1 visitor, .*, one filter\\. Compared with .*\\.$", Said()));

        Go("/dashboard?period=7d");
        page.WaitForAssertion(() => Assert.Matches("^3 clicks by 3 visitors, [^,]*\\.$", Said()));

        void Go(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);

        string Said() => page.Find("p[role=status].visually-hidden").TextContent;
    }

    [Fact]
    public async Task The_hours_of_the_week_and_the_cross_tab_follow_the_clicks_too()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".crosstab tfoot .all").TextContent));
        page.WaitForAssertion(() => Assert.Equal(3, InHeatmap()));

        await _app.AddAsync(Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 9));

        page.WaitForAssertion(() => Assert.Equal("4", page.Find(".crosstab tfoot .all").TextContent), Patience);
        page.WaitForAssertion(() => Assert.Equal(4, InHeatmap()), Patience);

        int InHeatmap() => page.FindComponent<Heatmap>().Instance.Week.Hours.Sum(hour => (int)hour.Count.Clicks);
    }

    [Theory]
    [InlineData("details", ".details-table tbody tr")]
    [InlineData("filter", ".choices li")]
    public async Task A_list_in_an_open_dialog_follows_the_clicks_and_begins_empty(string dialog, string row)
    {
        await SignInWithClicksAsync();
        var page = Open($"/dashboard?period=24h&browser=Lynx&{dialog}=country");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("dialog, [role=dialog]")));
        if (dialog == "details")
        {
            page.WaitForAssertion(() => Assert.Equal("No clicks in this selection.", page.Find(".details .card-empty").TextContent));
        }

        await _app.AddAsync(Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 9) with { Country = "DE", Browser = "Lynx" });

        page.WaitForAssertion(() => Assert.Contains("Germany", Assert.Single(page.FindAll(row)).TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Who_is_here_now_are_the_people_of_five_minutes_whatever_is_filtered()
    {
        await SignInWithClicksAsync();
        await _app.AddAsync(
            Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 21),
            Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 21),
            Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 22) with { IsBot = true },
            Some.Click(_mine!, DateTimeOffset.UtcNow.AddMinutes(-6), visitor: 23));

        var page = Open("/dashboard?period=24h&browser=Firefox");

        page.WaitForAssertion(() => Assert.Equal("1", page.Find(".live-menu b").TextContent), Patience);
    }

    [Fact]
    public async Task A_page_that_nobody_looks_at_waits_and_catches_up()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent));
        var live = page.FindComponent<LiveUpdates>();

        await page.InvokeAsync(() => live.Instance.OnVisibility(false));
        await _app.AddAsync(Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 9));
        await Task.Delay(1500, Xunit.TestContext.Current.CancellationToken);
        Assert.Equal("3", page.Find(".tile b").TextContent);

        await page.InvokeAsync(() => live.Instance.OnVisibility(true));
        page.WaitForAssertion(() => Assert.Equal("4", page.Find(".tile b").TextContent), Patience);
    }

    [Fact]
    public async Task Numbers_that_cannot_be_renewed_stay_and_nobody_is_here_is_never_made_up()
    {
        await SignInWithClicksAsync();
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Equal("0", page.Find(".live-menu b").TextContent), Patience);
        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent), Patience);

        _contexts.IsBroken = true;
        await _app.AddAsync(Some.Click(_mine!, DateTimeOffset.UtcNow, visitor: 9));

        page.WaitForAssertion(() => Assert.Equal("–", page.Find(".live-menu b").TextContent), Patience);
        Assert.Equal("3", page.Find(".tile b").TextContent);
    }

    [Fact]
    public async Task How_far_numbers_are_that_are_being_prepared_stays_in_view_until_they_are_there()
    {
        await SignInWithClicksAsync();
        var prepared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        Services.AddSingleton<IClickCounting>(provider => new Preparing(provider.GetRequiredService<LiveClicks>(), prepared.Task, () => Interlocked.Increment(ref asked)));
        var page = Open("/dashboard?period=24h");
        page.WaitForAssertion(() => Assert.Contains("25 % so far", page.Markup, StringComparison.Ordinal));
        Assert.Equal("25", page.Find("[role=progressbar]").GetAttribute("aria-valuenow"));

        // The next question is on its way, for longer than a page waits before it dims what it shows.
        page.WaitForAssertion(() => Assert.True(asked > 1), Patience);
        await Task.Delay(TimeSpan.FromMilliseconds(400), Xunit.TestContext.Current.CancellationToken);
        await page.InvokeAsync(() => Assert.Contains("25 % so far", page.Markup, StringComparison.Ordinal));
        prepared.SetResult();

        page.WaitForAssertion(() => Assert.Equal("3", page.Find(".tile b").TextContent), Patience);
        Assert.DoesNotContain("so far", page.Find(".tiles").TextContent, StringComparison.Ordinal);
    }

    private async Task SignInWithClicksAsync()
    {
        await _app.FreeCodesAsync();
        var user = await _app.AddUserAsync();
        var link = _mine = await _app.AddAsync(Some.Link("mine", user));
        var now = DateTimeOffset.UtcNow.AddMinutes(-10);
        await _app.AddAsync(
            Some.Click(link, now) with { Browser = "Firefox" }, Some.Click(link, now, visitor: 2), Some.Click(link, now, visitor: 3));
        this.AddAuthorization().SetAuthorized(user.Email!).SetClaims(new System.Security.Claims.Claim(System.Security.Claims.ClaimTypes.NameIdentifier, user.Id));
    }

    private IRenderedComponent<Whole> Open(string url)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(url);
        return RenderWhole<DashboardPage>();
    }

    /// <summary>Says at first how far the numbers are; whoever asks again waits for them.</summary>
    private sealed class Preparing(IClickCounting counting, Task prepared, Func<int> asked) : IClickCounting
    {
        public async Task<IReadOnlyList<StatsOutcome>> CountAsync(StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
        {
            if (asked() == 1)
            {
                return [new StatsOutcome.Refused(CountingRefusals.Preparing((1, 4)))];
            }

            await prepared.WaitAsync(cancellationToken);
            return await counting.CountAsync(query, selections, limits, cancellationToken);
        }

        public Task FollowAsync(CancellationToken cancellationToken) => counting.FollowAsync(cancellationToken);

        public void Forget(string ownerId) => counting.Forget(ownerId);

        public Task ForgetDeletedAsync(CancellationToken cancellationToken) => counting.ForgetDeletedAsync(cancellationToken);
    }
}
