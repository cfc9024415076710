using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Tests.Support;
using Spoo.Web.Identity;

namespace Spoo.Tests.Account;

/// <summary>Being signed in ends where and when its owner ends it, in every tab and for every copy of the cookie.</summary>
public sealed class SessionsTests : IAsyncDisposable
{
    private const string Password = "correct horse";

    // Enough that two of them would change places if they could.
    private const int Acts = 200;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly SpooApp _app;

    public SessionsTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Signing_out_ends_the_session_for_a_copy_of_its_cookie_and_not_for_another_session()
    {
        var user = await _app.AddUserAsync(password: Password);
        var (here, elsewhere) = (await SignInAsync(user), await SignInAsync(user));
        var copy = Browser(here.Cookie);
        Assert.Equal("/settings", await OpenAsync(copy));

        Assert.Equal(302, (int)(await here.Client.PostAsync("/account/logout", null, Cancelled)).StatusCode);

        Assert.Equal("/account/login", await OpenAsync(copy));
        Assert.Equal("/settings", await OpenAsync(elsewhere.Client));
        Assert.Single(await _app.Get<Sessions>().ListAsync(user.Id, Cancelled));
    }

    [Fact]
    public async Task A_cookie_without_a_session_opens_nothing()
    {
        var user = await _app.AddUserAsync(password: Password);
        await using var scope = _app.Services.CreateAsyncScope();
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<SpooUser>>().CreateAsync(user);
        var cookies = _app.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = _clock.GetUtcNow(), ExpiresUtc = _clock.GetUtcNow().AddDays(1) };
        var ticket = cookies.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme));

        Assert.Equal("/account/login", await OpenAsync(Browser($"{cookies.Cookie.Name}={ticket}")));
    }

    [Fact]
    public async Task A_session_ends_after_thirty_days_however_often_somebody_comes()
    {
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new((await _app.AddUserAsync(password: Password)).Email!, Password), remember: true);
        for (var day = 0; day < 29; day += 7)
        {
            await visitor.OpenAsync("/settings");
            Assert.Equal("/settings", visitor.Address);
            _clock.Advance(TimeSpan.FromDays(7));
        }

        await visitor.OpenAsync("/settings");

        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_who_stays_away_for_two_weeks_is_still_signed_in()
    {
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new((await _app.AddUserAsync(password: Password)).Email!, Password), remember: true);
        _clock.Advance(TimeSpan.FromDays(15));

        await visitor.OpenAsync("/settings");

        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_password_signs_out_everywhere_else_at_once()
    {
        var user = await _app.AddUserAsync(password: Password);
        var elsewhere = await SignInAsync(user);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, Password));
        await visitor.OpenAsync("/settings");

        await visitor.SendAsync("password", ("Input.Current", Password), ("Input.New", "another phrase"));

        Assert.Contains("Your password is changed", visitor.Text, StringComparison.Ordinal);
        Assert.Equal("/account/login", await OpenAsync(elsewhere.Client));
    }

    [Fact]
    public async Task One_of_several_sessions_is_ended_from_the_list()
    {
        var user = await _app.AddUserAsync(password: Password);
        var elsewhere = await SignInAsync(user);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, Password));
        await visitor.OpenAsync("/settings");
        var form = visitor.Page.QuerySelector("#activity form input[name=_handler]")!.GetAttribute("value")!;

        await visitor.SendAsync(form);

        Assert.Equal("/account/login", await OpenAsync(elsewhere.Client));
        Assert.StartsWith("/settings?done=activity", visitor.Address, StringComparison.Ordinal);
        Assert.Empty(visitor.Page.QuerySelectorAll("#activity form"));
    }

    [Theory]
    [InlineData("signs out")]
    [InlineData("is deleted")]
    [InlineData("is away for a month")]
    public async Task A_tab_left_open_makes_nothing_when_its_session_is_over(string how)
    {
        var user = await _app.AddUserAsync();
        var session = await _app.Get<Sessions>().BeginAsync(user.Id, null, Cancelled);
        await using var tab = _app.Services.CreateAsyncScope();
        var states = (SessionRevalidation)tab.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        states.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(Viewers.SessionClaim, session.Id)], "cookie")))));
        var circuit = tab.ServiceProvider.GetServices<CircuitHandler>().OfType<SessionCircuit>().Single();
        await circuit.OnCircuitOpenedAsync(null!, Cancelled);
        var done = 0;
        var act = circuit.CreateInboundActivityHandler(_ => Task.FromResult(done++));

        await act(null!);
        Assert.Equal(1, done);
        await (how switch
        {
            "signs out" => (Task)_app.Get<Sessions>().EndAsync(user.Id, session.Id, Cancelled),
            "is deleted" => _app.Get<AccountRemoval>().RemoveAsync(user.Id, Cancelled),
            _ => Task.Run(() => _clock.Advance(Sessions.Life), Cancelled),
        });
        await act(null!);

        Assert.Equal(1, done);
        Assert.NotEqual(true, (await states.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated);
    }

    [Fact]
    public async Task What_is_done_in_a_tab_happens_in_that_order_however_long_it_takes_to_look_up_the_session()
    {
        var user = await _app.AddUserAsync();
        var session = await _app.Get<Sessions>().BeginAsync(user.Id, null, Cancelled);
        var state = new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(Viewers.SessionClaim, session.Id)], "cookie")));
        var first = new TaskCompletionSource<AuthenticationState>();
        var circuit = new SessionCircuit(new StatesInTurn([first.Task, .. Enumerable.Repeat(Task.FromResult(state), Acts - 1)]), _app.Get<Sessions>());
        var done = new ConcurrentQueue<int>();
        var act = Enumerable.Range(1, Acts).Select(what => circuit.CreateInboundActivityHandler(_ =>
        {
            done.Enqueue(what);
            return Task.CompletedTask;
        })).ToList();

        var acting = act.Select(it => it(null!)).ToList();
        first.SetResult(state);
        await Task.WhenAll(acting);

        Assert.Equal(Enumerable.Range(1, Acts), done);
    }

    [Fact]
    public async Task A_circuit_is_for_those_who_are_signed_in()
    {
        var user = await _app.AddUserAsync();

        Assert.Equal(401, (int)(await _app.Anonymous().PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancelled)).StatusCode);
        Assert.Equal(401, (int)(await _app.Anonymous().GetAsync("/_blazor", Cancelled)).StatusCode);
        Assert.Equal(200, (int)(await (await _app.SignedInAsync(user)).PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_taken_back_asks_for_the_password_after_a_quarter_of_an_hour()
    {
        var user = await _app.AddUserAsync(password: Password);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, Password));
        _clock.Advance(TimeSpan.FromMinutes(16));

        await visitor.OpenAsync("/settings/two-factor");
        await visitor.SendAsync("begin-two-factor");
        Assert.Equal("/account/again?returnUrl=%2Fsettings%2Ftwo-factor", visitor.Address);
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("sessions");
        Assert.Equal("/account/again?returnUrl=%2Fsettings", visitor.Address);
        await visitor.SendAsync("again", ("Input.Password", "wrong"));
        Assert.Contains("This is not your current password.", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("again", ("Input.Password", Password));
        Assert.Equal("/settings", visitor.Address);
        await visitor.SendAsync("sessions");
        Assert.StartsWith("/settings?done=sessions", visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_soon_after_the_password_was_entered_or_not_at_all()
    {
        var user = await _app.AddUserAsync();
        var script = await _app.ScriptOfAsync(user);
        const string Key = """{"name":"a","scopes":["stats:read"]}""";
        await script.SendAsync(HttpMethod.Post, "/api/v1/keys", Key).JsonAsync(201);
        _clock.Advance(TimeSpan.FromMinutes(16));

        await script.SendAsync(HttpMethod.Post, "/api/v1/keys", Key).ProblemAsync(403, "reauthentication_required");
        Assert.Contains("/account/again?returnUrl=%2Fkeys%3Fdialog%3Dnew", await RedirectAsync(script, "/keys?dialog=new"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_of_the_phone_works_once()
    {
        var user = await _app.AddUserAsync(password: Password);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, Password));
        await visitor.OpenAsync("/settings/two-factor");
        await visitor.SendAsync("begin-two-factor");
        var key = visitor.Page.QuerySelector("[data-copy]")!.GetAttribute("data-copy")!;
        await visitor.SendAsync("enable-two-factor", ("Enable.Code", Authenticator.CodeOf(key, _clock.GetUtcNow())));

        Assert.Equal("/account/code", await SignInWithCodeAsync(Authenticator.CodeOf(key, _clock.GetUtcNow())));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("/account/code", await SignInWithCodeAsync(Authenticator.CodeOf(key, _clock.GetUtcNow().AddSeconds(-30))));
        Assert.Equal("/account/code", await SignInWithCodeAsync(Authenticator.CodeOf(key, _clock.GetUtcNow().AddSeconds(90))));
        Assert.Equal("/dashboard", await SignInWithCodeAsync(Authenticator.CodeOf(key, _clock.GetUtcNow())));
        Assert.Equal("/account/code", await SignInWithCodeAsync(Authenticator.CodeOf(key, _clock.GetUtcNow())));

        async Task<string> SignInWithCodeAsync(string code)
        {
            var other = new Visitor(_app);
            await other.SignInAsync(new(user.Email!, Password));
            await other.SendAsync("code", ("Input.Code", code));
            return other.Address;
        }
    }

    [Fact]
    public async Task Of_many_who_come_with_the_same_code_one_is_let_in()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var user = await _app.AddUserAsync();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        var known = (await users.FindByIdAsync(user.Id))!;
        await users.ResetAuthenticatorKeyAsync(known);
        var code = Authenticator.CodeOf((await users.GetAuthenticatorKeyAsync(known))!, _clock.GetUtcNow());

        var let = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var one = _app.Services.CreateAsyncScope();
            var theirs = one.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
            return await theirs.VerifyTwoFactorTokenAsync((await theirs.FindByIdAsync(user.Id))!, TokenOptions.DefaultAuthenticatorProvider, code);
        }));

        Assert.Single(let, isIn => isIn);
    }

    [Theory]
    [InlineData("http://localhost", "spoo", false)]
    [InlineData("https://localhost", "__Host-spoo", true)]
    public async Task Over_TLS_nobody_else_can_set_our_cookies_and_without_it_they_work_still(string address, string name, bool isSecure)
    {
        var user = await _app.AddUserAsync(password: Password);
        var visitor = new Visitor(_app, address);

        await visitor.SignInAsync(new(user.Email!, Password));

        Assert.Equal("/dashboard", visitor.Address);
        var set = visitor.CookiesSet;
        var session = Assert.Single(set, cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", session, StringComparison.OrdinalIgnoreCase);
        Assert.All(set, cookie => Assert.Equal(isSecure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
        Assert.All(set, cookie => Assert.Equal(isSecure, cookie.StartsWith("__Host-", StringComparison.Ordinal)));
        await visitor.OpenAsync("/settings");
        Assert.Equal("/settings", visitor.Address);
    }

    [Fact]
    public async Task Over_TLS_a_cookie_under_a_plain_name_signs_nobody_in()
    {
        var user = await _app.AddUserAsync();
        var cookie = (await _app.SignedInAsync(user)).DefaultRequestHeaders.GetValues("Cookie").Single();
        Assert.Equal("/settings", await OpenAsync(Browser(cookie)));

        Assert.Equal("/settings", await OpenAsync(Browser("__Host-" + cookie, "https://localhost")));
        Assert.Equal("/account/login", await OpenAsync(Browser(cookie, "https://localhost")));
        Assert.Equal("/settings", await OpenAsync(Browser($"{cookie[..10]}xyz; __Host-{cookie}", "https://localhost")));
    }

    private HttpClient Browser(string cookie, string address = "http://localhost")
    {
        var client = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false, BaseAddress = new Uri(address) });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    private async Task<(HttpClient Client, string Cookie)> SignInAsync(SpooUser user)
    {
        var client = await _app.SignedInAsync(user);
        return (client, client.DefaultRequestHeaders.GetValues("Cookie").Single());
    }

    /// <summary>Where the settings lead this client: to themselves, or to signing in.</summary>
    private static async Task<string> OpenAsync(HttpClient client)
    {
        var answer = await client.GetAsync("/settings", Cancelled);
        return answer.Headers.Location is { } location ? location.ToString().Split('?')[0].Replace("http://localhost", "", StringComparison.Ordinal).Replace("https://localhost", "", StringComparison.Ordinal) : "/settings";
    }

    private static async Task<string> RedirectAsync(HttpClient client, string page)
    {
        var answer = await client.GetAsync(page, Cancelled);
        return answer.Headers.Location?.ToString() ?? await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private sealed class StatesInTurn(params Task<AuthenticationState>[] states) : AuthenticationStateProvider
    {
        private int _asked;

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => states[_asked++];
    }
}
