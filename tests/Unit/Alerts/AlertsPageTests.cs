using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;
using Spoo.Web.Components.Alerts;
using Spoo.Web.Mail;
using TestContext = Xunit.TestContext;

namespace Spoo.Tests.Alerts;

/// <summary>The page of alerts with the real services behind it.</summary>
public sealed class AlertsPageTests : ComponentTests
{
    private readonly SpooApp _app = new() { Register = services => services.AddSingleton<IMailer>(new Postbox()) };

    public AlertsPageTests()
    {
        Services.AddSingleton(_ => _app.Get<AlertRules>());
        Services.AddSingleton(_ => _app.Get<RaisedAlerts>());
        Services.AddSingleton(_ => _app.Get<LinkService>());
        Services.AddSingleton(_ => _app.Get<DomainService>());
        Services.AddSingleton(_ => _app.Get<MailQueue>());
        Services.AddScoped<UnseenAlerts>();
        Services.AddLogging();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_is_tried_made_changed_and_deleted()
    {
        var owner = await SignInAsync();
        var viewer = Viewer.User(owner.Id);
        var link = await _app.AddAsync(Some.Link("launch", owner, createdAt: DateTimeOffset.UtcNow.AddDays(-60)));
        var hour = DateTimeOffset.UtcNow.AddDays(-2);
        hour = hour.AddTicks(-(hour.Ticks % TimeSpan.TicksPerHour));
        await _app.AddAsync(Enumerable.Range(1, 4).Select(week => Some.Click(link, hour.AddDays(-7 * week).AddMinutes(5), visitor: week)));
        await _app.AddAsync(Enumerable.Range(0, 1_234).Select(i => Some.Click(link, hour.AddSeconds(i), visitor: 100 + i)));
        var page = Open("/settings/alerts?dialog=new");

        page.WaitForElement("#rule-threshold").Input("");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("This number is too small or too large.", page.Find("#rule-threshold-fault").TextContent, StringComparison.Ordinal));
        page.Find("#rule-threshold").Input("3");
        Button(page, "Try it on the last 30 days").Click();
        page.WaitForAssertion(() => Assert.Contains("Clicks within an hour: 1,234; usual in this hour of the week: 1", page.Find(".tried").TextContent, StringComparison.Ordinal));
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("At 3 times what is usual in the hour of the week, from 20 clicks an hour. Told by mail and to webhooks.", page.Markup, StringComparison.Ordinal));

        var rule = Assert.Single((await _app.Get<AlertRules>().ListAsync(viewer, Cancelled)).Rules);
        Assert.Equal((AlertKind.Spike, 3, 20, true, true), (rule.Kind, rule.Threshold, rule.Minimum, rule.ByMail, rule.ByWebhook));
        Go($"/settings/alerts?dialog=edit&rule={rule.Id}");
        page.WaitForElement("#rule-minimum").Input("50");
        await page.TickAsync("You, by mail", false);
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("from 50 clicks an hour. Told to webhooks.", page.Markup, StringComparison.Ordinal));

        Go($"/settings/alerts?dialog=delete&rule={rule.Id}");
        page.WaitForElement("[role=dialog] .danger").Click();
        page.WaitForAssertion(() => Assert.Contains("No rules yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_found_is_seen_by_one_or_all_and_the_count_in_the_bar_goes_down()
    {
        var owner = await SignInAsync();
        var viewer = Viewer.User(owner.Id);
        var rule = Assert.IsType<AlertRuleOutcome.Done>(await _app.Get<AlertRules>().CreateAsync(new AlertRuleDraft { Kind = AlertKind.LinkEnding }, viewer, Cancelled)).Rule;
        await using (var database = _app.OpenDatabase())
        {
            database.Alerts.AddRange(Enumerable.Range(1, 3).Select(i => new Alert
            {
                Id = PublicId.New(Some.Noon),
                RuleId = rule.Id,
                OwnerId = owner.Id,
                Kind = rule.Kind,
                Key = $"{i}",
                At = Some.Noon.AddHours(i),
                Subject = $"<b>code{i}</b>",
                Value = i,
            }));
            await database.SaveChangesAsync(Cancelled);
        }

        var bell = Render<AlertsLink>(parameters => parameters.Add(link => link.IsBell, true));
        bell.WaitForAssertion(() => Assert.Equal("3 alerts that you have not seen", bell.Find("a").GetAttribute("aria-label")));
        var page = Open("/settings/alerts");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".unseen-alert").Count));
        Assert.Contains("The link <b>code3</b> ends soon; hours that are left: 3", page.Find(".alert-list li").TextContent, StringComparison.Ordinal);

        page.Find(".unseen-alert button").Click();
        bell.WaitForAssertion(() => Assert.Equal("2", bell.Find(".unseen").TextContent));
        Button(page, "Mark all as seen").Click();
        bell.WaitForAssertion(() => Assert.Empty(bell.FindAll("a")));
        Assert.Equal(0, await _app.Get<RaisedAlerts>().UnseenAsync(owner.Id, Cancelled));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _app.Dispose();
    }

    private async Task<SpooUser> SignInAsync()
    {
        var user = await _app.AddUserAsync();
        this.AddAuthorization().SetAuthorized(user.Email!).SetClaims(new Claim(ClaimTypes.NameIdentifier, user.Id));
        return user;
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<Whole> page, string text) => page.FindAll("button").Single(button => button.TextContent == text);

    private void Go(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private IRenderedComponent<Whole> Open(string url)
    {
        Go(url);
        return RenderWhole<AlertsPage>();
    }
}
