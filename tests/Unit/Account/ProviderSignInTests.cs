using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>Signing in with a provider of identities, and what an account without a password can do.</summary>
public sealed class ProviderSignInTests(ProviderWorld world) : IClassFixture<ProviderWorld>
{
    private readonly Visitor _visitor = new(world.App);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_of_an_open_provider_gets_an_account_and_comes_back_to_it()
    {
        var person = ProviderWorld.NewPerson();
        await _visitor.OpenAsync("/account/login");
        Assert.Equal("account/providers/corp", LinkTo("The Corp"));

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);

        Assert.Equal("/dashboard", _visitor.Address);
        Assert.Equal("http://localhost/account/providers/corp/callback", world.Corp.Asked["redirect_uri"]);
        var user = (await world.FindAsync(person["email"]))!;
        Assert.Equal(((string)person["name"], true, null), (user.DisplayName!, user.EmailConfirmed, user.PasswordHash));
        var me = (await _visitor.Client.JsonAsync("/auth/me")).GetProperty("user");
        var provider = Assert.Single(me.GetProperty("auth_providers").EnumerateArray());
        Assert.Equal(((string)person["email"], "The Corp", false), (provider.Text("email"), provider.Text("name"), me.GetProperty("password_set").GetBoolean()));

        // By another name and address: what counts is who they are there.
        var again = new Visitor(world.App);
        await ProviderWorld.SignInAsync(again, world.Corp, new(person) { ["email"] = "renamed@corp.example" });
        Assert.Equal("/dashboard", again.Address);
        Assert.Equal(user.Id, (await again.Client.JsonAsync("/auth/me")).GetProperty("user").Text("id"));
        await again.OpenAsync("/settings");
        Assert.Contains("Signed in with The Corp", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_provider_tells_only_where_it_is_asked_for_more_counts_too()
    {
        var person = ProviderWorld.NewPerson();
        world.Corp.More = new(person.Where(claim => claim.Key != "sub"));
        try
        {
            await ProviderWorld.SignInAsync(_visitor, world.Corp, new(person.Where(claim => claim.Key == "sub")));
        }
        finally
        {
            world.Corp.More = [];
        }

        Assert.Equal("/dashboard", _visitor.Address);
        Assert.NotNull(await world.FindAsync(person["email"]));
    }

    [Fact]
    public async Task An_account_with_the_address_is_connected_where_both_sides_have_verified_it()
    {
        var person = ProviderWorld.NewPerson();
        var user = await world.AddUserAsync(person["email"], isConfirmed: true);

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);

        Assert.Equal(user.Id, (await _visitor.Client.JsonAsync("/auth/me")).GetProperty("user").Text("id"));
    }

    [Fact]
    public async Task It_leads_to_where_the_person_wanted_to_go()
    {
        await _visitor.OpenAsync("/links?search=x");
        var start = "/" + LinkTo("The Corp");

        await ProviderWorld.SignInAsync(_visitor, world.Corp, ProviderWorld.NewPerson(), start);

        Assert.Equal("/links?search=x", _visitor.Address);
    }

    [Fact]
    public async Task An_invitation_lets_somebody_sign_up_with_a_provider_that_asks_for_one()
    {
        var person = ProviderWorld.NewPerson("club.example");
        await ProviderWorld.SignInAsync(_visitor, world.Club, person);
        Assert.Contains("You have no account here", _visitor.Text, StringComparison.Ordinal);

        var (_, token) = await world.App.Get<Invitations>().MakeAsync((string)person["email"], 1, false, null, Cancelled);
        await _visitor.OpenAsync("/account/register?invitation=" + token);
        var start = "/" + LinkTo("club");
        await ProviderWorld.SignInAsync(_visitor, world.Club, ProviderWorld.NewPerson("club.example"), start);
        Assert.Contains("This invitation is used, too old, or for another e-mail address", _visitor.Text, StringComparison.Ordinal);
        await ProviderWorld.SignInAsync(_visitor, world.Club, person, start);

        Assert.Equal("/dashboard", _visitor.Address);
        Assert.NotNull(await world.FindAsync(person["email"]));
    }

    [Fact]
    public async Task The_group_of_the_provider_makes_administrators_and_ordinary_people_again()
    {
        await world.App.AddAdministratorAsync();
        var person = ProviderWorld.NewPerson();

        await ProviderWorld.SignInAsync(_visitor, world.Corp, new(person) { ["groups"] = $"staff,{ProviderWorld.Group}".Split(',') });
        await _visitor.OpenAsync("/admin");
        Assert.Equal(200, _visitor.Status);
        var other = new Visitor(world.App);
        await ProviderWorld.SignInAsync(other, world.Corp, new(person) { ["groups"] = "staff".Split(',') });
        await other.OpenAsync("/admin");
        Assert.Equal(404, other.Status);

        // What they had open as an administrator has ended.
        await _visitor.OpenAsync("/admin");
        Assert.StartsWith("/account/login", _visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_signs_out_at_the_provider_and_nothing_else_leads_there()
    {
        await ProviderWorld.SignInAsync(_visitor, world.Corp, ProviderWorld.NewPerson());

        await _visitor.PostAsync("/account/logout");
        Assert.NotNull(_visitor.Refresh);
        await _visitor.OpenAsync("/account/signed-out");

        Assert.Null(_visitor.Refresh);
        await _visitor.OpenAsync("/settings");
        Assert.StartsWith("/account/login", _visitor.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_page_after_signing_out_leads_to_the_end_of_the_session_at_the_provider_that_has_one(bool endsSessions)
    {
        await using var other = new ProviderWorld();
        other.Corp.EndsSessions = endsSessions;
        var visitor = new Visitor(other.App);
        await ProviderWorld.SignInAsync(visitor, other.Corp, ProviderWorld.NewPerson());
        await visitor.OpenAsync("/settings");

        await visitor.PostAsync("/account/logout");

        if (!endsSessions)
        {
            Assert.Equal("/", visitor.Address);
            return;
        }

        Assert.Equal("/account/signed-out", visitor.Address);
        Assert.StartsWith(other.Corp.Issuer + "/end?", visitor.Refresh!.AbsoluteUri, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(visitor.Refresh.Query);
        Assert.Equal("http://localhost/account/signed-out", query["post_logout_redirect_uri"]);
        Assert.Equal(3, query["id_token_hint"].ToString().Split('.').Length);
        Assert.Equal(visitor.Refresh.AbsoluteUri, visitor.Page.QuerySelector(".account-card a.button")!.GetAttribute("href"));
    }

    [Fact]
    public async Task An_account_with_a_second_factor_is_asked_for_its_code()
    {
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);
        await _visitor.OpenAsync("/settings/two-factor");
        await _visitor.SendAsync("begin-two-factor");
        var key = _visitor.Page.QuerySelector("[data-copy]")!.GetAttribute("data-copy")!;
        await _visitor.SendAsync("enable-two-factor", ("Enable.Code", Authenticator.CodeOf(key, world.Clock.GetUtcNow())));
        world.Clock.Advance(TimeSpan.FromSeconds(30));

        var other = new Visitor(world.App);
        await ProviderWorld.SignInAsync(other, world.Corp, person, "/account/providers/corp?returnUrl=%2Fkeys");
        Assert.StartsWith("/account/code", other.Address, StringComparison.Ordinal);
        await other.SendAsync("code", ("Input.Code", Authenticator.CodeOf(key, world.Clock.GetUtcNow())));

        Assert.Equal("/keys", other.Address);
        await other.OpenAsync("/settings");
        await other.PostAsync("/account/logout");
        Assert.Contains("id_token_hint", other.Refresh!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_without_a_password_signs_in_again_before_what_cannot_be_taken_back()
    {
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);
        world.Clock.Advance(Sessions.Recent + TimeSpan.FromMinutes(1));

        await _visitor.OpenAsync("/settings/delete");
        Assert.Null(_visitor.Page.QuerySelector("input[type=password]"));
        await _visitor.SendAsync("delete-account", ("Input.IsSure", "true"));
        Assert.StartsWith("/account/again", _visitor.Address, StringComparison.Ordinal);
        var start = "/" + Assert.Single(_visitor.Page.QuerySelectorAll(".provider-buttons a")).GetAttribute("href");

        // The provider does not say when, says that it was long ago, or that it is somebody else.
        await ProviderWorld.SignInAsync(_visitor, world.Corp, person, start);
        Assert.Contains("does not say that you have just signed in there", _visitor.Text, StringComparison.Ordinal);
        Assert.Equal(("login", "0"), (world.Corp.Asked["prompt"], world.Corp.Asked["max_age"]));
        await ProviderWorld.SignInAsync(_visitor, world.Corp, At(person, world.Clock.GetUtcNow().AddHours(-1)), start);
        Assert.Contains("does not say that you have just signed in there", _visitor.Text, StringComparison.Ordinal);
        await ProviderWorld.SignInAsync(_visitor, world.Corp, At(ProviderWorld.NewPerson(), world.Clock.GetUtcNow()), start);
        Assert.Contains("as somebody else", _visitor.Text, StringComparison.Ordinal);
        await ProviderWorld.SignInAsync(_visitor, world.Corp, At(person, world.Clock.GetUtcNow()), start);
        Assert.Equal("/settings/delete", _visitor.Address);
        await _visitor.SendAsync("delete-account", ("Input.IsSure", "true"));

        Assert.Contains("Your account is deleted", _visitor.Text, StringComparison.Ordinal);
        Assert.Null(await world.FindAsync(person["email"]));
        await using var database = world.App.OpenDatabase();
        Assert.False(await database.UserLogins.AnyAsync(login => login.ProviderKey == (string)person["sub"], Cancelled));
    }

    [Fact]
    public async Task A_person_without_a_password_changes_their_address_and_chooses_a_password()
    {
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);
        await _visitor.OpenAsync("/settings");
        Assert.Empty(_visitor.Page.QuerySelectorAll("input[name='Input.EmailPassword'], input[name='Input.Current']"));

        await _visitor.SendAsync("profile", ("Input.Email", "moved." + person["email"]));
        Assert.NotNull(await world.FindAsync("moved." + person["email"]));
        await _visitor.SendAsync("password", ("Input.New", "a phrase of mine"));
        Assert.StartsWith("/settings?done=password", _visitor.Address, StringComparison.Ordinal);

        var other = new Visitor(world.App);
        await other.SignInAsync(new("moved." + person["email"], "a phrase of mine"));
        Assert.Equal("/dashboard", other.Address);
    }

    [Fact]
    public async Task A_provider_is_connected_and_disconnected_but_never_the_last_way_in()
    {
        var user = await world.App.AddUserAsync();
        await _visitor.SignInAsync(new(user.Email!, "correct horse"));
        var person = ProviderWorld.NewPerson();
        await _visitor.OpenAsync("/settings");
        var connect = "/" + _visitor.Page.QuerySelector("#providers a[aria-label='Connect The Corp']")!.GetAttribute("href");

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person, connect);
        Assert.StartsWith("/settings?done=providers", _visitor.Address, StringComparison.Ordinal);
        Assert.Contains($"connected as {person["email"]}", _visitor.Text, StringComparison.Ordinal);
        await _visitor.SendAsync("providers", ("Issuer", world.Corp.Issuer));
        Assert.StartsWith("/settings?done=providers", _visitor.Address, StringComparison.Ordinal);
        Assert.DoesNotContain("connected as", _visitor.Text, StringComparison.Ordinal);

        var other = new Visitor(world.App);
        await ProviderWorld.SignInAsync(other, world.Corp, ProviderWorld.NewPerson());
        await other.OpenAsync("/settings");
        await other.SendAsync("providers", ("Issuer", world.Corp.Issuer));
        Assert.Contains("The Corp is the only way in that you have", other.Text, StringComparison.Ordinal);
        Assert.Contains("connected as", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_and_logged_and_passwords_go_on_working()
    {
        await using var other = new ProviderWorld();
        other.Corp.IsAway = true;
        var user = await other.App.AddUserAsync();
        var visitor = new Visitor(other.App);

        await visitor.OpenAsync("/account/providers/corp");

        Assert.StartsWith("/account/sign-in-refused", visitor.Address, StringComparison.Ordinal);
        Assert.Contains("The Corp does not answer as it should", visitor.Text, StringComparison.Ordinal);
        Assert.Contains(other.Log.Worries, line => line.StartsWith("Spoo.Providers: ", StringComparison.Ordinal) && line.Contains("Connection refused", StringComparison.Ordinal));
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        Assert.Equal("/dashboard", visitor.Address);
        other.Corp.IsAway = false;
        await visitor.PostAsync("/account/logout");
        Assert.Equal("/", visitor.Address);
    }

    [Fact]
    public async Task Somebody_who_does_not_want_to_is_told_how_to_go_on()
    {
        await _visitor.OpenAsync("/account/providers/corp");
        await _visitor.OpenAsync(new Uri(world.Corp.Refuse(_visitor.Elsewhere!)).PathAndQuery);

        Assert.Contains("You did not sign in at The Corp", _visitor.Text, StringComparison.Ordinal);
        Assert.NotNull(_visitor.Page.QuerySelector("a[href='account/login']"));
    }

    [Theory]
    [InlineData(null, "http://localhost/go/account/providers/corp/callback")]
    [InlineData("https://localhost/go", "https://localhost/go/account/providers/corp/callback")]
    [InlineData("https://elsewhere.example/go", "http://localhost/go/account/providers/corp/callback")]
    public async Task Below_a_path_and_behind_a_proxy_people_come_back(string? publicUrl, string callback)
    {
        await using var other = new ProviderWorld(
            new[] { ("Server:PathBase", "/go"), ("Links:PublicUrl", publicUrl) }.Where(setting => setting.Item2 is not null).ToDictionary(setting => setting.Item1, setting => setting.Item2!));
        var visitor = new Visitor(other.App);

        await ProviderWorld.SignInAsync(visitor, other.Corp, ProviderWorld.NewPerson(), "/go/account/providers/corp?returnUrl=%2Fkeys");

        Assert.Equal(callback, other.Corp.Asked["redirect_uri"]);
        Assert.Equal("/go/keys", visitor.Address);
    }

    private string LinkTo(string provider) => _visitor.Page.QuerySelectorAll(".provider-buttons a")
        .Single(link => link.TextContent == "Sign in with " + provider).GetAttribute("href")!;

    private static Dictionary<string, object> At(Dictionary<string, object> person, DateTimeOffset at) => new(person) { ["auth_time"] = at.ToUnixTimeSeconds() };
}
