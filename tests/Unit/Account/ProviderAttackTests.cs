using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>What somebody tries who wants to get into the account of another person by way of a provider.</summary>
public sealed class ProviderAttackTests(ProviderWorld world) : IClassFixture<ProviderWorld>
{
    private readonly Visitor _visitor = new(world.App);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, true, "has not verified it")]
    [InlineData(true, false, "There is an account with your e-mail address")]
    [InlineData(false, false, "has not verified it")]
    public async Task An_address_that_one_side_has_not_verified_opens_no_account(bool isVerifiedThere, bool isConfirmedHere, string said)
    {
        var person = ProviderWorld.NewPerson();
        await world.AddUserAsync(person["email"], isConfirmedHere);

        await ProviderWorld.SignInAsync(_visitor, world.Corp, new(person) { ["email_verified"] = isVerifiedThere });

        Assert.StartsWith("/account/sign-in-refused", _visitor.Address, StringComparison.Ordinal);
        Assert.Contains(said, _visitor.Text, StringComparison.Ordinal);
        await AssertNotInAsync();
    }

    [Fact]
    public async Task An_unverified_address_makes_no_account_and_does_not_show_whether_there_is_one()
    {
        var person = new Dictionary<string, object>(ProviderWorld.NewPerson());
        person.Remove("email_verified");

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);

        Assert.Contains("has not verified it", _visitor.Text, StringComparison.Ordinal);
        Assert.Null(await world.FindAsync(person["email"]));
    }

    [Fact]
    public async Task Whether_an_address_is_verified_is_not_taken_from_another_answer_than_the_address()
    {
        var (person, victim) = (ProviderWorld.NewPerson(), ProviderWorld.NewPerson());
        await world.AddUserAsync(victim["email"], isConfirmed: true);
        world.Corp.More = new() { ["email"] = person["email"], ["email_verified"] = true };
        try
        {
            await ProviderWorld.SignInAsync(_visitor, world.Corp, new() { ["sub"] = person["sub"], ["email"] = victim["email"] });
        }
        finally
        {
            world.Corp.More = [];
        }

        await AssertNotInAsync();
    }

    [Fact]
    public async Task The_same_subject_at_another_issuer_is_another_person()
    {
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);

        var other = new Visitor(world.App);
        await ProviderWorld.SignInAsync(other, world.Club, new(ProviderWorld.NewPerson("club.example")) { ["sub"] = person["sub"] });

        Assert.Contains("You have no account here", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_speaks_in_the_name_of_another_is_not_believed()
    {
        await using var other = new ProviderWorld();
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(new Visitor(other.App), other.Corp, person);
        other.Club.OtherIssuer = other.Corp.Issuer;
        var visitor = new Visitor(other.App);

        await ProviderWorld.SignInAsync(visitor, other.Club, person);

        Assert.StartsWith("/account/sign-in-refused", visitor.Address, StringComparison.Ordinal);
        Assert.Contains(other.Log.Worries, line => line.Contains("Accounts:Providers:club:Authority", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_works_once_and_in_the_browser_that_asked_for_it()
    {
        var person = ProviderWorld.NewPerson();
        world.Corp.Person = person;
        await _visitor.OpenAsync("/account/providers/corp");
        var answer = new Uri(world.Corp.SignIn(_visitor.Elsewhere!)).PathAndQuery;

        var victim = new Visitor(world.App);
        await victim.OpenAsync(answer);
        Assert.Contains("began in another browser", victim.Text, StringComparison.Ordinal);
        await victim.OpenAsync("/settings");
        Assert.StartsWith("/account/login", victim.Address, StringComparison.Ordinal);

        await _visitor.OpenAsync(answer);
        Assert.Equal("/dashboard", _visitor.Address);
        await _visitor.PostAsync("/account/logout");
        await _visitor.OpenAsync(answer);
        Assert.Contains("began in another browser", _visitor.Text, StringComparison.Ordinal);
        await _visitor.OpenAsync("/account/providers/corp/finish");
        Assert.StartsWith("/account/sign-in-refused", _visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_made_for_another_sign_in_is_refused()
    {
        world.Corp.OtherNonce = "638000000000000000.of-another-sign-in";
        try
        {
            await ProviderWorld.SignInAsync(_visitor, world.Corp, ProviderWorld.NewPerson());
        }
        finally
        {
            world.Corp.OtherNonce = null;
        }

        Assert.Contains("The Corp does not answer as it should", _visitor.Text, StringComparison.Ordinal);
        await AssertNotInAsync();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("~//evil.example/")]
    public async Task It_leads_to_no_other_site(string returnUrl)
    {
        await ProviderWorld.SignInAsync(
            _visitor, world.Corp, ProviderWorld.NewPerson(), "/account/providers/corp?returnUrl=" + Uri.EscapeDataString(returnUrl));

        Assert.Equal("/dashboard", _visitor.Address);
    }

    [Theory]
    [InlineData("club.example.evil.example", true)]
    [InlineData("evil-club.example", true)]
    [InlineData("club.example", false)]
    public async Task Somebody_of_another_domain_is_not_let_in(string domain, bool isVerified)
    {
        var person = new Dictionary<string, object>(ProviderWorld.NewPerson(domain)) { ["email_verified"] = isVerified };
        var (_, token) = await world.App.Get<Invitations>().MakeAsync(null, 1, false, null, Cancelled);

        await ProviderWorld.SignInAsync(_visitor, world.Club, person, "/account/providers/club?invitation=" + token);

        Assert.Contains("Only people of certain e-mail domains", _visitor.Text, StringComparison.Ordinal);
        Assert.Null(await world.FindAsync(person["email"]));
    }

    [Fact]
    public async Task Another_site_cannot_connect_its_own_person_to_the_account_of_a_visitor()
    {
        var user = await world.App.AddUserAsync();
        await _visitor.SignInAsync(new(user.Email!, "correct horse"));
        var attacker = await world.App.AddUserAsync();
        var theirs = new Visitor(world.App);
        await theirs.SignInAsync(new(attacker.Email!, "correct horse"));
        await theirs.OpenAsync("/settings");
        var connect = "/" + theirs.Page.QuerySelector("#providers a[aria-label='Connect The Corp']")!.GetAttribute("href");

        // A ticket of another session, and one that is made up.
        await _visitor.OpenAsync(connect);
        Assert.StartsWith("/account/sign-in-refused", _visitor.Address, StringComparison.Ordinal);
        await _visitor.OpenAsync("/account/providers/corp?ticket=made-up");
        Assert.StartsWith("/account/sign-in-refused", _visitor.Address, StringComparison.Ordinal);

        await using var database = world.App.OpenDatabase();
        Assert.False(await database.UserLogins.AnyAsync(login => login.UserId == user.Id, Cancelled));
    }

    [Fact]
    public async Task Somebody_who_is_connected_to_one_account_is_not_connected_to_another()
    {
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(new Visitor(world.App), world.Corp, person);
        var user = await world.App.AddUserAsync();
        await _visitor.SignInAsync(new(user.Email!, "correct horse"));
        await _visitor.OpenAsync("/settings");
        var connect = "/" + _visitor.Page.QuerySelector("#providers a[aria-label='Connect The Corp']")!.GetAttribute("href");

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person, connect);

        Assert.Contains("signs in to another account here", _visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_whom_an_administrator_keeps_out_does_not_get_in_this_way_either()
    {
        await world.App.AddAdministratorAsync();
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(new Visitor(world.App), world.Corp, person);
        await world.App.Get<Administrators>().DisableAsync((await world.FindAsync(person["email"]))!.Id, null, Cancelled);

        await ProviderWorld.SignInAsync(_visitor, world.Corp, person);

        Assert.Contains("This account is disabled", _visitor.Text, StringComparison.Ordinal);
        await AssertNotInAsync();
    }

    private async Task AssertNotInAsync()
    {
        await _visitor.OpenAsync("/settings");
        Assert.StartsWith("/account/login", _visitor.Address, StringComparison.Ordinal);
    }
}
