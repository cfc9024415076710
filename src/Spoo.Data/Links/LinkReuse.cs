using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links;

/// <summary>Finds a link that is what a new one would be, for callers to whom that one is as good.</summary>
internal static class LinkReuse
{
    /// <summary>Links with the same destination that are looked at; an account with more of them finds one among the newest.</summary>
    private const int MostLookedAt = 100;

    /// <summary>The newest link of the viewer's own on this domain that leads there as the new one would. Null: there is none.</summary>
    public static async Task<Link?> FindAsync(SpooDbContext context, LinkDraft draft, Domain? domain, Viewer viewer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What a password is cannot be compared, and whom an anonymous link belongs to is not known.
        if (viewer.UserId is null || !string.IsNullOrEmpty(draft.Password))
        {
            return null;
        }

        var domainId = domain?.Id ?? Domain.Default;
        var wanted = NewLinks.Make(draft, draft.Alias is null ? "" : ShortCode.Canonical(draft.Alias), viewer.UserId, now);
        var candidates = await context.Links.AsNoTracking().Include(link => link.Tags)
            .Where(link => link.OwnerId == viewer.UserId && link.LongUrl == draft.LongUrl && link.DomainId == domainId && link.Status == LinkStatus.Active && link.ArchivedAt == null)
            .OrderByDescending(link => link.CreatedAt).ThenByDescending(link => link.Id).Take(MostLookedAt).ToListAsync(cancellationToken);
        return candidates.Find(link => link.StatusAt(now) == LinkStatus.Active && IsSame(link, wanted, draft));
    }

    private static bool IsSame(Link link, Link wanted, LinkDraft draft)
    {
        var differences = LinkChanges.Since(LinkChanges.Remember(wanted), link, default).Select(change => change.Field).ToList();
        return differences.TrueForAll(field => field == LinkField.Domain || (field == LinkField.Alias && draft.Alias is null))
            && (draft.PrivateStats is null || link.PrivateStats == wanted.PrivateStats)
            && (wanted.Title is null || wanted.Title == link.Title)
            && (wanted.Note is null || wanted.Note == link.Note)
            && wanted.Tags.TrueForAll(tag => link.Tags.Exists(other => other.Name == tag.Name));
    }
}
