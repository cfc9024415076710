using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Care;

/// <summary>Two ways of counting the same link that do not agree.</summary>
/// <param name="ShortCode">Which link. Null: all links of an account.</param>
/// <param name="What">What was counted.</param>
/// <param name="Rows">By the stored clicks, which are the truth.</param>
/// <param name="Other">By the other way.</param>
public sealed record AuditDifference(string? ShortCode, string What, string Rows, string Other);

/// <param name="Links">Links that were looked at.</param>
/// <param name="Clicks">Their stored clicks.</param>
/// <param name="Ahead">Those of them that are dated ahead of now, and are in no report before their time has come.</param>
/// <param name="NotMeasured">The first of the clicks with a redirect time that cannot be. They are counted without it.</param>
public sealed record AuditReport(int Links, long Clicks, long Ahead, IReadOnlyList<ClickId> NotMeasured, IReadOnlyList<AuditDifference> Differences)
{
    public const int MaxNotMeasured = 20;
}

/// <summary>Counts everything again, link by link and by every dimension: in the stored rows, in the columns and by the links' counters.</summary>
public sealed class ClickAudit(IDbContextFactory<SpooDbContext> contexts, LiveClicks columns, TimeProvider clock)
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

        var (links, clicks, ahead, notMeasured, differences) = (0, 0L, 0L, new List<ClickId>(), new List<AuditDifference>());
        foreach (var owner in owners)
        {
            var report = await OfAsync(owner, cancellationToken);
            for (var attempt = 1; attempt < Attempts && report.Differences.Count > 0; attempt++)
            {
                report = await OfAsync(owner, cancellationToken);
            }

            links += report.Links;
            clicks += report.Clicks;
            ahead += report.Ahead;
            notMeasured.AddRange(report.NotMeasured.Take(AuditReport.MaxNotMeasured - notMeasured.Count));
            differences.AddRange(report.Differences);
        }

        return new AuditReport(links, clicks, ahead, notMeasured, differences);
    }

    private async Task<AuditReport> OfAsync(string? ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var moment = await context.Database.BeginTransactionAsync(cancellationToken);
        var links = await context.Links.AsNoTracking().Where(link => link.OwnerId == ownerId).OrderBy(link => link.Id)
            .Select(link => new { link.Id, link.ShortCode, link.OwnerId, link.CreatedAt, link.TotalClicks, link.LastClick })
            .ToListAsync(cancellationToken);
        var clicks = context.Clicks.Where(click => context.Links.Any(link => link.Id == click.LinkId && link.OwnerId == ownerId));
        var rows = await clicks
            .GroupBy(click => click.LinkId)
            .Select(group => new { Link = group.Key, Clicks = group.LongCount(), Visitors = group.Select(click => click.Visitor).Distinct().LongCount(), Last = group.Max(click => click.Time) })
            .ToDictionaryAsync(group => group.Link, cancellationToken);
        var byDimension = await new DimensionAudit(context, clicks).CountAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var ahead = await clicks.LongCountAsync(click => click.Time > now, cancellationToken);
        var notMeasured = await clicks.Where(click => click.RedirectMs < 0 || click.RedirectMs > Click.MaxRedirectMs)
            .Select(click => click.Id).OrderBy(id => id).Take(AuditReport.MaxNotMeasured).ToListAsync(cancellationToken);
        await moment.CommitAsync(cancellationToken);

        var counted = await columns.CountAsync(
            new StatsQuery { GroupBy = [Dimension.ShortCode, .. DimensionAudit.All], Limit = int.MaxValue },
            new ClickSelection
            {
                OwnerId = ownerId,
                Links = [.. links.Select(link => new CountedLink(link.Id, link.ShortCode, link.OwnerId, link.CreatedAt))],
                Range = Always,
            },
            cancellationToken);
        var report = ((StatsOutcome.Found)counted).Report;
        var inColumns = report.By(Dimension.ShortCode).Rows.ToDictionary(row => row.Label, row => row.Count, StringComparer.Ordinal);

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

        var labels = DimensionAudit.All.ToDictionary(
            dimension => dimension, dimension => report.By(dimension).Rows.ToDictionary(row => row.Label, row => row.Count.Clicks, StringComparer.Ordinal));
        foreach (var (dimension, label) in byDimension.Keys.Union(labels.SelectMany(known => known.Value.Keys.Select(label => (known.Key, label)))))
        {
            Compare(null, $"clicks with {dimension} '{label}' in columns", byDimension.GetValueOrDefault((dimension, label)), labels[dimension].GetValueOrDefault(label));
        }

        return new AuditReport(links.Count, rows.Values.Sum(row => row.Clicks), ahead, [.. notMeasured.Select(ClickId.Unpack)], differences);

        void Compare<T>(string? code, string what, T truth, T other)
        {
            if (!Equals(truth, other))
            {
                differences.Add(new AuditDifference(code, what, truth?.ToString() ?? "never", other?.ToString() ?? "never"));
            }
        }
    }
}
