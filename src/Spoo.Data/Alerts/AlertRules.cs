using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Alerts;

/// <summary>A rule that is to be made or tried.</summary>
public sealed record AlertRuleDraft
{
    public required AlertKind Kind { get; init; }

    /// <summary>The public id of a link. Of this, <see cref="Tag"/> and <see cref="DomainHost"/> one at most is given; none of them: the whole account.</summary>
    public string? LinkId { get; init; }

    public string? Tag { get; init; }

    public string? DomainHost { get; init; }

    /// <summary>Null: that of the kind.</summary>
    public int? Threshold { get; init; }

    /// <inheritdoc cref="Threshold"/>
    public int? Minimum { get; init; }

    public bool ByMail { get; init; }

    public bool ByWebhook { get; init; }
}

/// <summary>What is to be different about a rule. Null: that stays as it is.</summary>
public sealed record AlertRuleEdit
{
    public int? Threshold { get; init; }

    public int? Minimum { get; init; }

    public bool? ByMail { get; init; }

    public bool? ByWebhook { get; init; }
}

/// <summary>What came of an attempt to make, change, delete or try a rule.</summary>
public abstract record AlertRuleOutcome
{
    private AlertRuleOutcome()
    {
    }

    public sealed record Done(AlertRule Rule) : AlertRuleOutcome
    {
        /// <summary>What it would have told of. Empty: it was not tried, or would have said nothing.</summary>
        public IReadOnlyList<AlertFinding> Findings { get; init; } = [];
    }

    public sealed record Refused(Refusal Refusal) : AlertRuleOutcome;
}

/// <summary>Makes, changes and tries the rules of accounts.</summary>
public sealed class AlertRules(IDbContextFactory<SpooDbContext> contexts, AlertWatch watch, AlertOptions options, TimeProvider clock)
{
    /// <summary>More than one account has use for.</summary>
    public const int MostRules = 50;

    public static readonly Refusal NoSuchRule = new(RefusalKind.NotFound, "alert rule not found");

    private static readonly AlertRuleOutcome.Refused NoneSuch = new(NoSuchRule);

    /// <summary>Whether this server may look whether destinations answer.</summary>
    public bool ChecksDestinations => options.CheckDestinations;

    /// <summary>An account's rules, the oldest first, and of those that are about one link, the name of it by its public id.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<AlertRule> Rules, IReadOnlyDictionary<string, string> Links)> ListAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var rules = await context.AlertRules.AsNoTracking().Where(rule => rule.OwnerId == viewer.UserId).OrderBy(rule => rule.CreatedAt).ThenBy(rule => rule.Id).ToListAsync(cancellationToken);
        var ids = rules.Select(rule => rule.LinkId).OfType<string>().Distinct().ToList();
        var links = ids.Count == 0 ? [] : await context.Links.AsNoTracking().Where(link => ids.Contains(link.PublicId)).ToListAsync(cancellationToken);
        return (rules, links.ToDictionary(link => link.PublicId, link => link.Name, StringComparer.Ordinal));
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AlertRuleOutcome> CreateAsync(AlertRuleDraft draft, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (rule, refusal) = await MakeAsync(context, draft, viewer, cancellationToken);
        if (rule is null)
        {
            return new AlertRuleOutcome.Refused(refusal!);
        }

        if (await context.AlertRules.CountAsync(known => known.OwnerId == viewer.UserId, cancellationToken) >= MostRules)
        {
            return new AlertRuleOutcome.Refused(new Refusal(RefusalKind.Forbidden, $"an account may have {MostRules} alert rules; delete one that is not needed any more") { Code = "limit_reached" });
        }

        context.AlertRules.Add(rule);
        await context.SaveChangesAsync(cancellationToken);
        return new AlertRuleOutcome.Done(rule);
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AlertRuleOutcome> EditAsync(string id, AlertRuleEdit edit, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.AlertRules.SingleOrDefaultAsync(rule => rule.Id == id && rule.OwnerId == viewer.UserId, cancellationToken) is not { } rule)
        {
            return NoneSuch;
        }

        if (Refuse(AlertKindFacts.Of(rule.Kind), edit.Threshold, edit.Minimum) is { } refusal)
        {
            return new AlertRuleOutcome.Refused(refusal);
        }

        rule.Threshold = edit.Threshold ?? rule.Threshold;
        rule.Minimum = edit.Minimum ?? rule.Minimum;
        rule.ByMail = edit.ByMail ?? rule.ByMail;
        rule.ByWebhook = edit.ByWebhook ?? rule.ByWebhook;
        await context.SaveChangesAsync(cancellationToken);
        return new AlertRuleOutcome.Done(rule);
    }

    /// <summary>Deletes a rule with all that it has found.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AlertRuleOutcome> DeleteAsync(string id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.AlertRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.Id == id && rule.OwnerId == viewer.UserId, cancellationToken) is { } rule
            && await context.AlertRules.Where(row => row.Id == rule.Id).ExecuteDeleteAsync(cancellationToken) == 1
            ? new AlertRuleOutcome.Done(rule)
            : NoneSuch;
    }

    /// <summary>Lets a rule send no more mails; one that is gone sends none.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task StopMailsAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.AlertRules.Where(rule => rule.Id == id).ExecuteUpdateAsync(set => set.SetProperty(rule => rule.ByMail, false), cancellationToken);
    }

    /// <summary>What a rule would have told of in the last <see cref="AlertWatch.Tried"/>, without making it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AlertRuleOutcome> TryAsync(AlertRuleDraft draft, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!AlertKindFacts.Of(draft.Kind).CountsClicks)
        {
            var kinds = AlertKindFacts.All.Where(known => known.CountsClicks).Select(known => known.Name);
            return new AlertRuleOutcome.Refused(Refusal.Invalid($"rules of the kinds {string.Join(", ", kinds)} can be tried on the past; the others look at what is not kept", "kind"));
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var (rule, refusal) = await MakeAsync(context, draft, viewer, cancellationToken);
        if (rule is null)
        {
            return new AlertRuleOutcome.Refused(refusal!);
        }

        try
        {
            return new AlertRuleOutcome.Done(rule) { Findings = await watch.TryAsync(rule, cancellationToken) };
        }
        catch (AlertBusyException)
        {
            return new AlertRuleOutcome.Refused(new Refusal(RefusalKind.Busy, "too many questions are being counted; ask again in a few seconds"));
        }
    }

    private async Task<(AlertRule? Rule, Refusal? Refusal)> MakeAsync(SpooDbContext context, AlertRuleDraft draft, Viewer viewer, CancellationToken cancellationToken)
    {
        var facts = AlertKindFacts.Of(draft.Kind);
        var refusal = Refuse(facts, draft.Threshold, draft.Minimum) ?? RefuseWatched(facts, draft);
        if (refusal is null && draft.Kind == AlertKind.BrokenDestination && !options.CheckDestinations)
        {
            refusal = Refusal.NotOffered("kind", "not available on this server: its operator has not switched the checks of destinations on");
        }

        var tag = draft.Tag;
        if (refusal is null && draft.Tag is not null && !LinkTag.TryParse(draft.Tag, out tag))
        {
            refusal = Refusal.Invalid(LinkTag.Shape.ToString(), "tag");
        }

        if (refusal is null && draft.LinkId is { } id && !await context.Links.AnyAsync(link => link.PublicId == id && link.OwnerId == viewer.UserId, cancellationToken))
        {
            refusal = Refusal.Invalid("link_id should be the id of one of your links", "link_id");
        }

        var host = draft.DomainHost is null ? null : DomainHosts.Parse(draft.DomainHost);
        if (refusal is null && draft.DomainHost is not null
            && (host is null || !await context.Domains.AnyAsync(domain => domain.Host == host && (domain.OwnerId == viewer.UserId || (domain.OwnerId == null && facts.IsOfLinks)), cancellationToken)))
        {
            refusal = Refusal.Invalid(facts.IsOfLinks ? "domain should be the host of a domain that you may use" : "domain should be the host of one of your domains", "domain");
        }

        if (refusal is not null)
        {
            return (null, refusal);
        }

        var now = clock.GetUtcNow();
        return (new AlertRule
        {
            Id = PublicId.New(now),
            OwnerId = viewer.UserId!,
            Kind = draft.Kind,
            LinkId = draft.LinkId,
            Tag = tag,
            DomainHost = host,
            Threshold = draft.Threshold ?? facts.Threshold,
            Minimum = draft.Minimum ?? facts.Minimum ?? 0,
            ByMail = draft.ByMail,
            ByWebhook = draft.ByWebhook,
            CreatedAt = now,
            NextAt = now,
        }, null);
    }

    private static Refusal? RefuseWatched(AlertKindFacts facts, AlertRuleDraft draft)
    {
        List<string> given = [.. new[] { ("link_id", draft.LinkId), ("tag", draft.Tag), ("domain", draft.DomainHost) }.Where(watched => watched.Item2 is not null).Select(watched => watched.Item1)];
        return given.Count > 1 ? Refusal.Invalid($"a rule is about one of link_id, tag and domain, or about the whole account; here are {string.Join(" and ", given)}", given[1])
            : given is [var only] && !(only == "domain" ? facts.IsOfDomains : facts.IsOfLinks) ? Refusal.Invalid(
                facts.IsOfDomains ? $"a rule of kind {facts.Name} is about all your domains, or one by domain" : $"a rule of kind {facts.Name} is about the whole account", only)
            : null;
    }

    private static Refusal? Refuse(AlertKindFacts facts, int? threshold, int? minimum) =>
        threshold is { } number && (number < facts.LeastThreshold || number > facts.MostThreshold)
            ? Refusal.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"threshold should be from {facts.LeastThreshold} to {facts.MostThreshold} for {facts.Name}: {facts.Unit}"), "threshold")
        : minimum is not null && facts.Minimum is null
            ? Refusal.Invalid($"minimum is for {string.Join(", ", AlertKindFacts.All.Where(known => known.Minimum is not null).Select(known => known.Name))}; {facts.Name} counts no clicks", "minimum")
        : minimum is < AlertKindFacts.LeastMinimum or > AlertKindFacts.MostMinimum
            ? Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"minimum should be from {AlertKindFacts.LeastMinimum} to {AlertKindFacts.MostMinimum} clicks"), "minimum")
        : null;
}
