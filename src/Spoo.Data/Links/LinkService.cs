using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Pictures;

namespace Spoo.Data.Links;

/// <summary>Makes, finds, changes and deletes links. The rules about who may do what, and what a link may be, are here.</summary>
public sealed class LinkService(
    IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, KnownDomains domains, NewLinks newLinks, LinkPictures pictures, ShorteningOptions options, TimeProvider clock)
{
    private const int MadeUpCodeLength = 7;

    /// <summary>Links that are changed in one transaction: many are quick, and others get between.</summary>
    private const int ManyAtOnce = 500;

    /// <summary>No vowels, so that chance writes no words, and nothing that looks like something else.</summary>
    private const string MadeUpCodeLetters = "23456789BCDFGHJKLMNPQRSTVWXZbcdfghjkmnpqrstvwxz";

    /// <summary>What is answered about another account's link where a call names one; where it names many, that there is no such link.</summary>
    public static Refusal NotTheirs { get; } = new(RefusalKind.Forbidden, "Access denied: you do not own this URL");

    private static readonly LinkOutcome.Refused NoSuchLink = new(new Refusal(RefusalKind.NotFound, "URL not found"));
    private static readonly LinkOutcome.Refused AliasInUse = new(new Refusal(RefusalKind.Conflict, "Alias is already in use")
    {
        Fields = [new FieldError("alias", "Alias is already in use")],
    });

    private static readonly LinkOutcome.Refused TooManyTags = new(
        Refusal.Invalid($"A link has at most {LinkTag.MaxCount} tags", "tags"));

    private static readonly LinkOutcome.Refused EndsBeforeItStarts = new(
        Refusal.Invalid("starts_at must be before expire_after", "starts_at"));

    /// <param name="ownHost">The host at which the caller found this installation. Null: not known.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<LinkOutcome> CreateAsync(LinkDraft draft, Viewer viewer, string? ownHost, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await newLinks.RefuseAsync(viewer, cancellationToken) is { } no)
        {
            return new LinkOutcome.Refused(no);
        }

        if (draft.Alias is not null && AliasRules.Refuse(draft.Alias, options) is { } notAllowed)
        {
            return new LinkOutcome.Refused(notAllowed);
        }

        if (newLinks.RefuseDestination(draft.LongUrl, ownHost) is { } notThere)
        {
            return new LinkOutcome.Refused(notThere);
        }

        if (newLinks.RefuseTargets(draft.Targets, null, new(draft.ExpiredUrl), new(draft.PreStartUrl), ownHost) is { } notThatWay)
        {
            return new LinkOutcome.Refused(notThatWay);
        }

        if (draft.Tags.Distinct().Count() > LinkTag.MaxCount)
        {
            return TooManyTags;
        }

        if (draft.ExpireAfter <= now)
        {
            return new LinkOutcome.Refused(Refusal.Invalid("expire_after must be in the future", "expire_after"));
        }

        if (draft.StartsAt >= draft.ExpireAfter)
        {
            return EndsBeforeItStarts;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, notOnIt) = await LinkDomains.ChooseAsync(context, draft.Domain, viewer, cancellationToken);
        var (preview, notKept) = notOnIt is null ? await pictures.KeepAsync(draft.Preview, viewer, cancellationToken) : default;
        if ((notOnIt ?? notKept) is { } notSo)
        {
            return new LinkOutcome.Refused(notSo);
        }

        draft = draft with { Preview = preview };

        if (draft.MayBeReused && await LinkReuse.FindAsync(context, draft, domain, viewer, now, cancellationToken) is { } same)
        {
            return new LinkOutcome.Done(same) { IsReused = true };
        }

        while (true)
        {
            var code = draft.Alias is { } chosen ? ShortCode.Canonical(chosen) : draft.OfEmoji ? EmojiCodes.MakeUp() : MakeUpCode();
            if (!await IsTakenAsync(context, domain, code, cancellationToken))
            {
                var link = NewLinks.Make(draft, code, viewer.UserId, now);
                link.MoveTo(domain);
                var token = viewer.UserId is null ? ClaimTokens.Make() : null;
                await LinkEvents.AddCreatedAsync(context, [link], now, cancellationToken);
                link.ClaimHash = token is null ? null : ClaimTokens.Hash(token);
                if (await TrySaveAsync(context, link, isNew: true, cancellationToken))
                {
                    lookup.Forget(link.DomainId, code);
                    return new LinkOutcome.Done(link) { ClaimToken = token };
                }
            }

            if (draft.Alias is not null)
            {
                return AliasInUse;
            }
        }
    }

    /// <summary>Why this text cannot be the code of a new link. Null: it is free.</summary>
    /// <param name="host">The domain that the link would be on. Null: the installation's own.</param>
    public async Task<(AliasProblem? Problem, Refusal? Refusal)> CheckAliasAsync(string alias, string? host, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var (domain, refusal) = await LinkDomains.ChooseAsync(context, host, viewer, cancellationToken);
        return (refusal is not null ? null : AliasRules.ProblemOf(alias, options) ?? (await IsTakenAsync(context, domain, ShortCode.Canonical(alias), cancellationToken) ? AliasProblem.Taken : null), refusal);
    }

    /// <summary>Why the viewer may not put links on a domain. Null: they may.</summary>
    /// <param name="host">Null: the installation's own.</param>
    public async Task<Refusal?> RefuseDomainAsync(string? host, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return (await LinkDomains.ChooseAsync(context, host, viewer, cancellationToken)).Refusal;
    }

    /// <summary>One link of the viewer's own; another account's link is answered as one that does not exist.</summary>
    public async Task<LinkOutcome> FindOwnAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        if (RefuseUnlessAllowed(viewer, ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead) is { } no)
        {
            return no;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var link = await context.Links.AsNoTracking().Include(link => link.Tags)
            .SingleOrDefaultAsync(link => link.PublicId == publicId && link.OwnerId == viewer.UserId, cancellationToken);
        return link is null ? NoSuchLink : new LinkOutcome.Done(link);
    }

    /// <summary>The account's link with this name, with its tags. Null: it has none.</summary>
    /// <param name="name">The text of a <see cref="LinkName"/>.</param>
    public async Task<Link?> FindOwnByNameAsync(string name, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null)
        {
            return null;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Links.AsNoTracking().Include(link => link.Tags)
            .Where(link => link.OwnerId == viewer.UserId).Called(name, domains).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The link with this name, of any owner. Null: there is none, or its domain is not active.</summary>
    /// <param name="name">The text of a <see cref="LinkName"/>.</param>
    public async Task<Link?> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        if (LinkName.Parse(name) is not { } parsed || domains.IdOf(parsed.Host) is not { } domainId)
        {
            return null;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var link = (await context.Links.AsNoTracking().On(domainId, parsed.Code, domains.IgnoresCase(domainId)).OrderBy(link => link.Id).Take(2).ToListAsync(cancellationToken))
            .MaxBy(link => link.ShortCode == parsed.Code);
        if (link is not null && lookup.IsHostBlocked(link))
        {
            link.Status = LinkStatus.Blocked;
        }

        return link;
    }

    /// <summary>
    /// The link with this name, if the viewer may know of its numbers. Null: there is none, or its owner keeps them private, which must
    /// look the same to everybody else. A password is for the caller to ask for.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<Link?> FindWithStatsAsync(string name, Viewer viewer, CancellationToken cancellationToken) =>
        await FindByNameAsync(name, cancellationToken) is { } link && (link.PrivateStats != true || link.IsOwnedBy(viewer)) ? link : null;

    /// <param name="ownHost">The host at which the caller found this installation. Null: not known.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<LinkOutcome> EditAsync(
        string publicId, LinkEdit edit, Viewer viewer, string? ownHost, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (link, no) = await FindToChangeAsync(context, publicId, viewer, "Cannot modify a blocked URL", cancellationToken);
        if (link is null)
        {
            return no!;
        }

        var now = clock.GetUtcNow();
        if (RefuseValues(edit, link, ownHost, now) is { } notThatWay)
        {
            return notThatWay;
        }

        var (before, domainBefore) = (link.ShortCode, link.DomainId);
        edit = edit.Alias is null ? edit : edit with { Alias = ShortCode.Canonical(edit.Alias) };
        var after = edit.Alias ?? before;
        if (after != before && AliasRules.Refuse(after, options) is { } notAllowed)
        {
            return new LinkOutcome.Refused(notAllowed);
        }

        Domain? domain = null;
        if (edit.Domain is { } move && move.To != link.DomainHost)
        {
            (domain, var notOnIt) = await LinkDomains.ChooseAsync(context, move.To, viewer, cancellationToken);
            if (notOnIt is not null)
            {
                return new LinkOutcome.Refused(notOnIt);
            }
        }
        else
        {
            edit = edit with { Domain = null };
        }

        var inUse = edit.Domain is null ? AliasInUse : InUseThere(after, domain);
        if ((after != before || edit.Domain is not null)
            && await IsTakenAsync(context, edit.Domain is null ? domainBefore : domain?.Id ?? Domain.Default, after, cancellationToken, except: link.Id))
        {
            return inUse;
        }

        (edit, var notKept) = await WithKeptPictureAsync(edit, viewer, cancellationToken);
        if (notKept is not null)
        {
            return new LinkOutcome.Refused(notKept);
        }

        var (was, told) = (LinkChanges.Remember(link), LinkEvents.Remember(link, now));
        if (!LinkEdits.Apply(edit, link, now))
        {
            return TooManyTags;
        }

        if (edit.Domain is not null)
        {
            link.MoveTo(domain);
        }

        context.LinkChanges.AddRange(LinkChanges.Since(was, link, now));
        await LinkEvents.AddChangedAsync(context, [(told, link)], now, cancellationToken);
        if (!await TrySaveAsync(context, link, isNew: false, cancellationToken))
        {
            return inUse;
        }

        lookup.Forget(domainBefore, before);
        lookup.Forget(link.DomainId, after);
        return new LinkOutcome.Done(link);
    }

    private async Task<(LinkEdit Edit, Refusal? Refusal)> WithKeptPictureAsync(LinkEdit edit, Viewer viewer, CancellationToken cancellationToken)
    {
        var (preview, no) = await pictures.KeepAsync(edit.Preview?.To, viewer, cancellationToken);
        return (edit.Preview is null ? edit : edit with { Preview = new(preview) }, no);
    }

    /// <summary>What is wrong with the new values for this link. Null: nothing.</summary>
    private LinkOutcome.Refused? RefuseValues(LinkEdit edit, Link link, string? ownHost, DateTimeOffset now) =>
        edit.LongUrl is not null && newLinks.RefuseDestination(edit.LongUrl, ownHost) is { } notThere ? new(notThere)
        : newLinks.RefuseTargets(edit.Targets, link.Rules, edit.ExpiredUrl, edit.PreStartUrl, ownHost) is { } notThatWay ? new(notThatWay)
        : edit.ExpireAfter?.To <= now ? new(Refusal.Invalid("expire_after must be in the future", "expire_after"))
        : (edit.StartsAt is not null || edit.ExpireAfter is not null)
            && (edit.StartsAt is { } start ? start.To : link.StartsAt) >= (edit.ExpireAfter is { } end ? end.To : link.ExpireAfter) ? EndsBeforeItStarts
        : null;

    private static LinkOutcome.Refused InUseThere(string code, Domain? domain)
    {
        var message = $"Alias '{code}' is already in use on {domain?.Host ?? "the domain of all links"}";
        return new(new Refusal(RefusalKind.Conflict, message) { Fields = [new FieldError("domain", message)] });
    }

    /// <summary>
    /// Changes the same about many links of the viewer's own, a few hundred in each transaction. An alias is each link's own and cannot be
    /// changed for many. Of several links that cannot be on another domain together, because their codes are the same, the first is moved.
    /// </summary>
    /// <param name="ownHost">The host at which the caller found this installation. Null: not known, or no destination is among what is changed.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the links before are changed.</exception>
    public async Task<ManyLinksOutcome> EditManyAsync(
        IReadOnlyCollection<string> publicIds, LinkEdit edit, Viewer viewer, string? ownHost, CancellationToken cancellationToken)
    {
        if (edit.Alias is not null)
        {
            throw new ArgumentException("Each link has an alias of its own.", nameof(edit));
        }

        if (RefuseUnlessAllowed(viewer, ApiKeyScope.UrlsManage) is not null)
        {
            return new ManyLinksOutcome(0, publicIds.Count);
        }

        var changed = 0;
        Refusal? first = null;
        if (edit.Domain is not null)
        {
            // Whether the code is free there is another question for each.
            foreach (var id in publicIds.Distinct())
            {
                if (await EditAsync(id, edit, viewer, ownHost, cancellationToken) is LinkOutcome.Refused(var refusal))
                {
                    first ??= refusal;
                }
                else
                {
                    changed++;
                }
            }

            return new ManyLinksOutcome(changed, publicIds.Count - changed) { First = first };
        }

        (edit, first) = await WithKeptPictureAsync(edit, viewer, cancellationToken);
        if (first is not null)
        {
            return new ManyLinksOutcome(0, publicIds.Count) { First = first };
        }

        foreach (var ids in publicIds.Distinct().Chunk(ManyAtOnce))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var links = await context.Links.Include(link => link.Tags)
                .Where(link => ids.Contains(link.PublicId) && link.Status != LinkStatus.Blocked)
                .ToListAsync(cancellationToken);
            links.RemoveAll(link => link.OwnerId != viewer.UserId);
            var now = clock.GetUtcNow();
            var told = new List<(JsonObject Before, Link Link)>();
            foreach (var link in links)
            {
                var (was, before) = (LinkChanges.Remember(link), LinkEvents.Remember(link, now));
                if ((RefuseValues(edit, link, ownHost, now) ?? (LinkEdits.Apply(edit, link, now) ? null : TooManyTags)) is { } no)
                {
                    first ??= no.Refusal;
                    continue;
                }

                changed++;
                context.LinkChanges.AddRange(LinkChanges.Since(was, link, now));
                told.Add((before, link));
            }

            await LinkEvents.AddChangedAsync(context, told, now, cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
            links.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
        }

        return new ManyLinksOutcome(changed, publicIds.Count - changed) { First = first };
    }

    /// <summary>Deletes many links of the viewer's own and their clicks, as many as are few in each transaction.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the links before are gone.</exception>
    public async Task<ManyLinksOutcome> DeleteManyAsync(IReadOnlyCollection<string> publicIds, Viewer viewer, CancellationToken cancellationToken)
    {
        if (RefuseUnlessAllowed(viewer, ApiKeyScope.UrlsManage) is not null)
        {
            return new ManyLinksOutcome(0, publicIds.Count);
        }

        var deleted = 0;
        foreach (var ids in publicIds.Distinct().Chunk(ManyAtOnce))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var links = await context.Links
                .Where(link => ids.Contains(link.PublicId) && link.Status != LinkStatus.Blocked)
                .Select(link => new { link.Id, link.OwnerId, link.DomainId, link.ShortCode, link.TotalClicks })
                .ToListAsync(cancellationToken);
            links.RemoveAll(link => link.OwnerId != viewer.UserId);
            await context.DeleteLinksAsync(links.Select(link => (link.Id, link.TotalClicks)), clock.GetUtcNow(), cancellationToken);
            links.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
            deleted += links.Count;
        }

        return new ManyLinksOutcome(deleted, publicIds.Count - deleted);
    }

    /// <summary>Deletes a link and its clicks.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<LinkOutcome> DeleteAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (link, no) = await FindToChangeAsync(context, publicId, viewer, "Cannot delete a blocked URL", cancellationToken);
        if (link is null)
        {
            return no!;
        }

        await context.DeleteLinksAsync([(link.Id, link.TotalClicks)], clock.GetUtcNow(), cancellationToken);
        lookup.Forget(link.DomainId, link.ShortCode);
        return new LinkOutcome.Done(link);
    }

    internal static LinkOutcome.Refused? RefuseUnlessAllowed(Viewer viewer, params ReadOnlySpan<string> anyOf) =>
        viewer.UserId is null ? new(Refusal.SignInFirst) : viewer.May(anyOf) ? null : new(Refusal.MissingScope);

    private static async Task<(Link? Link, LinkOutcome? No)> FindToChangeAsync(
        SpooDbContext context, string publicId, Viewer viewer, string whenBlocked, CancellationToken cancellationToken)
    {
        if (RefuseUnlessAllowed(viewer, ApiKeyScope.UrlsManage) is { } no)
        {
            return (null, no);
        }

        var link = await context.Links.Include(link => link.Tags).SingleOrDefaultAsync(link => link.PublicId == publicId, cancellationToken);
        if (link is null)
        {
            return (null, NoSuchLink);
        }

        var refusal = link.OwnerId != viewer.UserId ? NotTheirs
            : link.Status == LinkStatus.Blocked ? new Refusal(RefusalKind.Forbidden, whenBlocked)
            : null;
        return refusal is null ? (link, null) : (null, new LinkOutcome.Refused(refusal));
    }

    /// <summary>A text that says nothing is none.</summary>
    internal static string? OwnWords(string? text) => text?.Trim() is { Length: > 0 } words ? words : null;

    internal static string MakeUpCode() => RandomNumberGenerator.GetString(MadeUpCodeLetters, MadeUpCodeLength);

    private Task<bool> IsTakenAsync(SpooDbContext context, Domain? domain, string code, CancellationToken cancellationToken) =>
        IsTakenAsync(context, domain?.Id ?? Domain.Default, code, cancellationToken);

    /// <param name="except">The key of a link that may have it, because it is that link's.</param>
    private Task<bool> IsTakenAsync(SpooDbContext context, long domainId, string code, CancellationToken cancellationToken, long except = 0) =>
        context.Links.Where(link => link.Id != except).On(domainId, code, domains.IgnoresCase(domainId)).AnyAsync(cancellationToken);

    /// <summary>Saves; false when another request took the code in the meantime.</summary>
    private static async Task<bool> TrySaveAsync(SpooDbContext context, Link link, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            context.Links.Add(link);
        }

        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            if (await context.Links.AnyAsync(other => other.DomainId == link.DomainId && other.ShortCode == link.ShortCode && other.PublicId != link.PublicId, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }
}
