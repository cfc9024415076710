using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>
/// Clicks whose link is not there: no page can ever show them again, though deleting a link promises that they are gone. None should be left
/// behind; older versions left some where links were deleted while their clicks were being stored.
/// </summary>
public sealed class ClicksWithoutLink(IDbContextFactory<SpooDbContext> contexts)
{
    /// <summary>How many there are. Those of links that are being deleted now are not among them.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var count = 0L;
        foreach (var link in await LinksAsync(context, cancellationToken))
        {
            await foreach (var piece in context.Clicks.OfLinks([link]).PiecesAsync(cancellationToken))
            {
                count += await piece.LongCountAsync(cancellationToken);
            }
        }

        return count + (await MovedAsync(context, cancellationToken)).Values.Sum();
    }

    /// <summary>Deletes what is left of deletions that were broken off.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was deleted until then is.</exception>
    public async Task<long> FinishDeletionsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FinishDeletionsAsync(cancellationToken);
    }

    /// <summary>Deletes them, and what is left of deletions that were broken off.</summary>
    /// <returns>How many clicks that were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was deleted until then is.</exception>
    public async Task<long> RemoveAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var removed = await context.FinishDeletionsAsync(cancellationToken);
        foreach (var link in await LinksAsync(context, cancellationToken))
        {
            for (var areAll = false; !areAll;)
            {
                (var gone, areAll) = await context.InTransactionAsync(
                    _ => context.DeleteSomeAsync(context.Clicks.OfLinks([link]), cancellationToken), cancellationToken);
                removed += gone;
            }

            await context.NoteDeletionAsync(cancellationToken);
        }

        var moved = await MovedAsync(context, cancellationToken);
        await context.InTransactionAsync(
            async _ =>
            {
                await context.Moved().NoteRemovalAsync(context, moved.Keys, cancellationToken);
                return true;
            },
            cancellationToken);
        return removed + moved.Values.Sum();
    }

    // Moved clicks by the missing links that they have.
    private static async Task<Dictionary<long, long>> MovedAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var counts = await context.Moved().ReadAsync(context, moved => moved is null ? Task.FromResult(new Dictionary<long, long>()) : moved.CountByAsync("LinkId", null, cancellationToken), cancellationToken);
        if (counts.Count > 0)
        {
            foreach (var link in await context.Links.Select(link => link.Id).Concat(context.DeletedLinks.Select(link => link.Id)).ToListAsync(cancellationToken))
            {
                counts.Remove(link);
            }
        }

        return counts;
    }

    // The missing links that clicks have. They can only lie between those that are there, so the index of clicks is asked about each such gap.
    private static async Task<List<long>> LinksAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var there = await context.Links.Select(link => link.Id).Concat(context.DeletedLinks.Select(link => link.Id))
            .Distinct().OrderBy(id => id).ToListAsync(cancellationToken);
        var missing = new List<long>();
        foreach (var (before, next) in there.Prepend(long.MinValue).Zip(there.Append(long.MaxValue)))
        {
            for (var last = before; last < next - 1;)
            {
                var after = last;
                var found = await context.Clicks.Where(click => click.LinkId > after && click.LinkId < next)
                    .OrderBy(click => click.LinkId).Select(click => (long?)click.LinkId).FirstOrDefaultAsync(cancellationToken);
                last = found ?? next;

                // Behind the last one new links may have been made, and clicked, since.
                if (found is { } link && !await context.Links.AnyAsync(row => row.Id == link, cancellationToken))
                {
                    missing.Add(link);
                }
            }
        }

        return missing;
    }
}
