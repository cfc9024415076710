using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Pictures;

namespace Spoo.Data.Links;

/// <summary>What became of links that were to be transferred.</summary>
/// <param name="Transferred">The names of those that are the other account's now.</param>
/// <param name="Unknown">Names under which there is no link.</param>
/// <param name="Theirs">The names of those that were theirs before.</param>
/// <param name="Elsewhere">The names of those on a domain that is another account's own: they would have to be moved to another domain first.</param>
public sealed record LinkTransfer(IReadOnlyList<string> Transferred, IReadOnlyList<string> Unknown, IReadOnlyList<string> Theirs, IReadOnlyList<string> Elsewhere);

/// <summary>Gives links to the accounts that they belong to from then on: with all their clicks, and under the same addresses.</summary>
public sealed class LinkOwners(IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, NewLinks newLinks, AuditLog audit, TimeProvider clock)
{
    /// <summary>Links that are changed in one transaction: many are quick, and others get between.</summary>
    private const int ManyAtOnce = 500;

    /// <summary>Gives a link that was made without an account to the viewer, who proves with its token to have made it.</summary>
    /// <param name="publicId">Null: whichever link the token belongs to.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<LinkOutcome> ClaimAsync(string? publicId, string token, Viewer viewer, CancellationToken cancellationToken)
    {
        if (LinkService.RefuseUnlessAllowed(viewer, ApiKeyScope.UrlsManage) is { } no)
        {
            return no;
        }

        var hash = ClaimTokens.Hash(token);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (publicId is not null
            && await context.Links.AsNoTracking().SingleOrDefaultAsync(link => link.PublicId == publicId && link.OwnerId == viewer.UserId, cancellationToken) is { } own)
        {
            return new LinkOutcome.Done(own) { WasTheirs = true };
        }

        var link = await context.Links.AsNoTracking().Include(link => link.Tags).SingleOrDefaultAsync(link => link.ClaimHash == hash && (publicId == null || link.PublicId == publicId), cancellationToken);
        if (link is null || !await context.InTransactionAsync(_ => ClaimAsync(context, link, hash, viewer.UserId!, cancellationToken), cancellationToken))
        {
            return new LinkOutcome.Refused(new Refusal(RefusalKind.NotFound, "no link waits for this claim token; it may have been claimed already"));
        }

        (link.OwnerId, link.ClaimHash) = (viewer.UserId, null);
        lookup.Forget(link.DomainId, link.ShortCode);
        return new LinkOutcome.Done(link);
    }

    /// <summary>Gives links of any owner to an account, as only the operator may.</summary>
    /// <param name="names">Each the text of a <see cref="LinkName"/>.</param>
    /// <param name="actorId">Null: a command on the server.</param>
    /// <returns>A refusal where the account may not have so many links more; nothing is transferred then.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; some may be transferred.</exception>
    public async Task<(LinkTransfer? Transfer, Refusal? Refusal)> TransferAsync(
        IReadOnlyCollection<string> names, string ownerId, string? actorId, CancellationToken cancellationToken)
    {
        var (links, theirs, elsewhere, known) = (new List<Link>(), new List<string>(), new List<string>(), new HashSet<LinkName>());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var othersDomains = await context.Domains.Where(domain => domain.OwnerId != null && domain.OwnerId != ownerId).Select(domain => domain.Id).ToHashSetAsync(cancellationToken);
        foreach (var some in names.Select(LinkName.Parse).OfType<LinkName>().Distinct().Chunk(ManyAtOnce))
        {
            foreach (var link in await context.Links.AsNoTracking().NamedAsync(context, some, cancellationToken))
            {
                known.Add(new LinkName(link.DomainHost, link.ShortCode));
                if (link.OwnerId == ownerId)
                {
                    theirs.Add(link.Name);
                }
                else if (othersDomains.Contains(link.DomainId))
                {
                    elsewhere.Add(link.Name);
                }
                else
                {
                    links.Add(link);
                }
            }
        }

        if (await newLinks.RefuseAsync(Viewer.User(ownerId), links.Count, cancellationToken) is { } no)
        {
            return (null, no);
        }

        foreach (var some in links.Chunk(ManyAtOnce))
        {
            await context.InTransactionAsync(_ => TransferAsync(context, some, ownerId, cancellationToken), cancellationToken);
            foreach (var link in some)
            {
                lookup.Forget(link.DomainId, link.ShortCode);
                await audit.RecordAsync(actorId, AuditAct.LinkTransferred, link.PublicId, $"{link.OwnerId ?? "-"} > {ownerId}", cancellationToken);
            }
        }

        var unknown = names.Distinct(StringComparer.Ordinal).Where(name => LinkName.Parse(name) is not { } parsed || !known.Contains(parsed));
        return (new(links.ConvertAll(link => link.Name), [.. unknown], theirs, elsewhere), null);
    }

    private async Task<bool> TransferAsync(SpooDbContext context, IReadOnlyCollection<Link> links, string ownerId, CancellationToken cancellationToken)
    {
        var ids = links.Select(link => link.Id).ToList();

        // Whose they were has nothing more to watch.
        await context.DeleteAlertsAsync(ids, cancellationToken);
        await LinkPictures.CopyAsync(context, links, ownerId, clock.GetUtcNow(), cancellationToken);
        return await GiveAsync(context, context.Links.Where(link => ids.Contains(link.Id)), links, ownerId, cancellationToken);
    }

    // Of two who hold the token, one gets the link.
    private static Task<bool> ClaimAsync(SpooDbContext context, Link link, string hash, string ownerId, CancellationToken cancellationToken) =>
        GiveAsync(context, context.Links.Where(row => row.Id == link.Id && row.ClaimHash == hash), [link], ownerId, cancellationToken);

    /// <param name="rows">The links as they are now.</param>
    /// <returns>Whether there were any.</returns>
    private static async Task<bool> GiveAsync(SpooDbContext context, IQueryable<Link> rows, IReadOnlyCollection<Link> links, string ownerId, CancellationToken cancellationToken)
    {
        if (await rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.OwnerId, ownerId).SetProperty(row => row.ClaimHash, (string?)null), cancellationToken) == 0)
        {
            return false;
        }

        var ids = links.Select(link => link.Id).ToList();
        await context.LinkTags.Where(tag => ids.Contains(tag.LinkId)).ExecuteUpdateAsync(set => set.SetProperty(tag => tag.OwnerId, ownerId), cancellationToken);

        // As they are now: between reading the links and giving them away they may have been clicked for the first time.
        if (await context.Links.AnyAsync(link => ids.Contains(link.Id) && link.TotalClicks > 0, cancellationToken))
        {
            // The counters of their new owner have not seen their clicks, and those of the one before have.
            await ClickEpoch.RenewOfOwnersAsync(context, [.. links.Select(link => link.OwnerId).OfType<string>().Append(ownerId).Distinct()], cancellationToken);
        }

        return true;
    }
}
