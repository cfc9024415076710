using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Links;

/// <summary>What for links are held until the end of a transaction.</summary>
internal enum LinkHold
{
    /// <summary>Against being deleted.</summary>
    ToRefer,

    /// <summary>Against being referred to or changed.</summary>
    ToChange,
}

/// <summary>
/// Every transaction that stores or deletes clicks holds their links before it touches anything else, in the order of their ids: so two of
/// them wait for one another and never each for the other, and none stores a click for a link that is being deleted.
/// </summary>
internal static class LinkHolds
{
    /// <summary>SQL Server takes no more than 2,100 parameters.</summary>
    private const int AtOnce = 1_000;

    /// <returns>Those of the links that are there. In SQLite nothing needs to be held: only one can write at a time.</returns>
    public static async Task<HashSet<long>> HoldLinksAsync(
        this SpooDbContext context, IEnumerable<long> links, LinkHold hold, CancellationToken cancellationToken)
    {
        var there = new HashSet<long>();
        foreach (var ids in links.Distinct().Order().Chunk(AtOnce))
        {
            there.UnionWith(await Held(context, ids, hold).Select(link => link.Id).ToListAsync(cancellationToken));
        }

        return there;
    }

    private static IQueryable<Link> Held(SpooDbContext context, long[] ids, LinkHold hold) =>
        context.Database.IsSqlServer() ? context.Links.FromSqlRaw(TransactSql.LinksToHold).Where(link => ids.Contains(link.Id)).OrderBy(link => link.Id)
        : !context.Database.IsNpgsql() ? context.Links.WithAny(context, link => link.Id, [.. ids])
        : hold == LinkHold.ToChange ? context.Links.FromSql($"""SELECT * FROM "Links" WHERE "Id" = ANY({ids}) ORDER BY "Id" FOR UPDATE""")
        : context.Links.FromSql($"""SELECT * FROM "Links" WHERE "Id" = ANY({ids}) ORDER BY "Id" FOR KEY SHARE""");
}
