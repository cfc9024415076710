using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Tests.Api;
using Spoo.Tests.Support;
using Spoo.Web.Components.Keys;
using Spoo.Web.Identity;
using Spoo.Web.Components.Shared;
using TestContext = Xunit.TestContext;

namespace Spoo.Tests.Keys;

/// <summary>The page of keys with the real services behind it.</summary>
public sealed class KeysPageTests : ComponentTests
{
    private readonly SpooApp _app = new();
    private readonly FakeTimeProvider _clock = new(Some.Noon);

    public KeysPageTests()
    {
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddSingleton(_ => _app.Get<ApiKeyService>());
        Services.AddSingleton(_ => _app.Get<VerifiedEmail>());
        Services.AddSingleton(_ => _app.Get<Sessions>());
        Services.AddSingleton(_ => _app.Get<LinkList>());
        Services.AddLogging();
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_opens_what_was_ticked()
    {
        var user = await SignInAsync();
        await _app.AddAsync(Some.Link("mine", user));
        var page = Open("/keys?dialog=new");

        page.Find("#key-name").Input("Weekly report");
        await page.SelectAsync("key-life", KeyLife.ThirtyDays);
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".token code")));
        var token = page.Find(".token code").TextContent;
        Assert.Equal(token, page.Find(".token [data-copy]").GetAttribute("data-copy"));
        var key = Assert.Single(await KeysAsync(user));
        Assert.Equal(("Weekly report", Some.Noon.AddDays(30)), (key.Name, key.ExpiresAt));
        Assert.Equal([ApiKeyScope.StatsRead], key.Scopes);
        var snippet = page.Find(".made-key pre code").TextContent;
        Assert.Contains("/api/v1/stats?short_code=mine&", snippet, StringComparison.Ordinal);
        Assert.Contains(token, snippet, StringComparison.Ordinal);

        Go("/keys");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.DoesNotContain(token, page.Markup, StringComparison.Ordinal);
        Assert.Contains(key.TokenPrefix, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field_and_no_key_is_made()
    {
        var user = await SignInAsync();
        var page = Open("/keys?dialog=new");
        await page.TickAsync("Read statistics and exports", false);
        await page.SelectAsync("key-life", KeyLife.UntilDate);
        await page.PickAsync("key-date", new DateTime(2020, 1, 1));

        page.Find("form").Submit();

        Assert.Equal(
            [
                "Give the key a name, so that you know it again.", "Choose at least one thing that the key may do.",
                "This day is over. Choose one to come.",
            ],
            page.FindAll("[id^=key-][id$=-error]").Select(error => error.TextContent.Trim()));
        Assert.Equal("true", page.Find("#key-name").GetAttribute("aria-invalid"));
        Assert.Empty(await KeysAsync(user));
    }

    [Fact]
    public void A_key_that_ends_on_a_day_works_until_that_day_is_over_where_its_owner_is()
    {
        var draft = new KeyDraft { Life = KeyLife.UntilDate, Date = new DateOnly(2026, 2, 20) };

        var end = draft.End(Some.Noon, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

        Assert.Equal(new DateTimeOffset(2026, 2, 21, 5, 0, 0, TimeSpan.Zero), end);
    }

    [Fact]
    public async Task The_twenty_first_key_is_refused()
    {
        var user = await SignInAsync();
        for (var i = 0; i < ApiKeyService.MaxLiveKeys; i++)
        {
            await _app.AddKeyAsync(user);
        }

        var page = Open("/keys?dialog=new");
        page.Find("#key-name").Input("one more");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("You have 20 keys that work", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(ApiKeyService.MaxLiveKeys, (await KeysAsync(user)).Count);
    }

    [Fact]
    public async Task Revoking_keeps_a_key_in_the_list_and_deleting_does_not()
    {
        var user = await SignInAsync();
        var token = await _app.AddKeyAsync(user);
        var key = Assert.Single(await KeysAsync(user));
        var page = Open($"/keys?dialog=revoke&key={key.Id}");

        page.WaitForElement("[role=dialog] .danger").Click();

        page.WaitForAssertion(() => Assert.Equal("Revoked", page.Find("tbody .badge.bad").TextContent));
        Assert.Null(await _app.Get<ApiKeyService>().FindAsync(token, TestContext.Current.CancellationToken));

        Go($"/keys?dialog=delete&key={key.Id}");
        page.WaitForElement("[role=dialog] .danger").Click();

        page.WaitForAssertion(() => Assert.Contains("No keys yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(await KeysAsync(user));
    }

    [Fact]
    public async Task A_key_of_somebody_else_can_be_neither_seen_nor_ended()
    {
        var other = await _app.AddUserAsync();
        await _app.AddKeyAsync(other);
        var key = Assert.Single(await KeysAsync(other));
        await SignInAsync();

        var page = Open($"/keys?dialog=delete&key={key.Id}");

        page.WaitForAssertion(() => Assert.Contains("No keys yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task The_snippets_of_curl_run_as_they_stand()
    {
        var user = await _app.AddUserAsync();
        await _app.AddAsync(Some.Link("mine", user));
        var token = await _app.AddKeyAsync(user);
        var none = new Dictionary<string, string>();

        foreach (var snippets in new[] { Snippet.ForStatistics("http://localhost:5080", token, "mine"), Snippet.ForShortening("http://localhost:5080", token) })
        {
            var answer = await new CurlCommand(snippets[0].Code, none).RunAsync(_app.Anonymous());

            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(["curl", "C#", "Python", "TypeScript"], snippets.Select(snippet => snippet.Language));
            Assert.All(snippets, snippet => Assert.Contains(token, snippet.Code, StringComparison.Ordinal));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _app.Dispose();
    }

    private Task<IReadOnlyList<ApiKey>> KeysAsync(SpooUser user) => _app.Get<ApiKeyService>().ListAsync(user.Id, TestContext.Current.CancellationToken);

    private async Task<SpooUser> SignInAsync()
    {
        var user = await _app.AddUserAsync();
        var session = await _app.Get<Sessions>().BeginAsync(user.Id, null, TestContext.Current.CancellationToken);
        this.AddAuthorization().SetAuthorized(user.Email!)
            .SetClaims(new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(Viewers.SessionClaim, session.Id));
        return user;
    }

    private void Go(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private IRenderedComponent<Whole> Open(string url)
    {
        Go(url);
        return RenderWhole<KeysPage>();
    }
}
