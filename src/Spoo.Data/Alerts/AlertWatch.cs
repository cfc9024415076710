using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Alerts;

/// <summary>Looks at what rules are about, now or over the days before, and says what they find. Whether that has been told already is not its business.</summary>
public sealed class AlertWatch(IDbContextFactory<SpooDbContext> contexts, StatsService stats, Quotas quotas, ClickQuotas clicks, AlertChecks checks, TimeProvider clock)
{
    /// <summary>Rules are tried on so many days.</summary>
    public static readonly TimeSpan Tried = TimeSpan.FromDays(30);

    /// <summary>After a time away, hours up to so long ago are looked at; what was before is no news.</summary>
    private static readonly TimeSpan Missed = TimeSpan.FromHours(12);

    /// <summary>Links that a rule looks at: of those that end, the first, and of those with a limit, the ones that were clicked last.</summary>
    private const int MostLinks = 1_000;

    /// <summary>What a rule finds now that it did not find when it was last looked at.</summary>
    /// <exception cref="AlertBusyException">Too much is being counted.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<AlertFinding>> LookAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        switch (rule.Kind)
        {
            case AlertKind.LinkEnding:
                return await EndingAsync(context, rule, now, cancellationToken);
            case AlertKind.LinkLimit:
                return await NearLimitAsync(context, rule, now, cancellationToken);
            case AlertKind.Quota:
                return await NearQuotaAsync(context, rule, now, cancellationToken);
            case AlertKind.DomainFailing or AlertKind.BrokenDestination:
                return await checks.LookAsync(rule, cancellationToken);
            default:
                var since = rule.NextAt - TimeSpan.FromHours(1);
                return await CountAsync(context, rule, since < now - Missed ? now - Missed : since, now, cancellationToken);
        }
    }

    /// <summary>What a rule would have told of in the last days: of those that follow from clicks, with the pauses that it makes.</summary>
    /// <exception cref="AlertBusyException">Too much is being counted.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<AlertFinding>> TryAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var told = new List<AlertFinding>();
        foreach (var finding in await CountAsync(context, rule, now - Tried, now, cancellationToken))
        {
            if (told.Count == 0 || (finding.Key != told[^1].Key && finding.At >= told[^1].At + AlertRounds.Pause))
            {
                told.Add(finding);
            }
        }

        return told;
    }

    /// <summary>When a rule is to be looked at next.</summary>
    public static DateTimeOffset NextAfter(AlertRule rule, SpooUser owner, DateTimeOffset now)
    {
        if (!AlertKindFacts.Of(rule.Kind).CountsClicks)
        {
            return now + (rule.Kind == AlertKind.BrokenDestination ? TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(10));
        }

        // Once the hour is over and its clicks are stored; not all rules of a server in the same second.
        var zone = TimeZones.Resolve(owner.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var ofTheHour = TimeSpan.FromTicks(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour);
        return now - ofTheHour + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(90 + (Convert.ToInt32(rule.Id[^4..], 16) % 60));
    }

    private async Task<IReadOnlyList<AlertFinding>> CountAsync(SpooDbContext context, AlertRule rule, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var timeZone = await context.Users.Where(user => user.Id == rule.OwnerId).Select(user => user.TimeZone).SingleOrDefaultAsync(cancellationToken);
        var query = new StatsQuery
        {
            GroupBy = [Dimension.Time],
            Interval = TimeBucketWidth.Hour,
            BucketDetails = true,
            Zone = TimeZones.Resolve(timeZone),
            Start = after - TimeSpan.FromDays((7 * AlertHours.Weeks) + 1),
            End = until,
            LinkId = rule.LinkId,
            Filters = rule.DomainHost is { } host ? [new StatsFilter(Dimension.Domain, FilterOperator.Is, [host])] : [],
        };
        if (rule.Tag is { } tag)
        {
            var links = await context.LinkTags.Where(row => row.OwnerId == rule.OwnerId && row.Name == tag)
                .Join(context.Links, row => row.LinkId, link => link.Id, (_, link) => link.PublicId).ToListAsync(cancellationToken);
            if (links.Count == 0)
            {
                return [];
            }

            query = query with { LinkIds = links };
        }

        return await stats.AskAsync(query, Viewer.User(rule.OwnerId), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => [.. HoursOf(rule, report).Find(rule, after, until)],
            StatsOutcome.Refused({ Kind: RefusalKind.Busy }) => throw new AlertBusyException(),

            // The link is gone, and the rule with it.
            _ => [],
        };
    }

    private static AlertHours HoursOf(AlertRule rule, StatsReport report) => new(
        report.Buckets!.All,
        [.. report.BucketDetails!.Select(bucket => rule.Kind == AlertKind.Bots ? bucket.BotClicks : bucket.HumanClicks)],
        report.Summary.FirstClick);

    private static async Task<IReadOnlyList<AlertFinding>> EndingAsync(SpooDbContext context, AlertRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now.AddHours(rule.Threshold);
        var links = await context.WatchedLinks(rule).AsNoTracking().Where(LinkRules.Has(LinkStatus.Active, now)).Where(link => link.ExpireAfter <= soon)
            .OrderBy(link => link.ExpireAfter).Take(MostLinks).ToListAsync(cancellationToken);
        return links.ConvertAll(link => new AlertFinding(rule.Kind, Key(link, link.ExpireAfter!.Value.ToUnixTimeSeconds()), now)
        {
            LinkId = link.PublicId,
            Subject = link.Name,
            Value = (long)Math.Max(0, Math.Floor((link.ExpireAfter.Value - now).TotalHours)),
        });
    }

    private static async Task<IReadOnlyList<AlertFinding>> NearLimitAsync(SpooDbContext context, AlertRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var links = await context.WatchedLinks(rule).AsNoTracking()
            .Where(link => link.Status == LinkStatus.Active && link.MaxClicks != null && (link.TotalClicks + link.ForgottenClicks - link.PreviewClicks) * 100 >= link.MaxClicks * rule.Threshold)
            .OrderByDescending(link => link.LastClick).Take(MostLinks).ToListAsync(cancellationToken);
        return links.ConvertAll(link => new AlertFinding(rule.Kind, Key(link, link.MaxClicks!.Value), now)
        {
            LinkId = link.PublicId,
            Subject = link.Name,
            Value = link.TotalClicks + link.ForgottenClicks - link.PreviewClicks,
            Usual = link.MaxClicks,
        });
    }

    private async Task<IReadOnlyList<AlertFinding>> NearQuotaAsync(SpooDbContext context, AlertRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<AlertFinding>();
        if (await quotas.MostAsync(rule.OwnerId, QuotaKind.Links, cancellationToken) is { } mostLinks)
        {
            Add(AlertQuotas.Links, await context.Links.LongCountAsync(link => link.OwnerId == rule.OwnerId, cancellationToken), mostLinks);
        }

        if (await quotas.MostAsync(rule.OwnerId, QuotaKind.ClicksAMonth, cancellationToken) is { } mostClicks)
        {
            Add(AlertQuotas.ClicksAMonth, await clicks.UsedAsync(rule.OwnerId, cancellationToken), mostClicks);
        }

        return found;

        void Add(string kind, long used, long most)
        {
            if (most > 0 && used * 100 >= most * rule.Threshold)
            {
                // Once a month for each size of the quota.
                var month = ClickQuotas.StartOf(now).ToString("yyyy-MM", CultureInfo.InvariantCulture);
                found.Add(new(rule.Kind, string.Create(CultureInfo.InvariantCulture, $"{kind} {month} {most}"), now) { Subject = kind, Value = used, Usual = most });
            }
        }
    }

    private static string Key(Link link, long what) => string.Create(CultureInfo.InvariantCulture, $"{link.PublicId} {what}");
}

/// <summary>The links that a rule is about.</summary>
internal static class WatchedLinksOf
{
    public static IQueryable<Link> WatchedLinks(this SpooDbContext context, AlertRule rule)
    {
        var own = context.Links.Where(link => link.OwnerId == rule.OwnerId);
        return rule.LinkId is { } id ? own.Where(link => link.PublicId == id)
            : rule.Tag is { } tag ? own.Where(link => context.LinkTags.Any(row => row.LinkId == link.Id && row.Name == tag))
            : rule.DomainHost is { } host ? own.Where(link => link.DomainHost == host)
            : own;
    }
}

/// <summary>Too much is being counted for a rule to be looked at now.</summary>
public sealed class AlertBusyException() : Exception("too much is being counted; the rule is looked at later");
