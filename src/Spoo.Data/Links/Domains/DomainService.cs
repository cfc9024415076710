using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links.Domains;

/// <summary>What is to be different about a domain. Null everywhere: that part stays as it is.</summary>
public sealed record DomainEdit
{
    public Change<string?>? HomeUrl { get; init; }

    public Change<string?>? NotFoundUrl { get; init; }

    public Change<string?>? EndedUrl { get; init; }

    public Change<string?>? RobotsText { get; init; }

    public bool? IgnoresCase { get; init; }
}

/// <summary>What came of an attempt to add, find or change a domain.</summary>
public abstract record DomainOutcome
{
    private DomainOutcome()
    {
    }

    public sealed record Done(Domain Domain) : DomainOutcome
    {
        /// <summary>Links that were deleted with it.</summary>
        public int LinksDeleted { get; init; }
    }

    public sealed record Refused(Refusal Refusal) : DomainOutcome;
}

/// <summary>A domain as administrators see it, whosever it is.</summary>
/// <param name="OwnerEmail">Null: it is for everybody.</param>
public sealed record AnybodysDomain(Domain Domain, string? OwnerEmail, int Links);

/// <summary>Adds, proves, changes and gives up domains. The rules about who may do what are here.</summary>
public sealed class DomainService(
    IDbContextFactory<SpooDbContext> contexts,
    KnownDomains known,
    LinkLookup lookup,
    DomainProof proof,
    VerifiedEmail verifiedEmail,
    Administrators administrators,
    AuditLog audit,
    DomainOptions options,
    ShorteningOptions shortening,
    TimeProvider clock)
{
    private const int TokenLength = 32;
    private const string TokenStart = "spoo-verify=";
    private const string TokenLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int DeletedAtOnce = 500;

    private static readonly DomainOutcome.Refused NoSuchDomain = new(new Refusal(RefusalKind.NotFound, "there is no such domain"));
    private static readonly DomainOutcome.Refused NotTheirs = new(new Refusal(RefusalKind.Forbidden, "You do not own this domain."));

    /// <summary>As the database keeps it, so that what is answered now and later is the same.</summary>
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The viewer's own domains, the newest first, and how many there are on all pages together.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<Domain> Domains, int Total)> OwnAsync(Viewer viewer, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var own = context.Domains.AsNoTracking().Where(domain => domain.OwnerId == viewer.UserId && viewer.UserId != null);
        return (await own.OrderByDescending(domain => domain.Id).Skip(skip).Take(take).ToListAsync(cancellationToken), await own.CountAsync(cancellationToken));
    }

    /// <summary>The domains on which the viewer may put links, by host.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<Domain>> UsableAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null)
        {
            return [];
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Domains.AsNoTracking()
            .Where(domain => domain.State == DomainState.Active && (domain.OwnerId == null || domain.OwnerId == viewer.UserId))
            .OrderBy(domain => domain.Host).ToListAsync(cancellationToken);
    }

    /// <summary>All domains that are not given up, by host, with the number of their links.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<AnybodysDomain>> AllAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var rows = await context.Domains.AsNoTracking().Where(domain => domain.State != DomainState.Revoked || context.Links.Any(link => link.DomainId == domain.Id))
            .OrderBy(domain => domain.Host)
            .Select(domain => new
            {
                Domain = domain,
                Owner = context.Users.Where(user => user.Id == domain.OwnerId).Select(user => user.Email).FirstOrDefault(),
                Links = context.Links.Count(link => link.DomainId == domain.Id),
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new AnybodysDomain(row.Domain, row.Owner, row.Links))];
    }

    /// <summary>One domain of the viewer's own, in whichever state.</summary>
    public async Task<DomainOutcome> FindAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var (domain, no) = await FindAsync(context, publicId, viewer, cancellationToken);
        return domain is null ? new DomainOutcome.Refused(no!) : new DomainOutcome.Done(domain);
    }

    /// <summary>The viewer's own domain with this host that is not given up. Null: there is none.</summary>
    public async Task<Domain?> FindByHostAsync(string host, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Domains.AsNoTracking().Where(domain => domain.Host == host && domain.OwnerId == viewer.UserId && viewer.UserId != null)
            .OrderBy(domain => domain.State == DomainState.Revoked).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Adds a domain, which the person still has to prove; an administrator is believed.</summary>
    /// <param name="isOwnHost">Whether a host is the installation's own.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> RegisterAsync(string text, Viewer viewer, Func<string, bool> isOwnHost, CancellationToken cancellationToken)
    {
        if (await verifiedEmail.RefuseAsync(viewer, cancellationToken) is { } unverified)
        {
            return new DomainOutcome.Refused(unverified);
        }

        var (host, notAHost) = HostIn(text, isOwnHost);
        if (host is null)
        {
            return new DomainOutcome.Refused(notAHost!);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var named = await context.Domains.Where(domain => domain.Host == host).ToListAsync(cancellationToken);
        if (named.Exists(domain => domain.State != DomainState.Revoked && (domain.OwnerId == viewer.UserId || domain.State != DomainState.Pending)))
        {
            return AlreadyThere(host);
        }

        var now = Now;
        var isBelieved = await administrators.HasAsync(viewer.UserId, cancellationToken);
        var domain = named.Find(domain => domain.OwnerId == viewer.UserId);
        if (domain is not null)
        {
            // Given up before: its links wait for it, and are theirs. Whether the domain still is has to be proved again.
            (domain.State, domain.Token, domain.RevokedAt, domain.Fault, domain.UpdatedAt) = (DomainState.Pending, NewToken(), null, null, now);
        }
        else if (!isBelieved && await context.Domains.CountAsync(other => other.OwnerId == viewer.UserId, cancellationToken) >= options.PerAccount)
        {
            var message = options.PerAccount == 0
                ? "domains are added by the operator of this service"
                : $"an account has at most {options.PerAccount} domains, those included that were given up: remove one for good first";
            return new DomainOutcome.Refused(new Refusal(RefusalKind.TooMany, message) { Code = "domain_quota_exceeded" });
        }
        else
        {
            domain = new Domain { PublicId = PublicId.New(now), Host = host, OwnerId = viewer.UserId, State = DomainState.Pending, Token = NewToken(), CreatedAt = now };
            context.Domains.Add(domain);
        }

        if (isBelieved)
        {
            (domain.State, domain.Token, domain.VerifiedAt) = (DomainState.Active, null, now);
        }

        if (!await SaveAsync(context, domain, cancellationToken))
        {
            return AlreadyThere(host);
        }

        return isBelieved ? await DoneAsync(domain, AuditAct.DomainAdded, viewer.UserId, cancellationToken) : new DomainOutcome.Done(domain);
    }

    /// <summary>Adds a domain for everybody with an account. It is active at once: whoever looks after the server is believed.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    /// <param name="isOwnHost">Whether a host is the installation's own.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> AddForAllAsync(string text, string? actorId, Func<string, bool> isOwnHost, CancellationToken cancellationToken)
    {
        var (host, notAHost) = HostIn(text, isOwnHost);
        if (host is null)
        {
            return new DomainOutcome.Refused(notAHost!);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var named = await context.Domains.Where(domain => domain.Host == host).ToListAsync(cancellationToken);
        if (named.Exists(domain => domain.State is DomainState.Active or DomainState.Suspended))
        {
            return AlreadyThere(host);
        }

        var now = Now;
        var domain = named.Find(domain => domain.OwnerId is null);
        if (domain is null)
        {
            domain = new Domain { PublicId = PublicId.New(now), Host = host, State = DomainState.Active, CreatedAt = now, VerifiedAt = now };
            context.Domains.Add(domain);
        }
        else
        {
            (domain.State, domain.RevokedAt, domain.VerifiedAt, domain.UpdatedAt) = (DomainState.Active, null, now, now);
        }

        return await SaveAsync(context, domain, cancellationToken)
            ? await DoneAsync(domain, AuditAct.DomainAdded, actorId, cancellationToken)
            : AlreadyThere(host);
    }

    /// <summary>Looks for the proof of a domain, and makes it active when it is there.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> VerifyAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, no) = await FindAsync(context, publicId, viewer, cancellationToken);
        if (domain is null)
        {
            return new DomainOutcome.Refused(no!);
        }

        if (domain.State is DomainState.Revoked or DomainState.Suspended)
        {
            return new DomainOutcome.Refused(LinkDomains.NotActive(domain) with { Code = "invalid_domain_transition" });
        }

        var now = Now;
        domain.Fault = domain.Token is null ? null : Cut(await proof.FaultOfAsync(domain.Host, domain.Token, cancellationToken));
        if (domain.Fault is null)
        {
            (domain.State, domain.VerifiedAt) = (DomainState.Active, now);
        }

        domain.UpdatedAt = now;
        if (!await SaveAsync(context, domain, cancellationToken))
        {
            return AlreadyThere(domain.Host);
        }

        await known.ReloadAsync(cancellationToken);
        return new DomainOutcome.Done(domain);
    }

    /// <summary>Says what is at the domain beside its links.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> EditAsync(string publicId, DomainEdit edit, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, no) = await FindAsync(context, publicId, viewer, cancellationToken);
        if (domain is null)
        {
            return new DomainOutcome.Refused(no!);
        }

        if (domain.State != DomainState.Active)
        {
            return new DomainOutcome.Refused(LinkDomains.NotActive(domain));
        }

        foreach (var (field, url) in new[] { ("root_redirect", edit.HomeUrl?.To), ("not_found_redirect", edit.NotFoundUrl?.To), ("expired_redirect", edit.EndedUrl?.To) })
        {
            if (!string.IsNullOrEmpty(url) && Destination.ProblemOf(url, [], shortening) is { } problem)
            {
                return new DomainOutcome.Refused(Refusal.Malformed([new FieldError(field, problem.ToString())]));
            }
        }

        if (edit.IgnoresCase == true && !domain.IgnoresCase && await CaseClashes.RefuseAsync(context, domain.Id, cancellationToken) is { } clash)
        {
            return new DomainOutcome.Refused(clash);
        }

        domain.IgnoresCase = edit.IgnoresCase ?? domain.IgnoresCase;
        domain.HomeUrl = edit.HomeUrl is { } home ? Text(home.To) : domain.HomeUrl;
        domain.NotFoundUrl = edit.NotFoundUrl is { } notFound ? Text(notFound.To) : domain.NotFoundUrl;
        domain.EndedUrl = edit.EndedUrl is { } ended ? Text(ended.To) : domain.EndedUrl;
        domain.RobotsText = edit.RobotsText is { } robots ? Text(robots.To) : domain.RobotsText;
        if (context.ChangeTracker.HasChanges())
        {
            domain.UpdatedAt = Now;
            await context.SaveChangesAsync(cancellationToken);
            await known.ReloadAsync(cancellationToken);
        }

        return new DomainOutcome.Done(domain);
    }

    /// <summary>Gives a domain up. Its links stay, and lead nowhere until it is added again; or they are deleted with their clicks.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; with links, those before are gone.</exception>
    public async Task<DomainOutcome> RevokeAsync(string publicId, bool withLinks, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, no) = await FindAsync(context, publicId, viewer, cancellationToken);
        if (domain is null)
        {
            return new DomainOutcome.Refused(no!);
        }

        if (domain.State == DomainState.Suspended && domain.OwnerId is not null)
        {
            // Given up and added again, it would be active against the operator's will.
            return new DomainOutcome.Refused(LinkDomains.NotActive(domain) with { Code = "invalid_domain_transition" });
        }

        if (domain.State != DomainState.Revoked)
        {
            var now = Now;
            (domain.State, domain.RevokedAt, domain.UpdatedAt) = (DomainState.Revoked, now, now);
            await context.SaveChangesAsync(cancellationToken);
            await known.ReloadAsync(cancellationToken);
            if (domain.OwnerId is null)
            {
                await audit.RecordAsync(viewer.UserId, AuditAct.DomainRevoked, domain.Host, null, cancellationToken);
            }
        }

        return new DomainOutcome.Done(domain) { LinksDeleted = withLinks ? await DeleteLinksAsync(context, domain, domain.OwnerId, cancellationToken) : 0 };
    }

    /// <summary>Deletes the viewer's links on a domain, and their clicks. Links that the operator has blocked stay.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the links before are gone.</exception>
    public async Task<int> DeleteLinksAsync(Domain domain, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return viewer.UserId is null ? 0 : await DeleteLinksAsync(context, domain, viewer.UserId, cancellationToken);
    }

    /// <summary>Forgets a domain that was given up. Its links must have gone before.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> RemoveAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, no) = await FindAsync(context, publicId, viewer, cancellationToken);
        if (domain is null)
        {
            return new DomainOutcome.Refused(no!);
        }

        if (domain.State != DomainState.Revoked)
        {
            return new DomainOutcome.Refused(new Refusal(RefusalKind.Malformed, $"{domain.Host} is still in use: revoke it first") { Code = "invalid_domain_transition" });
        }

        if (await context.Links.CountAsync(link => link.DomainId == domain.Id, cancellationToken) is > 0 and var left)
        {
            return new DomainOutcome.Refused(new Refusal(
                RefusalKind.Conflict, $"{left} links are still on {domain.Host}: move them to another domain or delete them (DELETE /api/v1/urls?domain={domain.Host}) first"));
        }

        await context.MissedCodes.Where(missed => missed.DomainId == domain.Id).ExecuteDeleteAsync(cancellationToken);
        context.Domains.Remove(domain);
        await context.SaveChangesAsync(cancellationToken);
        if (domain.OwnerId is null)
        {
            await audit.RecordAsync(viewer.UserId, AuditAct.DomainRemoved, domain.Host, null, cancellationToken);
        }

        return new DomainOutcome.Done(domain);
    }

    /// <summary>Switches a domain off, whosever it is, or on again.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DomainOutcome> SwitchAsync(string publicId, bool isOn, string? actorId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Domains.SingleOrDefaultAsync(domain => domain.PublicId == publicId, cancellationToken) is not { } domain)
        {
            return NoSuchDomain;
        }

        if (domain.State != (isOn ? DomainState.Suspended : DomainState.Active))
        {
            return domain.State == (isOn ? DomainState.Active : DomainState.Suspended)
                ? new DomainOutcome.Done(domain)
                : new DomainOutcome.Refused(LinkDomains.NotActive(domain) with { Code = "invalid_domain_transition" });
        }

        (domain.State, domain.UpdatedAt) = (isOn ? DomainState.Active : DomainState.Suspended, Now);
        await context.SaveChangesAsync(cancellationToken);
        return await DoneAsync(domain, isOn ? AuditAct.DomainResumed : AuditAct.DomainSuspended, actorId, cancellationToken);
    }

    private async Task<DomainOutcome> DoneAsync(Domain domain, AuditAct act, string? actorId, CancellationToken cancellationToken)
    {
        await audit.RecordAsync(actorId, act, domain.Host, null, cancellationToken);
        await known.ReloadAsync(cancellationToken);
        return new DomainOutcome.Done(domain);
    }

    /// <summary>Saves; false when another account has proved the same host meanwhile.</summary>
    private static async Task<bool> SaveAsync(SpooDbContext context, Domain domain, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            if (await context.Domains.AnyAsync(
                other => other.Host == domain.Host && other.PublicId != domain.PublicId && (other.State == DomainState.Active || other.State == DomainState.Suspended), cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <param name="ownerId">Whose links. Null: everybody's.</param>
    private async Task<int> DeleteLinksAsync(SpooDbContext context, Domain domain, string? ownerId, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (await context.Links.Where(link => link.DomainId == domain.Id && (ownerId == null || link.OwnerId == ownerId) && link.Status != LinkStatus.Blocked)
            .OrderBy(link => link.Id).Take(DeletedAtOnce)
            .Select(link => new { link.Id, link.ShortCode, link.TotalClicks }).ToListAsync(cancellationToken) is { Count: > 0 } links)
        {
            await context.DeleteLinksAsync(links.Select(link => (link.Id, link.TotalClicks)), clock.GetUtcNow(), cancellationToken);
            links.ForEach(link => lookup.Forget(domain.Id, link.ShortCode));
            deleted += links.Count;
        }

        return deleted;
    }

    /// <summary>A domain that the viewer may change: their own, and for an administrator those of everybody.</summary>
    private async Task<(Domain? Domain, Refusal? No)> FindAsync(SpooDbContext context, string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        var domain = await context.Domains.SingleOrDefaultAsync(domain => domain.PublicId == publicId, cancellationToken);
        return domain is null ? (null, NoSuchDomain.Refusal)
            : domain.OwnerId is { } owner ? (owner == viewer.UserId ? (domain, null) : (null, NotTheirs.Refusal))
            : !viewer.IsKey && await administrators.HasAsync(viewer.UserId, cancellationToken) ? (domain, null)
            : (null, NotTheirs.Refusal);
    }

    private static (string? Host, Refusal? No) HostIn(string text, Func<string, bool> isOwnHost)
    {
        var host = DomainHosts.Parse(text);
        return host is null || !DomainHosts.IsPublic(host)
            ? (null, Refusal.Malformed([new FieldError("fqdn", "should be the whole name of a host, such as links.example.com")]))
            : isOwnHost(host)
                ? (null, new Refusal(RefusalKind.Conflict, $"{host} is this server's own name") { Code = "domain_already_registered", Fields = [new FieldError("fqdn", "is this server's own name")] })
            : (host, null);
    }

    private static DomainOutcome.Refused AlreadyThere(string host) => new(new Refusal(RefusalKind.Conflict, $"{host} is registered already")
    {
        Code = "domain_already_registered",
        Fields = [new FieldError("fqdn", "is registered already")],
    });

    private static string NewToken() => TokenStart + RandomNumberGenerator.GetString(TokenLetters, TokenLength);

    private static string? Cut(string? text) => text?.Length > Domain.MaxFaultLength ? text[..Domain.MaxFaultLength] : text;

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
