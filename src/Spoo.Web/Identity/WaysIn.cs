using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Web.Identity.Providers;

namespace Spoo.Web.Identity;

/// <summary>A provider with which an account signs in.</summary>
/// <param name="Email">The address there, when it was connected. Null: not known.</param>
internal sealed record Connection(string Issuer, string Subject, string Title, string? Email);

/// <summary>By what an account can be signed in to, of which there is always one.</summary>
internal sealed class WaysIn(SignInProviders providers, PasswordDoor passwords, UserManager<SpooUser> users)
{
    public async Task<IReadOnlyList<Connection>> ConnectionsAsync(SpooUser user) =>
        [.. (await users.GetLoginsAsync(user)).Select(login => new Connection(login.LoginProvider, login.ProviderKey, providers.TitleOf(login.LoginProvider), login.ProviderDisplayName))];

    /// <summary>Whether the account could not be signed in to without this connection.</summary>
    public async Task<bool> IsLastAsync(SpooUser user, Connection connection) =>
        !(user.PasswordHash is not null && await passwords.IsOpenAsync(CancellationToken.None))
        && !(await ConnectionsAsync(user)).Any(other => other.Issuer != connection.Issuer && providers.WithIssuer(other.Issuer) is not null);
}
