using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;
using Spoo.Web.Components.Webhooks;
using Spoo.Web.Identity;
using TestContext = Xunit.TestContext;

namespace Spoo.Tests.Webhooks;

/// <summary>The page of webhooks with the real services behind it.</summary>
public sealed class WebhooksPageTests : ComponentTests
{
    private readonly SpooApp _app = new() { Settings = new() { ["Webhooks:AllowPrivateAddresses"] = "true" } };

    public WebhooksPageTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_ => _app.Get<WebhookService>());
        Services.AddSingleton(_ => _app.Get<ShorteningOptions>());
        Services.AddSingleton(_ => _app.Get<LinkNames>());
        Services.AddSingleton(_ => _app.Get<LinkService>());
        Services.AddSingleton(_ => _app.Get<Sessions>());
        Services.AddLogging();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_made_tried_out_looked_at_paused_and_deleted()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500, "out of order");
        var viewer = await SignInAsync();
        var page = Open("/settings/webhooks?dialog=new");
        page.Find("#webhook-url").Input(receiver.Url);
        page.Find("#webhook-description").Input("The shop");
        await page.TickAsync("A link was changed", false);
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.StartsWith("whsec_", page.Find(".token code").TextContent, StringComparison.Ordinal));
        var secret = page.Find(".token code").TextContent;
        var made = Assert.Single(await ListAsync(viewer));
        Assert.Equal((receiver.Url, "The shop"), (made.Url, made.Description));
        Assert.Equal(["link.created", "link.deleted"], made.Events);
        Go("/settings/webhooks");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);

        page.Find("[aria-label='Test The shop']").Click();
        page.WaitForAssertion(() => Assert.Contains("The test has not arrived: it answers 500.", page.Markup, StringComparison.Ordinal));
        Assert.True(Assert.Single(receiver.All).IsSignedWith(secret));

        Go($"/settings/webhooks?dialog=deliveries&webhook={made.PublicId}");
        page.WaitForAssertion(() => Assert.Contains("out of order", page.Find(".deliveries").TextContent, StringComparison.Ordinal));
        receiver.Answer = null;
        page.FindAll(".deliveries button").Single(button => button.TextContent == "Send it again").Click();
        page.WaitForAssertion(() => Assert.Equal("Arrived", page.Find(".deliveries .badge").TextContent));
        Assert.Equal(receiver.All[0].Id, receiver.All[1].Id);

        Go("/settings/webhooks");
        page.WaitForElement("[aria-label='Pause The shop']").Click();
        page.WaitForAssertion(() => Assert.Equal("Paused", page.Find("header .badge").TextContent));
        Go($"/settings/webhooks?dialog=delete&webhook={made.PublicId}");
        page.WaitForElement("[role=dialog] .danger").Click();
        page.WaitForAssertion(() => Assert.Contains("No webhooks yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(await ListAsync(viewer));
    }

    [Fact]
    public async Task A_webhook_hears_of_some_links_only_and_of_all_again()
    {
        var viewer = await SignInAsync();
        var owner = Some.User();
        await using (var database = _app.OpenDatabase())
        {
            owner = await database.Users.FindAsync([viewer.UserId], Cancelled);
        }

        var (first, second) = (await _app.AddAsync(Some.Link(shortCode: "first1", owner: owner)), await _app.AddAsync(Some.Link(shortCode: "second", owner: owner)));
        await _app.AddAsync(Some.Link(shortCode: "theirs", owner: await _app.AddUserAsync()));
        var page = Open("/settings/webhooks?dialog=new");
        page.Find("#webhook-url").Input("https://127.0.0.1/hook");
        page.Find("#webhook-links").Input("first1 theirs");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("You have no link “theirs”.", page.Markup, StringComparison.Ordinal));
        page.Find("#webhook-links").Input("first1\nhttp://localhost/second");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.StartsWith("whsec_", page.Find(".token code").TextContent, StringComparison.Ordinal));
        var made = Assert.Single(await ListAsync(viewer));
        Assert.Equal([first.PublicId, second.PublicId], made.ScopeLinks);

        // What is deleted has no name any more, and the webhook does not hear of all links because of that.
        await _app.Get<LinkService>().DeleteAsync(first.PublicId, viewer, Cancelled);
        Go($"/settings/webhooks?dialog=edit&webhook={made.PublicId}");
        page.WaitForAssertion(() => Assert.Equal("second", page.Find("#webhook-links").GetAttribute("value")));
        page.Find("#webhook-description").Input("The shop");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("The shop", page.Markup, StringComparison.Ordinal));
        Assert.Equal([first.PublicId, second.PublicId], Assert.Single(await ListAsync(viewer)).ScopeLinks);

        Go($"/settings/webhooks?dialog=edit&webhook={made.PublicId}");
        page.WaitForElement("#webhook-links").Input("");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.Null(Assert.Single(await ListAsync(viewer)).ScopeLinks);
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_patterns_stay_as_they_were_written()
    {
        var viewer = await SignInAsync();
        var made = Assert.IsType<WebhookOutcome.Done>(
            await _app.Get<WebhookService>().CreateAsync(new WebhookDraft { Url = "https://shop.invalid/hook", Events = ["link.*"] }, viewer, "https://sp.example", Cancelled)).Endpoint;
        var page = Open($"/settings/webhooks?dialog=edit&webhook={made.PublicId}");
        page.WaitForElement("#webhook-url").Input("ftp://example.com/");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Enter an address of the public internet", page.Find("#webhook-url-fault").TextContent, StringComparison.Ordinal));

        page.Find("#webhook-url").Input("https://shop.invalid/other");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        var changed = Assert.Single(await ListAsync(viewer));
        Assert.Equal("https://shop.invalid/other", changed.Url);
        Assert.Equal(["link.*"], changed.Events);
    }

    [Fact]
    public async Task The_secret_is_shown_to_its_owner_and_a_new_one_made()
    {
        var viewer = await SignInAsync();
        var made = Assert.IsType<WebhookOutcome.Done>(
            await _app.Get<WebhookService>().CreateAsync(new WebhookDraft { Url = "https://shop.invalid/hook", Events = ["*"] }, viewer, "https://sp.example", Cancelled));
        var page = Open($"/settings/webhooks?dialog=secret&webhook={made.Endpoint.PublicId}");

        page.WaitForElement("[role=dialog] footer");
        Button("Show it").Click();
        page.WaitForAssertion(() => Assert.Equal(made.Secret, page.Find(".token code").TextContent));
        Go("/settings/webhooks");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Go($"/settings/webhooks?dialog=secret&webhook={made.Endpoint.PublicId}");
        page.WaitForElement("[role=dialog] footer");
        Button("Make a new one").Click();

        page.WaitForAssertion(() => Assert.NotEqual(made.Secret, page.Find(".token code").TextContent));
        Assert.Equal(page.Find(".token code").TextContent, Assert.IsType<WebhookOutcome.Done>(await _app.Get<WebhookService>().RevealAsync(made.Endpoint.PublicId, viewer, Cancelled)).Secret);

        AngleSharp.Dom.IElement Button(string text) => page.FindAll("[role=dialog] button").Single(button => button.TextContent == text);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _app.Dispose();
    }

    private Task<IReadOnlyList<WebhookEndpoint>> ListAsync(Viewer viewer) => _app.Get<WebhookService>().ListAsync(viewer, Cancelled);

    private async Task<Viewer> SignInAsync()
    {
        var user = await _app.AddUserAsync();
        var session = await _app.Get<Sessions>().BeginAsync(user.Id, null, Cancelled);
        this.AddAuthorization().SetAuthorized(user.Email!).SetClaims(new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(Viewers.SessionClaim, session.Id));
        return Viewer.User(user.Id);
    }

    private void Go(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private IRenderedComponent<Whole> Open(string url)
    {
        Go(url);
        return RenderWhole<WebhooksPage>();
    }
}
