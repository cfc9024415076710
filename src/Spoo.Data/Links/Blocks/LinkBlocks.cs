using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links.Blocks;

/// <summary>A link as administrators see it, of any owner.</summary>
/// <param name="OwnerEmail">Null: made without an account.</param>
/// <param name="Status">As stored; a limit may have been reached.</param>
/// <param name="ImportedClicks">Beside those: imports told only how many they were.</param>
/// <param name="TurnedAway">Visits that were turned away, as bots or because the link is blocked.</param>
/// <param name="Reports">Reports of visitors that are open.</param>
/// <param name="IsHostBlocked">Whether it leads to a host that is blocked.</param>
public sealed record AnybodysLink(
    string PublicId,
    string Name,
    string LongUrl,
    string? OwnerId,
    string? OwnerEmail,
    LinkStatus Status,
    DateTimeOffset CreatedAt,
    long TotalClicks,
    long ImportedClicks,
    long TurnedAway,
    string? BlockedReason,
    DateTimeOffset? BlockedAt,
    int Reports,
    bool IsHostBlocked);

/// <summary>Which links of all people. Null everywhere: either way.</summary>
public sealed record AnybodysLinks
{
    /// <summary>Part of the code or the destination, in any case.</summary>
    public string? Search { get; init; }

    /// <summary>As <see cref="HostBlocks.Parse"/> gives it: links to it and to hosts below it.</summary>
    public string? Host { get; init; }

    /// <summary>An e-mail address. Empty: links without an owner.</summary>
    public string? Owner { get; init; }

    public bool? IsBlocked { get; init; }

    public bool? IsReported { get; init; }

    public AnybodysLinksOrder Order { get; init; }

    public bool Descending { get; init; } = true;

    public int Skip { get; init; }

    public int Take { get; init; } = 20;
}

public enum AnybodysLinksOrder
{
    CreatedAt,
    TotalClicks,
}

/// <summary>Finds links of all people, and blocks them.</summary>
public sealed class LinkBlocks(IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, AuditLog audit, TimeProvider clock)
{
    private const int ManyAtOnce = 500;

    /// <summary>The links of a selection, and how many there are on all pages together.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<AnybodysLink> Links, int Total)> SelectAsync(AnybodysLinks selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var selected = Selected(context, selection);
        var sorted = (selection.Order, selection.Descending) switch
        {
            (AnybodysLinksOrder.TotalClicks, true) => selected.OrderByDescending(link => link.TotalClicks).ThenByDescending(link => link.Id),
            (AnybodysLinksOrder.TotalClicks, false) => selected.OrderBy(link => link.TotalClicks).ThenBy(link => link.Id),

            // Keys go up with the time of making, but for imports, and need no index of their own.
            (_, true) => selected.OrderByDescending(link => link.Id),
            _ => selected.OrderBy(link => link.Id),
        };
        var rows = await sorted.Skip(selection.Skip).Take(selection.Take)
            .Select(link => new
            {
                link.PublicId,
                link.DomainHost,
                link.ShortCode,
                link.LongUrl,
                link.OwnerId,
                Owner = context.Users.Where(user => user.Id == link.OwnerId).Select(user => user.Email).FirstOrDefault(),
                link.Status,
                link.CreatedAt,
                link.TotalClicks,
                link.ImportedClicks,
                link.BlockedHits,
                link.BlockedReason,
                link.BlockedAt,
                Reports = context.LinkReports.Where(report => report.LinkId == link.Id && report.State == ReportState.Open).Sum(report => report.Count),
            })
            .ToListAsync(cancellationToken);
        var isLast = rows.Count < selection.Take && (rows.Count > 0 || selection.Skip == 0);
        var total = isLast ? selection.Skip + rows.Count : await selected.CountAsync(cancellationToken);
        return ([.. rows.Select(row => new AnybodysLink(
            row.PublicId,
            new LinkName(row.DomainHost, row.ShortCode).ToString(),
            row.LongUrl,
            row.OwnerId,
            row.Owner,
            row.Status,
            row.CreatedAt,
            row.TotalClicks,
            row.ImportedClicks,
            row.BlockedHits,
            row.BlockedReason,
            row.BlockedAt,
            row.Reports,
            lookup.IsHostBlocked(row.LongUrl)))], total);
    }

    /// <summary>Blocks links: visitors are answered 451, and their owners cannot change or delete them. What visitors reported of them is settled.</summary>
    /// <param name="names">Each the text of a <see cref="LinkName"/>.</param>
    /// <param name="actorId">Null: a command on the server.</param>
    /// <returns>The names of those that were not blocked before.</returns>
    public Task<IReadOnlyList<string>> BlockAsync(
        IReadOnlyCollection<string> names, string? reason, string? actorId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return ChangeAsync(
            names,
            link => link.Status != LinkStatus.Blocked,
            link => (link.StatusBeforeBlock, link.Status, link.BlockedReason, link.BlockedAt) = (link.Status, LinkStatus.Blocked, reason, now),
            AuditAct.LinkBlocked,
            reason,
            actorId,
            cancellationToken);
    }

    /// <summary>Lets links be what they were before they were blocked.</summary>
    /// <inheritdoc cref="BlockAsync"/>
    public Task<IReadOnlyList<string>> UnblockAsync(IReadOnlyCollection<string> names, string? actorId, CancellationToken cancellationToken) => ChangeAsync(
        names,
        link => link.Status == LinkStatus.Blocked,
        link => (link.Status, link.StatusBeforeBlock, link.BlockedReason, link.BlockedAt) = (link.StatusBeforeBlock ?? LinkStatus.Active, null, null, null),
        AuditAct.LinkUnblocked,
        null,
        actorId,
        cancellationToken);

    private async Task<IReadOnlyList<string>> ChangeAsync(
        IReadOnlyCollection<string> names,
        Func<Link, bool> isToChange,
        Action<Link> change,
        AuditAct act,
        string? detail,
        string? actorId,
        CancellationToken cancellationToken)
    {
        var changed = new List<string>();
        foreach (var some in names.Select(LinkName.Parse).OfType<LinkName>().Distinct().Chunk(ManyAtOnce))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var links = (await context.Links.Include(link => link.Tags).NamedAsync(context, some, cancellationToken)).FindAll(link => isToChange(link));
            var now = clock.GetUtcNow();
            var told = links.ConvertAll(link => (LinkEvents.Remember(link, now), link));
            links.ForEach(change);
            await LinkEvents.AddChangedAsync(context, told, now, cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
            foreach (var link in links)
            {
                lookup.Forget(link.DomainId, link.ShortCode);
                await audit.RecordAsync(actorId, act, link.PublicId, detail, cancellationToken);
                if (act == AuditAct.LinkBlocked)
                {
                    await LinkReports.CloseAsync(context, link.Id, ReportState.Actioned, cancellationToken);
                }

                changed.Add(link.Name);
            }
        }

        return changed;
    }

    private static IQueryable<Link> Selected(SpooDbContext context, AnybodysLinks selection)
    {
        IQueryable<Link> links = context.Links.AsNoTracking();
        if (selection.IsBlocked is { } isBlocked)
        {
            links = links.Where(link => (link.Status == LinkStatus.Blocked) == isBlocked);
        }

        if (selection.IsReported is { } isReported)
        {
            links = links.Where(link => context.LinkReports.Any(report => report.LinkId == link.Id && report.State == ReportState.Open) == isReported);
        }

        if (selection.Owner is { Length: 0 })
        {
            links = links.Where(link => link.OwnerId == null);
        }
        else if (selection.Owner is { } owner)
        {
            var name = owner.Trim().ToUpperInvariant();
            links = links.Where(link => context.Users.Any(user => user.Id == link.OwnerId && user.NormalizedEmail == name));
        }

        if (selection.Host is { } host)
        {
            // Where a host stands in an address: behind the scheme, a name of a person, or the name of a host below.
            var (alone, below, behind) = (new TextPart("://" + host), new TextPart("." + host), new TextPart("@" + host));
            links = links.Where(link => SpooDbContext.Has(link.LongUrl, alone.Pattern, alone.Capitals, alone.Smalls)
                || SpooDbContext.Has(link.LongUrl, below.Pattern, below.Capitals, below.Smalls) || SpooDbContext.Has(link.LongUrl, behind.Pattern, behind.Capitals, behind.Smalls));
        }

        if (!string.IsNullOrWhiteSpace(selection.Search))
        {
            var part = new TextPart(selection.Search.Trim());
            links = links.Where(link => SpooDbContext.Has(link.ShortCode, part.Pattern, part.Capitals, part.Smalls) || SpooDbContext.Has(link.LongUrl, part.Pattern, part.Capitals, part.Smalls)
                || (link.DomainHost != null && SpooDbContext.Has(link.DomainHost + "/" + link.ShortCode, part.Pattern, part.Capitals, part.Smalls)));
        }

        return links;
    }
}
