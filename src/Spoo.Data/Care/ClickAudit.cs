using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Care;

/// <summary>Two ways of counting the same link that do not agree.</summary>
/// <param name="ShortCode">Which link.</param>
/// <param name="What">What was counted.</param>
/// <param name="Rows">By the stored clicks, which are the truth.</param>
/// <param name="Other">By the other way.</param>
public sealed record AuditDifference(string ShortCode, string What, string Rows, string Other);

/// <param name="Links">Links that were looked at.</param>
/// <param name="Clicks">Their stored clicks.</param>
public sealed record AuditReport(int Links, long Clicks, IReadOnlyList<AuditDifference> Differences);

/// <summary>Counts everything again, link by link: in the stored rows, in the columns and by the links' counters.</summary>
public sealed class ClickAudit(IDbContextFactory<SpooDbContext> contexts, LiveClicks columns)
{
    /// <summary>While clicks come in, two counts of different moments differ; only what differs every time is wrong.</summary>
    private const int Attempts = 4;

    private static readonly TimeRange Always = new(
        new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(9998, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZones.Utc);

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        List<string?> owners;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            owners = await context.Links.Select(link => link.OwnerId).Distinct().ToListAsync(cancellationToken);
        }

        var (links, clicks, differences) = (0, 0L, new List<AuditDifference>());
        foreach (var owner in owners)
        {
            var report = await OfAsync(owner, cancellationToken);
            for (var attempt = 1; attempt < Attempts && report.Differences.Count > 0; attempt++)
            {
                report = await OfAsync(owner, cancellationToken);
            }

            links += report.Links;
            clicks += report.Clicks;
            differences.AddRange(report.Differences);
        }

        return new AuditReport(links, clicks, differences);
    }

    private async Task<AuditReport> OfAsync(string? ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var moment = await context.Database.BeginTransactionAsync(cancellationToken);
        var links = await context.Links.AsNoTracking().Where(link => link.OwnerId == ownerId).OrderBy(link => link.Id)
            .Select(link => new { link.Id, link.ShortCode, link.OwnerId, link.CreatedAt, link.TotalClicks, link.LastClick })
            .ToListAsync(cancellationToken);
        var rows = await context.Clicks.Where(click => context.Links.Any(link => link.Id == click.LinkId && link.OwnerId == ownerId))
            .GroupBy(click => click.LinkId)
            .Select(group => new { Link = group.Key, Clicks = group.LongCount(), Visitors = group.Select(click => click.Visitor).Distinct().LongCount(), Last = group.Max(click => click.Time) })
            .ToDictionaryAsync(group => group.Link, cancellationToken);
        await moment.CommitAsync(cancellationToken);

        var counted = await columns.CountAsync(
            new StatsQuery { GroupBy = [Dimension.ShortCode], Limit = int.MaxValue },
            new ClickSelection
            {
                OwnerId = ownerId,
                Links = [.. links.Select(link => new CountedLink(link.Id, link.ShortCode, link.OwnerId, link.CreatedAt))],
                Range = Always,
            },
            cancellationToken);
        var inColumns = ((StatsOutcome.Found)counted).Report.By(Dimension.ShortCode).Rows.ToDictionary(row => row.Label, row => row.Count, StringComparer.Ordinal);

        var differences = new List<AuditDifference>();
        foreach (var link in links)
        {
            var row = rows.GetValueOrDefault(link.Id);
            var column = inColumns.GetValueOrDefault(link.ShortCode);
            Compare(link.ShortCode, "clicks by the link's counter", row?.Clicks ?? 0, link.TotalClicks);
            Compare(link.ShortCode, "clicks in columns", row?.Clicks ?? 0, column.Clicks);
            Compare(link.ShortCode, "visitors in columns", row?.Visitors ?? 0, column.UniqueClicks);
            Compare(link.ShortCode, "last click by the link's counter", row?.Last.ToString("O"), link.LastClick?.ToString("O"));
        }

        return new AuditReport(links.Count, rows.Values.Sum(row => row.Clicks), differences);

        void Compare<T>(string code, string what, T truth, T other)
        {
            if (!Equals(truth, other))
            {
                differences.Add(new AuditDifference(code, what, truth?.ToString() ?? "never", other?.ToString() ?? "never"));
            }
        }
    }
}
