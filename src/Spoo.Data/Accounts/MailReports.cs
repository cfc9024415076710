using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Which reports accounts get by mail, and which of them are due.</summary>
public sealed class MailReports(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    private readonly Lease _lease = new(clock);

    /// <summary>More mails than anybody reads.</summary>
    public const int MostReports = 20;

    /// <summary>An account's reports, the oldest first.</summary>
    public async Task<IReadOnlyList<MailReport>> ListAsync(string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.MailReports.AsNoTracking().Where(report => report.OwnerId == ownerId).OrderBy(report => report.CreatedAt).ThenBy(report => report.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Null: there is none, or it is another's.</summary>
    public async Task<MailReport?> FindAsync(string ownerId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.MailReports.AsNoTracking().SingleOrDefaultAsync(report => report.Id == id && report.OwnerId == ownerId, cancellationToken);
    }

    /// <summary>Adds one; there is one of each view and rhythm.</summary>
    /// <param name="viewId">One of the account's own saved views. Null: all links.</param>
    /// <returns>False: the account has <see cref="MostReports"/>.</returns>
    public async Task<bool> AddAsync(string ownerId, string? viewId, ReportRhythm rhythm, DateTimeOffset nextAt, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.MailReports.Where(report => report.OwnerId == ownerId).ToListAsync(cancellationToken);
        if (known.Exists(report => report.ViewId == viewId && report.Rhythm == rhythm))
        {
            return true;
        }

        if (known.Count >= MostReports)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        context.MailReports.Add(new MailReport { Id = PublicId.New(now), OwnerId = ownerId, ViewId = viewId, Rhythm = rhythm, NextAt = nextAt, CreatedAt = now });
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends a report; one that has ended already has.</summary>
    /// <param name="ownerId">Whose it is. Null: whoever has a link that names it may end it.</param>
    public async Task RemoveAsync(string? ownerId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.MailReports.Where(report => report.Id == id && (ownerId == null || report.OwnerId == ownerId)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Reports that are due and that no node sends now, those that have waited longest first.</summary>
    public async Task<IReadOnlyList<MailReport>> DueAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Lease.Free(context.MailReports.AsNoTracking(), now)
            .Where(report => report.NextAt <= now)
            .OrderBy(report => report.NextAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Takes a report that is due for this node alone.</summary>
    /// <returns>False: another node has it, or it was sent or ended meanwhile.</returns>
    public async Task<bool> TryClaimAsync(MailReport due, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await _lease.TakeAsync(context.MailReports.Where(report => report.Id == due.Id && report.NextAt == due.NextAt), time, cancellationToken) == 1;
    }

    /// <summary>A report that was due is done with, and the next one comes then.</summary>
    /// <param name="sentAt">Null: none was sent yet.</param>
    /// <returns>0: it was changed or ended meanwhile.</returns>
    internal static Task<int> DoneAsync(SpooDbContext context, MailReport due, DateTimeOffset nextAt, DateTimeOffset? sentAt, CancellationToken cancellationToken) =>
        context.MailReports.Where(report => report.Id == due.Id && report.NextAt == due.NextAt).ExecuteUpdateAsync(
            set => set
                .SetProperty(report => report.NextAt, nextAt)
                .SetProperty(report => report.LastSentAt, sentAt)
                .SetProperty(report => report.HeldUntil, (DateTimeOffset?)null)
                .SetProperty(report => report.HeldBy, (string?)null),
            cancellationToken);
}
