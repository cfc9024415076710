using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links;

/// <summary>What headings show of a link.</summary>
/// <param name="Name">The text of a <see cref="LinkName"/>.</param>
public sealed record LinkEntry(string Name, string LongUrl, DateTimeOffset CreatedAt, long TotalClicks, DateTimeOffset? LastClick, LinkStatus Status);

/// <param name="Links">How many links of the account have it.</param>
public sealed record TagCount(string Name, int Links);

/// <summary>Which links of an account, in which order. Null everywhere: either way.</summary>
public sealed record LinkSelection
{
    public required string OwnerId { get; init; }

    /// <summary>Part of the code, the destination, the title or the note, in any case.</summary>
    public string? Search { get; init; }

    public LinkStatus? Status { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    public bool? HasPassword { get; init; }

    public bool? HasMaxClicks { get; init; }

    /// <summary>As <see cref="LinkTag.TryParse"/> gives it.</summary>
    public string? Tag { get; init; }

    /// <summary>Not ended yet, and ending by then. Null: whenever, or never.</summary>
    public DateTimeOffset? EndingBy { get; init; }

    public bool? HasPrivateStats { get; init; }

    /// <summary>The host of a domain. Empty: the installation's own. Null: whichever.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether only those are meant that are out of the way, or only those that are not. Null: all.</summary>
    public bool? IsArchived { get; init; }

    /// <summary>Exactly this destination.</summary>
    public string? LongUrl { get; init; }

    /// <summary>Only links behind this one in the order of their making. Null: from the first on.</summary>
    public (DateTimeOffset CreatedAt, long Id)? Behind { get; init; }

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
public sealed class LinkList(IDbContextFactory<SpooDbContext> contexts, KnownDomains domains, TimeProvider clock)
{
    private const int LinksAtOnce = 500;

    /// <summary>The link of this account with this name. Null: it has none.</summary>
    public async Task<LinkEntry?> FindAsync(string ownerId, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Links.AsNoTracking().Where(link => link.OwnerId == ownerId).Called(name, domains).FirstOrDefaultAsync(cancellationToken) is { } link
            ? new(link.Name, link.LongUrl, link.CreatedAt, link.TotalClicks, link.LastClick, link.Status)
            : null;
    }

    /// <summary>The links of a selection in full, and how many there are on all pages together.</summary>
    public async Task<(IReadOnlyList<Link> Links, int Total)> SelectAsync(LinkSelection selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        selection = await LookedUpAsync(context, selection, cancellationToken);
        var links = await Page(context, selection).AsNoTracking().Include(link => link.Tags).ToListAsync(cancellationToken);

        // A page that is not full is the last one.
        var isLast = links.Count < selection.Take && (links.Count > 0 || selection.Skip == 0);
        return (links, isLast ? selection.Skip + links.Count : await CountAsync(context, selection, cancellationToken));
    }

    /// <summary>The ids of all links of a selection, on whichever page.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(LinkSelection selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        selection = await LookedUpAsync(context, selection, cancellationToken);
        return await LookedThrough(context, selection).OrderBy(link => link.Id).Select(link => link.PublicId).ToListAsync(cancellationToken);
    }

    /// <summary>How many links there are, whosever they are, and how often they were clicked together.</summary>
    public async Task<(int Links, long Clicks)> TotalsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return (await context.Links.CountAsync(cancellationToken), await context.Links.SumAsync(link => link.TotalClicks, cancellationToken));
    }

    /// <summary>Clicks of all links of a selection, on whichever page.</summary>
    public async Task<long> CountClicksAsync(LinkSelection selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        selection = await LookedUpAsync(context, selection, cancellationToken);
        return await LookedThrough(context, selection).SumAsync(link => link.TotalClicks, cancellationToken);
    }

    /// <summary>All links of a selection in the order of their making, a few hundred at a time from the database.</summary>
    public async IAsyncEnumerable<Link> AllAsync(LinkSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (true)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var links = await Selected(context, selection).AsNoTracking().Where(link => link.Id > last).OrderBy(link => link.Id)
                .Take(LinksAtOnce).Include(link => link.Tags).ToListAsync(cancellationToken);
            foreach (var link in links)
            {
                yield return link;
            }

            if (links.Count < LinksAtOnce)
            {
                yield break;
            }

            last = links[^1].Id;
        }
    }

    /// <summary>The account's tags by name, each with the number of its links.</summary>
    public async Task<IReadOnlyList<TagCount>> TagsAsync(string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var tags = await context.LinkTags
            .Where(tag => tag.OwnerId == ownerId)
            .GroupBy(tag => tag.Name)
            .Select(group => new { Name = group.Key, Links = group.Count() })
            .ToListAsync(cancellationToken);
        return [.. tags.Select(tag => new TagCount(tag.Name, tag.Links)).OrderBy(tag => tag.Name, StringComparer.Ordinal)];
    }

    /// <summary>The selection as it is to be asked for: most accounts have archived nothing, and none of their links has to be looked into for it.</summary>
    private static async Task<LinkSelection> LookedUpAsync(SpooDbContext context, LinkSelection selection, CancellationToken cancellationToken) =>
        selection.IsArchived == false && !await context.Links.AnyAsync(link => link.OwnerId == selection.OwnerId && link.ArchivedAt != null, cancellationToken)
            ? selection with { IsArchived = null }
            : selection;

    // All, and those that are out of the way, are counted from an index; of the others each would have to be looked into.
    private async Task<int> CountAsync(SpooDbContext context, LinkSelection selection, CancellationToken cancellationToken) =>
        selection.IsArchived == false
            ? await LookedThrough(context, selection with { IsArchived = null }).CountAsync(cancellationToken) - await LookedThrough(context, selection with { IsArchived = true }).CountAsync(cancellationToken)
            : await LookedThrough(context, selection).CountAsync(cancellationToken);

    internal IQueryable<Link> Page(SpooDbContext context, LinkSelection selection) => Sorted(
        context, selection.Order == LinkOrder.CreatedAt || selection.Status == LinkStatus.Active ? Selected(context, selection) : LookedThrough(context, selection), selection);

    /// <summary>
    /// What no index answers is looked for in the order in which links were made, as they lie in the database; SQLite, which keeps no statistics,
    /// would take an index of any order and fetch each link from somewhere else.
    /// </summary>
    internal IQueryable<Link> LookedThrough(SpooDbContext context, LinkSelection selection)
    {
        var looks = selection is { Status: not null } or { HasPassword: not null } or { HasMaxClicks: not null } or { HasPrivateStats: not null } or { Domain: not null }
            or { LongUrl: not null } or { Search.Length: > 0 };
        var isFound = selection is { Tag: not null } or { EndingBy: not null } or { IsArchived: true } or { CreatedAfter: not null } or { CreatedBefore: not null };
        return Selected(context, looks && !isFound ? selection with { CreatedAfter = DateTimeOffset.MinValue } : selection);
    }

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

        if (selection.Behind is var (at, id))
        {
            links = selection.Descending
                ? links.Where(link => link.CreatedAt < at || (link.CreatedAt == at && link.Id < id))
                : links.Where(link => link.CreatedAt > at || (link.CreatedAt == at && link.Id > id));
        }

        if (selection.HasPassword is { } hasPassword)
        {
            links = links.Where(link => (link.PasswordHash != null) == hasPassword);
        }

        if (selection.HasMaxClicks is { } hasMaxClicks)
        {
            links = links.Where(link => (link.MaxClicks != null) == hasMaxClicks);
        }

        if (selection.HasPrivateStats is { } isPrivate)
        {
            links = links.Where(link => (link.PrivateStats == true) == isPrivate);
        }

        if (selection.Domain is { Length: 0 })
        {
            links = links.Where(link => link.DomainHost == null);
        }
        else if (selection.Domain is { } host)
        {
            links = links.Where(link => link.DomainHost == host);
        }

        if (selection.IsArchived is { } isArchived)
        {
            links = links.Where(link => (link.ArchivedAt != null) == isArchived);
        }

        if (selection.LongUrl is { } longUrl)
        {
            links = links.Where(link => link.LongUrl == longUrl);
        }

        if (selection.EndingBy is { } end)
        {
            var now = clock.GetUtcNow();
            links = links.Where(link => link.ExpireAfter > now && link.ExpireAfter <= end);
        }

        if (selection.Tag is { } tag)
        {
            // The links of the tag come from its index, instead of each link's tags being looked through.
            links = links.Where(link => context.LinkTags
                .Where(other => other.OwnerId == selection.OwnerId && other.Name == tag).Select(other => other.LinkId).Contains(link.Id));
        }

        if (!string.IsNullOrEmpty(selection.Search))
        {
            var part = new TextPart(selection.Search);
            links = links.Where(link => SpooDbContext.Has(link.ShortCode, part.Pattern, part.Capitals, part.Smalls) || SpooDbContext.Has(link.LongUrl, part.Pattern, part.Capitals, part.Smalls)
                || SpooDbContext.Has(link.Title, part.Pattern, part.Capitals, part.Smalls) || SpooDbContext.Has(link.Note, part.Pattern, part.Capitals, part.Smalls));
        }

        return links;
    }

    /// <summary>A page of the links in their order. Links that are equal in it stand in the order of their making.</summary>
    private static IQueryable<Link> Sorted(SpooDbContext context, IQueryable<Link> links, LinkSelection selection)
    {
        var sorted = selection.Order switch
        {
            LinkOrder.TotalClicks => By(link => link.TotalClicks),

            // Who was never clicked comes lowest; PostgreSQL would put what is null above everything.
            LinkOrder.LastClick when context.Database.IsNpgsql() => By(link => link.LastClick ?? DateTimeOffset.MinValue),
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
}
