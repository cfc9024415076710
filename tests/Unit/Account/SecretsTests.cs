using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Tests.Support;
using Spoo.Web.Limits;
using Spoo.Web.Mail;

namespace Spoo.Tests.Account;

/// <summary>How passwords and codes are tried, kept and told of.</summary>
public sealed class SecretsTests
{
    private const string Password = "correct horse";
    private const string Address = "X-Test-Address";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_passwords_from_elsewhere_lock_nobody_out_and_say_the_same_of_everybody()
    {
        await using var app = Register(_ => { });
        var user = await app.AddUserAsync(password: Password);

        var ofKnown = await GuessAsync("10.0.0.1", user.Email!);
        var ofUnknown = await GuessAsync("10.0.0.1", "nobody@example.com");
        var owner = From(app, "10.0.0.2");
        await owner.SignInAsync(new(user.Email!, Password));

        Assert.Equal(ofKnown, ofUnknown);
        Assert.Equal(6, ofKnown.Distinct().Count() + 4);        // five times wrong, then too many
        Assert.Contains("Too many attempts", ofKnown[^1], StringComparison.Ordinal);
        Assert.Equal("/dashboard", owner.Address);

        async Task<List<string>> GuessAsync(string address, string email)
        {
            var said = new List<string>();
            for (var attempt = 0; attempt < 6; attempt++)
            {
                var guesser = From(app, address);
                await guesser.SignInAsync(new(email, attempt == 5 ? Password : "a guess"));
                said.Add(guesser.Page.QuerySelector("[role=alert]")?.TextContent ?? guesser.Address);
            }

            return said;
        }
    }

    [Fact]
    public async Task A_password_is_compared_once_whether_there_is_an_account_or_not()
    {
        var hasher = new CountingHasher();
        await using var app = Register(services => services.AddSingleton<IPasswordHasher<SpooUser>>(hasher));
        var user = await app.AddUserAsync(password: Password);
        await From(app, "10.0.0.1").SignInAsync(new("nobody@example.com", "a guess"));      // which makes what nobody's password is compared with

        var known = await ComparisonsAsync(user.Email!);
        var unknown = await ComparisonsAsync("nobody@example.com");

        Assert.Equal((1, 1), (known, unknown));

        async Task<int> ComparisonsAsync(string email)
        {
            var before = hasher.Comparisons;
            await From(app, "10.0.0.3").SignInAsync(new(email, "a guess"));
            return hasher.Comparisons - before;
        }
    }

    [Fact]
    public async Task A_password_that_was_hashed_with_fewer_rounds_is_hashed_anew_at_signing_in()
    {
        await using var app = Register(services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 7));
        var user = await app.AddUserAsync(password: Password);
        await using var database = app.OpenDatabase();
        var old = new PasswordHasher<SpooUser>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 3 })).HashPassword(user, Password);
        await database.Users.ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, old), Cancelled);

        await From(app, "10.0.0.1").SignInAsync(new(user.Email!, Password));

        Assert.Equal(7, RoundsOf((await database.Users.AsNoTracking().SingleAsync(Cancelled)).PasswordHash!));
    }

    [Fact]
    public void Passwords_of_links_and_people_have_as_many_rounds_as_OWASP_says() =>
        Assert.Equal((210_000, 210_000), (LinkPassword.Iterations, RoundsOf(LinkPassword.Hash("a"))));

    [Theory]
    [InlineData("password")]
    [InlineData("Football")]
    [InlineData("1qaz2wsx")]
    public async Task One_of_the_commonest_passwords_is_refused_on_every_page(string common)
    {
        await using var app = Register(_ => { });
        var user = await app.AddUserAsync(password: Password);
        var visitor = From(app, "10.0.0.1");
        await visitor.OpenAsync("/account/register");
        await visitor.SendAsync("register", ("Input.Email", "new@example.com"), ("Input.Password", common));
        Assert.Contains("Too many people have this password", visitor.Text, StringComparison.Ordinal);
        await visitor.SignInAsync(new(user.Email!, Password));
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("password", ("Input.Current", Password), ("Input.New", common));
        Assert.Contains("Too many people have this password", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovery_codes_are_kept_hashed_and_those_of_earlier_versions_become_so()
    {
        await using var app = Register(_ => { });
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        var user = (await users.FindByIdAsync((await app.AddUserAsync()).Id))!;
        var codes = (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 3))!.ToList();
        await using var database = app.OpenDatabase();
        Assert.All(codes, code => Assert.Matches("^([2-9B-Y]{5}-){3}[2-9B-Y]{5}$", code));
        Assert.DoesNotContain(codes, code => KeptAsync().Result.Contains(code, StringComparison.OrdinalIgnoreCase));
        Assert.True((await users.RedeemTwoFactorRecoveryCodeAsync(user, codes[1].ToLowerInvariant())).Succeeded);
        Assert.False((await users.RedeemTwoFactorRecoveryCodeAsync(user, codes[1])).Succeeded);
        Assert.Equal(2, await users.CountRecoveryCodesAsync(user));

        await database.UserTokens.Where(token => token.Name == "RecoveryCodes")
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, "ABCDE-FGHIJ;KLMNO-PQRST"), Cancelled);
        await SpooUserStore.HashCodesAsync(app.OpenDatabase(), Cancelled);

        Assert.DoesNotContain("ABCDE", await KeptAsync(), StringComparison.Ordinal);
        await using var later = app.Services.CreateAsyncScope();
        var again = later.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        Assert.True((await again.RedeemTwoFactorRecoveryCodeAsync((await again.FindByIdAsync(user.Id))!, "KLMNO-PQRST")).Succeeded);

        async Task<string> KeptAsync()
        {
            await using var now = app.OpenDatabase();
            return (await now.UserTokens.SingleAsync(token => token.Name == "RecoveryCodes", Cancelled)).Value!;
        }
    }

    [Fact]
    public async Task What_changes_the_safety_of_an_account_is_on_its_list_and_some_of_it_in_a_mail()
    {
        var post = new Postbox();
        await using var app = Register(services => services.AddSingleton<IMailer>(post));
        var user = await app.AddUserAsync(password: Password);
        await From(app, "10.0.0.9").SignInAsync(new(user.Email!, "a guess"));
        var visitor = From(app, "10.0.0.1");
        visitor.Client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        await visitor.SignInAsync(new(user.Email!, Password));
        await visitor.OpenAsync("/settings/two-factor");
        await visitor.SendAsync("begin-two-factor");
        await visitor.SendAsync("enable-two-factor", ("Enable.Code", Authenticator.CodeOf(visitor.Page.QuerySelector("[data-copy]")!.GetAttribute("data-copy")!)));
        await visitor.OpenAsync("/settings/two-factor");
        await visitor.SendAsync("change-two-factor", ("Change.Password", Password), ("Change.What", "off"));
        await (await app.ScriptOfAsync(user)).SendAsync(HttpMethod.Post, "/api/v1/keys", """{"name":"Weekly","scopes":["stats:read"]}""").JsonAsync(201);
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("password", ("Input.Current", Password), ("Input.New", "another phrase"));

        await visitor.OpenAsync("/settings");
        var list = visitor.Page.QuerySelectorAll("#activity table:last-of-type tbody th").Select(cell => cell.TextContent).ToList();
        string[] expected =
        [
            "The password was changed", "The API key “Weekly” was made", "Two-factor sign-in was turned off", "Recovery codes were made",
            "Two-factor sign-in was turned on", "Signed in", "The account was made",
        ];
        Assert.Equal(expected, list.Where(expected.Contains));
        Assert.Contains("A wrong password was entered", list);
        Assert.Contains("Firefox", visitor.Page.QuerySelector("#activity")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0", visitor.Page.QuerySelector("#activity")!.TextContent, StringComparison.Ordinal);
        foreach (var told in new[] { "Two-factor sign-in was turned off", "The API key “Weekly” was made", "The password was changed" })
        {
            await Eventually.TrueAsync(() => post.Mails.Any(mail => mail.Subject == told));
        }
    }

    [Fact]
    public async Task What_strangers_cause_pushes_nothing_else_off_the_list()
    {
        await using var app = Register(_ => { });
        var user = await app.AddUserAsync();
        var log = app.Get<SecurityLog>();
        for (var i = 0; i < 60; i++)
        {
            await log.RecordAsync(user.Id, SecurityEventKind.SignInFailed, cancellationToken: Cancelled);
        }

        var kept = await log.ListAsync(user.Id, 1000, Cancelled);

        Assert.Equal(50, kept.Count(happened => happened.Kind == SecurityEventKind.SignInFailed));
        Assert.Contains(kept, happened => happened.Kind == SecurityEventKind.AccountMade);
    }

    [Fact]
    public void A_network_has_only_so_many_pages_open_at_once()
    {
        var open = new OpenConnections();

        Assert.Equal(OpenConnections.Most, Enumerable.Range(0, OpenConnections.Most + 50).Count(_ => open.TryEnter("one")));
        Assert.True(open.TryEnter("another"));
        open.Leave("one");
        Assert.True(open.TryEnter("one"));
        Assert.False(open.TryEnter("one"));
    }

    private static int RoundsOf(string hash) => BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));

    private static Visitor From(SpooApp app, string address)
    {
        var visitor = new Visitor(app);
        visitor.Client.DefaultRequestHeaders.Add(Address, address);
        return visitor;
    }

    private static SpooApp Register(Action<IServiceCollection> more) => new()
    {
        Settings = { ["Links:PublicUrl"] = "http://localhost" },
        Register = services =>
        {
            services.AddSingleton<IStartupFilter, AddressOfTheHeader>();
            more(services);
        },
    };

    /// <summary>In a test everybody comes from nowhere; here they say where from.</summary>
    private sealed class AddressOfTheHeader : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers[Address], out var address) ? address : null;
                return following(context);
            });
            next(app);
        };
    }

    private sealed class CountingHasher : IPasswordHasher<SpooUser>
    {
        private readonly PasswordHasher<SpooUser> _real = new(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        private int _comparisons;

        public int Comparisons => _comparisons;

        public string HashPassword(SpooUser user, string password) => _real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(SpooUser user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _comparisons);
            return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
