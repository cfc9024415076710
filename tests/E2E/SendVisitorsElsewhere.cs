using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A link of emoji leads telephones into their stores and half of everybody else to another page; who was sent where is read on the dashboard.</summary>
public sealed class SendVisitorsElsewhere(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    private const string Emoji = "🚀🔥";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    private const string Android = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";

    /// <summary>So many that both sides of a split test have some.</summary>
    private const int Visitors = 30;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_rules_of_an_emoji_link_to_the_numbers_of_its_split_test()
    {
        var person = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url);
        await new AccountPages(page).SignInAsync(person.Email, person.Password, "/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync("https://example.com/a");
        await dialog.GetByLabel("Alias", new() { Exact = true }).FillAsync(Emoji);
        await Assertions.Expect(dialog.GetByText($"“{Emoji}” is free.")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "Rules" }).ClickAsync();
        await RuleAsync(dialog, 1, "https://apps.apple.com/app/id1", "Systems", "iOS", "iPhone app");
        await RuleAsync(dialog, 2, "https://play.google.com/store/apps/details?id=a", "Systems", "Android", "Android app");
        await RuleAsync(dialog, 3, "https://example.com/b", "Of 100 of these visitors", "50", "Side B");
        await Look.AtAsync(page, "rules-filled", "desktop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your link is ready" })).ToBeVisibleAsync();

        Assert.Equal("https://apps.apple.com/app/id1", await WhereAsync(Phone));
        Assert.Equal("https://play.google.com/store/apps/details?id=a", await WhereAsync(Android));
        var sides = new List<string?>();
        for (var i = 0; i < Visitors; i++)
        {
            sides.Add(await WhereAsync(string.Create(CultureInfo.InvariantCulture, $"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + i}.0) Gecko/20100101 Firefox/{100 + i}.0")));
        }

        var (toA, toB) = (sides.Count(side => side == "https://example.com/a"), sides.Count(side => side == "https://example.com/b"));
        Assert.Equal(Visitors, toA + toB);
        Assert.True(toA > 0 && toB > 0, $"{toA} and {toB}");

        await page.GotoAsync("/dashboard?details=target");
        await new DashboardView(page).ReadyAsync();
        foreach (var (rule, clicks) in new[] { ("iPhone app", 1), ("Android app", 1), ("Side B", toB) })
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Row).Filter(new() { HasText = rule }).GetByRole(AriaRole.Cell).Last)
                .ToContainTextAsync(clicks.ToString(CultureInfo.InvariantCulture));
        }

        await Look.AtAsync(page, "rules-numbers", "desktop");
    }

    private static async Task RuleAsync(ILocator dialog, int number, string url, string condition, string value, string name)
    {
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
        var rule = dialog.GetByRole(AriaRole.Group, new() { Name = $"Rule {number}" });
        await rule.GetByLabel("Sends to").FillAsync(url);
        await rule.GetByLabel(condition).FillAsync(value);
        await rule.GetByLabel("Name in the statistics").FillAsync(name);
    }

    /// <summary>Where a visitor with this browser is sent.</summary>
    private async Task<string?> WhereAsync(string userAgent)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var visitor = new HttpClient(handler);
        visitor.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        using var answer = await visitor.GetAsync($"{server.Url}/{Uri.EscapeDataString(Emoji)}", Cancelled);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location?.OriginalString;
    }
}
