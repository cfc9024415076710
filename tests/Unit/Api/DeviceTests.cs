using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Signing in from a terminal: the page asks, the program comes with the code, keeps itself signed in and is shut out again.</summary>
[OnEveryDatabase]
public sealed class DeviceTests : IClassFixture<SpooApp>, IAsyncDisposable
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string Login = "/auth/device/login?app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=abc&code_challenge=" + Challenge + "&code_challenge_method=S256";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly SpooApp _app;
    private readonly SpooApp _shared;

    public DeviceTests(SpooApp shared)
    {
        _shared = shared;
        _app = new SpooApp { Clock = _clock };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_person_lets_an_app_in_it_acts_for_them_and_they_shut_it_out()
    {
        var user = await _app.AddUserAsync();
        var visitor = new Visitor(_app);
        await visitor.OpenAsync(Login);
        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString(Challenge), visitor.Address, StringComparison.Ordinal);
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        await visitor.OpenAsync(Login);
        Assert.Contains("Let Spoo CLI use your account?", visitor.Text, StringComparison.Ordinal);
        Assert.Contains(user.Email!, visitor.Text, StringComparison.Ordinal);

        await visitor.SendAsync("allow-app");
        var back = new Uri(visitor.Page.QuerySelector("a[href^='http://127.0.0.1:53682/callback?']")!.GetAttribute("href")!);
        var sent = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query);
        Assert.Equal("abc", sent["state"]);
        Assert.InRange(sent["code"].ToString().Length, 1, 128);
        var tokens = await TokenAsync(sent["code"]!).JsonAsync();

        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(tokens.Text("access_token").Split('.')[1]));
        Assert.Equal((user.Id, "spoo-cli", 900), (claims.Text("sub"), claims.Text("app_id"), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        Assert.Equal(user.Email, tokens.GetProperty("user").Text("email"));
        using var app = _app.WithToken(tokens.Text("access_token"));
        Assert.Equal(user.Id, (await app.JsonAsync("/auth/me")).GetProperty("user").Text("id"));
        await app.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a"}""").JsonAsync(201);
        await app.JsonAsync("/api/v1/stats");
        await app.ProblemAsync("/api/v1/keys", 403, "forbidden");
        await app.ProblemAsync("/api/v1/apps", 403, "forbidden");

        var listed = (await (await _app.SignedInAsync(user)).JsonAsync("/api/v1/apps")).GetProperty("items");
        Assert.Equal(("spoo-cli", "Spoo CLI"), (listed[0].Text("app"), listed[0].Text("app_name")));
        Assert.Equal(JsonValueKind.String, listed[0].GetProperty("last_used_at").ValueKind);

        // The next time nothing is asked.
        await visitor.OpenAsync(Login);
        Assert.Contains("Spoo CLI is connected", visitor.Text, StringComparison.Ordinal);

        await visitor.OpenAsync("/settings");
        Assert.Contains("Spoo CLI", visitor.Page.QuerySelector("#apps")!.TextContent, StringComparison.Ordinal);
        await visitor.SendAsync("apps", ("AppId", "spoo-cli"));
        Assert.DoesNotContain("Spoo CLI last", visitor.Page.QuerySelector("#apps")!.TextContent, StringComparison.Ordinal);
        await app.ProblemAsync("/auth/me", 401, "authentication_error");
        await RefreshAsync(tokens.Text("refresh_token")).ProblemAsync(401, "authentication_error");
        Assert.Empty((await (await _app.SignedInAsync(user)).JsonAsync("/api/v1/apps")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_code_is_worth_something_once_for_five_minutes_and_to_whoever_asked_for_it()
    {
        var user = await _app.AddUserAsync();
        var stolen = await CodeAsync(user);
        await TokenAsync(stolen, new string('x', 43)).ProblemAsync(401, "authentication_error");
        await TokenAsync(stolen).ProblemAsync(401, "authentication_error");

        var late = await CodeAsync(user);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await TokenAsync(late).ProblemAsync(401, "authentication_error");

        var good = await CodeAsync(user);
        await TokenAsync(good).JsonAsync();
        await TokenAsync(good).ProblemAsync(401, "authentication_error");
        await TokenAsync("made.up.code").ProblemAsync(401, "authentication_error");
        await TokenAsync(good, "short").ProblemAsync(422, "validation_error");
    }

    [Fact]
    public async Task Tokens_end_are_taken_for_new_ones_once_and_a_copy_shuts_everybody_out()
    {
        var user = await _app.AddUserAsync();
        var first = await TokenAsync(await CodeAsync(user)).JsonAsync();
        _clock.Advance(TimeSpan.FromMinutes(16));
        await _app.WithToken(first.Text("access_token")).ProblemAsync("/auth/me", 401, "authentication_error");

        var second = await RefreshAsync(first.Text("refresh_token")).JsonAsync();
        await _app.WithToken(second.Text("access_token")).JsonAsync("/auth/me");
        var again = await RefreshAsync(first.Text("refresh_token")).JsonAsync();      // its answer got lost
        _clock.Advance(TimeSpan.FromMinutes(2));
        await RefreshAsync(first.Text("refresh_token")).ProblemAsync(401, "authentication_error");

        await _app.WithToken(again.Text("access_token")).ProblemAsync("/auth/me", 401, "authentication_error");
        await RefreshAsync(again.Text("refresh_token")).ProblemAsync(401, "authentication_error");
    }

    [Fact]
    public async Task A_token_that_was_changed_opens_nothing()
    {
        var user = await _app.AddUserAsync();
        var token = (await TokenAsync(await CodeAsync(user)).JsonAsync()).Text("access_token").Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token[1])).Replace("urls:read", "admin:all", StringComparison.Ordinal);

        await _app.WithToken($"{token[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{token[2]}").ProblemAsync("/auth/me", 401, "authentication_error");
        await _app.WithToken($"{token[0]}.{token[1]}.").ProblemAsync("/auth/me", 401, "authentication_error");
        await _app.WithToken("a.b.c").ProblemAsync("/auth/me", 401, "authentication_error");
    }

    [Theory]
    [InlineData("app_id=unknown&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=a&code_challenge=" + Challenge + "&code_challenge_method=S256")]
    [InlineData("app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback%2Felsewhere&state=a&code_challenge=" + Challenge + "&code_challenge_method=S256")]
    [InlineData("app_id=spoo-cli&redirect_uri=https%3A%2F%2Fevil.example%2F&state=a&code_challenge=" + Challenge + "&code_challenge_method=S256")]
    [InlineData("app_id=spoo-cli&state=a&code_challenge=" + Challenge + "&code_challenge_method=S256")]
    [InlineData("app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=a&code_challenge=" + Challenge + "&code_challenge_method=plain")]
    [InlineData("app_id=spoo-raycast&redirect_uri=https%3A%2F%2Fraycast.com%2Fredirect&state=a")]
    [InlineData("app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=a&code_challenge_method=S256")]
    [InlineData("app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&code_challenge=" + Challenge + "&code_challenge_method=S256")]
    public async Task A_question_that_is_not_the_apps_own_is_not_put_to_anybody(string query)
    {
        var page = await (await _shared.SignedInAsync(await _shared.AddUserAsync())).GetAsync($"/auth/device/login?{query}", TestContext.Current.CancellationToken);
        var text = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal((400, "text/html"), ((int)page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("allow-app", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_released_command_line_is_let_in_without_a_proof_and_a_proof_that_was_begun_has_to_end()
    {
        var visitor = new Visitor(_app);
        var user = await _app.AddUserAsync();
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        await visitor.OpenAsync("/auth/device/login?app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=abc");
        await visitor.SendAsync("allow-app");
        var code = Code();

        Assert.Equal(user.Email, (await TokenAsync(code, null).JsonAsync()).GetProperty("user").Text("email"));
        await TokenAsync(code, null).ProblemAsync(422, "validation_error");
        await TokenAsync(await CodeAsync(user), null).ProblemAsync(422, "validation_error");

        // The next time nothing is asked; and nothing but what was begun is taken.
        await visitor.OpenAsync("/auth/device/login?app_id=spoo-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&state=abc");
        await TokenAsync(Code()).ProblemAsync(401, "authentication_error");

        string Code() => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(
            new Uri(visitor.Page.QuerySelector("a[href^='http://127.0.0.1:53682/callback?']")!.GetAttribute("href")!).Query)["code"]!;
    }

    [Fact]
    public async Task An_app_that_cannot_be_called_back_reads_the_code_on_a_page()
    {
        var visitor = new Visitor(_app);
        var user = await _app.AddUserAsync();
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        await visitor.OpenAsync($"/auth/device/login?app_id=spoo-snap&state=xyz&code_challenge={Challenge}&code_challenge_method=S256");
        await visitor.SendAsync("allow-app");
        await visitor.OpenAsync("/" + visitor.Page.QuerySelector("a[href^='auth/device/callback?']")!.GetAttribute("href"));

        var element = visitor.Page.QuerySelector("[data-code]")!;
        Assert.Equal("xyz", element.GetAttribute("data-state"));
        await TokenAsync(element.GetAttribute("data-code")!).JsonAsync();
    }

    [Fact]
    public async Task Layouts_are_kept_as_they_are()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());

        Assert.Equal("""{"layout":null}""", (await client.JsonAsync("/api/v1/me/layouts/analytics")).GetRawText());
        await client.SendAsync(HttpMethod.Put, "/api/v1/me/layouts/analytics", """{"layout":{"v":1,"cards":["ä"]}}""").JsonAsync();
        Assert.Equal(1, (await client.JsonAsync("/api/v1/me/layouts/analytics")).GetProperty("layout").GetProperty("v").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await client.JsonAsync("/api/v1/me/layouts/overview")).GetProperty("layout").ValueKind);
        Assert.Equal(204, (int)(await client.SendAsync(HttpMethod.Delete, "/api/v1/me/layouts/analytics")).StatusCode);
        Assert.Equal(JsonValueKind.Null, (await client.JsonAsync("/api/v1/me/layouts/analytics")).GetProperty("layout").ValueKind);
        await client.ProblemAsync("/api/v1/me/layouts/elsewhere", 422, "validation_error");
        await client.SendAsync(HttpMethod.Put, "/api/v1/me/layouts/analytics", """{"layout":[1]}""").ProblemAsync(422, "validation_error");
        await client.SendAsync(HttpMethod.Put, "/api/v1/me/layouts/analytics", $$$"""{"layout":{"x":"{{{new string('x', 33_000)}}}"}}""").ProblemAsync(422, "validation_error");
    }

    private Task<HttpResponseMessage> TokenAsync(string code, string? verifier = Verifier) => _app.Anonymous().SendAsync(
        HttpMethod.Post, "/auth/device/token", verifier is null ? JsonSerializer.Serialize(new { code }) : JsonSerializer.Serialize(new { code, code_verifier = verifier }));

    private Task<HttpResponseMessage> RefreshAsync(string token) =>
        _app.Anonymous().SendAsync(HttpMethod.Post, "/auth/device/refresh", JsonSerializer.Serialize(new { refresh_token = token }));

    private Task<string> CodeAsync(SpooUser user) =>
        _app.Get<AppGrants>().AllowAsync(user.Id, _app.Get<AppOptions>().Find("spoo-cli")!, Challenge, TestContext.Current.CancellationToken);
}
