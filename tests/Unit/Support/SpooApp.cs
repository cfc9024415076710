using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Tests.ClickHouse;
using Spoo.Web.Components.Layout;
using Spoo.Web.Identity;

namespace Spoo.Tests.Support;

/// <summary>
/// The whole product in the test's own process, with a data folder and a database of its own (<see cref="SuiteDatabase"/>). It starts when it is first used; what a test
/// needs to be different is said before that, in the initializer.
/// </summary>
public sealed class SpooApp : WebApplicationFactory<Program>
{
    private static StyleSheets? _styleSheets;

    private readonly TemporaryFolder _folder = new();
    private Dictionary<string, string> _database = [];

    /// <summary>The data folder of another one, which is left as it is at the end. Null: one of its own.</summary>
    public string? On { get; init; }

    /// <summary>What the first run asks for.</summary>
    public const string SetupCode = "the setup code";

    /// <summary>Settings over those of the product. Rate limits are off, because tests are quick; everybody may sign up and make links.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>What the product takes for the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Registrations that come after the product's own and win over them.</summary>
    public Action<IServiceCollection>? Register { get; init; }

    /// <summary>The data folder.</summary>
    public string Folder => On ?? _folder.Path;

    /// <summary>The settings with which another process, such as a command, has the same data.</summary>
    public IEnumerable<KeyValuePair<string, string?>> SameData =>
        _database.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Prepend(new("Data:Folder", Folder));

    /// <summary>One of the product's services.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public SpooDbContext OpenDatabase() => Get<IDbContextFactory<SpooDbContext>>().CreateDbContext();

    public async Task<SpooUser> AddUserAsync(string? email = null, string password = "correct horse")
    {
        await using var scope = Services.CreateAsyncScope();
        var user = Some.User(email);
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().CreateAsync(user, password);
        Assert.True(result.Succeeded, string.Join("; ", result.Errors.Select(error => error.Description)));
        return user;
    }

    /// <summary>As <see cref="AddUserAsync"/>, and lets them look after the server.</summary>
    public async Task<SpooUser> AddAdministratorAsync(string? email = null)
    {
        var user = await AddUserAsync(email);
        await Get<Administrators>().MakeAsync(user.Id, null, CancellationToken.None);
        return user;
    }

    /// <summary>Makes an API key and returns its token; with no scopes named, one that may do everything.</summary>
    public async Task<string> AddKeyAsync(SpooUser owner, params string[] scopes)
    {
        string[] granted = scopes.Length == 0 ? [ApiKeyScope.AdminAll] : scopes;
        var (_, token) = await Get<ApiKeyService>().CreateAsync(owner.Id, "test", granted);
        return token;
    }

    /// <summary>Stores a link and returns it with its key.</summary>
    public async Task<Link> AddAsync(Link link)
    {
        await using var database = OpenDatabase();
        database.Links.Add(link);
        await database.SaveChangesAsync();
        return link;
    }

    /// <summary>Gives every link a code that nobody else uses, so that a test may take whichever it likes in a server that it shares with those before it.</summary>
    public async Task FreeCodesAsync()
    {
        await using var database = OpenDatabase();
        await database.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.ShortCode, link => link.PublicId).SetProperty(link => link.FoldedCode, link => link.PublicId));
    }

    /// <summary>Stores clicks the way the product does, with the links' counters.</summary>
    public async Task AddAsync(IEnumerable<ClickFacts> clicks)
    {
        var store = Get<ClickStore>();
        var batch = Some.Batch(await store.NewWriterAsync("test", null, CancellationToken.None), clicks);
        await store.StoreAsync(batch, CancellationToken.None);
    }

    public Task AddAsync(params ClickFacts[] clicks) => AddAsync(clicks.AsEnumerable());

    /// <summary>Waits until every click that was answered is in the database.</summary>
    public Task StoredAsync() => UntilAsync(() => Get<ClickWriter>().Health.Unstored == 0);

    /// <summary>Waits for what the product does in the background. A fake clock goes on meanwhile, as timers need it to.</summary>
    public Task UntilAsync(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") => Eventually.TrueAsync(
        isSo, () => (Clock as FakeTimeProvider)?.Advance(Get<ClickOptions>().BatchDelay), what);

    /// <summary>A client that is not signed in and that does not follow redirects.</summary>
    public HttpClient Anonymous() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>A client that presents this token.</summary>
    public HttpClient WithToken(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client with an API key of this user; with no scopes named, one that may do everything.</summary>
    public async Task<HttpClient> WithKeyAsync(SpooUser owner, params string[] scopes) => WithToken(await AddKeyAsync(owner, scopes));

    /// <summary>A client that is signed in as this user, by the cookie that the sign-in page would have set.</summary>
    public async Task<HttpClient> SignedInAsync(SpooUser user)
    {
        await using var scope = Services.CreateAsyncScope();
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<SpooUser>>().CreateAsync(user);
        var session = await Get<Sessions>().BeginAsync(user.Id, "a test", CancellationToken.None);
        principal.Identities.First().AddClaim(new Claim(Viewers.SessionClaim, session.Id));
        var properties = new AuthenticationProperties { IssuedUtc = Clock.GetUtcNow(), ExpiresUtc = Clock.GetUtcNow().AddDays(1) };
        var ticket = new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme);
        var cookies = Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);

        var client = Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"{cookies.Cookie.Name}={cookies.TicketDataFormat.Protect(ticket)}");
        return client;
    }

    /// <summary>A client as <see cref="SignedInAsync"/> makes it, with the token that lets one of our own pages change something.</summary>
    public async Task<HttpClient> ScriptOfAsync(SpooUser user)
    {
        var client = await SignedInAsync(user);
        var answer = await client.GetAsync("/auth/me", TestContext.Current.CancellationToken);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var cookies = client.DefaultRequestHeaders.GetValues("Cookie").Append(cookie).ToList();
        client.DefaultRequestHeaders.Remove("Cookie");
        client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies));
        client.DefaultRequestHeaders.Add("X-CSRF-Token", answer.Headers.GetValues("X-CSRF-Token"));
        return client;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _folder.DisposeAsync();
        await SuiteDatabase.DropAsync(_database);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Data:Folder", Folder);
        builder.UseSetting("RateLimits:Enabled", "false");

        // Nobody changes the settings' file: it needs no thread that watches it.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");

        // Most tests are about what comes after these doors.
        builder.UseSetting("Accounts:SignUp", "Open");
        builder.UseSetting("Accounts:SetupCode", SetupCode);
        builder.UseSetting("Links:AllowAnonymous", "true");
        _database = Settings.ContainsKey("Data:Database") ? [] : SuiteDatabase.NewSettings();
        if (On is null && SuiteDatabase.Kind == DatabaseKind.Sqlite && !Settings.ContainsKey("Data:Database"))
        {
            MadeDatabase.PutInto(Folder);
        }

        foreach (var (name, value) in ClickHouseDoor.OfSuite().Concat(Settings).Concat(_database))
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureServices(services =>
        {
            services.AddSingleton(Clock);
            services.AddSingleton<IInterceptor>(AlsoForSqlServer.Instance);
            services.AddSingleton<IStartupFilter, OfficialShapes>();
            services.AddSingleton(MadeStyleSheets);
            LateCircuits.Register(services);

            // No password of a test is worth the time that makes a real one hard to guess.
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
            Register?.Invoke(services);
        });
    }

    // The same in every server of this process, and not made again for each.
    private static StyleSheets MadeStyleSheets(IServiceProvider services)
    {
        if (_styleSheets is null)
        {
            var made = new StyleSheets(services.GetRequiredService<IWebHostEnvironment>());
            _ = (made.Plain, made.Public, made.Circuit);
            _styleSheets = made;
        }

        return _styleSheets;
    }
}
