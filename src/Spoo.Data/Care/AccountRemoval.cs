using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;

namespace Spoo.Data.Care;

/// <summary>What was deleted with an account.</summary>
public sealed record RemovalReceipt(string Email, DateTimeOffset At, int Links, long Clicks, int Keys);

/// <summary>What came of deleting an account.</summary>
public abstract record RemovalOutcome
{
    private RemovalOutcome()
    {
    }

    public sealed record Done(RemovalReceipt Receipt) : RemovalOutcome;

    public sealed record Refused(Refusal Refusal) : RemovalOutcome;
}

/// <summary>Deletes an account with everything that is its own: links, clicks, keys, settings and the index file.</summary>
/// <remarks>
/// What clicks of other accounts share, such as the name of a browser or of a city, stays: it says nothing about whose clicks had it. The rest,
/// the journal and the free room of the database are cleared up by <see cref="ClearingUpRounds"/>, seconds later.
/// </remarks>
public sealed class AccountRemoval(
    IDbContextFactory<SpooDbContext> contexts,
    LinkLookup lookup,
    IClickCounting counting,
    FirstRun firstRun,
    Administrators administrators,
    AuditLog audit,
    Sessions sessions,
    SecurityLog security,
    TimeProvider clock)
{
    private static readonly RemovalOutcome.Refused NoSuchAccount = new(new Refusal(RefusalKind.NotFound, "there is no such account"));

    /// <summary>As <see cref="RemoveAsync(string, CancellationToken)"/>, by an administrator, which is written down.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task<RemovalOutcome> RemoveAsync(string userId, string? actorId, CancellationToken cancellationToken)
    {
        var outcome = await RemoveAsync(userId, cancellationToken);
        if (outcome is RemovalOutcome.Done)
        {
            await audit.RecordAsync(actorId, AuditAct.AccountDeleted, userId, null, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Deletes an account, unless no administrator would be left.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer. What had been deleted by then is; trying again deletes the rest.</exception>
    public async Task<RemovalOutcome> RemoveAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var email = await context.Users.Where(user => user.Id == userId).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken);
        if (email is null)
        {
            return NoSuchAccount;
        }

        if (await administrators.TakeAwayAsync(userId, cancellationToken) is null)
        {
            return new RemovalOutcome.Refused(Administrators.LastOne);
        }

        // No key and no cookie opens anything any more. A page that was open until now may still have made a link meanwhile.
        await sessions.EndOthersAsync(userId, null, cancellationToken);
        var keys = await context.ApiKeys.Where(key => key.OwnerId == userId).ExecuteDeleteAsync(cancellationToken);
        await context.WebhookEndpoints.Where(endpoint => endpoint.OwnerId == userId).ExecuteDeleteAsync(cancellationToken);
        var (links, deleted) = (0, 0L);
        while (await context.Links.Where(link => link.OwnerId == userId)
            .Select(link => new { link.Id, link.DomainId, link.ShortCode, link.TotalClicks }).ToListAsync(cancellationToken) is { Count: > 0 } left)
        {
            deleted += await context.DeleteLinksAsync(left.Select(link => (link.Id, link.TotalClicks)), clock.GetUtcNow(), cancellationToken);
            left.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
            links += left.Count;
        }

        // What an import called itself may be the name of a private file; its number says how far others have followed it and stays.
        await context.ClickWriters.Where(writer => writer.OwnerId == userId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(writer => writer.Name, ClickWriterNode.Deleted).SetProperty(writer => writer.OwnerId, ClickWriterNode.Deleted),
                cancellationToken);

        // What was sent to this address, and what came from it.
        await context.Invitations.Where(invitation => invitation.Email == email || invitation.UsedById == userId || invitation.CreatedById == userId)
            .ExecuteDeleteAsync(cancellationToken);
        await context.LinkReports.Where(report => report.ReporterEmail == email)
            .ExecuteUpdateAsync(
                set => set.SetProperty(report => report.ReporterEmail, (string?)null).SetProperty(report => report.ReporterOrganisation, (string?)null),
                cancellationToken);
        await context.MissedCodes.Where(missed => context.Domains.Any(domain => domain.Id == missed.DomainId && domain.OwnerId == userId)).ExecuteDeleteAsync(cancellationToken);
        await context.Users.Where(user => user.Id == userId).ExecuteDeleteAsync(cancellationToken);

        // Also where there was no link: what the account was called may stand in room that is free now.
        await context.NoteDeletionAsync(cancellationToken);
        security.Log(SecurityEventKind.AccountDeleted, userId);
        counting.Forget(userId);
        firstRun.LookAgain();

        return new RemovalOutcome.Done(new RemovalReceipt(email, clock.GetUtcNow(), links, deleted, keys));
    }
}
