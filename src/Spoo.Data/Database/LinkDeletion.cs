using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Links;

namespace Spoo.Data.Database;

/// <summary>
/// Deletes links with their clicks. The links are gone at once and together; clicks that are too many for one transaction follow
/// piece by piece, and a row for each such link says that they still have to, so that a process that ends in between leaves none behind.
/// </summary>
internal static class LinkDeletion
{
    /// <param name="now">When webhooks are told that it happened.</param>
    /// <returns>How many clicks went with the links.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the links before are gone.</exception>
    public static async Task<long> DeleteLinksAsync(
        this SpooDbContext context, IEnumerable<(long Id, long Clicks)> links, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        List<(long Id, long Clicks)> all = [.. links];
        foreach (var group in ClickPieces.GroupLinks(all, ClickPieces.ToDelete(context)))
        {
            var (gone, areAll) = await context.InTransactionAsync(_ => DeleteAsync(context, group, now, cancellationToken), cancellationToken);
            deleted += gone;
            if (!areAll)
            {
                deleted += await DeleteClicksAsync(context, group, cancellationToken);
            }
        }

        // How many of them had been moved, the counters know.
        return context.Moved().MayBe && await MovedClicks.AnyAsync(context, cancellationToken) ? Math.Max(deleted, all.Sum(link => link.Clicks)) : deleted;
    }

    /// <summary>Goes on with what earlier processes had begun.</summary>
    /// <returns>How many clicks that were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<long> FinishDeletionsAsync(this SpooDbContext context, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var link in await context.DeletedLinks.Select(link => link.Id).ToListAsync(cancellationToken))
        {
            deleted += await DeleteClicksAsync(context, [link], cancellationToken);
        }

        return deleted;
    }

    private static async Task<(int Gone, bool AreAll)> DeleteAsync(SpooDbContext context, IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The links first: from then on no writer stores a click for them.
        await context.HoldLinksAsync(ids, LinkHold.ToChange, cancellationToken);
        await context.AddDeletedAsync(ids, now, cancellationToken);
        await context.DeleteAlertsAsync(ids, cancellationToken);
        await context.Links.Where(link => ids.Contains(link.Id)).ExecuteDeleteAsync(cancellationToken);
        var (gone, areAll) = await context.DeleteSomeAsync(context.Clicks.OfLinks(ids), cancellationToken);
        if (!areAll)
        {
            var known = await context.DeletedLinks.Where(link => ids.Contains(link.Id)).Select(link => link.Id).ToListAsync(cancellationToken);
            context.DeletedLinks.AddRange(ids.Except(known).Select(id => new DeletedLink { Id = id }));
            await context.SaveChangesAsync(cancellationToken);
            context.ChangeTracker.Clear();
        }

        await context.Moved().NoteRemovalAsync(context, ids, cancellationToken);
        await context.NoteDeletionAsync(cancellationToken);
        return (gone, areAll);
    }

    /// <summary>Deletes what was said about links, the rules that are about one of them alone, and how their destinations fared.</summary>
    public static async Task DeleteAlertsAsync(this SpooDbContext context, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (await context.AlertRules.AnyAsync(cancellationToken))
        {
            var links = context.Links.Where(link => ids.Contains(link.Id)).Select(link => link.PublicId);
            await context.AlertRules.Where(rule => links.Contains(rule.LinkId!)).ExecuteDeleteAsync(cancellationToken);
            await context.Alerts.Where(alert => links.Contains(alert.LinkId!)).ExecuteDeleteAsync(cancellationToken);
            await context.AlertChecks.Where(check => links.Contains(check.SubjectId)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static async Task<long> DeleteClicksAsync(SpooDbContext context, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        for (var areAll = false; !areAll;)
        {
            (var gone, areAll) = await context.InTransactionAsync(
                _ => context.DeleteSomeAsync(context.Clicks.OfLinks(ids), cancellationToken), cancellationToken);
            deleted += gone;
        }

        // First the sign: after a process that ends in between, the next one comes here again.
        await context.NoteDeletionAsync(cancellationToken);
        await context.DeletedLinks.Where(link => ids.Contains(link.Id)).ExecuteDeleteAsync(cancellationToken);
        return deleted;
    }
}
