using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Makes invitations and lets each make one account.</summary>
public sealed class Invitations(IDbContextFactory<SpooDbContext> contexts, AuditLog audit, SecurityLog security, TimeProvider clock)
{
    /// <summary>Makes an invitation. The token is returned here and never again.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task<(Invitation Invitation, string Token)> MakeAsync(
        string? email, int days, bool makesAdministrator, string? actorId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = Invitation.NewToken();
        var invitation = new Invitation
        {
            Id = PublicId.New(now),
            TokenHash = Invitation.HashOf(token),
            Email = string.IsNullOrWhiteSpace(email) ? null : email.Trim(),
            MakesAdministrator = makesAdministrator,
            CreatedAt = now,
            CreatedById = actorId,
            ExpiresAt = now.AddDays(Math.Clamp(days, 1, Invitation.MaxDays)),
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Invitations.Add(invitation);
        await context.SaveChangesAsync(cancellationToken);
        await audit.RecordAsync(actorId, AuditAct.InvitationMade, invitation.Id, null, cancellationToken);
        return (invitation, token);
    }

    /// <summary>The invitation with this token, if an account can be made with it still.</summary>
    public async Task<Invitation?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var (hash, now) = (Invitation.HashOf(token), clock.GetUtcNow());
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Invitations.AsNoTracking()
            .SingleOrDefaultAsync(invitation => invitation.TokenHash == hash && invitation.UsedAt == null && invitation.ExpiresAt > now, cancellationToken);
    }

    /// <summary>All that can be used still, the newest first.</summary>
    public async Task<IReadOnlyList<Invitation>> OpenAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Invitations.AsNoTracking()
            .Where(invitation => invitation.UsedAt == null && invitation.ExpiresAt > now)
            .OrderByDescending(invitation => invitation.CreatedAt).ToListAsync(cancellationToken);
    }

    /// <summary>False: there was none that could be used still.</summary>
    public async Task<bool> WithdrawAsync(string id, string? actorId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Invitations.Where(invitation => invitation.Id == id && invitation.UsedAt == null).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false;
        }

        await audit.RecordAsync(actorId, AuditAct.InvitationWithdrawn, id, null, cancellationToken);
        return true;
    }

    /// <summary>Makes the account of the person who was invited. Null: the invitation was used, has ended or is another person's.</summary>
    /// <param name="make">Makes it, on <paramref name="context"/>.</param>
    public async Task<IdentityResult?> UseAsync(
        string token, SpooUser user, Func<Task<IdentityResult>> make, SpooDbContext context, CancellationToken cancellationToken)
    {
        var (hash, now) = (Invitation.HashOf(token), clock.GetUtcNow());
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var open = context.Invitations.Where(invitation => invitation.TokenHash == hash && invitation.UsedAt == null && invitation.ExpiresAt > now);
        var invitation = await open.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (invitation is null
            || (invitation.Email is not null && !string.Equals(invitation.Email, user.Email, StringComparison.OrdinalIgnoreCase))

            // Of two who use it at once, one gets the account.
            || await open.ExecuteUpdateAsync(
                set => set.SetProperty(row => row.UsedAt, now).SetProperty(row => row.UsedById, user.Id), cancellationToken) == 0)
        {
            return null;
        }

        // The person who invites an address vouches for it.
        user.EmailConfirmed |= invitation.Email is not null;
        var made = await make();
        if (!made.Succeeded)
        {
            context.ChangeTracker.Clear();
            return made;
        }

        if (invitation.MakesAdministrator)
        {
            await Administrators.HoldAsync(context, cancellationToken);
            await Administrators.AddAsync(context, user.Id, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await security.RecordAsync(user.Id, SecurityEventKind.AccountMade, cancellationToken: cancellationToken);
        await audit.RecordAsync(user.Id, AuditAct.InvitationUsed, invitation.Id, null, cancellationToken);
        return made;
    }
}
