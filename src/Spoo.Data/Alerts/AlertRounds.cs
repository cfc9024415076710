using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Alerts;

/// <summary>
/// Looks at rules when they are due, and puts down what they find, together with the webhook deliveries and the mail that tell of it: all in one
/// transaction with the moment at which the rule is looked at next, so that whichever process ends in between, each alert is raised once.
/// </summary>
public sealed partial class AlertRounds(IDbContextFactory<SpooDbContext> contexts, SpooDatabase database, AlertWatch watch, TimeProvider clock, ILogger<AlertRounds> logger)
    : Rounds(clock, logger)
{
    /// <summary>After an alert a rule says nothing more about the same thing for so long.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(12);

    /// <summary>Older alerts are deleted.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const int MostAtOnce = 20;

    /// <summary>Longer than looking at one rule takes.</summary>
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenClearances = TimeSpan.FromHours(1);

    /// <summary>Checks of what no rule looks at any more.</summary>
    private static readonly TimeSpan CheckKept = TimeSpan.FromDays(7);

    private readonly Lease _lease = new(clock);
    private readonly ILogger _logger = logger;
    private DateTimeOffset _cleared;

    protected override TimeSpan FirstPause => BetweenRounds;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return BetweenRounds;
        }

        if (Clock.GetUtcNow() - _cleared > BetweenClearances)
        {
            await ForgetOldAsync(cancellationToken);
            _cleared = Clock.GetUtcNow();
        }

        return await LookAsync(cancellationToken) == MostAtOnce ? TimeSpan.Zero : BetweenRounds;
    }

    /// <summary>Looks at what is due and not another node's.</summary>
    /// <returns>How many rules were due.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var due = await Lease.Free(context.AlertRules.AsNoTracking(), now)
            .Where(rule => rule.NextAt <= now && context.Users.Any(user => user.Id == rule.OwnerId && user.DisabledAt == null))
            .OrderBy(rule => rule.NextAt).Take(MostAtOnce).ToListAsync(cancellationToken);
        foreach (var rule in due)
        {
            if (await _lease.TakeAsync(context.AlertRules.Where(row => row.Id == rule.Id && row.NextAt == rule.NextAt), HeldFor, cancellationToken) == 1)
            {
                try
                {
                    await RaiseAsync(context, rule, await watch.LookAsync(rule, cancellationToken), cancellationToken);
                }
                catch (Exception exception) when (!StoreFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
                {
                    // One rule that cannot be looked at does not keep the others waiting; it is looked at again when its lease is over.
                    NotLookedAt(exception, rule.Id);
                }
            }
        }

        return due.Count;
    }

    /// <summary>Deletes alerts that are older than anybody looks back.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var (old, oldChecks) = (now - Kept, now - CheckKept);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await DeleteAsync(context.Alerts.Where(alert => alert.At < old));
        await DeleteAsync(context.AlertChecks.Where(check => check.CheckedAt < oldChecks));

        // Looks first: one that writes waits for others who do.
        async Task DeleteAsync<T>(IQueryable<T> rows)
        {
            if (await rows.AnyAsync(cancellationToken))
            {
                await rows.ExecuteDeleteAsync(cancellationToken);
            }
        }
    }

    private async Task RaiseAsync(SpooDbContext context, AlertRule rule, IReadOnlyList<AlertFinding> findings, CancellationToken cancellationToken)
    {
        var owner = await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == rule.OwnerId, cancellationToken);
        if (owner is null)
        {
            return;
        }

        await context.InTransactionAsync(
            async _ =>
            {
                var now = Clock.GetUtcNow();
                var next = AlertWatch.NextAfter(rule, owner, now);
                if (await _lease.Held(context.AlertRules.Where(row => row.Id == rule.Id && row.NextAt == rule.NextAt)).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.NextAt, next).SetProperty(row => row.HeldUntil, (DateTimeOffset?)null).SetProperty(row => row.HeldBy, (string?)null), cancellationToken) == 0)
                {
                    // It took too long, or its owner has changed or deleted the rule meanwhile.
                    return false;
                }

                if (findings.Count > 0)
                {
                    await AddAsync(context, rule, findings, now, cancellationToken);
                    await context.SaveChangesAsync(cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    private static async Task AddAsync(SpooDbContext context, AlertRule rule, IReadOnlyList<AlertFinding> findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var links = await LinksOfAsync(context, rule, findings, cancellationToken);
        var keys = findings.Select(finding => finding.Key).ToList();
        var since = findings.Min(finding => finding.At) - Pause;
        var known = await context.Alerts.Where(alert => alert.RuleId == rule.Id && (alert.At > since || keys.Contains(alert.Key)))
            .Select(alert => new { alert.Key, alert.Subject, alert.At }).ToListAsync(cancellationToken);
        var outbox = rule.ByWebhook ? await WebhookOutbox.OpenAsync(context, [rule.OwnerId], now, cancellationToken) : null;
        var mailId = rule.ByMail ? PublicId.New(now) : null;
        foreach (var finding in findings)
        {
            Link? link = null;
            if ((finding.LinkId ?? rule.LinkId) is { } id && !links.TryGetValue(id, out link))
            {
                // Deleted meanwhile.
                continue;
            }

            var subject = finding.Subject ?? link?.Name ?? rule.Tag ?? rule.DomainHost;
            if (known.Exists(alert => alert.Key == finding.Key || (alert.Subject == subject && alert.At > finding.At - Pause)))
            {
                continue;
            }

            var alert = new Alert
            {
                Id = PublicId.New(now),
                RuleId = rule.Id,
                OwnerId = rule.OwnerId,
                Kind = rule.Kind,
                Key = finding.Key,
                At = finding.At,
                LinkId = link?.PublicId,
                Subject = subject,
                Value = finding.Value,
                Usual = finding.Usual,
                Detail = finding.Detail,
                MailId = mailId,
                IsMailDue = mailId is not null,
            };
            context.Alerts.Add(alert);
            known.Add(new { alert.Key, alert.Subject, alert.At });
            if (outbox is not null)
            {
                await outbox.AddAsync(AlertEvents.Raised(alert, link), cancellationToken);
            }
        }
    }

    private static async Task<Dictionary<string, Link>> LinksOfAsync(SpooDbContext context, AlertRule rule, IReadOnlyList<AlertFinding> findings, CancellationToken cancellationToken)
    {
        var links = new Dictionary<string, Link>(StringComparer.Ordinal);
        foreach (var some in findings.Select(finding => finding.LinkId ?? rule.LinkId).OfType<string>().Distinct().Chunk(500))
        {
            foreach (var link in await context.Links.AsNoTracking().Where(link => some.Contains(link.PublicId)).ToListAsync(cancellationToken))
            {
                links[link.PublicId] = link;
            }
        }

        return links;
    }

    [LoggerMessage(LogLevel.Warning, "Rule {Rule} could not be looked at; it is tried again.")]
    private partial void NotLookedAt(Exception exception, string rule);
}
