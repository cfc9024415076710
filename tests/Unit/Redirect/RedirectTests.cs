using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;
using Spoo.Web.Identity;
using Spoo.Web.Redirect;

namespace Spoo.Tests.Redirect;

public sealed class RedirectTests(SpooApp shared) : IClassFixture<SpooApp>
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private const string Slack = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_leads_to_its_destination_and_search_engines_stay_out()
    {
        var link = await shared.AddAsync(Some.Link(longUrl: "https://example.com/page?a=1#top"));

        var answer = await GetAsync(shared, $"/{link.ShortCode}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("https://example.com/page?a=1#top", answer.Headers.Location?.OriginalString);
        Assert.Equal("noindex, nofollow", Header(answer, "X-Robots-Tag"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_second_and_is_sent_on_without_a_look_gets_the_same_answer_and_counts_the_same()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());

        var first = await GetAsync(app, $"/{link.ShortCode}?utm_source=news");
        var second = await GetAsync(app, $"/{link.ShortCode}?utm_source=news");

        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
        Assert.Equal(Headers(first), Headers(second));
        Assert.NotEqual(Header(first, "X-Request-ID"), Header(second, "X-Request-ID"));
        var records = app.Get<ClickJournal>().LastSequence;
        Assert.Equal(2, records);
        await app.StoredAsync();
        await using var database = app.OpenDatabase();
        var clicks = await database.Clicks.ToListAsync(Cancelled);
        Assert.Single(clicks.Select(click => (click.LinkId, click.Visitor, click.AgentId, click.PlaceId, click.SourceId, click.Language)).Distinct());

        static List<string> Headers(HttpResponseMessage answer) =>
            [.. answer.Headers.Where(header => header.Key != "X-Request-ID").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("mailto:someone@example.com?subject=Grüße", "mailto:someone@example.com?subject=Gr%C3%BC%C3%9Fe")]
    [InlineData("tel:+4930123456", "tel:+4930123456")]
    [InlineData("https://example.com/a b", "https://example.com/a%20b")]
    [InlineData("https://example.com/ä", "https://example.com/%C3%A4")]
    [InlineData("https://müller.example:8443/?q=ä", "https://xn--mller-kva.example:8443/?q=%C3%A4")]
    [InlineData("https://example.com/\r\nSet-Cookie: a=b", "https://example.com/%0D%0ASet-Cookie:%20a=b")]
    public async Task A_destination_that_no_header_can_hold_is_encoded(string longUrl, string location)
    {
        var link = await shared.AddAsync(Some.Link(longUrl: longUrl));

        var answer = await GetAsync(shared, $"/{link.ShortCode}");

        Assert.Equal(location, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Each_reason_not_to_lead_on_has_its_status_and_a_page()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var app = new SpooApp { Clock = clock };
        var inactive = await AddAsync(app, link => link.Status = LinkStatus.Inactive);
        var expired = await AddAsync(app, link => link.Status = LinkStatus.Expired);
        var blocked = await AddAsync(app, link => link.Status = LinkStatus.Blocked);
        var ended = await AddAsync(app, link => link.ExpireAfter = Some.Noon);
        var ending = await AddAsync(app, link => link.ExpireAfter = Some.Noon.AddSeconds(1));
        var nowhere = await app.AddAsync(Some.Link(longUrl: ""));

        foreach (var (code, status, words) in new[]
        {
            ("unknown", 404, "URL NOT FOUND"), ("no.page", 404, "URL NOT FOUND"), ("%C3%A4%C3%B6", 404, "URL NOT FOUND"),
            (nowhere.ShortCode, 404, "URL NOT FOUND"), (inactive.ShortCode, 410, "SHORT URL EXPIRED"),
            (expired.ShortCode, 410, "SHORT URL EXPIRED"), (ended.ShortCode, 410, "SHORT URL EXPIRED"), (blocked.ShortCode, 451, "URL BLOCKED"),
        })
        {
            var answer = await GetAsync(app, "/" + code, request => request.Headers.Add("Accept", "application/json"));
            Assert.Equal((status, "text/html"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{ending.ShortCode}")).StatusCode);
        clock.SetUtcNow(Some.Noon.AddSeconds(1));
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync(app, $"/{ending.ShortCode}")).StatusCode);
        await app.StoredAsync();
        Assert.Equal(1, await ClicksAsync(app));
    }

    [Fact]
    public async Task What_a_chat_takes_for_a_part_of_the_link_is_left_out_and_what_may_be_meant_otherwise_is_not_guessed()
    {
        await using var app = new SpooApp();
        await app.AddAsync(Some.Link("Promo"));
        string[] glued =
        [
            "/Promo.", "/Promo)", "/Promo,", "/Promo/", "/Promo%29.", "/Promo%3E", "/Promo%22", "/Promo*", "/Promo%20", "/Promo%E2%80%9D", "/Promo%E2%80%A6",
            "/Promo%E2%80%8B", "/Promo!?x=1",
        ];

        foreach (var address in glued)
        {
            Assert.Equal((address, "https://example.com/page"), (address, await LocationAsync(app, address)));
        }

        foreach (var address in new[] { "/.Promo", "/Pro.mo", "/Promo_", "/Promo.x", "/promo.", "/...", "/api." })
        {
            Assert.Equal((address, HttpStatusCode.NotFound), (address, (await GetAsync(app, address)).StatusCode));
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/Promo+.")).StatusCode);
        await app.StoredAsync();
        Assert.Equal(glued.Length, await ClicksAsync(app));
    }

    [Fact]
    public async Task Asking_with_HEAD_gets_the_same_answer_and_counts_nothing()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app, link => link.MaxClicks = 1);

        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, $"/{link.ShortCode}");
            var answer = await app.Anonymous().SendAsync(request, Cancelled);
            Assert.Equal((HttpStatusCode.Redirect, link.LongUrl), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        using var last = new HttpRequestMessage(HttpMethod.Head, $"/{link.ShortCode}");
        Assert.Equal(HttpStatusCode.Gone, (await app.Anonymous().SendAsync(last, Cancelled)).StatusCode);
        await app.StoredAsync();
        Assert.Equal(1, await ClicksAsync(app));
    }

    [Theory]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("sec-purpose", "Prefetch;anonymous-client-ip")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("Purpose", "prerender")]
    [InlineData("X-Purpose", "preview")]
    [InlineData("X-Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task A_prefetch_is_put_off_and_counts_nowhere(string header, string value)
    {
        var open = await shared.AddAsync(Some.Link());
        var limited = await AddAsync(shared, link => link.MaxClicks = 1);
        var before = shared.Get<ClickJournal>().LastSequence;

        foreach (var code in new[] { open.ShortCode, open.ShortCode, limited.ShortCode, limited.ShortCode, "unknown" })
        {
            // Once before the link is known, and once behind the visitors who need no look.
            var answer = await GetAsync(shared, $"/{code}", request => request.Headers.Add(header, value));

            Assert.Equal((HttpStatusCode.ServiceUnavailable, "no-store"), (answer.StatusCode, Header(answer, "Cache-Control")));
            Assert.Null(answer.Headers.Location);
            Assert.Equal(before, shared.Get<ClickJournal>().LastSequence);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(shared, $"/{open.ShortCode}")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(shared, $"/{open.ShortCode}", request => request.Headers.Add(header, value))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(shared, $"/{limited.ShortCode}")).StatusCode);
        Assert.Equal(before + 2, shared.Get<ClickJournal>().LastSequence);
    }

    [Fact]
    public async Task A_link_preview_gets_a_card_is_counted_as_a_bot_and_uses_up_no_click()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app, link => (link.MaxClicks, link.LongUrl) = (2, "https://secret.example/where"));

        for (var i = 0; i < 3; i++)
        {
            var card = await GetAsync(app, $"/{link.ShortCode}", request => request.Headers.UserAgent.ParseAdd(Slack));
            var text = await card.Content.ReadAsStringAsync(Cancelled);

            Assert.Equal(HttpStatusCode.OK, card.StatusCode);
            Assert.Null(card.Headers.Location);
            Assert.DoesNotContain("secret.example", text, StringComparison.Ordinal);
            Assert.Contains("""<meta property="og:title" content="localhost">""", text, StringComparison.Ordinal);
            Assert.Contains($"""<meta property="og:url" content="http://localhost/{link.ShortCode}">""", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        await app.StoredAsync();
        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(row => row.Id == link.Id, Cancelled);
        Assert.Equal((4, 3, LinkStatus.Active), (stored.TotalClicks, stored.PreviewClicks, stored.StatusAt(DateTimeOffset.UtcNow)));
        Assert.Equal(3, await database.Clicks.CountAsync(click => database.ClickAgents.Any(agent => agent.Id == click.AgentId && agent.IsBot), Cancelled));

        // What another process counts that begins with what is stored, and with what waits in the journal.
        var limits = new ClickLimits(app.Get<IDbContextFactory<SpooDbContext>>(), app.Get<ClickJournal>(), app.Get<Bots>());
        Assert.True((await limits.OfAsync(link.Id)).TryTake(2));
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync(app, $"/{link.ShortCode}", request => request.Headers.UserAgent.ParseAdd(Slack))).StatusCode);
        Assert.Equal(LinkStatus.Expired, await StatusAsync());

        async Task<LinkStatus> StatusAsync()
        {
            await app.StoredAsync();
            await using var after = app.OpenDatabase();
            return (await after.Links.SingleAsync(row => row.Id == link.Id, Cancelled)).StatusAt(DateTimeOffset.UtcNow);
        }
    }

    [Fact]
    public async Task A_link_preview_of_a_link_with_a_password_gets_a_card_and_one_of_an_open_link_its_destination()
    {
        await using var app = new SpooApp();
        var closed = await AddAsync(app, link => (link.PasswordHash, link.LongUrl) = (Some.PasswordHash("correct horse"), "https://secret.example/"));
        var open = await app.AddAsync(Some.Link());

        var card = await GetAsync(app, $"/{closed.ShortCode}", request => request.Headers.UserAgent.ParseAdd(Slack));
        var through = await GetAsync(app, $"/{open.ShortCode}", request => request.Headers.UserAgent.ParseAdd(Slack));

        Assert.Equal(HttpStatusCode.OK, card.StatusCode);
        Assert.DoesNotContain("secret.example", await card.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, open.LongUrl), (through.StatusCode, through.Headers.Location?.OriginalString));
        Assert.Equal(2, app.Get<ClickJournal>().LastSequence);
    }

    [Fact]
    public async Task The_preview_of_a_link_whose_clicks_are_used_up_says_that_it_has_ended()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app, link => link.MaxClicks = 1);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, $"/{link.ShortCode}+")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);

        var answer = await GetAsync(app, $"/{link.ShortCode}+");

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.DoesNotContain(link.LongUrl, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_at_once_for_a_hundred_clicks_are_a_hundred_redirects()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app, link => link.MaxClicks = 100);
        using var client = app.Anonymous();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => client.GetAsync($"/{link.ShortCode}", Cancelled))));

        Assert.Equal(100, answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect));
        Assert.Equal(900, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone));
        await app.StoredAsync();
        Assert.Equal(100, await ClicksAsync(app));
    }

    [Fact]
    public async Task A_limit_knows_of_the_clicks_that_are_stored_and_of_those_that_are_not()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "01:00:00" } };
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link), Some.Click(link));
        for (var i = 0; i < 3; i++)
        {
            await GetAsync(app, $"/{link.ShortCode}");
        }

        // As after a restart: nothing is remembered.
        var count = await new ClickLimits(app.Get<IDbContextFactory<SpooDbContext>>(), app.Get<ClickJournal>(), app.Get<Bots>()).OfAsync(link.Id);

        Assert.True(count.HasReached(5));
        Assert.False(count.HasReached(6));
        count.AtLeast(9);
        Assert.True(count.TryTake(10));
        Assert.False(count.TryTake(10));
    }

    [Fact]
    public async Task A_link_that_blocks_bots_blocks_them_and_counts_them_apart()
    {
        await using var app = new SpooApp();
        var link = await AddAsync(app, link => (link.BlockBots, link.MaxClicks) = (true, 1));

        for (var i = 0; i < 3; i++)
        {
            var answer = await GetAsync(app, $"/{link.ShortCode}", userAgent: Googlebot);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("ACCESS DENIED", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        await app.StoredAsync();
        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(Cancelled);
        Assert.Equal((1, 3), (stored.TotalClicks, stored.BlockedHits));
    }

    [Fact]
    public async Task Bots_are_counted_where_they_are_not_blocked()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link());

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}", userAgent: Googlebot)).StatusCode);
        await app.StoredAsync();

        await using var database = app.OpenDatabase();
        Assert.True((await database.ClickAgents.SingleAsync(Cancelled)).IsBot);
    }

    [Fact]
    public async Task The_visitors_query_is_passed_on_where_the_link_says_so_without_what_was_meant_for_us()
    {
        await using var app = new SpooApp();
        var passing = await app.AddAsync(new Link
        {
            PublicId = PublicId.New(Some.Noon),
            ShortCode = "passing",
            LongUrl = "https://example.com/?a=1#top",
            CreatedAt = Some.Noon,
            PassQuery = true,
        });
        var silent = await app.AddAsync(Some.Link());

        Assert.Equal("https://example.com/?a=1&b=2&c#top", await LocationAsync(app, $"/{passing.ShortCode}?b=2&qr=1&c"));
        Assert.Equal("https://example.com/?a=1#top", await LocationAsync(app, $"/{passing.ShortCode}?qr=1"));
        Assert.Equal(silent.LongUrl, await LocationAsync(app, $"/{silent.ShortCode}?b=2&qr=1"));
    }

    [Theory]
    [InlineData("https://example.com", "?x=1", "https://example.com?x=1")]
    [InlineData("https://example.com/#a?b", "?x=1", "https://example.com/?x=1#a?b")]
    [InlineData("https://example.com/?", "?x=1&&password=p&y=%26", "https://example.com/?x=1&y=%26")]
    public void A_query_goes_between_page_and_fragment(string location, string query, string expected) =>
        Assert.Equal(expected, LinkRedirects.WithQuery(location, query));

    [Fact]
    public async Task An_edit_is_seen_at_once_where_it_is_announced_and_within_seconds_where_it_is_not()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var app = new SpooApp { Clock = clock };
        var link = await app.AddAsync(Some.Link());
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);

        await EditAsync(app, LinkStatus.Inactive);
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
        app.Get<LinkLookup>().Forget(link.DomainId, link.ShortCode);
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);

        await EditAsync(app, LinkStatus.Active);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, $"/{link.ShortCode}")).StatusCode);
    }

    [Fact]
    public async Task A_code_that_was_asked_for_too_early_works_once_its_link_is_announced()
    {
        await using var app = new SpooApp();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(app, "/early")).StatusCode);

        await app.AddAsync(Some.Link("early"));
        app.Get<LinkLookup>().Forget(Domain.Default, "early");

        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(app, "/early")).StatusCode);
    }

    [Fact]
    public async Task A_plus_behind_the_code_shows_where_it_leads_and_counts_nothing()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link(longUrl: "http://127.0.0.1/<b>?x=\"1\""));

        var answer = await GetAsync(app, $"/{link.ShortCode}+");

        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("http://127.0.0.1/&lt;b&gt;?x=&quot;1&quot;", page, StringComparison.Ordinal);
        Assert.Contains("18 February 2026", page, StringComparison.Ordinal);
        Assert.Contains("not encrypted", page, StringComparison.Ordinal);
        Assert.Contains("number for a name", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(app, "/unknown+")).StatusCode);
        await app.StoredAsync();
        Assert.Equal(0, await ClicksAsync(app));
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.5", "de", "Diesen Link gibt es nicht", "Dieser Link ist abgelaufen", "Dieser Link fragt nach einem Passwort", "18. Februar 2026")]
    [InlineData("fr,en;q=0.5", "en", "There is no such link", "This link has ended", "This link asks for a password", "18 February 2026")]
    [InlineData("", "en", "There is no such link", "This link has ended", "This link asks for a password", "18 February 2026")]
    public async Task What_visitors_are_told_is_in_the_language_of_their_browser(
        string asked, string language, string missing, string ended, string locked, string day)
    {
        var open = await shared.AddAsync(Some.Link());
        var (over, behind) = (Some.Link(), Some.Link());
        (over.Status, behind.PasswordHash) = (LinkStatus.Inactive, Some.PasswordHash("correct horse"));
        await shared.AddAsync(over);
        await shared.AddAsync(behind);

        Assert.Contains(missing, await PageAsync("unknown"), StringComparison.Ordinal);
        Assert.Contains(ended, await PageAsync(over.ShortCode), StringComparison.Ordinal);
        Assert.Contains(locked, await PageAsync(behind.ShortCode), StringComparison.Ordinal);
        Assert.Contains(day, await PageAsync(open.ShortCode + "+"), StringComparison.Ordinal);

        async Task<string> PageAsync(string path)
        {
            var answer = await GetAsync(shared, $"/{path}", request => request.Headers.TryAddWithoutValidation("Accept-Language", asked));
            var page = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.Contains($"<html lang={language}>", page, StringComparison.Ordinal);
            Assert.Equal([language], answer.Content.Headers.ContentLanguage);

            // Programs look for these words in every answer.
            Assert.Matches("class=label( lang=en>(404|410|PASSWORD)|>localhost)", page);
            return page;
        }
    }

    [Theory]
    [InlineData("https://user@example.com/", "before the @")]
    [InlineData("https://xn--pple-43d.com/", "might look like another")]
    [InlineData("mailto:somebody@example.com", "“mailto”")]
    [InlineData("nonsense", "not a complete address")]
    public void A_preview_says_what_is_odd_about_an_address(string url, string remark) =>
        Assert.Contains(RedirectPages.RemarksOn(url), text => text.Contains(remark, StringComparison.Ordinal));

    [Fact]
    public async Task Addresses_of_our_own_win_over_codes()
    {
        await using var app = new SpooApp();
        await app.AddAsync(Some.Link("API"));
        await app.AddAsync(Some.Link("dashboard"));

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(app, "/API")).StatusCode);
        Assert.NotEqual("https://example.com/page", await LocationAsync(app, "/dashboard"));
    }

    [Fact]
    public async Task Every_first_word_of_an_address_of_ours_is_reserved()
    {
        await using var app = new SpooApp();
        _ = app.Services;

        // What is only sent to, as spoo.me's /emoji is, leaves a link of that name where it is.
        var words = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods } || methods.Contains("GET"))
            .Select(endpoint => endpoint.RoutePattern.PathSegments is [{ IsSimple: true, Parts: [RoutePatternLiteralPart word] }, ..] ? word.Content : null)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();

        Assert.True(words.Count > 5, string.Join(' ', words));
        Assert.DoesNotContain(words, word => ShortCode.TryParse(word, out _));
    }

    [Fact]
    public async Task Only_known_proxies_are_believed_about_who_and_where_the_visitor_is()
    {
        var from = "";
        await using var app = new SpooApp
        {
            Settings = { ["Proxies:Known:0"] = "10.0.0.0/8", ["Proxies:Known:1"] = "2001:db8::7" },
            Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => from)),
        };
        var link = await app.AddAsync(Some.Link());
        var forwarded = (HttpRequestMessage request) =>
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.1, 198.51.100.9, 10.1.1.1");
            request.Headers.Add("CF-IPCountry", "CH");
            request.Headers.Add("CF-IPCity", "Uster");
        };

        foreach (var address in new[] { "10.2.2.2", "2001:db8::7", "192.0.2.1", "198.51.100.9" })
        {
            from = address;
            await GetAsync(app, $"/{link.ShortCode}", address == "198.51.100.9" ? null : forwarded);
        }

        await app.StoredAsync();
        await using var database = app.OpenDatabase();
        var clicks = await (from click in database.Clicks
                            join place in database.ClickPlaces on click.PlaceId equals place.Id
                            orderby click.Id
                            select new { click.Visitor, place.Country, place.City }).ToListAsync(Cancelled);
        Assert.Equal([("CH", "Uster"), ("CH", "Uster"), (null, null), (null, null)], clicks.Select(click => ((string?)click.Country, (string?)click.City)));
        Assert.Equal(clicks[3].Visitor, clicks[0].Visitor);
        Assert.Equal(clicks[3].Visitor, clicks[1].Visitor);
        Assert.NotEqual(clicks[3].Visitor, clicks[2].Visitor);
    }

    [Fact]
    public async Task A_proxy_that_says_T1_means_Tor()
    {
        await using var app = new SpooApp
        {
            Settings = { ["Proxies:Known:0"] = "10.0.0.0/8" },
            Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => "10.2.2.2")),
        };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));

        await GetAsync(app, $"/{link.ShortCode}", request =>
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.1");
            request.Headers.Add("CF-IPCountry", "T1");
        });

        await app.StoredAsync();
        var stats = await (await app.WithKeyAsync(owner)).JsonAsync("/api/v1/stats?group_by=country&country=Tor");
        Assert.Equal("""[{"country":"T1","clicks":1,"clicks_percentage":100}]""", stats.GetProperty("metrics").GetProperty("clicks_by_country").GetRawText());
        Assert.Equal("Tor", Web.Words.Labels.Of(Data.Stats.Dimension.Country, "T1"));
    }

    [Theory]
    [InlineData("?utm_source=first&utm_source=last&utm_medium=a&utm_medium=b&qr=0&qr=1", "last", "b", "qr")]
    [InlineData("?utm_source=a,b", "a,b", null, "link")]
    [InlineData("?utm_source=(none)&utm_medium=(NONE)", null, null, "link")]
    [InlineData("?utm_source=un%E2%80%8Bknown&utm_medium=(no%E2%80%8Bne)", "unknown", null, "link")]
    public async Task Of_what_an_address_says_twice_the_last_counts_and_labels_are_no_values(string query, string? source, string? medium, string trigger)
    {
        var link = await shared.AddAsync(Some.Link());

        await GetAsync(shared, $"/{link.ShortCode}{query}");

        await shared.StoredAsync();
        await using var database = shared.OpenDatabase();
        var click = await database.Clicks.SingleAsync(click => click.LinkId == link.Id, Cancelled);
        var stored = await database.ClickSources.SingleAsync(source => source.Id == click.SourceId, Cancelled);
        Assert.Equal((source, medium, trigger), (stored.UtmSource, stored.UtmMedium, stored.Trigger));
    }

    [Fact]
    public async Task Addresses_of_visitors_are_written_nowhere()
    {
        const string Address = "203.0.113.77";
        await using var app = new SpooApp
        {
            Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => Address)),
            Settings = { ["Clicks:BatchDelay"] = "00:00:01" },
        };
        var link = await app.AddAsync(Some.Link());

        await GetAsync(app, $"/{link.ShortCode}");
        var journal = await FilesAsync(Path.Combine(app.Folder, "journal"));
        await app.StoredAsync();
        var everything = journal + await FilesAsync(app.Folder);

        Assert.Contains("Chrome/120", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Address, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Text.Encoding.Latin1.GetString(IPAddress.Parse(Address).GetAddressBytes()), journal, StringComparison.Ordinal);
    }

    private static async Task<string> FilesAsync(string folder)
    {
        var text = new System.Text.StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) is "lock")
            {
                continue;
            }

            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync(Cancelled));
        }

        return text.ToString();
    }

    private static async Task<Link> AddAsync(SpooApp app, Action<Link> change)
    {
        var link = Some.Link();
        change(link);
        return await app.AddAsync(link);
    }

    private static async Task EditAsync(SpooApp app, LinkStatus status)
    {
        await using var database = app.OpenDatabase();
        await database.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.Status, status), Cancelled);
    }

    private static async Task<HttpResponseMessage> GetAsync(
        SpooApp app, string address, Action<HttpRequestMessage>? change = null, string userAgent = Chrome)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        change?.Invoke(request);
        return await app.Anonymous().SendAsync(request, Cancelled);
    }

    private static async Task<string?> LocationAsync(SpooApp app, string address) => (await GetAsync(app, address)).Headers.Location?.OriginalString;

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private static async Task<int> ClicksAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await database.Clicks.CountAsync(Cancelled);
    }
}
