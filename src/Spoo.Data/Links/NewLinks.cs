using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Links;

/// <summary>
/// The one place where links come to be, for all callers: pages, the API, imports, the demo. Who may make any, and where they may lead, is
/// decided here; a test sees to it that no other file makes one.
/// </summary>
public sealed class NewLinks(
    VerifiedEmail verifiedEmail, LinkLookup lookup, KnownDomains domains, IDbContextFactory<SpooDbContext> contexts, Quotas quotas, ShorteningOptions options)
{
    private static readonly Refusal QuotaExceeded = new(
        RefusalKind.Forbidden, new Message("You have as many links as an account may have here").ToString())
    { Code = Quotas.Code };

    /// <summary>Whether codes may be in folders.</summary>
    public bool MayBeInFolders => options.SlashesInCodes;

    /// <summary>Why this viewer may not make a link. Null: they may.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<Refusal?> RefuseAsync(Viewer viewer, CancellationToken cancellationToken) => RefuseAsync(viewer, 1, cancellationToken);

    /// <summary>Why this viewer may not make so many links. Null: they may.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<Refusal?> RefuseAsync(Viewer viewer, int wanted, CancellationToken cancellationToken) =>
        !viewer.May(ApiKeyScope.ShortenCreate) ? Refusal.MissingScope
        : viewer.UserId is null && !options.AllowAnonymous ? Refusal.SignInFirst
        : await verifiedEmail.RefuseAsync(viewer, cancellationToken)
            ?? (await HasLeftAsync(viewer.UserId, wanted, cancellationToken) ? null : QuotaExceeded);

    /// <summary>Why a link may not lead there. Null: it may.</summary>
    /// <param name="ownHost">The host at which the caller found this installation, with its port where it has one of its own. Null: not known.</param>
    public Refusal? RefuseDestination(string longUrl, string? ownHost) =>
        ProblemOf(longUrl, ownHost) is { } problem ? Refusal.Invalid(problem.ToString(), "long_url") : null;

    /// <summary>Why a link may not have these further destinations. Null: it may. What it had before is not looked at again.</summary>
    /// <param name="before">Null: it had none.</param>
    public Refusal? RefuseTargets(TargetsEdit? targets, TargetRules? before, Change<string?>? expiredUrl, Change<string?>? preStartUrl, string? ownHost)
    {
        foreach (var (field, url) in new[] { ("expired_redirect_url", expiredUrl?.To), ("pre_start_url", preStartUrl?.To) })
        {
            if (url is { Length: > 0 } && ProblemOf(url, ownHost) is { } notThere)
            {
                return Refusal.Invalid(notThere.ToString(), field);
            }
        }

        if (targets?.Apply(before) is not { } rules)
        {
            return null;
        }

        var known = before?.All.Select(rule => rule.Url).ToHashSet(StringComparer.Ordinal) ?? [];
        if (TargetRuleChecks.Refuse(targets, rules) is { } no)
        {
            return no;
        }

        foreach (var (number, rule) in rules.All.Index())
        {
            if (!known.Contains(rule.Url) && ProblemOf(rule.Url, ownHost) is { } problem)
            {
                return Refusal.Invalid(problem.ToString(), targets.FieldOf(rule, number));
            }
        }

        return null;
    }

    /// <inheritdoc cref="RefuseDestination"/>
    public Message? ProblemOf(string longUrl, string? ownHost) =>
        Destination.ProblemOf(longUrl, OwnHosts(ownHost), options)
        ?? (lookup.IsHostBlocked(longUrl) ? new Message("URL is not allowed or invalid: the operator of this service leads nobody to its host") : null);

    /// <summary>Whether this installation is reached at the host, as far as it knows.</summary>
    /// <param name="ownHost">As in <see cref="RefuseDestination"/>.</param>
    internal bool IsOwnHost(string host, string? ownHost) => OwnHosts(ownHost).Any(own => own.Name.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>A link that is not stored yet.</summary>
    /// <param name="createdAt">When it was made here, or at the place that it comes from.</param>
    public static Link Make(LinkDraft draft, string code, string? ownerId, DateTimeOffset createdAt) => new()
    {
        PublicId = PublicId.New(createdAt),
        OwnerId = ownerId,
        ShortCode = code,
        LongUrl = draft.LongUrl,
        Title = LinkService.OwnWords(draft.Title),
        Note = LinkService.OwnWords(draft.Note),
        CreatedAt = createdAt,
        Status = draft.Status,
        PasswordHash = string.IsNullOrEmpty(draft.Password) ? null : LinkPassword.Hash(draft.Password),
        BlockBots = draft.BlockBots,
        MaxClicks = draft.MaxClicks,
        ExpireAfter = draft.ExpireAfter,
        PassQuery = draft.PassQuery,
        PassPath = draft.PassPath,
        RedirectStatus = draft.RedirectStatus == LinkRedirects.Default ? null : draft.RedirectStatus,
        ExpiredUrl = string.IsNullOrEmpty(draft.ExpiredUrl) ? null : draft.ExpiredUrl,
        StartsAt = draft.StartsAt,
        PreStartUrl = string.IsNullOrEmpty(draft.PreStartUrl) ? null : draft.PreStartUrl,
        ArchivedAt = draft.IsArchived ? createdAt : null,
        Rules = draft.Targets?.Apply(null),
        Preview = draft.Preview,
        Tags = [.. draft.Tags.Distinct().Select(name => new LinkTag { OwnerId = ownerId, Name = name })],

        // Without an owner, private statistics could be seen by no person.
        PrivateStats = ownerId is null ? null : draft.PrivateStats ?? true,
    };

    // Under the other names of this server its port is the same, unless a proxy takes that away.
    private List<BrowserHost> OwnHosts(string? ownHost)
    {
        var here = ownHost is null ? null : BrowserHost.OfAuthority(ownHost);
        var named = options.PublicUrl is null ? null : BrowserHost.OfUrl(options.PublicUrl);
        var others = options.OtherHosts.Concat(domains.All.Select(domain => domain.Host)).Select(BrowserHost.OfAuthority).OfType<BrowserHost>().ToList();
        return [.. new[] { here, named }.OfType<BrowserHost>(), .. others, .. others.Select(other => other with { Port = here?.Port })];
    }

    private async Task<bool> HasLeftAsync(string? ownerId, int wanted, CancellationToken cancellationToken)
    {
        if (ownerId is null || wanted == 0 || await quotas.MostAsync(ownerId, QuotaKind.Links, cancellationToken) is not { } most)
        {
            return true;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Links.CountAsync(link => link.OwnerId == ownerId, cancellationToken) + (long)wanted <= most;
    }
}
