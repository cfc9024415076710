using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Links;

/// <summary>What lists and headings show of a link.</summary>
public sealed record LinkEntry(string ShortCode, string LongUrl, DateTimeOffset CreatedAt, long TotalClicks, DateTimeOffset? LastClick, LinkStatus Status);

/// <param name="Total">Links on all pages together.</param>
public sealed record LinkListPage(IReadOnlyList<LinkEntry> Links, int Total);

public enum LinkOrder
{
    CreatedAt,
    TotalClicks,
    LastClick,
    ShortCode,
}

/// <summary>The links of an account, page by page.</summary>
public sealed class LinkList(IDbContextFactory<SpooDbContext> contexts)
{
    /// <summary>The link of this account with this code. Null: it has none.</summary>
    public async Task<LinkEntry?> FindAsync(string ownerId, string code, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Entries(context.Links.Where(link => link.OwnerId == ownerId && link.ShortCode == code))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <param name="search">Part of the code or of the destination, in any case. Null or empty: all links.</param>
    public async Task<LinkListPage> PageAsync(
        string ownerId, string? search, LinkOrder order, bool descending, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = context.Links.Where(link => link.OwnerId == ownerId);
        if (!string.IsNullOrWhiteSpace(search))
        {
            var part = $"%{search.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
            links = links.Where(link => EF.Functions.Like(link.ShortCode, part, @"\") || EF.Functions.Like(link.LongUrl, part, @"\"));
        }

        var total = await links.CountAsync(cancellationToken);
        var sorted = order switch
        {
            LinkOrder.TotalClicks => descending ? links.OrderByDescending(link => link.TotalClicks) : links.OrderBy(link => link.TotalClicks),
            LinkOrder.LastClick => descending ? links.OrderByDescending(link => link.LastClick) : links.OrderBy(link => link.LastClick),
            LinkOrder.ShortCode => descending ? links.OrderByDescending(link => link.ShortCode) : links.OrderBy(link => link.ShortCode),
            _ => descending ? links.OrderByDescending(link => link.CreatedAt) : links.OrderBy(link => link.CreatedAt),
        };
        return new LinkListPage(await Entries(sorted.ThenBy(link => link.Id).Skip(skip).Take(take)).ToListAsync(cancellationToken), total);
    }

    private static IQueryable<LinkEntry> Entries(IQueryable<Link> links) => links.Select(
        link => new LinkEntry(link.ShortCode, link.LongUrl, link.CreatedAt, link.TotalClicks, link.LastClick, link.Status));
}
