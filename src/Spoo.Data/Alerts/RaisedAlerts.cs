using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Alerts;

/// <summary>A mail that tells of alerts that were raised together, by one rule.</summary>
public sealed record AlertMail(string Id, string OwnerId, string RuleId, IReadOnlyList<Alert> Alerts);

/// <summary>What rules have found: who has seen it, and which mails are still to tell of it.</summary>
public sealed class RaisedAlerts(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>A mail that could not be sent for so long is no news any more.</summary>
    private static readonly TimeSpan MailIsNews = TimeSpan.FromHours(24);

    private readonly Lease _lease = new(clock);

    /// <summary>An account's alerts, the newest first, how many there are on all pages, and how many of all are not seen.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<Alert> Alerts, int Total, int Unseen)> ListAsync(Viewer viewer, bool onlyUnseen, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var own = context.Alerts.AsNoTracking().Where(alert => alert.OwnerId == viewer.UserId);
        var unseen = own.Where(alert => alert.SeenAt == null);
        var chosen = onlyUnseen ? unseen : own;
        var alerts = await chosen.OrderByDescending(alert => alert.At).ThenByDescending(alert => alert.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return (alerts, await chosen.CountAsync(cancellationToken), await unseen.CountAsync(cancellationToken));
    }

    /// <summary>How many an account has not seen.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<int> UnseenAsync(string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Alerts.CountAsync(alert => alert.OwnerId == ownerId && alert.SeenAt == null, cancellationToken);
    }

    /// <summary>Marks an alert as seen. It stays so; the moment is that of the first time.</summary>
    /// <returns>Null: the account has no such alert.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<Alert?> SeeAsync(string id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Alerts.SingleOrDefaultAsync(alert => alert.Id == id && alert.OwnerId == viewer.UserId, cancellationToken) is not { } alert)
        {
            return null;
        }

        alert.SeenAt ??= clock.GetUtcNow();
        await context.SaveChangesAsync(cancellationToken);
        return alert;
    }

    /// <summary>Marks all that there are as seen.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task SeeAllAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Alerts.Where(alert => alert.OwnerId == viewer.UserId && alert.SeenAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(alert => alert.SeenAt, (DateTimeOffset?)now), cancellationToken);
    }

    /// <summary>The latest mails about an account's alerts, the newest first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<Alert>> MailedAsync(string ownerId, int most, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Alerts.AsNoTracking().Where(alert => alert.OwnerId == ownerId && alert.MailId != null)
            .OrderByDescending(alert => alert.At).ThenByDescending(alert => alert.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>The ids of mails that are to be sent and that no node sends now. Those that have waited too long are given up.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<string>> DueMailsAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var old = now - MailIsNews;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var due = context.Alerts.Where(alert => alert.IsMailDue);
        if (await due.AnyAsync(alert => alert.At < old, cancellationToken))
        {
            await due.Where(alert => alert.At < old).ExecuteUpdateAsync(set => set.SetProperty(alert => alert.IsMailDue, false), cancellationToken);
        }

        return await Lease.Free(due, now).Select(alert => alert.MailId!).Distinct().OrderBy(id => id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Takes a mail that is to be sent for this node alone.</summary>
    /// <returns>Null: another node has it, or it was sent.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AlertMail?> TakeMailAsync(string mailId, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var due = context.Alerts.Where(alert => alert.MailId == mailId && alert.IsMailDue);
        if (await _lease.TakeAsync(due, time, cancellationToken) == 0)
        {
            return null;
        }

        var alerts = await _lease.Held(due).AsNoTracking().OrderBy(alert => alert.At).ThenBy(alert => alert.Id).ToListAsync(cancellationToken);
        return alerts is [var first, ..] ? new AlertMail(mailId, first.OwnerId, first.RuleId, alerts) : null;
    }

    /// <summary>A mail is done with.</summary>
    /// <param name="isSent">False: it cannot be, because its reader has no address that takes any.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task DoneAsync(AlertMail mail, bool isSent, CancellationToken cancellationToken)
    {
        DateTimeOffset? sentAt = isSent ? clock.GetUtcNow() : null;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Alerts.Where(alert => alert.MailId == mail.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(alert => alert.IsMailDue, false).SetProperty(alert => alert.MailedAt, sentAt), cancellationToken);
    }
}
