using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Alerts;

/// <summary>
/// Checks the domains and destinations that rules are about, and remembers how they fared. One that fails is checked again sooner, so that a short
/// absence is told from a long one.
/// </summary>
public sealed class AlertChecks(IDbContextFactory<SpooDbContext> contexts, DomainProof proof, DestinationCheck destinations, AlertOptions options, TimeProvider clock)
{
    /// <summary>Domains that are checked before other rules get their turn.</summary>
    private const int MostDomains = 4;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenDomains = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenDestinations = TimeSpan.FromHours(6);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    /// <summary>Checks what is due for a rule.</summary>
    /// <returns>What has failed as often as the rule says.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<AlertFinding>> LookAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new List<AlertFinding>();
        if (rule.Kind == AlertKind.DomainFailing)
        {
            foreach (var domain in await DueDomainsAsync(context, rule, cancellationToken))
            {
                await CheckAsync(domain.PublicId, domain.Host, linkId: null, () => proof.FaultOfAsync(domain.Host, domain.Token!, cancellationToken));
            }
        }
        else
        {
            foreach (var link in await DueLinksAsync(context, rule, cancellationToken))
            {
                await CheckAsync(link.PublicId, link.Name, link.PublicId, () => destinations.FaultOfAsync(link.LongUrl, cancellationToken));
            }
        }

        return found;

        async Task CheckAsync(string id, string name, string? linkId, Func<Task<string?>> faultOf)
        {
            var fault = await faultOf();
            var check = await NoteAsync(context, rule, id, fault, cancellationToken);
            if (fault is not null && check.Failures >= rule.Threshold)
            {
                found.Add(new(rule.Kind, string.Create(CultureInfo.InvariantCulture, $"{id} {check.FailingSince!.Value.ToUnixTimeSeconds()}"), check.CheckedAt)
                {
                    LinkId = linkId,
                    Subject = name,
                    Value = check.Failures,
                    Detail = fault.Length <= Alert.MaxDetailLength ? fault : fault[..Alert.MaxDetailLength],
                });
            }
        }
    }

    private async Task<AlertCheck> NoteAsync(SpooDbContext context, AlertRule rule, string id, string? fault, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var check = await context.AlertChecks.FindAsync([rule.Id, id], cancellationToken);
        if (check is null)
        {
            context.AlertChecks.Add(check = new AlertCheck { RuleId = rule.Id, SubjectId = id, CheckedAt = now });
        }

        check.CheckedAt = now;
        check.Failures = fault is null ? 0 : check.Failures + 1;
        check.FailingSince = fault is null ? null : check.FailingSince ?? now;
        await context.SaveChangesAsync(cancellationToken);
        return check;
    }

    private async Task<IReadOnlyList<Domain>> DueDomainsAsync(SpooDbContext context, AlertRule rule, CancellationToken cancellationToken)
    {
        var fresh = Fresh(context, rule, BetweenDomains);
        return await context.Domains.AsNoTracking()
            .Where(domain => domain.OwnerId == rule.OwnerId && domain.State == DomainState.Active && domain.Token != null && (rule.DomainHost == null || domain.Host == rule.DomainHost))
            .Where(domain => !fresh.Contains(domain.PublicId))
            .OrderBy(domain => domain.Id).Take(MostDomains).ToListAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Link>> DueLinksAsync(SpooDbContext context, AlertRule rule, CancellationToken cancellationToken)
    {
        if (!options.CheckDestinations)
        {
            return [];
        }

        // What all nodes have called in the last minute stands in the database.
        var now = clock.GetUtcNow();
        var aMinuteAgo = now - Minute;
        var left = options.ChecksAMinute - await context.AlertChecks.CountAsync(
            check => check.CheckedAt > aMinuteAgo && context.AlertRules.Any(row => row.Id == check.RuleId && row.Kind == AlertKind.BrokenDestination), cancellationToken);
        if (left <= 0)
        {
            return [];
        }

        // First those that never were, then those that have waited longest.
        var watched = context.WatchedLinks(rule).AsNoTracking().Where(LinkRules.Has(LinkStatus.Active, now)).Where(link => link.LongUrl.StartsWith("http"));
        var checks = context.AlertChecks.Where(check => check.RuleId == rule.Id);
        var due = await watched.Where(link => !checks.Any(check => check.SubjectId == link.PublicId)).OrderBy(link => link.Id).Take(left).ToListAsync(cancellationToken);
        if (due.Count < left)
        {
            var fresh = Fresh(context, rule, BetweenDestinations);
            due.AddRange(await watched.Where(link => !fresh.Contains(link.PublicId))
                .Join(checks, link => link.PublicId, check => check.SubjectId, (link, check) => new { link, check.CheckedAt })
                .OrderBy(pair => pair.CheckedAt).Take(left - due.Count).Select(pair => pair.link).ToListAsync(cancellationToken));
        }

        return due.FindAll(link => DestinationCheck.CanAsk(link.LongUrl));
    }

    private IQueryable<string> Fresh(SpooDbContext context, AlertRule rule, TimeSpan between)
    {
        var (old, failed) = (clock.GetUtcNow() - between, clock.GetUtcNow() - AfterFailure);
        return context.AlertChecks.Where(check => check.RuleId == rule.Id && ((check.Failures == 0 && check.CheckedAt > old) || (check.Failures > 0 && check.CheckedAt > failed)))
            .Select(check => check.SubjectId);
    }
}
