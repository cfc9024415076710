using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Links;

/// <summary>What lists and headings show of a link.</summary>
public sealed record LinkEntry(string ShortCode, string LongUrl, DateTimeOffset CreatedAt, long TotalClicks, DateTimeOffset? LastClick, LinkStatus Status);

/// <param name="Total">Links on all pages together.</param>
public sealed record LinkListPage(IReadOnlyList<LinkEntry> Links, int Total);

/// <summary>Which links of an account, in which order. Null everywhere: either way.</summary>
public sealed record LinkSelection
{
    public required string OwnerId { get; init; }

    /// <summary>Part of the code or of the destination, in any case.</summary>
    public string? Search { get; init; }

    public LinkStatus? Status { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    public bool? HasPassword { get; init; }

    public bool? HasMaxClicks { get; init; }

    public LinkOrder Order { get; init; }

    public bool Descending { get; init; } = true;

    public int Skip { get; init; }

    public int Take { get; init; } = 20;
}

public enum LinkOrder
{
    CreatedAt,
    TotalClicks,
    LastClick,
    ShortCode,
}

/// <summary>The links of an account, page by page.</summary>
public sealed class LinkList(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
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
        var selection = new LinkSelection
        {
            OwnerId = ownerId,
            Search = search?.Trim(),
            Order = order,
            Descending = descending,
            Skip = skip,
            Take = take,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = Selected(context, selection);
        return new LinkListPage(
            await Entries(Sorted(links, selection)).ToListAsync(cancellationToken), await links.CountAsync(cancellationToken));
    }

    /// <summary>The links of a selection in full, and how many there are on all pages together.</summary>
    public async Task<(IReadOnlyList<Link> Links, int Total)> SelectAsync(LinkSelection selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (
            await Page(context, selection).AsNoTracking().ToListAsync(cancellationToken),
            await Selected(context, selection).CountAsync(cancellationToken));
    }

    internal IQueryable<Link> Page(SpooDbContext context, LinkSelection selection) => Sorted(Selected(context, selection), selection);

    private IQueryable<Link> Selected(SpooDbContext context, LinkSelection selection)
    {
        var links = context.Links.Where(link => link.OwnerId == selection.OwnerId);
        if (selection.Status is { } status)
        {
            links = links.Where(LinkRules.Has(status, clock.GetUtcNow()));
        }

        if (selection.CreatedAfter is { } after)
        {
            links = links.Where(link => link.CreatedAt >= after);
        }

        if (selection.CreatedBefore is { } before)
        {
            links = links.Where(link => link.CreatedAt <= before);
        }

        if (selection.HasPassword is { } hasPassword)
        {
            links = links.Where(link => (link.PasswordHash != null) == hasPassword);
        }

        if (selection.HasMaxClicks is { } hasMaxClicks)
        {
            links = links.Where(link => (link.MaxClicks != null) == hasMaxClicks);
        }

        if (!string.IsNullOrEmpty(selection.Search))
        {
            // Databases agree about the case of ASCII letters only. (Entity Framework has no word for the comparison that the rule wants.)
            var part = string.Concat(selection.Search.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));
#pragma warning disable CA1304, CA1311, CA1862
            links = links.Where(link => link.ShortCode.ToLower().Contains(part) || link.LongUrl.ToLower().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862
        }

        return links;
    }

    /// <summary>A page of the links in their order. Links that are equal in it stand in the order of their making.</summary>
    private static IQueryable<Link> Sorted(IQueryable<Link> links, LinkSelection selection)
    {
        var sorted = selection.Order switch
        {
            LinkOrder.TotalClicks => By(link => link.TotalClicks),
            LinkOrder.LastClick => By(link => link.LastClick),
            LinkOrder.ShortCode => By(link => link.ShortCode),
            _ => By(link => link.CreatedAt),
        };
        return sorted.Skip(selection.Skip).Take(selection.Take);

        // The direction of both is the same, so that an index can be read from either end.
        IOrderedQueryable<Link> By<T>(System.Linq.Expressions.Expression<Func<Link, T>> key) => selection.Descending
            ? links.OrderByDescending(key).ThenByDescending(link => link.Id)
            : links.OrderBy(key).ThenBy(link => link.Id);
    }

    private static IQueryable<LinkEntry> Entries(IQueryable<Link> links) => links.Select(
        link => new LinkEntry(link.ShortCode, link.LongUrl, link.CreatedAt, link.TotalClicks, link.LastClick, link.Status));
}
