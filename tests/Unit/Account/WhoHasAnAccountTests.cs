using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Tests.Support;
using Spoo.Web.Mail;

namespace Spoo.Tests.Account;

/// <summary>Who has an account is not for strangers to learn; what is mailed begins with the address of the settings.</summary>
public sealed class WhoHasAnAccountTests : IAsyncDisposable
{
    private const string Password = "correct horse";

    private readonly Postbox _post = new();
    private readonly SpooApp _withMail;
    private readonly SpooApp _withoutMail = new();

    public WhoHasAnAccountTests() => _withMail = new SpooApp
    {
        Settings = { ["Links:PublicUrl"] = "https://sp.example" },
        Register = services => services.AddSingleton<IMailer>(_post),
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _withMail.DisposeAsync();
        await _withoutMail.DisposeAsync();
    }

    [Fact]
    public async Task Signing_up_says_the_same_to_everybody_and_the_mail_says_how_it_is()
    {
        var user = await _withMail.AddUserAsync();

        var known = await SignUpAsync(_withMail, user.Email!);
        var unknown = await SignUpAsync(_withMail, "new@example.com");

        Assert.Equal(known.Text.Replace(user.Email!, "…", StringComparison.Ordinal), unknown.Text.Replace("new@example.com", "…", StringComparison.Ordinal));
        Assert.Contains("You have one", (await _post.MailAsync(user.Email!)).Text, StringComparison.Ordinal);
        var link = await _post.LinkAsync("new@example.com");
        await using var database = _withMail.OpenDatabase();
        Assert.Equal(1, await database.Users.CountAsync(Cancelled));

        await unknown.OpenAsync(link);
        await unknown.SendAsync("finish", ("Input.Password", "somebody else's"));
        Assert.Contains("not the password that you chose", unknown.Text, StringComparison.Ordinal);
        await unknown.SendAsync("finish", ("Input.Password", Password));

        Assert.Equal("/dashboard", unknown.Address);
        Assert.True(await database.Users.AnyAsync(made => made.Email == "new@example.com" && made.EmailConfirmed, Cancelled));
        var again = new Visitor(_withMail);
        await again.OpenAsync(link);
        await again.SendAsync("finish", ("Input.Password", Password));
        Assert.Contains("was used already", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_up_without_mail_says_the_same_too_and_touches_no_account_that_is_there()
    {
        var user = await _withoutMail.AddUserAsync(password: Password);

        var known = await SignUpAsync(_withoutMail, user.Email!, "another phrase");
        var unknown = await SignUpAsync(_withoutMail, "new@example.com", "another phrase");

        Assert.Equal(known.Text, unknown.Text);
        Assert.Equal(known.Address, unknown.Address);
        await known.SendAsync("login", ("Input.Email", user.Email!), ("Input.Password", "another phrase"));
        Assert.Contains("No account has this e-mail and password.", known.Text, StringComparison.Ordinal);
        await known.SendAsync("login", ("Input.Email", user.Email!), ("Input.Password", Password));
        await unknown.SendAsync("login", ("Input.Email", "new@example.com"), ("Input.Password", "another phrase"));
        Assert.Equal(("/dashboard", "/dashboard"), (known.Address, unknown.Address));
    }

    [Fact]
    public async Task A_new_address_is_the_accounts_when_its_mail_was_read_and_one_that_is_taken_stays()
    {
        var (user, other) = (await _withMail.AddUserAsync(password: Password), await _withMail.AddUserAsync());
        var visitor = new Visitor(_withMail);
        await visitor.SignInAsync(new(user.Email!, Password));

        var taken = await ChangeAsync(other.Email!);
        var free = await ChangeAsync("fresh@example.com");

        Assert.Equal(taken.Replace(other.Email!, "…", StringComparison.Ordinal), free.Replace("fresh@example.com", "…", StringComparison.Ordinal));
        Assert.DoesNotContain("https://", (await _post.MailAsync(other.Email!)).Text, StringComparison.Ordinal);
        await visitor.OpenAsync(await _post.LinkAsync("fresh@example.com"));
        await visitor.SendAsync("confirm");
        await using var database = _withMail.OpenDatabase();
        Assert.Equal("fresh@example.com", (await database.Users.SingleAsync(row => row.Id == user.Id, Cancelled)).Email);
        var again = new Visitor(_withMail);
        await again.SignInAsync(new("fresh@example.com", Password));
        Assert.Equal("/dashboard", again.Address);

        async Task<string> ChangeAsync(string email)
        {
            await visitor.OpenAsync("/settings");
            await visitor.SendAsync("profile", ("Input.Email", email), ("Input.EmailPassword", Password));
            return visitor.Page.QuerySelector("#profile [role=status]")!.TextContent;
        }
    }

    [Fact]
    public async Task A_mailed_link_begins_with_the_address_of_the_settings_whatever_the_request_says()
    {
        var user = await _withMail.AddUserAsync();
        var visitor = new Visitor(_withMail);
        visitor.Client.DefaultRequestHeaders.Host = "evil.example";
        await visitor.OpenAsync("/account/forgotten");
        await visitor.SendAsync("forgotten", ("Input.Email", user.Email!));

        var mail = await _post.MailAsync(user.Email!);

        Assert.Contains("https://sp.example/account/new-password?user=", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_address_in_the_settings_nothing_is_mailed()
    {
        await using var app = new SpooApp { Register = services => services.AddSingleton<IMailer>(_post) };
        await app.AddUserAsync();
        var visitor = new Visitor(app);
        await visitor.OpenAsync("/account/forgotten");

        Assert.Contains("./run users reset", visitor.Text, StringComparison.Ordinal);
        Assert.Null(visitor.Page.QuerySelector("form[method=post]:not([action])"));
    }

    [Theory]
    [InlineData("sp.example", 200)]
    [InlineData("evil.example", 400)]
    public async Task Only_the_hosts_of_the_settings_are_answered(string host, int status)
    {
        await using var app = new SpooApp { Settings = { ["AllowedHosts"] = "sp.example" } };
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Host = host;

        Assert.Equal(status, (int)(await client.GetAsync("/account/login", Cancelled)).StatusCode);
        Assert.Equal(status == 200 ? 302 : 400, (int)(await client.GetAsync("/" + link.ShortCode, Cancelled)).StatusCode);
    }

    private static async Task<Visitor> SignUpAsync(SpooApp app, string email, string password = Password)
    {
        var visitor = new Visitor(app);
        await visitor.OpenAsync("/account/register");
        await visitor.SendAsync("register", ("Input.Email", email), ("Input.Password", password));
        Assert.Equal(200, visitor.Status);
        return visitor;
    }
}
