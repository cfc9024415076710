using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>How a person shows before what cannot be taken back that the account is theirs.</summary>
internal enum Proof
{
    Given,

    /// <summary>The password was not the current one.</summary>
    Wrong,

    /// <summary>There is no password to ask for; the person has to sign in again first.</summary>
    SignInAgain,
}

/// <summary>Asks for the current password; of people who sign in without one, that they have just done so.</summary>
internal sealed class OwnProof(UserManager<SpooUser> users, Sessions sessions, PasswordDoor passwords, IHttpContextAccessor contexts)
{
    /// <summary>Whether this account is asked for its password.</summary>
    public async Task<bool> IsPasswordAsync(SpooUser user) => user.PasswordHash is not null && await passwords.IsOpenAsync(CancellationToken.None);

    public async Task<Proof> OfAsync(SpooUser user, string? password)
    {
        if (await IsPasswordAsync(user))
        {
            return await users.CheckPasswordAsync(user, password ?? "") ? Proof.Given : Proof.Wrong;
        }

        return await sessions.IsRecentAsync(contexts.HttpContext?.User.SessionId(), CancellationToken.None) ? Proof.Given : Proof.SignInAgain;
    }
}
