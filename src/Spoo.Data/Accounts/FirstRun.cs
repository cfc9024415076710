using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>
/// A brand-new installation has no accounts yet. The first visitor makes the owner's account, and of several who come at once,
/// one: the row that says who it is can be there only once.
/// </summary>
public sealed class FirstRun(IDbContextFactory<SpooDbContext> contexts)
{
    private volatile bool _isOver;

    /// <summary>Whether there is no account yet.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return false;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        _isOver = await context.Users.AnyAsync(cancellationToken);
        return !_isOver;
    }

    /// <summary>Whether this is the account that was made first, by whoever set the server up.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> IsOwnerAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var owner = await context.InstallationSecrets.AsNoTracking().FirstOrDefaultAsync(secret => secret.Name == InstallationSecret.Owner, cancellationToken);
        return owner is not null && Encoding.ASCII.GetString(owner.Value) == userId;
    }

    /// <summary>An account was deleted; it may have been the last one.</summary>
    public void LookAgain() => _isOver = false;

    /// <summary>Makes the owner's account. Null: another request was first.</summary>
    /// <param name="users">Works on <paramref name="context"/>.</param>
    public async Task<IdentityResult?> MakeOwnerAsync(
        SpooUser owner, string password, UserManager<SpooUser> users, SpooDbContext context, CancellationToken cancellationToken)
    {
        if (await context.Users.AnyAsync(cancellationToken))
        {
            return null;
        }

        // Saved with the account, in one transaction that ends before anything else is written down about it.
        context.InstallationSecrets.Add(new InstallationSecret { Name = InstallationSecret.Owner, Value = Encoding.ASCII.GetBytes(owner.Id) });

        // The person who installs a server vouches for their own address.
        owner.EmailConfirmed = true;
        IdentityResult made;
        try
        {
            made = await users.CreateAsync(owner, password);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            context.ChangeTracker.Clear();
            if (await context.Users.AnyAsync(cancellationToken))
            {
                return null;
            }

            throw;
        }

        if (made.Succeeded)
        {
            _isOver = true;
        }
        else
        {
            context.ChangeTracker.Clear();
        }

        return made;
    }
}
