using System.Globalization;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;

namespace Spoo.Tests.Support;

/// <summary>A server with two providers: everybody of <c>corp</c> gets an account, of <c>club</c> people with an invitation and of one domain.</summary>
public sealed class ProviderWorld : IAsyncDisposable
{
    public const string Group = "spoo-admins";

    private static int _people;

    public ProviderWorld()
        : this([])
    {
    }

    internal ProviderWorld(Dictionary<string, string> settings)
    {
        App = new SpooApp
        {
            Clock = Clock,
            Settings = Corp.Settings(("SignUp", "Open"), ("DisplayName", "The Corp"), ("AdministratorGroup", Group))
                .Concat(Club.Settings(("AllowedEmailDomains", "club.example")))
                .Concat(settings).ToDictionary(),
            Register = services =>
            {
                services.AddSingleton<ILoggerProvider>(Log);
                services.Configure<OpenIdConnectOptions>("provider-corp", options => options.BackchannelHttpHandler = Corp);
                services.Configure<OpenIdConnectOptions>("provider-club", options => options.BackchannelHttpHandler = Club);
            },
        };
    }

    public SpooApp App { get; }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    internal IdentityProvider Corp { get; } = new("corp");

    internal IdentityProvider Club { get; } = new("club");

    internal KeptLog Log { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Log.Dispose();
    }

    /// <summary>What a provider says of somebody who has not been here.</summary>
    public static Dictionary<string, object> NewPerson(string domain = "corp.example")
    {
        var number = Interlocked.Increment(ref _people);
        return new()
        {
            ["sub"] = "subject " + number.ToString(CultureInfo.InvariantCulture),
            ["email"] = $"person{number}@{domain}",
            ["email_verified"] = true,
            ["name"] = $"Person {number}",
        };
    }

    /// <summary>Signs somebody in at a provider and goes where that leads.</summary>
    internal static async Task SignInAsync(Visitor visitor, IdentityProvider provider, Dictionary<string, object>? person = null, string? from = null)
    {
        provider.Person = person ?? provider.Person;
        await visitor.OpenAsync(from ?? $"/account/providers/{provider.Name}");
        await visitor.OpenAsync(new Uri(provider.SignIn(visitor.Elsewhere!)).PathAndQuery);
    }

    /// <summary>The account with this address. Null: there is none.</summary>
    public async Task<SpooUser?> FindAsync(object email)
    {
        await using var database = App.OpenDatabase();
        return await database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Email == (string)email, TestContext.Current.CancellationToken);
    }

    /// <summary>Stores an account whose address was confirmed, or not.</summary>
    public async Task<SpooUser> AddUserAsync(object email, bool isConfirmed)
    {
        var user = await App.AddUserAsync((string)email);
        await using var database = App.OpenDatabase();
        await database.Users.Where(row => row.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EmailConfirmed, isConfirmed), TestContext.Current.CancellationToken);
        return user;
    }
}
