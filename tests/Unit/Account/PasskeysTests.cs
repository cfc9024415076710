using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>Passkeys: made, named and removed by their owner, and good for signing in as nobody else.</summary>
[OnEveryDatabase]
public sealed class PasskeysTests : IAsyncDisposable
{
    private const string Password = "correct horse";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly SpooApp _app;

    public PasskeysTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_passkey_signs_its_owner_in_without_password_and_code_and_is_renamed_and_removed()
    {
        var (owner, user) = await SignedInAsync();
        var key = new SecurityKey();
        await AddAsync(owner, key);

        var visitor = NewVisitor();
        await visitor.OpenAsync("/account/login?returnUrl=%2Fkeys");
        await visitor.SendAsync("login-passkey", ("Answer", key.Use(await AskAsync(visitor))));
        Assert.Equal("/keys", visitor.Address);
        Assert.Equal(user.Id, (await visitor.Client.JsonAsync("/auth/me")).GetProperty("user").Text("id"));

        await visitor.OpenAsync("/settings");
        await visitor.SendAsync(FormOf(visitor), ("Name", "My phone"), ("What", "rename"));
        Assert.Equal("My phone", visitor.Page.QuerySelector("#passkeys .passkeys input[name=Name]")!.GetAttribute("value"));
        Assert.Contains("last used", visitor.Page.QuerySelector("#passkeys")!.TextContent, StringComparison.Ordinal);
        await visitor.SendAsync(FormOf(visitor), ("What", "remove"));
        Assert.Empty(visitor.Page.QuerySelectorAll("#passkeys .passkeys"));
        Assert.Contains("The passkey “My phone” was removed", visitor.Text, StringComparison.Ordinal);

        // The page asks for passkeys where somebody has one.
        var other = NewVisitor();
        await other.OpenAsync("/account/login");
        Assert.Null(other.Page.QuerySelector("spoo-passkey"));
        await AddAsync((await SignedInAsync()).Visitor, new SecurityKey());
        await other.OpenAsync("/account/login");
        await other.SendAsync("login-passkey", ("Answer", key.Use(await AskAsync(other))));
        Assert.Contains("It did not work with a passkey", other.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an answer twice")]
    [InlineData("another site")]
    [InlineData("a device that asks for no finger")]
    [InlineData("nothing")]
    [InlineData("rubbish")]
    [InlineData("no question")]
    public async Task What_is_not_this_answer_of_this_device_signs_nobody_in(string what)
    {
        await AddAsync((await SignedInAsync()).Visitor, new SecurityKey());
        var (owner, _) = await SignedInAsync();
        var key = new SecurityKey { Verifies = what != "a device that asks for no finger", Origin = what == "another site" ? "http://localhost.evil.example" : "http://localhost" };
        if (what is "an answer twice" or "no question")
        {
            await AddAsync(owner, key);
        }
        else if (what is not ("nothing" or "rubbish"))
        {
            await owner.OpenAsync("/settings");
            await owner.SendAsync("add-passkey", ("Answer", key.Make(await AskAsync(owner, "make"))));
            Assert.Contains("It did not work with a passkey", owner.Text, StringComparison.Ordinal);
        }

        var visitor = NewVisitor();
        await visitor.OpenAsync("/account/login");
        var question = await AskAsync(visitor);
        var answer = what switch { "nothing" => "", "rubbish" => "{rubbish", _ => key.Use(question) };
        if (what == "no question")
        {
            visitor = NewVisitor();
            await visitor.OpenAsync("/account/login");
        }
        else if (what == "an answer twice")
        {
            await visitor.SendAsync("login-passkey", ("Answer", answer));
            Assert.Equal("/dashboard", visitor.Address);
            await visitor.PostAsync("/account/logout");
            await visitor.OpenAsync("/account/login");
        }

        await visitor.SendAsync("login-passkey", ("Answer", answer));

        Assert.Contains("It did not work with a passkey", visitor.Text, StringComparison.Ordinal);
        await visitor.OpenAsync("/settings");
        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_stands_for_the_password_before_what_cannot_be_taken_back_but_no_other_persons()
    {
        var (owner, _) = await SignedInAsync();
        var (other, _) = await SignedInAsync();
        var (mine, theirs) = (new SecurityKey(), new SecurityKey());
        await AddAsync(owner, mine);
        await AddAsync(other, theirs);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await owner.OpenAsync("/settings");
        Assert.Null(owner.Page.QuerySelector("#passkeys spoo-passkey"));

        await owner.OpenAsync("/account/again?returnUrl=%2Fsettings");
        await owner.SendAsync("again-passkey", ("Answer", theirs.Use(await AskAsync(owner))));
        Assert.Contains("It did not work with a passkey", owner.Text, StringComparison.Ordinal);
        await owner.SendAsync("again-passkey", ("Answer", mine.Use(await AskAsync(owner))));

        Assert.Equal("/settings", owner.Address);
        Assert.NotNull(owner.Page.QuerySelector("#passkeys spoo-passkey"));
    }

    [Fact]
    public async Task Somebody_who_is_kept_out_does_not_get_in_with_a_passkey_and_it_goes_with_the_account()
    {
        await _app.AddAdministratorAsync();
        var (owner, user) = await SignedInAsync();
        var key = new SecurityKey();
        await AddAsync(owner, key);
        await _app.Get<Administrators>().DisableAsync(user.Id, null, Cancelled);

        var visitor = NewVisitor();
        await visitor.OpenAsync("/account/login");
        await visitor.SendAsync("login-passkey", ("Answer", key.Use(await AskAsync(visitor))));
        Assert.Contains("This account is disabled", visitor.Text, StringComparison.Ordinal);

        await _app.Get<AccountRemoval>().RemoveAsync(user.Id, Cancelled);
        await using var database = _app.OpenDatabase();
        Assert.False(await database.Passkeys.AnyAsync(Cancelled));
    }

    private static string FormOf(Visitor visitor) => visitor.Page.QuerySelector("#passkeys .passkeys form input[name=_handler]")!.GetAttribute("value")!;

    private async Task<(Visitor Visitor, SpooUser User)> SignedInAsync()
    {
        var user = await _app.AddUserAsync(password: Password);
        var visitor = NewVisitor();
        await visitor.SignInAsync(new(user.Email!, Password));
        return (visitor, user);
    }

    /// <summary>A browser that says where it sends from, as all do.</summary>
    private Visitor NewVisitor()
    {
        var visitor = new Visitor(_app);
        visitor.Client.DefaultRequestHeaders.Add("Origin", "http://localhost");
        return visitor;
    }

    private static async Task AddAsync(Visitor visitor, SecurityKey key)
    {
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("add-passkey", ("Answer", key.Make(await AskAsync(visitor, "make"))));
        Assert.StartsWith("/settings?done=passkeys", visitor.Address, StringComparison.Ordinal);
    }

    /// <summary>What a page's script asks for.</summary>
    private static Task<System.Text.Json.JsonElement> AskAsync(Visitor visitor, string what = "use") =>
        visitor.Client.SendAsync(HttpMethod.Post, $"/account/passkeys/{what}").JsonAsync();
}
