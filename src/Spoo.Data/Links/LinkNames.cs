using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links;

/// <summary>A link and the names it goes by.</summary>
public sealed record NamedLink(string PublicId, string? DomainHost, string ShortCode, DateTimeOffset CreatedAt)
{
    public string Name => new LinkName(DomainHost, ShortCode).ToString();
}

/// <summary>Finds links of an account by what programs call them, which may be the id or the code.</summary>
public sealed class LinkNames(IDbContextFactory<SpooDbContext> contexts, KnownDomains domains)
{
    /// <summary>The link that this is the id of, or else the code. Null: the account has none.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<NamedLink?> FindAsync(string ownerId, string idOrCode, CancellationToken cancellationToken)
    {
        var links = await FindAsync(ownerId, [idOrCode], cancellationToken);
        return links.OrderByDescending(link => link.PublicId == idOrCode).ThenByDescending(link => link.ShortCode == idOrCode).FirstOrDefault();
    }

    /// <summary>The account's links that any of these texts is the id or the code of, in any order.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<NamedLink>> FindAsync(
        string ownerId, IReadOnlyCollection<string> idsOrCodes, CancellationToken cancellationToken)
    {
        // Whether capital and small letters differ is a matter of each link's domain.
        var folded = idsOrCodes.Select(ShortCode.Fold).ToList();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var links = await context.Links
            .Where(link => link.OwnerId == ownerId && (idsOrCodes.Contains(link.PublicId) || folded.Contains(link.FoldedCode)))
            .Select(link => new { link.DomainId, Link = new NamedLink(link.PublicId, link.DomainHost, link.ShortCode, link.CreatedAt) })
            .ToListAsync(cancellationToken);
        return [.. links.Where(found => domains.IgnoresCase(found.DomainId) || idsOrCodes.Contains(found.Link.PublicId) || idsOrCodes.Contains(found.Link.ShortCode)).Select(found => found.Link)];
    }

    /// <summary>When the account's oldest link on a domain was made. Null: it has none.</summary>
    /// <param name="host">Null: the installation's own.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DateTimeOffset?> OldestAsync(string ownerId, string? host, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Links.Where(link => link.OwnerId == ownerId && link.DomainHost == host).MinAsync(link => (DateTimeOffset?)link.CreatedAt, cancellationToken);
    }

    /// <summary>How many links the account had on a domain at this moment, of those that it still has.</summary>
    /// <param name="host">Null: the installation's own.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<int> CountAsync(string ownerId, string? host, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Links.CountAsync(link => link.OwnerId == ownerId && link.DomainHost == host && link.CreatedAt <= at, cancellationToken);
    }
}
