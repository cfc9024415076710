using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Care;

/// <summary>Deletes the clicks that are older than their owner keeps them (<see cref="SpooUser.RetentionDays"/>), or may (<see cref="QuotaKind.StoredDays"/>).</summary>
/// <remarks>
/// Whole days go at a time, those of UTC, so that there is something to do once a day: deleting rows begins a new
/// <see cref="ClickEpoch"/> of the account, after which its columns are made again from what is left.
/// </remarks>
public sealed class ClickRetention(IDbContextFactory<SpooDbContext> contexts, Quotas quotas, TimeProvider clock)
{
    /// <summary>The first instant that is kept.</summary>
    public static DateTimeOffset KeptFrom(DateTimeOffset now, int days) => new(now.UtcDateTime.Date.AddDays(-days), TimeSpan.Zero);

    /// <summary>How many clicks of an account are older than it would keep them.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<long> CountOlderAsync(string ownerId, int days, CancellationToken cancellationToken)
    {
        var from = KeptFrom(clock.GetUtcNow(), days);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await context.Links.Where(link => link.OwnerId == ownerId && link.TotalClicks > 0)
            .Select(link => new { link.Id, link.TotalClicks }).ToListAsync(cancellationToken);
        var older = 0L;
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            await foreach (var piece in context.Clicks.OfLinks(group).PiecesAsync(cancellationToken))
            {
                older += await piece.LongCountAsync(click => click.Time < from, cancellationToken);
            }
        }

        return older;
    }

    /// <summary>Deletes what is too old, of all accounts.</summary>
    /// <returns>How many clicks that were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was deleted until then is, and the rest follows in the next round.</exception>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await quotas.ApplyAsync(cancellationToken);
        var isLimited = quotas.LimitsAny(QuotaKind.StoredDays);
        var owners = await context.Users.Where(user => user.RetentionDays != null || isLimited)
            .Select(user => new { user.Id, user.RetentionDays }).ToListAsync(cancellationToken);
        var deleted = 0L;
        foreach (var owner in owners)
        {
            var most = (int?)quotas.Most(owner.Id, QuotaKind.StoredDays);
            if (Fewer(owner.RetentionDays, most) is not { } days)
            {
                continue;
            }

            var from = KeptFrom(clock.GetUtcNow(), days);
            var links = await context.Links.Where(link => link.OwnerId == owner.Id && link.TotalClicks > 0)
                .Select(link => link.Id).ToListAsync(cancellationToken);
            foreach (var link in links)
            {
                deleted += await DeleteAsync(context, owner.Id, link, from, cancellationToken);
            }
        }

        return deleted;
    }

    private static int? Fewer(int? one, int? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static async Task<long> DeleteAsync(SpooDbContext context, string ownerId, long linkId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var old = context.Clicks.Where(click => click.LinkId == linkId && click.Time < from);
        var deleted = 0L;
        while (await old.AnyAsync(cancellationToken))
        {
            deleted += await context.InTransactionAsync(
                async _ =>
                {
                    // Rows, counters and the sign for processes that keep columns, together.
                    await context.HoldLinksAsync([linkId], LinkHold.ToChange, cancellationToken);
                    var (gone, _) = await context.DeleteSomeAsync(old, cancellationToken);
                    await context.Links.Where(link => link.Id == linkId).ExecuteUpdateAsync(
                        set => set
                            .SetProperty(link => link.TotalClicks, link => link.TotalClicks - gone)
                            .SetProperty(link => link.ForgottenClicks, link => link.ForgottenClicks + gone)
                            .SetProperty(link => link.LastClick, link => link.TotalClicks - gone <= 0 ? null : link.LastClick),
                        cancellationToken);
                    await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
                    await context.NoteDeletionAsync(cancellationToken);
                    return gone;
                },
                cancellationToken);
        }

        if (deleted > 0)
        {
            // A day without clicks has what an import told of it.
            await context.SettleTotalsAsync([linkId], cancellationToken);
        }

        return deleted;
    }
}
