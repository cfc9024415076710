using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Web.Identity.Providers;

namespace Spoo.Web.Identity;

/// <summary>A provider with which an account signs in.</summary>
/// <param name="Email">The address there, when it was connected. Null: not known.</param>
internal sealed record Connection(string Issuer, string Subject, string Title, string? Email);

/// <summary>By what an account can be signed in to, of which there is always one.</summary>
internal sealed class WaysIn(SignInProviders providers, PasswordDoor passwords, Passkeys passkeys, UserManager<SpooUser> users)
{
    public async Task<IReadOnlyList<Connection>> ConnectionsAsync(SpooUser user) =>
        [.. (await users.GetLoginsAsync(user)).Select(login => new Connection(login.LoginProvider, login.ProviderKey, providers.TitleOf(login.LoginProvider), login.ProviderDisplayName))];

    /// <summary>Whether the account could not be signed in to without this connection.</summary>
    public async Task<bool> IsLastAsync(SpooUser user, Connection connection) =>
        !await HasPasswordAsync(user) && !await IsConnectedAsync(user, connection.Issuer) && (await passkeys.ListAsync(user.Id, CancellationToken.None)).Count == 0;

    /// <summary>Whether the account could not be signed in to without the only one of so many passkeys.</summary>
    public async Task<bool> IsLastPasskeyAsync(SpooUser user, int count) =>
        count == 1 && !await HasPasswordAsync(user) && !await IsConnectedAsync(user, null);

    private async Task<bool> HasPasswordAsync(SpooUser user) => user.PasswordHash is not null && await passwords.IsOpenAsync(CancellationToken.None);

    private async Task<bool> IsConnectedAsync(SpooUser user, string? beside) =>
        (await ConnectionsAsync(user)).Any(connection => connection.Issuer != beside && providers.WithIssuer(connection.Issuer) is not null);
}
