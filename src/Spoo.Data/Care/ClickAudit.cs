using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Care;

/// <summary>Two ways of counting the same link that do not agree.</summary>
/// <param name="Link">The text of a <see cref="LinkName"/>. Null: all links of an account.</param>
/// <param name="What">What was counted.</param>
/// <param name="Rows">By the stored clicks, which are the truth.</param>
/// <param name="Other">By the other way.</param>
public sealed record AuditDifference(string? Link, string What, string Rows, string Other);

/// <param name="Links">Links that were looked at.</param>
/// <param name="Clicks">Their stored clicks.</param>
public sealed record AuditReport(int Links, long Clicks, IReadOnlyList<AuditDifference> Differences)
{
    public const int MaxNotMeasured = 20;

    /// <summary>Those of the clicks that are dated ahead of now, and are in no report before their time has come.</summary>
    public long Ahead { get; init; }

    /// <summary>The first of the clicks with a redirect time that cannot be. They are counted without it.</summary>
    public IReadOnlyList<ClickId> NotMeasured { get; init; } = [];

    /// <summary>What could not be counted at all, and why, in lines for people.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Stored clicks whose link is not there.</summary>
    public long ClicksWithoutLink { get; init; }

    public bool IsGood => Differences.Count == 0 && Faults.Count == 0 && ClicksWithoutLink == 0;
}

/// <summary>
/// Counts everything again, link by link and by every dimension: in the stored rows, in the columns and by the links' counters. Rows are read in pieces, however many
/// there are, and no page waits for it.
/// </summary>
public sealed class ClickAudit(IDbContextFactory<SpooDbContext> contexts, IClickCounting counting, ClicksWithoutLink withoutLink, TimeProvider clock)
{
    /// <summary>While clicks come in, counts of different moments may differ; only what differs every time is wrong.</summary>
    private const int Attempts = 4;

    private static readonly TimeRange Always = new(
        new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(9998, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZones.Utc);

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        // A copy that is being made is waited for.
        await counting.FollowAsync(cancellationToken);
        List<string?> owners;
        var faults = new List<string>();
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            faults.AddRange(await DamageAsync(context, cancellationToken));
            owners = await context.Links.Select(link => link.OwnerId).Distinct().ToListAsync(cancellationToken);
        }

        var (links, clicks, ahead, notMeasured, differences) = (0, 0L, 0L, new List<ClickId>(), new List<AuditDifference>());
        foreach (var owner in owners)
        {
            AuditReport report;
            try
            {
                report = await OfAsync(owner, cancellationToken);
                for (var attempt = 1; attempt < Attempts && report.Differences.Count > 0; attempt++)
                {
                    report = await OfAsync(owner, cancellationToken);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever stands in these rows: to find it is what an audit is for, and the others want to be counted, too.
                faults.Add($"the links of {(owner is null ? "nobody" : $"account {owner}")} could not be counted: {exception.GetBaseException().Message}");
                continue;
            }

            links += report.Links;
            clicks += report.Clicks;
            ahead += report.Ahead;
            notMeasured.AddRange(report.NotMeasured.Take(AuditReport.MaxNotMeasured - notMeasured.Count));
            differences.AddRange(report.Differences);
        }

        return new AuditReport(links, clicks, differences)
        {
            Faults = faults,
            Ahead = ahead,
            NotMeasured = notMeasured,
            ClicksWithoutLink = await withoutLink.CountAsync(cancellationToken),
        };
    }

    // A server looks after its own files.
    private static async Task<IReadOnlyList<string>> DamageAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (!context.Database.IsSqlite())
        {
            return [];
        }

        var said = await context.Database.SqlQueryRaw<string>("""SELECT integrity_check AS "Value" FROM pragma_integrity_check""").ToListAsync(cancellationToken);
        return said is ["ok"] ? [] : [.. said.Select(line => $"the database's file: {line}")];
    }

    private async Task<AuditReport> OfAsync(string? ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // One link may have millions of clicks, and no page waits for this.
        context.Database.SetCommandTimeout(TimeSpan.FromHours(1));

        // First what is quick, around which the counters are read twice: a link whose counters have not moved had the same clicks all the
        // while. Then the rows, up to the same moment.
        var links = await LinksAsync(context, ownerId, cancellationToken);
        var writers = await FollowedWriters.NowAsync(context, null, cancellationToken);
        var counted = (await counting.CountAsync(
            new StatsQuery { GroupBy = [Dimension.ShortCode, .. DimensionAudit.All], Limit = int.MaxValue },
            [
                new ClickSelection
                {
                    OwnerId = ownerId,
                    Links = [.. links.Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt))],
                    Range = Always,
                },
            ],
            AnswerLimits.Owner with { Patience = TimeSpan.MaxValue },
            cancellationToken))[0];
        if (counted is StatsOutcome.Refused(var no))
        {
            throw new InvalidOperationException(no.Message);
        }

        var report = ((StatsOutcome.Found)counted).Report;
        var inColumns = report.By(Dimension.ShortCode).Rows.ToDictionary(row => row.Label, row => row.Count, StringComparer.Ordinal);

        var after = (await LinksAsync(context, ownerId, cancellationToken)).ToDictionary(link => link.Id);
        var (rows, dimensions, ahead, notMeasured) = await context.Moved().ReadAsync(context, moved => CountAsync(context, links, writers, moved, cancellationToken), cancellationToken);

        var differences = new List<AuditDifference>();
        foreach (var link in links)
        {
            var row = rows.GetValueOrDefault(link.Id, new RowCount());
            var column = inColumns.GetValueOrDefault(link.Name);
            if (after.TryGetValue(link.Id, out var later))
            {
                CompareClicks(link.Name, "clicks by the link's counter", row.Clicks, link.TotalClicks, later.TotalClicks);
                if (later == link)
                {
                    Compare(link.Name, "clicks in columns", row.Clicks, column.Clicks);
                    Compare(link.Name, "visitors in columns", row.Visitors, column.UniqueClicks);
                    Compare(link.Name, "last click by the link's counter", row.Last?.ToString("O"), link.LastClick?.ToString("O"));
                }
            }
        }

        var totals = (await context.RecountTotalsAsync(ownerId, cancellationToken)).ToDictionary(link => link.LinkId);
        foreach (var link in links.Where(link => after.ContainsKey(link.Id) && (link.ImportedClicks != 0 || totals.ContainsKey(link.Id))))
        {
            var (_, sums, settled) = totals.GetValueOrDefault(link.Id);
            Compare(link.Name, "clicks that imports told in sums, beside the clicks", settled, sums);
            Compare(link.Name, "clicks that imports told in sums, by the link's counter", sums, link.ImportedClicks);
        }

        if (links.TrueForAll(link => after.GetValueOrDefault(link.Id) == link))
        {
            var labels = DimensionAudit.All.ToDictionary(
                dimension => dimension, dimension => report.By(dimension).Rows.ToDictionary(row => row.Label, row => row.Count.Clicks, StringComparer.Ordinal));
            foreach (var (dimension, label) in dimensions.Counts.Keys.Union(labels.SelectMany(known => known.Value.Keys.Select(label => (known.Key, label)))))
            {
                Compare(null, $"clicks with {dimension} '{label}' in columns", dimensions.Counts.GetValueOrDefault((dimension, label)), labels[dimension].GetValueOrDefault(label));
            }
        }

        return new AuditReport(links.Count, rows.Values.Sum(row => row.Clicks), differences) { Ahead = ahead, NotMeasured = [.. notMeasured.Select(ClickId.Unpack)] };

        void CompareClicks(string code, string what, long truth, long earlier, long later)
        {
            if (truth < Math.Min(earlier, later) || truth > Math.Max(earlier, later))
            {
                differences.Add(new AuditDifference(code, what, truth.ToString(CultureInfo.InvariantCulture), later.ToString(CultureInfo.InvariantCulture)));
            }
        }

        void Compare<T>(string? code, string what, T truth, T other)
        {
            if (!Equals(truth, other))
            {
                differences.Add(new AuditDifference(code, what, truth?.ToString() ?? "never", other?.ToString() ?? "never"));
            }
        }
    }

    // Link by link and by every dimension, in the rows and in those that were moved.
    private async Task<(Dictionary<long, RowCount> Rows, DimensionAudit Dimensions, long Ahead, List<long> NotMeasured)> CountAsync(
        SpooDbContext context, List<LinkCount> links, FollowedWriters writers, MovedMoment? moved, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(context, links, writers, moved, cancellationToken);
        var dimensions = new DimensionAudit(context);
        var (now, ahead, notMeasured) = (clock.GetUtcNow(), 0L, new List<long>());
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            var clicks = writers.ClicksIn(context).OfLinks(group);
            await dimensions.AddAsync(clicks, cancellationToken);
            ahead += await clicks.LongCountAsync(click => click.Time > now, cancellationToken);
            notMeasured.AddRange(await clicks.Where(click => click.RedirectMs < 0 || click.RedirectMs > Click.MaxRedirectMs)
                .Select(click => click.Id).OrderBy(id => id).Take(AuditReport.MaxNotMeasured).ToListAsync(cancellationToken));
            if (moved is not null)
            {
                var which = MovedOf(writers, group);
                await dimensions.AddAsync(moved, which, cancellationToken);
                ahead += await moved.CountAsync(string.Create(CultureInfo.InvariantCulture, $"{which} AND Time > {now.ToUnixTimeMilliseconds()}"), cancellationToken);
                await moved.EachAsync(
                    "Id",
                    string.Create(CultureInfo.InvariantCulture, $"{which} AND (RedirectMs < 0 OR RedirectMs > {Click.MaxRedirectMs})"),
                    string.Create(CultureInfo.InvariantCulture, $"ORDER BY Id LIMIT {AuditReport.MaxNotMeasured}"),
                    row => notMeasured.Add(row.GetInt64(0)),
                    cancellationToken);
            }
        }

        return (rows, dimensions, ahead, notMeasured);
    }

    private static string MovedOf(FollowedWriters writers, IReadOnlyList<long> links) => $"{ClickHouseMoment.OnlyUpTo(writers)} AND {MovedTable.IsOneOf("LinkId", links)}";

    private static Task<List<LinkCount>> LinksAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken) =>
        context.Links.Where(link => link.OwnerId == ownerId).OrderBy(link => link.Id)
            .Select(link => new LinkCount(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt, link.TotalClicks, link.ImportedClicks, link.LastClick))
            .ToListAsync(cancellationToken);

    /// <summary>Counts the rows of links as far as their writers had got.</summary>
    private static async Task<Dictionary<long, RowCount>> RowsAsync(
        SpooDbContext context, List<LinkCount> links, FollowedWriters writers, MovedMoment? moved, CancellationToken cancellationToken)
    {
        var all = writers.ClicksIn(context);
        var counts = new Dictionary<long, RowCount>();
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            if (moved is not null)
            {
                await CountInBothAsync(all.OfLinks(group), moved, MovedOf(writers, group), counts, cancellationToken);
            }
            else if (group.Count > 1)
            {
                await CountTogetherAsync(all.OfLinks(group), counts, cancellationToken);
            }
            else
            {
                counts.Add(group[0], await CountAsync(all.OfLinks(group), cancellationToken));
            }
        }

        return counts;
    }

    private static async Task CountTogetherAsync(IQueryable<Click> clicks, Dictionary<long, RowCount> counts, CancellationToken cancellationToken)
    {
        var found = await clicks.GroupBy(click => click.LinkId)
            .Select(link => new
            {
                link.Key,
                Count = new RowCount { Clicks = link.LongCount(), Visitors = link.Where(click => click.Visitor != Click.NoVisitor).Select(click => click.Visitor).Distinct().LongCount(), Last = link.Max(click => click.Time) },
            })
            .ToListAsync(cancellationToken);
        found.ForEach(link => counts.Add(link.Key, link.Count));
    }

    // The same visitors may be in both places, so they are put together here.
    private static async Task CountInBothAsync(IQueryable<Click> clicks, MovedMoment moved, string which, Dictionary<long, RowCount> counts, CancellationToken cancellationToken)
    {
        var visitors = new Dictionary<long, HashSet<long>>();
        foreach (var visit in await clicks.Where(click => click.Visitor != Click.NoVisitor).Select(click => new { click.LinkId, click.Visitor }).Distinct().ToListAsync(cancellationToken))
        {
            Visited(visit.LinkId, visit.Visitor);
        }

        await moved.EachAsync(
            "DISTINCT LinkId, Visitor",
            string.Create(CultureInfo.InvariantCulture, $"{which} AND Visitor != {Click.NoVisitor}"),
            null,
            row => Visited(row.GetInt64(0), row.GetInt64(1)),
            cancellationToken);
        foreach (var link in await clicks.GroupBy(click => click.LinkId).Select(link => new { link.Key, Clicks = link.LongCount(), Last = link.Max(click => click.Time) }).ToListAsync(cancellationToken))
        {
            Clicked(link.Key, link.Clicks, link.Last);
        }

        await moved.EachAsync(
            "LinkId, toInt64(count()), max(Time)",
            which,
            "GROUP BY LinkId",
            row => Clicked(row.GetInt64(0), row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
            cancellationToken);

        void Visited(long link, long visitor)
        {
            if (!visitors.TryGetValue(link, out var known))
            {
                visitors.Add(link, known = []);
            }

            known.Add(visitor);
        }

        void Clicked(long link, long more, DateTimeOffset last)
        {
            var count = counts.GetValueOrDefault(link) ?? new RowCount();
            counts[link] = new RowCount { Clicks = count.Clicks + more, Visitors = visitors.GetValueOrDefault(link)?.Count ?? 0, Last = count.Last > last ? count.Last : last };
        }
    }

    // One link that may have millions. The same visitors come again in other pieces, so they are put together here.
    private static async Task<RowCount> CountAsync(IQueryable<Click> clicks, CancellationToken cancellationToken)
    {
        var (count, last, visitors) = (0L, (DateTimeOffset?)null, new List<long>());
        await foreach (var piece in clicks.PiecesAsync(cancellationToken))
        {
            count += await piece.LongCountAsync(cancellationToken);
            var time = await piece.MaxAsync(click => (DateTimeOffset?)click.Time, cancellationToken);
            last = last is null || time > last ? time : last;
            visitors.AddRange(await piece.Where(click => click.Visitor != Click.NoVisitor).Select(click => click.Visitor).Distinct().ToListAsync(cancellationToken));
        }

        visitors.Sort();
        return new RowCount { Clicks = count, Visitors = visitors.Where((visitor, i) => i == 0 || visitor != visitors[i - 1]).LongCount(), Last = last };
    }

    private sealed record LinkCount(long Id, string? DomainHost, string ShortCode, string? OwnerId, DateTimeOffset CreatedAt, long TotalClicks, long ImportedClicks, DateTimeOffset? LastClick)
    {
        public string Name => new LinkName(DomainHost, ShortCode).ToString();
    }

    private sealed record RowCount
    {
        public long Clicks { get; init; }

        public long Visitors { get; init; }

        /// <summary>Null: there are none.</summary>
        public DateTimeOffset? Last { get; init; }
    }
}
