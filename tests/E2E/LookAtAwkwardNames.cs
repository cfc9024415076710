using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>What nobody had in mind who drew a page: ten tags, words without an end, titles that are read from the right, millions of clicks that are only a number.</summary>
public sealed class LookAtAwkwardNames(Chromium chromium) : IAsyncLifetime
{
    private static readonly string Endless = string.Concat(Enumerable.Repeat("wordwithoutanend", 12));

    private readonly SpooServer _server = new() { Settings = { ["Links:MaxAliasLength"] = "64" } };
    private Account _owner = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = await Account.NewAsync(_server);
        await _server.Services.GetRequiredService<Administrators>().MakeAsync(_owner.Id, null, Cancelled);
        await MakeAsync(new LinkDraft { LongUrl = "https://example.com/tags", Alias = "tagged", Tags = [.. Enumerable.Range(1, LinkTag.MaxCount).Select(number => $"a-tag-of-some-length-{number}")] });
        await MakeAsync(new LinkDraft { LongUrl = "https://example.com/right", Alias = "right", Title = "رابط قصير مع عنوان طويل جدا لاختبار النص من اليمين إلى اليسار" });
        await MakeAsync(new LinkDraft { LongUrl = $"https://example.com/{Endless}", Alias = Endless[..64], Title = Endless, Note = Endless });

        await using var folder = new TemporaryFolder();
        var clicks = Path.Combine(folder.Path, "clicks.csv");
        await File.WriteAllTextAsync(clicks, $"time,short_code,utm_campaign\n2026-01-01T00:00:00Z,tagged,{Endless[..90]}\n", Cancelled);
        await _owner.ImportAsync(_server, clicks);
        var sums = Path.Combine(folder.Path, "sums-of-another-shortener.csv");
        await File.WriteAllTextAsync(sums, "code,day,clicks\nonly-sums,2026-01-01,10000000\n", Cancelled);
        await _owner.ImportAsync(_server, sums);

        using var visitor = new HttpClient { BaseAddress = new Uri(_server.Url) };
        var told = await visitor.PostAsJsonAsync(
            "/api/v1/reports", new { items = new[] { new { code_or_url = "tagged", reason = "phishing", details = "A bank. " + Endless } }, reporter_email = "somebody-with-a-long-name@example.org" }, Cancelled);
        told.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task Lists_and_dialogs_stay_readable(string shape)
    {
        var page = await chromium.OpenAsync(_server.Url, WindowShape.Named(shape));
        var dashboard = new DashboardView(page);
        await new AccountPages(page).SignInAsync(_owner.Email, _owner.Password, "/links");
        await dashboard.ReadyAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "a-tag-of-some-length-10" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("رابط قصير")).ToHaveCSSAsync("direction", "rtl");
        await Assertions.Expect(page.GetByText("+ 10,000,000 imported")).ToBeVisibleAsync();
        await Look.AtAsync(page, "awkward-links", shape);

        await page.GotoAsync("/links?dialog=edit&link=tagged");
        await page.GetByRole(AriaRole.Tab, new() { Name = "History" }).ClickAsync();
        await Look.AtAsync(page, "awkward-link", shape, ".mud-dialog");

        await page.GotoAsync("/settings/webhooks?dialog=new");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Address").WaitForAsync();
        await Look.AtAsync(page, "awkward-webhook", shape, ".mud-dialog");

        await page.GotoAsync("/import");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Undo the import of sums-of-another-shortener.csv" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "awkward-imports", shape);
        var clicks = $"time,short_code,long_url,referrer\n2026-01-01T00:00:00Z,of-a-file,https://example.com/{Endless},https://{Endless[..60]}.example.com/\n";
        await page.Locator("input[type=file]").Last.SetInputFilesAsync(new FilePayload { Name = "clicks.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(clicks) });
        await page.GetByText("of-a-file").First.WaitForAsync();
        await page.GetByText("Columns and what they mean").ClickAsync();
        await Look.AtAsync(page, "awkward-preview", shape);

        await page.GotoAsync("/dashboard?period=all&filter=utm_campaign");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = Endless[..20] }).WaitForAsync();
        await Look.AtAsync(page, "awkward-filter", shape, ".mud-dialog");

        await page.GotoAsync("/admin/reports");
        await Assertions.Expect(page.GetByText("A bank.")).ToBeVisibleAsync();
        await Look.AtAsync(page, "awkward-reports", shape);

        // The administrator's list tells of a link what its owner's tells.
        await page.GotoAsync("/admin/links");
        await Assertions.Expect(page.GetByText("+ 10,000,000 imported")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("no destination yet")).ToBeVisibleAsync();
        await Look.AtAsync(page, "awkward-all-links", shape);

        await page.GotoAsync($"/{Endless[..64]}+");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where this link leads" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "awkward-preview-of-link", shape);

        await page.GotoAsync($"/dashboard/links/{Endless[..64]}?show=qr");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Pixels a side").WaitForAsync();
        await Look.AtAsync(page, "awkward-qr", shape, ".mud-dialog");

        await page.GotoAsync("/dashboard/links/only-sums?period=all");
        await dashboard.ReadyAsync();
        await Assertions.Expect(page.Locator("a.destination")).ToHaveCountAsync(0);
        await dashboard.Chart.WaitForAsync();
        await Look.AtAsync(page, "awkward-sums", shape);
    }

    [Fact]
    public async Task Wherever_the_keyboard_leads_it_is_seen()
    {
        var page = await chromium.OpenAsync(_server.Url);
        await new AccountPages(page).SignInAsync(_owner.Email, _owner.Password, "/links");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "a-tag-of-some-length-10" })).ToBeVisibleAsync();
        HashSet<string> met = [];
        for (var step = 0; step < 80; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            var (says, isSeen) = (await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"), await page.EvaluateAsync<bool>(
                """
                () => {
                  let part = document.activeElement;
                  for (let up = 0; part && up < 5; up++, part = part.parentElement) if (getComputedStyle(part).outlineStyle !== 'none') return true;
                  return document.activeElement === document.body;
                }
                """));
            met.Add(says);
            Assert.True(isSeen, $"the focus is on “{says}”, and nobody sees it");
        }

        Assert.Contains("a-tag-of-some-length-10", met);
    }

    private async Task MakeAsync(LinkDraft draft) =>
        Assert.IsType<LinkOutcome.Done>(await _server.Services.GetRequiredService<LinkService>().CreateAsync(draft, Viewer.User(_owner.Id), null, Cancelled));
}
