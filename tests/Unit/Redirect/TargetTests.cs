using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Tests.Support;

namespace Spoo.Tests.Redirect;

/// <summary>What is asked for of a link, field by field, is seen by those who follow it.</summary>
public sealed class TargetTests : IClassFixture<SpooApp>, IAsyncDisposable
{
    private const string IPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1";
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
    private const string Slack = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)";

    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly SpooApp _app;
    private readonly SpooApp _shared;

    public TargetTests(SpooApp shared)
    {
        _shared = shared;
        _app = new SpooApp
        {
            Clock = _clock,
            Settings = { ["Proxies:Known:0"] = "192.0.2.0/24", ["Proxies:AddressHeader"] = "X-Visitor" },
            Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => "192.0.2.1")),
        };
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Visitors_are_sent_by_country_system_language_and_time_and_each_click_says_by_which_rule()
    {
        var (client, _) = await OwnerAsync();
        var made = await MakeAsync(client, """
            {"long_url":"https://example.com/","alias":"where","private_stats":true,"geo_rules":{"de":"https://example.com/de","FR":"https://example.com/fr"},
             "redirect_rules":[{"name":"App","url":"https://example.com/app","systems":["ios"]},
                               {"url":"https://example.com/sale","languages":["en"],"until":"2026-02-18T13:00:00Z"}]}
            """);

        Assert.Equal("""{"DE":"https://example.com/de","FR":"https://example.com/fr"}""", made.GetProperty("geo_rules").GetRawText());
        Assert.Equal(["App", "en", "DE", "FR"], made.GetProperty("redirect_rules").Column("name"));

        // The first visit looks the link up, the second finds it.
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal("https://example.com/de", await GoAsync("/where", country: "DE"));
            Assert.Equal("https://example.com/fr", await GoAsync("/where", country: "FR"));
            Assert.Equal("https://example.com/", await GoAsync("/where", country: "CH"));
            Assert.Equal("https://example.com/app", await GoAsync("/where", country: "DE", userAgent: IPhone));
            Assert.Equal("https://example.com/sale", await GoAsync("/where", country: "DE", language: "en-GB,en;q=0.9"));
        }

        Assert.Equal("https://example.com/de", await GoAsync("/where", country: "DE", method: HttpMethod.Head));
        _clock.SetUtcNow(Some.Noon.AddHours(2));
        Assert.Equal("https://example.com/de", await GoAsync("/where", country: "DE", language: "en-GB,en;q=0.9"));
        await _app.StoredAsync();

        var stats = await client.JsonAsync($"/api/v1/stats?short_code=where&group_by=target");
        var rows = stats.GetProperty("metrics").GetProperty("clicks_by_target").EnumerateArray().ToDictionary(row => row.Text("target"), row => row.GetProperty("clicks").GetInt32());
        Assert.Equal(new Dictionary<string, int> { ["DE"] = 3, ["FR"] = 2, ["App"] = 2, ["en"] = 2, ["(destination)"] = 2 }, rows);
        Assert.Equal(2, (await client.JsonAsync("/api/v1/stats?short_code=where&target=App")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(2, (await client.JsonAsync("/api/v1/stats?short_code=where&target=(destination)")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Contains("\"target\":\"App\"", await client.GetStringAsync("/api/v1/export/clicks?format=ndjson&short_code=where", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_split_test_is_sticky_and_a_change_of_rules_is_kept_in_mind_and_seen_at_once()
    {
        var (client, id) = await OwnerAsync("split", """{"ab_variants":[{"url":"https://example.com/b","weight":50}]}""");
        var visitors = Enumerable.Range(0, 40).ToDictionary(number => $"198.51.100.{number}", _ => "");
        foreach (var visitor in visitors.Keys)
        {
            visitors[visitor] = await GoAsync("/split", from: visitor);
            Assert.Equal(visitors[visitor], await GoAsync("/split", from: visitor));
        }

        Assert.Equal(["https://example.com/", "https://example.com/b"], visitors.Values.Distinct().Order(StringComparer.Ordinal));
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"ab_variants":[{"url":"https://example.com/c","weight":100}]}""").JsonAsync();
        Assert.Equal("https://example.com/c", await GoAsync("/split", from: "198.51.100.1"));
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"ab_variants":null}""").JsonAsync();
        Assert.Equal("https://example.com/", await GoAsync("/split", from: "198.51.100.1"));

        await using var database = _app.OpenDatabase();
        var changes = await database.LinkChanges.Where(change => change.Field == LinkField.Rules).OrderBy(change => change.Id).ToListAsync(Cancelled);
        Assert.Equal(["example.com/b 50 % → https://example.com/b", "example.com/c 100 % → https://example.com/c"], changes.Select(change => change.Before));
        Assert.Null(changes[^1].After);
    }

    [Theory]
    [InlineData("""{"geo_rules":{"ZZ":"https://example.com/"}}""", 400, "geo_rules.ZZ")]
    [InlineData("""{"geo_rules":{"IN":"javascript:alert(1)"}}""", 400, "geo_rules.IN")]
    [InlineData("""{"geo_rules":{"IN":"http://localhost/x"}}""", 400, "geo_rules.IN")]
    [InlineData("""{"geo_rules":{"IN":"https://example.com/","in":"https://example.com/2"}}""", 422, "geo_rules.in")]
    [InlineData("""{"geo_rules":{"IN":7}}""", 400, "geo_rules.IN")]
    [InlineData("""{"geo_rules":["IN"]}""", 422, "geo_rules")]
    [InlineData("""{"ab_variants":[{"url":"https://example.com/","weight":101}]}""", 422, "ab_variants.0.weight")]
    [InlineData("""{"ab_variants":[{"url":"https://example.com/","weight":60},{"url":"https://example.com/b","weight":60}]}""", 400, "ab_variants")]
    [InlineData("""{"ab_variants":[{"url":"https://example.com/"}]}""", 422, "ab_variants.0.weight")]
    [InlineData("""{"redirect_rules":[{"url":"https://example.com/","systems":["Andriod"]}]}""", 400, "redirect_rules.0.systems")]
    [InlineData("""{"redirect_rules":[{"url":"https://example.com/"},{"url":"https://example.com/b","weight":1}]}""", 400, "redirect_rules.0")]
    [InlineData("""{"redirect_rules":[{"url":"https://example.com/","weight":1,"colour":"red"}]}""", 422, "redirect_rules.0.colour")]
    [InlineData("""{"redirect_rules":[{"name":"a","url":"https://example.com/","weight":1},{"name":"a","url":"https://example.com/","weight":1}]}""", 400, "redirect_rules.1.name")]
    [InlineData("""{"meta_tags":{"description":"no title"}}""", 422, "meta_tags.title")]
    [InlineData("""{"meta_tags":{"title":"Look","color":"red"}}""", 422, "meta_tags.color")]
    [InlineData("""{"meta_tags":{"title":"Look","image":"http://example.com/a.png"}}""", 400, "meta_tags.image")]
    [InlineData("""{"meta_tags":{"title":"Look","image":"https://example.com/a.svg"}}""", 400, "meta_tags.image")]
    [InlineData("""{"meta_tags":{"title":"Look","image":"data:image/png;base64,AAAA"}}""", 400, "meta_tags.image")]
    [InlineData("""{"redirect_status":303}""", 422, "redirect_status")]
    [InlineData("""{"expired_redirect_url":"data:text/html,1"}""", 400, "expired_redirect_url")]
    public async Task What_cannot_be_done_is_told_at_its_place(string json, int status, string field)
    {
        var owner = await _shared.AddUserAsync();
        var client = await _shared.WithKeyAsync(owner);
        var id = (await _shared.AddAsync(Some.Link(owner: owner))).PublicId;

        foreach (var (method, address) in new[] { (HttpMethod.Patch, $"/api/v1/urls/{id}"), (HttpMethod.Post, "/api/v1/shorten") })
        {
            var body = method == HttpMethod.Post ? $$"""{"long_url":"https://example.com/",{{json[1..]}}""" : json;
            var problem = await client.SendAsync(method, address, body).ProblemAsync(status, "validation_error");
            Assert.Equal((json, field), (json, problem.Text("field")));
        }
    }

    [Fact]
    public async Task Chats_are_shown_the_card_and_people_are_sent_on()
    {
        var (client, id) = await OwnerAsync("card", """{"password":"secure@123","block_bots":true,"meta_tags":{"title":"We <just> launched","description":"Come & see","image":"https://example.com/og.png","color":"#FF5733"}}""");

        var card = await AnswerAsync("/card", userAgent: Slack);
        var page = await card.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.OK, card.StatusCode);
        Assert.Contains("""<meta property="og:title" content="We &lt;just&gt; launched">""", page, StringComparison.Ordinal);
        Assert.Contains("""<meta property="og:image" content="https://example.com/og.png">""", page, StringComparison.Ordinal);
        Assert.Contains("""<meta name="theme-color" content="#FF5733">""", page, StringComparison.Ordinal);
        Assert.Contains("summary_large_image", page, StringComparison.Ordinal);

        // Of a link that is not for everybody it does not say where it leads.
        Assert.DoesNotContain("https://example.com/\"", page, StringComparison.Ordinal);
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"password":null,"block_bots":false,"meta_tags":{"title":"Look"}}""").JsonAsync();
        Assert.Equal("https://example.com/", await GoAsync("/card", userAgent: Windows));
        Assert.Equal("https://example.com/", await GoAsync("/card", userAgent: Windows));
        Assert.Contains("href=\"https://example.com/\"", await (await AnswerAsync("/card", userAgent: Slack)).Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        Assert.Equal("""{"title":"Look"}""", (await client.JsonAsync($"/api/v1/urls/{id}")).GetProperty("meta_tags").GetRawText());
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"meta_tags":null}""").JsonAsync();
        Assert.False((await client.JsonAsync($"/api/v1/urls/{id}")).Has("meta_tags"));
        Assert.Equal("https://example.com/", await GoAsync("/card", userAgent: Slack));
    }

    [Fact]
    public async Task After_its_end_a_link_leads_where_its_owner_says_and_switched_off_nowhere()
    {
        var (client, id) = await OwnerAsync("ends", """{"max_clicks":1,"expired_redirect_url":"https://example.com/over"}""");

        Assert.Equal("https://example.com/", await GoAsync("/ends"));
        Assert.Equal("https://example.com/over", await GoAsync("/ends"));
        Assert.Equal("https://example.com/over", await GoAsync("/ends", method: HttpMethod.Head));
        await _app.StoredAsync();
        Assert.Equal(1, (await client.JsonAsync($"/api/v1/urls/{id}")).GetProperty("total_clicks").GetInt32());
        Assert.Equal(HttpStatusCode.Gone, (await AnswerAsync("/ends+")).StatusCode);

        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"max_clicks":null,"expire_after":"2026-02-19"}""").JsonAsync();
        Assert.Equal("https://example.com/", await GoAsync("/ends"));
        _clock.SetUtcNow(Some.Noon.AddDays(3));
        Assert.Equal("https://example.com/over", await GoAsync("/ends"));
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"status":"INACTIVE"}""").JsonAsync();
        Assert.Equal(HttpStatusCode.Gone, (await AnswerAsync("/ends")).StatusCode);

        // Who has not told the password is not told where it led, and not led on either.
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"status":"ACTIVE","password":"secure@123"}""").JsonAsync();
        Assert.Equal(HttpStatusCode.Gone, (await AnswerAsync("/ends")).StatusCode);
    }

    [Fact]
    public async Task The_path_is_passed_on_where_the_link_says_so()
    {
        var (client, id) = await OwnerAsync("manual", """{"long_url":"https://example.com/docs?v=1#top","pass_path":true,"pass_query":true}""");

        Assert.Equal("https://example.com/docs/a/b%20c?v=2&w=3#top", await GoAsync("/manual/a/b%20c?v=2&w=3"));
        Assert.StartsWith("https://example.com/docs/", await GoAsync("/manual//other.example/"), StringComparison.Ordinal);
        Assert.Equal("https://example.com/docs?v=1#top", await GoAsync("/manual"));
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"pass_path":false}""").JsonAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync("/manual/a")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync("/never/a")).StatusCode);
    }

    [Fact]
    public async Task A_redirect_has_the_status_that_was_asked_for_and_is_kept_only_where_everybody_gets_the_same()
    {
        var (client, id) = await OwnerAsync("moved", """{"redirect_status":301}""");

        foreach (var _ in new[] { 1, 2 })
        {
            var answer = await AnswerAsync("/moved");
            Assert.Equal((HttpStatusCode.MovedPermanently, "max-age=90, private"), (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
        }

        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"redirect_status":308,"geo_rules":{"DE":"https://example.com/de"}}""").JsonAsync();
        var ruled = await AnswerAsync("/moved");
        Assert.Equal((HttpStatusCode.PermanentRedirect, true), (ruled.StatusCode, ruled.Headers.CacheControl?.NoStore));
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"redirect_status":null}""").JsonAsync();
        Assert.Equal(HttpStatusCode.Redirect, (await AnswerAsync("/moved")).StatusCode);
    }

    [Fact]
    public async Task Who_has_no_account_sends_nobody_elsewhere()
    {
        var problem = await _app.Anonymous().SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","geo_rules":{"DE":"https://example.com/de"}}""").ProblemAsync(401, "authentication_error");

        Assert.Equal("geo_rules", problem.Text("field"));
    }

    [Fact]
    public async Task A_host_that_is_blocked_is_blocked_also_as_the_destination_of_some()
    {
        var (client, _) = await OwnerAsync("some", """{"geo_rules":{"DE":"https://evil.example/"}}""");
        Assert.Equal("https://example.com/", await GoAsync("/some", country: "CH"));

        await _app.Get<HostBlocks>().BlockAsync("evil.example", null, null, Cancelled);

        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, (await AnswerAsync("/some", country: "CH")).StatusCode);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","geo_rules":{"DE":"https://evil.example/x"}}""").ProblemAsync(400, "validation_error");
    }

    private async Task<(HttpClient Client, string Id)> OwnerAsync(string? alias = null, string json = "{}")
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        if (alias is null)
        {
            return (client, "");
        }

        var url = json.Contains("long_url", StringComparison.Ordinal) ? "" : "\"long_url\":\"https://example.com/\",";
        var made = await MakeAsync(client, json == "{}" ? $$"""{{{url}}"alias":"{{alias}}"}""" : $$"""{{{url}}"alias":"{{alias}}",{{json[1..]}}""");
        return (client, made.Text("id"));
    }

    private static Task<JsonElement> MakeAsync(HttpClient client, string json) => client.SendAsync(HttpMethod.Post, "/api/v1/shorten", json).JsonAsync(201);

    private async Task<string> GoAsync(string address, string? country = null, string userAgent = Windows, string? language = null, string? from = null, HttpMethod? method = null) =>
        (await AnswerAsync(address, country, userAgent, language, from, method)).Headers.Location?.OriginalString ?? "nowhere";

    private async Task<HttpResponseMessage> AnswerAsync(string address, string? country = null, string userAgent = Windows, string? language = null, string? from = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Visitor", from ?? "203.0.113.7");
        if (country is not null)
        {
            request.Headers.TryAddWithoutValidation("CF-IPCountry", country);
        }

        if (language is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        }

        return await _app.Anonymous().SendAsync(request, Cancelled);
    }
}
