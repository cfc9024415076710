using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Web.Identity.Providers;

namespace Spoo.Web.Identity;

/// <summary>Who may sign up, as a page wants it: pages know no database.</summary>
public sealed class InvitedSignUp(Invitations invitations, AccountOptions options, SignInProviders providers, UserManager<SpooUser> users, SpooDbContext context)
{
    /// <summary>Whether everybody may, with a password.</summary>
    public bool IsOpen => options.SignUp == SignUpPolicy.Open;

    /// <summary>Whether a person with an invitation may, with a password.</summary>
    public bool IsByInvitation => options.SignUp != SignUpPolicy.Closed;

    /// <summary>Whether invitations open anything: with a password, or with a provider.</summary>
    public bool TakesInvitations => IsByInvitation || providers.TakeInvitations;

    /// <summary>The invitation with this token, if it is good. Null: it is not, or sign-up is closed.</summary>
    public async Task<Invitation?> FindAsync(string? token) =>
        TakesInvitations ? await invitations.FindAsync(token, CancellationToken.None) : null;

    /// <summary>Whether somebody has this address already, so that an invitation for it would open nothing.</summary>
    public async Task<bool> HasAccountAsync(string email) => await users.FindByEmailAsync(email.Trim()) is not null;

    /// <summary>Makes the invited person's account. Null: the invitation is not good (any more) for this address.</summary>
    public async Task<IdentityResult?> MakeAsync(string token, SpooUser user, string password) =>
        IsByInvitation ? await invitations.UseAsync(token, user, () => users.CreateAsync(user, password), context, CancellationToken.None) : null;

    /// <summary>Makes the account of a person whom a provider knows, which lets them sign up. Null: it takes an invitation, and this is none that is good.</summary>
    public async Task<IdentityResult?> MakeByProviderAsync(SignInProvider provider, string? invitation, SpooUser user, UserLoginInfo login)
    {
        return (invitation is null ? null : await invitations.UseAsync(invitation, user, MakeAsync, context, CancellationToken.None))
            ?? (provider.Options.SignUp == SignUpPolicy.Open ? await MakeAsync() : null);

        async Task<IdentityResult> MakeAsync()
        {
            var made = await users.CreateAsync(user);
            return made.Succeeded ? await users.AddLoginAsync(user, login) : made;
        }
    }
}
