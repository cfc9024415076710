using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A program in a terminal opens the browser, waits on a port of its own for the code, acts for the person who let it in, and is shut out.</summary>
public sealed partial class SignInFromATerminal : IAsyncLifetime
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly Chromium _chromium;
    private readonly TcpListener _terminal = new(IPAddress.Loopback, 0);
    private readonly SpooServer _server;

    public SignInFromATerminal(Chromium chromium)
    {
        _chromium = chromium;
        _terminal.Start();
        _server = new SpooServer { Settings = new() { ["Apps:story-cli:Name"] = "Story CLI", ["Apps:story-cli:RedirectUris:0"] = Callback } };
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Callback => $"http://127.0.0.1:{((IPEndPoint)_terminal.LocalEndpoint).Port}/callback";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _terminal.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task From_the_question_in_the_browser_to_being_shut_out()
    {
        var person = await Account.NewAsync(_server);
        var page = await _chromium.OpenAsync(_server.Url);
        var question = QueryHelpers.AddQueryString("/auth/device/login", new Dictionary<string, string?>
        {
            ["app_id"] = "story-cli",
            ["redirect_uri"] = Callback,
            ["state"] = "a state",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        });

        // Who is not signed in does that first, and then is asked.
        await page.GotoAsync(question);
        await new AccountPages(page).SignInAsync(person.Email, person.Password, question);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Let Story CLI use your account?" })).ToBeVisibleAsync();
        await Look.AtAsync(page, "allow-app", "desktop");
        var called = CalledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Let it in" }).ClickAsync();
        var sent = QueryHelpers.ParseQuery(await called);
        Assert.Equal("a state", sent["state"]);

        using var terminal = new HttpClient { BaseAddress = new Uri(_server.Url) };
        var answer = await terminal.PostAsJsonAsync("/auth/device/token", new { code = sent["code"].ToString(), code_verifier = Verifier }, Cancelled);
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        terminal.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.Created, (await terminal.PostAsJsonAsync("/api/v1/shorten", new { long_url = "https://example.com/from-a-terminal" }, Cancelled)).StatusCode);

        await page.GotoAsync("/settings");
        await page.Locator("#apps").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#apps")).Not.ToContainTextAsync("Story CLI");
        Assert.Equal(HttpStatusCode.Unauthorized, (await terminal.GetAsync("/auth/me", Cancelled)).StatusCode);
    }

    /// <summary>What the browser asks the terminal for.</summary>
    private async Task<string> CalledAsync()
    {
        using var browser = await _terminal.AcceptTcpClientAsync(Cancelled);
        var stream = browser.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var line = await reader.ReadLineAsync(Cancelled);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nDone"u8.ToArray(), Cancelled);
        return CallbackRequest().Match(line!).Groups["query"].Value;
    }

    [GeneratedRegex(@"^GET /callback(?<query>\?\S+) HTTP")]
    private static partial Regex CallbackRequest();
}
