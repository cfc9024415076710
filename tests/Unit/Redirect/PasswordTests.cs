using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Limits;

namespace Spoo.Tests.Redirect;

public sealed class PasswordTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_protected_link_asks_for_its_password_and_does_not_say_where_it_leads()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app);

        foreach (var address in new[] { $"/{link.ShortCode}", $"/{link.ShortCode}?password=wrong", $"/{link.ShortCode}+" })
        {
            var answer = await app.Anonymous().GetAsync(address, Cancelled);
            Assert.Equal(address.EndsWith('+') ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.DoesNotContain("example.com", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(0, app.Get<ClickJournal>().LastSequence);
    }

    [Fact]
    public async Task The_right_password_is_remembered_by_a_cookie_for_this_link_and_this_password()
    {
        await using var app = new SpooApp();
        var (link, other) = (await AddAsync(app), await AddAsync(app));

        var unlocked = await PostAsync(app, link, "open sesame", "?utm_campaign=spring");

        var cookie = unlocked.Headers.GetValues("Set-Cookie").Single();
        Assert.Equal((HttpStatusCode.Redirect, $"/{link.ShortCode}?utm_campaign=spring"), (unlocked.StatusCode, unlocked.Headers.Location?.OriginalString));
        Assert.Contains($"path=/{link.ShortCode}", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await WithCookieAsync(app, link, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(app, other, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(app, link, cookie.Replace("spoo-link=", "spoo-link=x", StringComparison.Ordinal)));

        await using var database = app.OpenDatabase();
        await database.Links.ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, Some.PasswordHash("another")), Cancelled);
        app.Get<LinkLookup>().Forget(link.DomainId, link.ShortCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await WithCookieAsync(app, link, cookie));
    }

    [Fact]
    public async Task The_wrong_password_gets_the_form_again()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app);

        foreach (var password in new[] { "wrong", "", "OPEN SESAME", new string('x', 10_000) })
        {
            var answer = await PostAsync(app, link, password);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("not the password", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Where_there_is_nothing_to_unlock_the_form_is_refused()
    {
        await using var app = new SpooApp();
        var open = await app.AddAsync(Some.Link());
        var ended = await AddAsync(app, LinkStatus.Inactive);
        var blocked = await AddAsync(app, LinkStatus.Blocked);

        foreach (var link in new[] { open, ended, blocked, Some.Link("unknown") })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(app, link, "open sesame")).StatusCode);
        }
    }

    [Fact]
    public async Task The_password_may_stand_in_the_address_and_is_not_passed_on()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app);

        var answer = await app.Anonymous().GetAsync($"/{link.ShortCode}?password=open%20sesame", Cancelled);

        Assert.Equal((HttpStatusCode.Redirect, "https://example.com/page"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Guessing_ends_after_ten_attempts_a_minute_whichever_way_they_come()
    {
        await using var app = new SpooApp();
        var (link, other) = (await AddAsync(app), await AddAsync(app));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, "guess")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync($"/{link.ShortCode}?password=guess", Cancelled)).StatusCode);
        }

        var tooMany = await PostAsync(app, link, "open sesame");

        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.True(tooMany.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Anonymous().GetAsync($"/{link.ShortCode}?password=open%20sesame", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(app, other, "open sesame")).StatusCode);
    }

    [Fact]
    public async Task Every_door_takes_from_the_same_budget()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app);
        var publicPage = new Visitor(app);
        await publicPage.OpenAsync($"/stats/{link.ShortCode}");
        for (var i = 0; i < 10; i += 5)
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, "guess")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous().GetAsync($"/{link.ShortCode}?password=guess", Cancelled)).StatusCode);
            await AskApiAsync("guess").ProblemAsync(401, "invalid_password");
            await publicPage.SendAsync("stats-password", ("password", "guess"));
            Assert.Equal(200, publicPage.Status);
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, "guess")).StatusCode);
        }

        await publicPage.SendAsync("stats-password", ("password", "open sesame"));

        Assert.Equal(429, publicPage.Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(app, link, "open sesame")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Anonymous().GetAsync($"/{link.ShortCode}?password=open%20sesame", Cancelled)).StatusCode);
        await AskApiAsync("open sesame").ProblemAsync(429, "rate_limit_exceeded");

        Task<HttpResponseMessage> AskApiAsync(string password) => app.Anonymous().SendAsync(
            HttpMethod.Post, $"/api/v1/public/stats/{link.ShortCode}", $$"""{"password":"{{password}}"}""");
    }

    [Fact]
    public void Many_addresses_together_guess_a_few_hundred_times_an_hour_and_other_links_stay_open()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        var attempts = new LinkPasswordAttempts(new CallCounts(clock, () => [1], isShared: false));

        // Nothing is compared with so bad a hash, so that the test takes no minutes.
        var compared = Enumerable.Range(0, 500).Count(number => Guess(1, number).RetryAfter is null);

        Assert.Equal(300, compared);
        Assert.Equal(TimeSpan.FromHours(1), Guess(1, 1000).RetryAfter);
        Assert.Null(Guess(2, 1000).RetryAfter);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(Guess(1, 1000).RetryAfter);

        LinkPasswordAnswer Guess(long link, int from) => attempts.Try(link, "no hash", "guess", new IPAddress([10, 0, (byte)(from / 250), (byte)(from % 250)]));
    }

    [Fact]
    public void A_household_with_many_addresses_is_one()
    {
        var attempts = new LinkPasswordAttempts(new CallCounts(new FakeTimeProvider(Some.Noon), () => [1], isShared: false));

        var compared = Enumerable.Range(0, 20).Count(number =>
            attempts.Try(1, "no hash", "guess", IPAddress.Parse($"2001:db8:1:2::{number:x}")).RetryAfter is null);

        Assert.Equal(10, compared);
        Assert.Null(attempts.Try(1, "no hash", "guess", IPAddress.Parse("2001:db8:1:3::1")).RetryAfter);
    }

    [Fact]
    public void A_hash_holds_no_password_and_what_is_no_hash_opens_nothing()
    {
        var hash = LinkPassword.Hash("open sesame");

        Assert.True(hash.Length <= 200);
        Assert.NotEqual(hash, LinkPassword.Hash("open sesame"));
        Assert.True(LinkPassword.Matches(hash, "open sesame"));
        Assert.False(LinkPassword.Matches(hash, "open sesam"));
        Assert.False(LinkPassword.Matches("open sesame", "open sesame"));
        Assert.False(LinkPassword.Matches("", ""));
    }

    private static async Task<Link> AddAsync(SpooApp app, LinkStatus status = LinkStatus.Active)
    {
        var link = Some.Link();
        (link.PasswordHash, link.Status) = (Some.PasswordHash("open sesame"), status);
        return await app.AddAsync(link);
    }

    private static async Task<HttpResponseMessage> PostAsync(SpooApp app, Link link, string password, string query = "")
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("password", password)]);
        return await app.Anonymous().PostAsync($"/{link.ShortCode}/password{query}", form, Cancelled);
    }

    private static async Task<HttpStatusCode> WithCookieAsync(SpooApp app, Link link, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        return (await app.Anonymous().SendAsync(request, Cancelled)).StatusCode;
    }
}
