using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Tests.Support;
using Spoo.Web.Limits;

namespace Spoo.Tests.Account;

/// <summary>An account may have only so much, and is told before and after.</summary>
public sealed class QuotaTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 10, 31, 23, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visits_beyond_the_clicks_of_a_month_are_sent_on_and_are_no_clicks_until_the_next_one()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["Quotas:ClicksAMonth"] = "3" } };
        var (ann, root) = (await app.AddUserAsync(), await app.AddAdministratorAsync());
        await app.Get<Quotas>().ApplyAsync(Cancelled);
        var (mine, roots, limited) = (await app.AddAsync(Some.Link("mine", ann)), await app.AddAsync(Some.Link("roots", root)), Some.Link("limited", ann));
        limited.MaxClicks = 2;
        await app.AddAsync(limited);
        var visitor = app.Anonymous();

        await VisitAsync("mine", 5);
        await VisitAsync("roots", 5);
        Assert.Equal((3, 5), (await ClicksAsync(mine.Id), await ClicksAsync(roots.Id)));

        // A link that ends after so many clicks goes on counting, or it would never end.
        await VisitAsync("limited", 2);
        Assert.NotEqual(HttpStatusCode.Redirect, (await visitor.GetAsync("/limited", Cancelled)).StatusCode);

        // The dashboard says that it does not count, and the settings how much there is.
        var page = await app.SignedInAsync(ann);
        Assert.Contains("visits are sent on and not counted", await page.GetStringAsync("/dashboard", Cancelled), StringComparison.Ordinal);
        Assert.Contains("5 of 3", await page.GetStringAsync("/settings", Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"quotas\"", await (await app.SignedInAsync(root)).GetStringAsync("/settings", Cancelled), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromHours(2));
        await VisitAsync("mine", 2);
        Assert.Equal(5, await ClicksAsync(mine.Id));
        Assert.DoesNotContain("visits are sent on and not counted", await (await app.SignedInAsync(ann)).GetStringAsync("/dashboard", Cancelled), StringComparison.Ordinal);

        // What a person is given wins over what everybody has.
        Assert.Null(await app.Get<Quotas>().GiveAsync(ann.Id, QuotaKind.ClicksAMonth, "unlimited", root.Id, Cancelled));
        await VisitAsync("mine", 4);
        Assert.Equal(9, await ClicksAsync(mine.Id));
        Assert.Null(await app.Get<Quotas>().GiveAsync(root.Id, QuotaKind.ClicksAMonth, "0", root.Id, Cancelled));
        await VisitAsync("roots", 1);
        Assert.Equal(5, await ClicksAsync(roots.Id));

        async Task VisitAsync(string code, int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/" + code, Cancelled)).StatusCode);
            }

            await app.StoredAsync();
        }

        async Task<long> ClicksAsync(long link)
        {
            await using var database = app.OpenDatabase();
            return await database.Clicks.LongCountAsync(click => click.LinkId == link, Cancelled);
        }
    }

    [Fact]
    public async Task What_was_stored_before_the_start_counts_too()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["Quotas:ClicksAMonth"] = "3" } };
        var ann = await app.AddUserAsync();
        await app.Get<Quotas>().ApplyAsync(Cancelled);
        var link = await app.AddAsync(Some.Link("mine", ann));
        await app.AddAsync(Enumerable.Range(0, 4).Select(_ => Some.Click(link, _clock.GetUtcNow().AddDays(-3))));
        await app.AddAsync(Enumerable.Range(0, 9).Select(_ => Some.Click(link, _clock.GetUtcNow().AddDays(-40))));

        Assert.Equal(4, await app.Get<Data.Clicks.Storing.ClickQuotas>().UsedAsync(ann.Id, Cancelled));
        Assert.False(app.Get<Data.Clicks.Storing.ClickQuotas>().TryTake(ann.Id, _clock.GetUtcNow()));
    }

    [Fact]
    public async Task Calls_beyond_those_of_a_day_are_refused_until_midnight()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["Quotas:ApiCallsADay"] = "3" } };
        var (ann, bob) = (await app.AddUserAsync(), await app.AddUserAsync());
        await app.Get<Quotas>().ApplyAsync(Cancelled);
        var (one, other, page) = (await app.WithKeyAsync(ann), await app.WithKeyAsync(ann), await app.SignedInAsync(ann));

        await one.GetAsync("/api/v1/urls", Cancelled);
        await other.GetAsync("/api/v1/keys", Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/v1/stats", Cancelled)).StatusCode);
        using var refused = await other.GetAsync("/api/v1/urls", Cancelled);

        await refused.ProblemAsync(429, "quota_exceeded");
        Assert.Equal(TimeSpan.FromHours(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await page.GetAsync("/api/v1/urls", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await (await app.WithKeyAsync(bob)).GetAsync("/api/v1/urls", Cancelled)).StatusCode);
        Assert.Contains("3 of 3", await page.GetStringAsync("/settings", Cancelled), StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/v1/urls", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task One_export_more_than_an_account_may_have_at_once_waits()
    {
        await using var app = new SpooApp { Settings = { ["Quotas:ExportsAtOnce"] = "1" } };
        var ann = await app.AddUserAsync();
        await app.Get<Quotas>().ApplyAsync(Cancelled);
        var (program, page) = (await app.WithKeyAsync(ann), await app.SignedInAsync(ann));
        string[] pages = ["/settings/download", "/links/export.csv"];

        Assert.True(app.Get<CallQuotas>().TryEnterExport(ann.Id));
        foreach (var address in new[] { "/api/v1/export?format=json", "/api/v1/export/clicks?format=csv" })
        {
            using var refused = await program.GetAsync(address, Cancelled);
            await refused.ProblemAsync(429, "quota_exceeded");
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        foreach (var address in pages)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await page.GetAsync(address, Cancelled)).StatusCode);
        }

        app.Get<CallQuotas>().LeaveExport(ann.Id);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/export?format=json", Cancelled)).StatusCode);
        foreach (var address in pages)
        {
            using var file = await page.GetAsync(address, Cancelled);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            await file.Content.ReadAsByteArrayAsync(Cancelled);
        }

        Assert.Equal(0, app.Get<CallQuotas>().ExportsNow(ann.Id));
    }

    [Fact]
    public async Task Clicks_are_kept_for_no_longer_than_an_account_may()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["Quotas:StoredDays"] = "30" } };
        var (ann, root) = (await app.AddUserAsync("ann@example.com"), await app.AddAdministratorAsync());
        var (mine, roots) = (await app.AddAsync(Some.Link("mine", ann)), await app.AddAsync(Some.Link("roots", root)));
        foreach (var link in new[] { mine, roots })
        {
            await app.AddAsync(Some.Click(link, _clock.GetUtcNow().AddDays(-50)), Some.Click(link, _clock.GetUtcNow().AddDays(-5)));
        }

        Assert.Equal(1, await app.Get<ClickRetention>().RunAsync(Cancelled));

        var visitor = new Visitor(app);
        await visitor.SignInAsync(new("ann@example.com", "correct horse"));
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("keeping", ("Input.Days", "31"));
        Assert.Contains("At most 30 days are kept here.", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("keeping", ("Input.Days", ""));
        Assert.Contains("At most 30 days are kept here.", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("keeping", ("Input.Days", "20"));
        Assert.DoesNotContain("At most 30 days", visitor.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QuotaKind.Links, "-1")]
    [InlineData(QuotaKind.ApiCallsADay, "1.5")]
    [InlineData(QuotaKind.StoredDays, "0")]
    [InlineData(QuotaKind.ExportsAtOnce, "many")]
    public async Task A_limit_that_is_none_is_refused_with_what_would_be_right(QuotaKind kind, string value)
    {
        await using var app = new SpooApp();
        var ann = await app.AddUserAsync();

        var refused = await app.Get<Quotas>().GiveAsync(ann.Id, kind, value, null, Cancelled);

        Assert.Contains("should be a whole number from", refused?.Message, StringComparison.Ordinal);
        Assert.Empty(await app.Get<Quotas>().GivenAsync(ann.Id, Cancelled));
    }

    [Fact]
    public async Task A_limit_of_ones_own_is_taken_back_written_down_and_goes_with_the_account()
    {
        await using var app = new SpooApp { Settings = { ["Quotas:Links"] = "2" } };
        var (ann, root) = (await app.AddUserAsync(), await app.AddAdministratorAsync());
        var quotas = app.Get<Quotas>();

        await quotas.GiveAsync(ann.Id, QuotaKind.Links, " 7 ", root.Id, Cancelled);
        Assert.Equal(7, quotas.Most(ann.Id, QuotaKind.Links));
        await quotas.GiveAsync(ann.Id, QuotaKind.Links, "", root.Id, Cancelled);
        Assert.Equal(2, quotas.Most(ann.Id, QuotaKind.Links));
        Assert.Null(quotas.Most(root.Id, QuotaKind.Links));
        await quotas.GiveAsync(ann.Id, QuotaKind.Links, "9", root.Id, Cancelled);

        var (lines, _) = await app.Get<AuditTrail>().SelectAsync(new AuditSelection { Act = AuditAct.QuotaChanged }, Cancelled);
        Assert.Equal(["links: 9", "links: as everybody", "links: 7"], lines.Select(line => line.Detail));
        await app.Get<AccountRemoval>().RemoveAsync(ann.Id, Cancelled);
        await using var database = app.OpenDatabase();
        Assert.Empty(await database.AccountQuotas.ToListAsync(Cancelled));
    }
}
