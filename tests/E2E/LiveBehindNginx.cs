using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A server that has a path of a host with TLS, behind nginx as the documentation sets it up: everything stays below the path, and over TLS.</summary>
public sealed class LiveBehindNginx(Chromium chromium) : IAsyncLifetime
{
    private const string Path = "/go";

    private readonly SpooServer _server = new() { Settings = { ["Server:PathBase"] = Path, ["Proxies:Known:0"] = "127.0.0.1", ["Proxies:Known:1"] = "::1" } };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task From_signing_in_to_a_click_that_arrives_on_an_open_page_below_a_path()
    {
        Assert.SkipWhen(Nginx.WhyNot is not null, Nginx.WhyNot ?? "");
        var owner = await Account.NewAsync(_server);
        await using var nginx = new Nginx(_server.Url, Path);
        await nginx.AnswersAsync();
        var page = await chromium.OpenAsync(nginx.Url);
        var (elsewhere, sockets) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(nginx.Url + "/", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                elsewhere.Add($"{request.Url} of {request.Frame.Url}");
            }
        };
        page.WebSocket += (_, socket) => sockets.Add(socket.Url);

        // The page that was asked for comes after signing in.
        await page.GotoAsync(nginx.Url + "/links?dialog=new");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"^{nginx.Url}/account/login"));
        await new AccountPages(page).FillAsync(owner.Email, owner.Password);
        await page.Locator("main form:has(input[type=password]) button[type=submit]").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(nginx.Url + "/links?dialog=new");
        await new DashboardView(page).ReadyAsync();
        Assert.Contains(await page.Context.CookiesAsync(), cookie => cookie is { Name: "__Secure-spoo", Path: Path, Secure: true, HttpOnly: true });

        // A page with a connection of its own, and what it prints for other places.
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Destination" }).FillAsync("https://example.com/page");
        await dialog.GetByLabel("Alias", new() { Exact = true }).FillAsync("spring");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Link, new() { Name = $"{nginx.Url}/spring" })).ToBeVisibleAsync();
        Assert.True(await dialog.Locator("img.qr").EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 0; }"));
        Assert.Contains(sockets, socket => socket.StartsWith(nginx.Url.Replace("https:", "wss:", StringComparison.Ordinal) + "/_blazor", StringComparison.Ordinal));

        // A visitor's click arrives on the open dashboard.
        await dialog.GetByRole(AriaRole.Link, new() { Name = "Statistics" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(nginx.Url + "/dashboard/links/spring");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "spring" })).ToBeVisibleAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var visitor = new HttpClient(handler);
        visitor.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0");
        using var followed = await visitor.GetAsync($"{nginx.Url}/spring", TestContext.Current.CancellationToken);
        Assert.Equal("https://example.com/page", followed.Headers.Location?.OriginalString);
        await Assertions.Expect(new DashboardView(page).Tile("Clicks")).ToHaveTextAsync("1");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "below-a-path", "desktop");

        // The reference loads what it describes, and asks it.
        await page.GotoAsync(nginx.Url + "/docs");
        await Assertions.Expect(page.Locator(".opblock").First).ToBeVisibleAsync();

        // Signing out leads to the home page below the path.
        await page.GotoAsync(nginx.Url + "/settings");
        await new AccountPages(page).SignOutAsync();
        await Assertions.Expect(page).ToHaveURLAsync(nginx.Url + "/");
        Assert.True(elsewhere.IsEmpty, string.Join('\n', elsewhere));
    }
}
