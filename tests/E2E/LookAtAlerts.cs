using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Database;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Alerts and their rules, in every shape: photographed, and read by axe.</summary>
public sealed class LookAtAlerts(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Alerts_look_right_and_can_be_read_by_everybody(string shape)
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        var rules = server.Services.GetRequiredService<AlertRules>();
        var (viewer, cancel) = (Viewer.User(account.Id), TestContext.Current.CancellationToken);
        await rules.CreateAsync(new AlertRuleDraft { Kind = AlertKind.Silence, Tag = "a-tag-that-is-as-long-as-tags-may-be-now" }, viewer, cancel);
        var rule = ((AlertRuleOutcome.Done)await rules.CreateAsync(new AlertRuleDraft { Kind = AlertKind.Spike, Tag = "spring", ByWebhook = true }, viewer, cancel)).Rule;
        await using (var database = await server.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContextAsync(cancel))
        {
            var now = DateTimeOffset.UtcNow;
            database.Alerts.AddRange(Enumerable.Range(1, 3).Select(i => new Alert
            {
                Id = PublicId.New(now),
                RuleId = rule.Id,
                OwnerId = account.Id,
                Kind = rule.Kind,
                Key = $"{i}",
                At = now.AddHours(-13 * i),
                Subject = "spring",
                Value = 1_234 * i,
                Usual = 56,
                SeenAt = i == 3 ? now : null,
            }));
            await database.SaveChangesAsync(cancel);
        }

        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/settings/alerts");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "2 alerts that you have not seen" }).WaitForAsync();
        await Look.AtAsync(page, "alerts", shape);

        await page.GetByRole(AriaRole.Link, new() { Name = "Add a rule" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it on the last 30 days" }).ClickAsync();
        await page.GetByText("In the last 30 days it would have said nothing.").WaitForAsync();
        await page.GetByLabel("Times as many as usual").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.GetByText("This number is too small or too large.").WaitForAsync();
        await Look.AtAsync(page, "alerts-new", shape);
    }
}
