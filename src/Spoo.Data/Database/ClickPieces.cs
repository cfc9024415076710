using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Database;

/// <summary>
/// Clicks there are by the million. No statement reads or deletes so many of them that it takes longer than a server waits for one, or that
/// others have to wait for it.
/// </summary>
internal static class ClickPieces
{
    /// <summary>So many are read in well under a second.</summary>
    public const int ToRead = 50_000;

    /// <summary>Links whose clicks are read or deleted together: each is a parameter, and has entries in many indexes.</summary>
    public const int Links = 100;

    /// <summary>
    /// SQL Server takes the whole table away from other connections when a statement holds 5,000 locks in it, and a deleted click has three:
    /// its row and its places in two indexes.
    /// </summary>
    public static int ToDelete(SpooDbContext context) => context.Database.IsSqlServer() ? 1_500 : 10_000;

    /// <summary>The clicks of links that <see cref="GroupLinks"/> has put together.</summary>
    public static IQueryable<Click> OfLinks(this IQueryable<Click> clicks, IReadOnlyList<long> ids)
    {
        // Only the index of one link's clicks has the order of their keys.
        var only = ids[0];
        return ids.Count == 1 ? clicks.Where(click => click.LinkId == only) : clicks.Where(click => ids.Contains(click.LinkId));
    }

    /// <summary>Deletes some of the clicks, those with the lowest keys. The caller sees to it that none are added meanwhile.</summary>
    /// <returns>How many are gone, and whether those were all.</returns>
    public static async Task<(int Gone, bool AreAll)> DeleteSomeAsync(
        this SpooDbContext context, IQueryable<Click> clicks, CancellationToken cancellationToken)
    {
        var (some, areAll) = await context.SomeOfAsync(clicks, cancellationToken);
        return (await some.ExecuteDeleteAsync(cancellationToken), areAll);
    }

    /// <summary>As many of the clicks as are deleted at once, those with the lowest keys, and whether those are all.</summary>
    public static async Task<(IQueryable<Click> Some, bool AreAll)> SomeOfAsync(
        this SpooDbContext context, IQueryable<Click> clicks, CancellationToken cancellationToken)
    {
        var last = await LastOfFirstAsync(clicks, ToDelete(context), cancellationToken);
        return (last is { } until ? clicks.Where(click => click.Id <= until) : clicks, last is null);
    }

    /// <summary>All the clicks, in the order of their keys and a piece at a time. For clicks of which an index has that order.</summary>
    public static async IAsyncEnumerable<IQueryable<Click>> PiecesAsync(
        this IQueryable<Click> clicks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rest = clicks;
        while (await LastOfFirstAsync(rest, ToRead, cancellationToken) is { } last)
        {
            yield return rest.Where(click => click.Id <= last);
            rest = clicks.Where(click => click.Id > last);
        }

        yield return rest;
    }

    /// <summary>Puts links together, in the order of their ids, that have no more clicks than one piece may. A link with more stands alone.</summary>
    public static IEnumerable<IReadOnlyList<long>> GroupLinks(IEnumerable<(long Id, long Clicks)> links, long clicksAtOnce)
    {
        var (group, clicks) = (new List<long>(), 0L);
        foreach (var link in links.OrderBy(link => link.Id))
        {
            if (group.Count == Links || (group.Count > 0 && clicks + link.Clicks > clicksAtOnce))
            {
                yield return group;
                (group, clicks) = ([], 0);
            }

            group.Add(link.Id);
            clicks += link.Clicks;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    // The key of the last one in the first piece. Null: there are fewer.
    private static Task<long?> LastOfFirstAsync(IQueryable<Click> clicks, int count, CancellationToken cancellationToken) =>
        clicks.OrderBy(click => click.Id).Select(click => (long?)click.Id).Skip(count - 1).FirstOrDefaultAsync(cancellationToken);
}
