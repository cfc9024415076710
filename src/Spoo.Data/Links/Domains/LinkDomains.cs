using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Links.Domains;

/// <summary>On which domain a link is, and may be put.</summary>
internal static class LinkDomains
{
    /// <summary>The link with this name, however it is written where capital and small letters do not differ; or none.</summary>
    /// <param name="name">The text of a <see cref="LinkName"/>.</param>
    public static IQueryable<Link> Called(this IQueryable<Link> links, string name, KnownDomains domains)
    {
        if (LinkName.Parse(name) is not { } parsed)
        {
            return links.Where(_ => false);
        }

        var ignoresCase = domains.IdOf(parsed.Host) is { } domainId && domains.IgnoresCase(domainId);
        var folded = ShortCode.Fold(parsed.Code);
        links = parsed.Host is null ? links.Where(link => link.DomainId == Domain.Default) : links.Where(link => link.DomainHost == parsed.Host);

        // After a domain was given up and came back to others, the newer one is meant; of codes that clash, the one that is written so.
        return (ignoresCase ? links.Where(link => link.FoldedCode == folded) : links.Where(link => link.ShortCode == parsed.Code))
            .OrderByDescending(link => link.DomainId).ThenByDescending(link => link.ShortCode == parsed.Code).ThenBy(link => link.Id).Take(1);
    }

    /// <summary>Those with exactly these names.</summary>
    /// <param name="context">Of the links.</param>
    public static async Task<List<Link>> NamedAsync(this IQueryable<Link> links, SpooDbContext context, IReadOnlyCollection<LinkName> names, CancellationToken cancellationToken) =>
        (await (await links.AroundAsync(context, names, cancellationToken)).ToListAsync(cancellationToken)).FindAll(link => names.Contains(new LinkName(link.DomainHost, link.ShortCode)));

    /// <summary>Those with these names, and others that have the code of one on the domain of another.</summary>
    /// <param name="context">Of the links.</param>
    public static async Task<IQueryable<Link>> AroundAsync(this IQueryable<Link> links, SpooDbContext context, IReadOnlyCollection<LinkName> names, CancellationToken cancellationToken)
    {
        var codes = names.Select(name => name.Code).Distinct().ToList();
        var hosts = names.Select(name => name.Host).OfType<string>().Distinct().ToList();

        // There is an index of domains and codes together, and none of codes alone.
        var domains = hosts.Count == 0 ? [] : await context.Domains.Where(domain => hosts.Contains(domain.Host)).Select(domain => domain.Id).ToListAsync(cancellationToken);
        domains.Add(Domain.Default);
        return links.Where(link => domains.Contains(link.DomainId) && codes.Contains(link.ShortCode));
    }

    /// <summary>Those with this code on a domain: one, or none; of a domain on which codes clash that differ in case, several.</summary>
    /// <param name="ignoresCase">Whether capital and small letters do not differ there.</param>
    public static IQueryable<Link> On(this IQueryable<Link> links, long domainId, string code, bool ignoresCase)
    {
        var folded = ignoresCase ? ShortCode.Fold(code) : null;
        return ignoresCase ? links.Where(link => link.DomainId == domainId && link.FoldedCode == folded) : links.Where(link => link.DomainId == domainId && link.ShortCode == code);
    }

    /// <summary>Those in a folder of a domain.</summary>
    /// <param name="folder">As <see cref="ShortCode.FolderOf"/> gives it.</param>
    /// <param name="ignoresCase">As for <see cref="On"/>.</param>
    public static IQueryable<Link> In(this IQueryable<Link> links, long domainId, string folder, bool ignoresCase)
    {
        // Every database orders codes by their characters, so those in a folder lie beside each other, and an index leads there.
        var start = ignoresCase ? ShortCode.Fold(folder) : folder;
        var end = start[..^1] + (char)(ShortCode.Slash + 1);
#pragma warning disable CA1309 // It is the database that compares, by its own order.
        return ignoresCase
            ? links.Where(link => link.DomainId == domainId && string.Compare(link.FoldedCode, start) > 0 && string.Compare(link.FoldedCode, end) < 0)
            : links.Where(link => link.DomainId == domainId && string.Compare(link.ShortCode, start) > 0 && string.Compare(link.ShortCode, end) < 0);
#pragma warning restore CA1309
    }

    /// <summary>The domain with this host, if the viewer may put links on it.</summary>
    /// <param name="host">Null: the installation's own, which has no row.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<(Domain? Domain, Refusal? Refusal)> ChooseAsync(SpooDbContext context, string? host, Viewer viewer, CancellationToken cancellationToken)
    {
        if (host is null)
        {
            return (null, null);
        }

        if (viewer.UserId is null)
        {
            return (null, Refusal.SignInFirst with { Fields = [new FieldError("domain", "needs an account")] });
        }

        var named = await context.Domains.AsNoTracking().Where(domain => domain.Host == host && domain.State != DomainState.Revoked).ToListAsync(cancellationToken);
        var theirs = named.FindAll(domain => domain.OwnerId is null || domain.OwnerId == viewer.UserId);
        return theirs.Find(domain => domain.State == DomainState.Active) is { } active ? (active, null)
            : theirs is [var unproved, ..] ? (null, NotActive(unproved))
            : named.Exists(domain => domain.State == DomainState.Active)
                ? (null, new Refusal(RefusalKind.Forbidden, $"You do not own this domain: {host}") { Fields = [new FieldError("domain", "belongs to another account")] })
            : (null, new Refusal(RefusalKind.NotFound, $"{host} is no domain of this account: add it first (POST /api/v1/custom-domains, or the page Domains)") { Fields = [new FieldError("domain", "is not known")] });
    }

    /// <summary>Why links cannot be put on a domain that is not active.</summary>
    public static Refusal NotActive(Domain domain)
    {
        var message = domain.State switch
        {
            DomainState.Pending => $"{domain.Host} is not verified yet: publish its records, then verify it",
            DomainState.Suspended => $"{domain.Host} was suspended by the operator of this service",
            _ => $"{domain.Host} is revoked: add it again first",
        };
        return Refusal.Malformed([new FieldError("domain", message)]) with { Code = "domain_not_verified" };
    }
}
