using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>What administrators do for people that takes the framework's accounts: pages and commands ask the same.</summary>
internal sealed class AdminPeople(UserManager<SpooUser> users, Sessions sessions, AuditLog audit)
{
    /// <summary>Lets a person sign in with their password alone who has lost what made the codes.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task TakeTwoFactorOffAsync(SpooUser user, string? actorId, CancellationToken cancellationToken)
    {
        await users.SetTwoFactorEnabledAsync(user, false);
        await users.ResetAuthenticatorKeyAsync(user);
        await audit.RecordAsync(actorId, AuditAct.TwoFactorTakenOff, user.Id, null, cancellationToken);
    }

    /// <param name="actorId">Null: a command on the server.</param>
    public async Task SignOutEverywhereAsync(SpooUser user, string? actorId, CancellationToken cancellationToken)
    {
        await sessions.EndOthersAsync(user.Id, null, cancellationToken);
        await audit.RecordAsync(actorId, AuditAct.SignedOutEverywhere, user.Id, null, cancellationToken);
    }
}
