using System.Net;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;
using Spoo.Tests.Support;

namespace Spoo.Stories;

/// <summary>A person brings a domain along: proves it, puts a link on it that has the code of another one, follows both, and tells their clicks apart.</summary>
public sealed class KeepLinksOnASecondDomain : IAsyncLifetime
{
    private const string Domain = "links.example.com";

    private readonly Chromium _chromium;
    private readonly NameServer _names = new();
    private readonly SpooServer _server;

    public KeepLinksOnASecondDomain(Chromium chromium)
    {
        _chromium = chromium;
        _server = new SpooServer { Settings = new() { ["Domains:NameServers:0"] = _names.Address } };
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _names.DisposeAsync();
    }

    [Fact]
    public async Task From_a_record_at_the_name_server_to_clicks_by_domain()
    {
        var person = await Account.NewAsync(_server);
        var page = await _chromium.OpenAsync(_server.Url);
        await new AccountPages(page).SignInAsync(person.Email, person.Password, "/settings/domains");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "domains-none", "desktop");

        // The page says what to publish, and what it misses.
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a domain" }).First.ClickAsync();
        await page.GetByLabel("Name of the host").FillAsync(Domain);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = Domain })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Verify {Domain}" }).ClickAsync();
        await Assertions.Expect(page.GetByText("no TXT record")).ToBeVisibleAsync();
        await Look.PutAwayAsync(page);
        await Look.AtAsync(page, "domains-pending", "desktop");
        await page.SetViewportSizeAsync(390, 844);
        await Look.AtAsync(page, "domains-pending", "phone");
        await page.SetViewportSizeAsync(1440, 900);

        _names.Texts[$"_spoo-verify.{Domain}"] = (await page.Locator(".records td:nth-child(3) code").First.TextContentAsync())!;
        await page.GetByRole(AriaRole.Button, new() { Name = $"Verify {Domain}" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = $"Change {Domain}" })).ToBeVisibleAsync();

        // The same code on both.
        await MakeAsync(page, "https://example.com/own", null);
        await MakeAsync(page, "https://example.com/other", Domain);
        Assert.Equal("https://example.com/own", await WhereAsync(null));
        Assert.Equal("https://example.com/other", await WhereAsync(Domain));
        Assert.Equal("https://example.com/other", await WhereAsync(Domain));

        await page.GotoAsync("/links");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{Domain}/promo", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "promo", Exact = true })).ToBeVisibleAsync();
        await Look.AtAsync(page, "domains-links", "desktop");
        await page.GetByRole(AriaRole.Link, new() { Name = $"{Domain}/promo", Exact = true }).ClickAsync();
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{Domain}/promo" })).ToBeVisibleAsync();
        await page.GotoAsync("/dashboard?bots=shown&details=domain");
        await new DashboardView(page).ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByText(Domain)).ToBeVisibleAsync();
        await Look.AtAsync(page, "domains-numbers", "desktop");
    }

    private async Task MakeAsync(IPage page, string destination, string? domain)
    {
        await page.GotoAsync("/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync(destination);
        if (domain is not null)
        {
            await page.Locator(".field", new() { Has = page.Locator("#link-domain") }).Locator(".mud-select").First.ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = domain }).ClickAsync();
        }

        await page.GetByLabel("Alias", new() { Exact = true }).FillAsync("promo");
        await Assertions.Expect(page.GetByText("“promo” is free.")).ToBeVisibleAsync();
        await Look.AtAsync(page, domain is null ? "domains-dialog" : "domains-dialog-chosen", "desktop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your link is ready" })).ToBeVisibleAsync();
        var port = new Uri(_server.Url).Port;
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = domain is null ? $"{_server.Url}/promo" : $"http://{domain}:{port}/promo" })).ToBeVisibleAsync();
    }

    /// <summary>Where a visitor of the domain is sent.</summary>
    private async Task<string?> WhereAsync(string? domain)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var visitor = new HttpClient(handler);
        visitor.DefaultRequestHeaders.Host = domain;
        using var answer = await visitor.GetAsync($"{_server.Url}/promo", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location?.OriginalString;
    }
}
