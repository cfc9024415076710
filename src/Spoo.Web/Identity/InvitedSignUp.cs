using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity;

/// <summary>Who may sign up, as a page wants it: pages know no database.</summary>
public sealed class InvitedSignUp(Invitations invitations, AccountOptions options, UserManager<SpooUser> users, SpooDbContext context)
{
    /// <summary>Whether everybody may.</summary>
    public bool IsOpen => options.SignUp == SignUpPolicy.Open;

    /// <summary>Whether a person with an invitation may.</summary>
    public bool IsByInvitation => options.SignUp != SignUpPolicy.Closed;

    /// <summary>The invitation with this token, if it is good. Null: it is not, or sign-up is closed.</summary>
    public async Task<Invitation?> FindAsync(string? token) =>
        IsByInvitation ? await invitations.FindAsync(token, CancellationToken.None) : null;

    /// <summary>Makes the invited person's account. Null: the invitation is not good (any more) for this address.</summary>
    public async Task<IdentityResult?> MakeAsync(string token, SpooUser user, string password) =>
        IsByInvitation ? await invitations.UseAsync(token, user, password, users, context, CancellationToken.None) : null;
}
