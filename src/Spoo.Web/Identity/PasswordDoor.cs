using Spoo.Data.Accounts;
using Spoo.Web.Identity.Providers;

namespace Spoo.Web.Identity;

/// <summary>
/// Whether people sign in with passwords. They go on doing so, whatever the setting says, until an administrator is connected to a provider: a server
/// into which its administrators cannot get any more would help nobody.
/// </summary>
public sealed class PasswordDoor(AccountOptions options, SignInProviders providers, Administrators administrators)
{
    /// <summary>Whether passwords are switched off by the setting, which is not obeyed yet.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> IsHeldOpenAsync(CancellationToken cancellationToken) => !options.PasswordSignIn && await IsOpenAsync(cancellationToken);

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async ValueTask<bool> IsOpenAsync(CancellationToken cancellationToken) =>
        options.PasswordSignIn || !await administrators.AnyConnectedAsync([.. providers.All.Select(provider => provider.Issuer)], cancellationToken);
}
