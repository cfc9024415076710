using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats;

/// <summary>Answers questions about clicks: may you ask, which links, count, shape. The only way in, for every doorway.</summary>
public sealed class StatsService(IDbContextFactory<SpooDbContext> contexts, LiveClicks clicks, StatsMetrics metrics, TimeProvider clock)
{
    /// <summary>The range of an account without links, which has no creation to begin with.</summary>
    private static readonly TimeSpan RangeWithoutLinks = TimeSpan.FromDays(7);

    /// <summary>Counts what the question asks for, if the viewer may know it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<StatsOutcome> AskAsync(StatsQuery query, Viewer viewer, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var (links, refusal) = await LinksAsync(query, viewer, cancellationToken);
        if (refusal is not null)
        {
            return new StatsOutcome.Refused(refusal);
        }

        var selected = Selected(query, links);

        var range = RangeOf(query, selected);
        var width = query.Interval ?? TimeBucketWidth.For(range.Length);
        var wantsTime = query.GroupBy.Contains(Dimension.Time);
        if (wantsTime && TimeBuckets.TooMany(range, width))
        {
            return TooManyBuckets(width);
        }

        var question = new CountQuestion
        {
            OwnerId = query.Scope == StatsScope.All ? viewer.UserId : links[0].OwnerId,
            Links = selected,
            Range = range,
            Filters = FiltersBesideLinks(query),
            GroupBy = [.. query.GroupBy.Distinct()],
            Buckets = wantsTime ? TimeBuckets.Of(range, width) : null,
            Cross = query.Cross,
            BucketDetails = query.BucketDetails && wantsTime,
        };
        List<CountQuestion> questions = [question];
        if (query.Compare is not null)
        {
            // The same question about the other range, with buckets of the same width, and answered as of the same moment.
            var other = query.Compare.RangeFor(range, query.Period, clock.GetUtcNow());
            if (wantsTime && TimeBuckets.TooMany(other, width))
            {
                return TooManyBuckets(width);
            }

            questions.Add(question with { Range = other, Buckets = wantsTime ? TimeBuckets.Of(other, width) : null });
        }

        var answers = await CountAsync(questions, cancellationToken);
        if (answers.Select(answer => answer.TooWide).FirstOrDefault(tooWide => tooWide is not null) is { } tooWide)
        {
            return TooWide(tooWide);
        }

        var reports = questions.Zip(answers, (asked, answer) => Shape(query, asked, answer, clock.GetElapsedTime(started))).ToList();
        return new StatsOutcome.Found(reports[0] with
        {
            Link = query.LinkId is null ? null : new ReportedLink(query.LinkId, links[0].ShortCode),
            Comparison = query.Compare is null ? null : reports[1],
        });
    }

    /// <summary>The same clicks by the hour of the week at which they happened, on the viewer's clock. What to group by is left aside.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(WeekReport? Week, Refusal? Refusal)> AskWeekAsync(StatsQuery query, Viewer viewer, CancellationToken cancellationToken)
    {
        var (links, refusal) = await LinksAsync(query with { GroupBy = [Dimension.Time] }, viewer, cancellationToken);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var selected = Selected(query, links);
        var range = RangeOf(query, selected);
        if (range.Length > WeekReport.LongestRange)
        {
            return (null, Refusal.Invalid("the hours of the week are counted for ranges of up to twenty years: choose a shorter one", "start_date"));
        }

        var hours = TimeBuckets.HoursOfWeek(range);
        var answers = await CountAsync(
            [new CountQuestion
            {
                OwnerId = query.Scope == StatsScope.All ? viewer.UserId : links[0].OwnerId,
                Links = selected,
                Range = range,
                Filters = FiltersBesideLinks(query),
                GroupBy = [Dimension.Time],
                Buckets = hours,
                Cross = false,
            }],
            cancellationToken);
        var counts = hours.All.Zip(answers[0].ByBucket, (hour, count) => new WeekHour(count, hour.Length));
        return (new WeekReport { Range = range, Hours = [.. counts], AsOf = answers[0].AsOf }, null);
    }

    private async Task<IReadOnlyList<CountAnswer>> CountAsync(IReadOnlyList<CountQuestion> questions, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var answers = await clicks.CountAsync(questions, cancellationToken);
            metrics.Answered(clock.GetElapsedTime(started));
            return answers;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            metrics.Failed();
            throw;
        }
    }

    private static StatsOutcome.Refused TooManyBuckets(TimeBucketWidth width) => new(Refusal.Invalid(
        $"the range has more than {TimeBuckets.MaxCount} buckets of interval={width}: choose a wider interval or a shorter range", "interval"));

    private static StatsOutcome.Refused TooWide((Dimension First, Dimension Second) tab) => new(Refusal.Invalid(
        $"{tab.First} by {tab.Second} has more than a million cells: choose a shorter range, a wider interval or a filter", "cross"));

    /// <summary>
    /// Which clicks a question is about, without counting them. Only their owner is told: that statistics are public does not make
    /// every single visit so.
    /// </summary>
    public async Task<(ClickSelection? Selection, Refusal? Refusal)> SelectAsync(
        StatsQuery query, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null)
        {
            return (null, new Refusal(RefusalKind.NotSignedIn, "authentication required: single clicks are for the owner of the links"));
        }

        var (links, refusal) = await LinksAsync(query, viewer, cancellationToken);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        if (links.Any(link => link.OwnerId != viewer.UserId))
        {
            return (null, new Refusal(RefusalKind.Forbidden, "access denied - single clicks are for the owner of the link"));
        }

        var selected = Selected(query, links);
        return (new ClickSelection
        {
            OwnerId = viewer.UserId,
            Links = selected,
            Range = RangeOf(query, selected),
            Filters = FiltersBesideLinks(query),
        }, null);
    }

    /// <summary>The links a question is about, before its filters, if the viewer may ask.</summary>
    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> LinksAsync(
        StatsQuery query, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!viewer.May(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead))
        {
            return ([], new Refusal(RefusalKind.Forbidden, "Insufficient scope for this operation"));
        }

        return query.Scope == StatsScope.All
            ? await OwnLinksAsync(query, viewer, cancellationToken)
            : await OneLinkAsync(query.ShortCode!, viewer, cancellationToken);
    }

    private static List<CountedLink> Selected(StatsQuery query, IReadOnlyList<CountedLink> links)
    {
        var byCode = query.Filters.Where(filter => filter.Dimension == Dimension.ShortCode).ToList();
        return [.. links.Where(link => byCode.All(filter => filter.Accepts(link.ShortCode)))];
    }

    private static List<StatsFilter> FiltersBesideLinks(StatsQuery query) =>
        [.. query.Filters.Where(filter => filter.Dimension != Dimension.ShortCode)];

    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> OwnLinksAsync(
        StatsQuery query, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null)
        {
            return ([], new Refusal(RefusalKind.NotSignedIn, "authentication required for scope=all"));
        }

        if (query.LinkId is not null && query.GroupBy.Contains(Dimension.ShortCode))
        {
            return ([], Refusal.Invalid("group_by=short_code makes no sense for one link", "group_by"));
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Links.Where(link => link.OwnerId == viewer.UserId);
        if (query.LinkId is not null)
        {
            rows = rows.Where(link => link.PublicId == query.LinkId);
        }

        if (query.LinkIds.Count > 0)
        {
            rows = rows.Where(link => query.LinkIds.Contains(link.PublicId));
        }

        var links = await rows
            .Select(link => new CountedLink(link.Id, link.ShortCode, link.OwnerId, link.CreatedAt))
            .ToListAsync(cancellationToken);

        // Another account's link is answered as one that does not exist.
        return query.LinkId is not null && links.Count == 0 ? ([], new Refusal(RefusalKind.NotFound, "URL not found")) : (links, null);
    }

    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> OneLinkAsync(
        ShortCode code, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var link = await context.Links.AsNoTracking().SingleOrDefaultAsync(link => link.ShortCode == code.Value, cancellationToken);
        if (link is null)
        {
            return ([], new Refusal(RefusalKind.NotFound, "short_code not found"));
        }

        var isOwner = viewer.UserId is not null && viewer.UserId == link.OwnerId;
        if (link.PrivateStats == true && !isOwner)
        {
            return ([], viewer.UserId is null
                ? new Refusal(RefusalKind.NotSignedIn, "this URL has private statistics - authentication required")
                : new Refusal(RefusalKind.Forbidden, "access denied - private statistics"));
        }

        return ([new CountedLink(link.Id, link.ShortCode, link.OwnerId, link.CreatedAt)], null);
    }

    private TimeRange RangeOf(StatsQuery query, List<CountedLink> selected)
    {
        var end = query.End ?? clock.GetUtcNow();

        // The last 24 hours are those before the end that is counted to, and not a few milliseconds more.
        var start = (query.End is null ? query.Period?.Resolve(end, query.Zone).Start : null) ?? query.Start ?? (selected.Count > 0 ? selected.Min(link => link.CreatedAt) : end - RangeWithoutLinks);

        // A question may end before the link was made.
        return new TimeRange(start < end ? start : end, end, query.Zone);
    }

    private static StatsReport Shape(StatsQuery query, CountQuestion question, CountAnswer answer, TimeSpan elapsed)
    {
        List<Breakdown> breakdowns = [.. question.GroupBy.Select(dimension => dimension == Dimension.Time
            ? ByTime(question.Buckets!, answer.ByBucket)
            : By(dimension, answer.Groups[dimension], query.Limit ?? dimension.DefaultLimit ?? int.MaxValue))];
        return new StatsReport
        {
            Query = query,
            Range = question.Range,
            Summary = new StatsSummary(
                answer.Total.Clicks,
                answer.Total.UniqueClicks,
                answer.FirstClick,
                answer.LastClick,
                Rounded.Ratio(answer.RedirectMsSum, answer.RedirectMsCount))
            {
                MeasuredRedirects = answer.RedirectMsCount,
            },
            Breakdowns = breakdowns,
            Buckets = question.Buckets,
            BucketDetails = answer.BucketDetails,
            CrossTabs = [.. answer.CrossTabs.Select(tab => WithinRows(tab, breakdowns))],
            AsOf = answer.AsOf,
            ClicksLookedAt = answer.ClicksLookedAt,
            Elapsed = elapsed,
        };
    }

    /// <summary>Only the cells whose labels both have a row of their own: the limits of the lists hold for what is made of them.</summary>
    private static CrossTab WithinRows(CrossTab tab, List<Breakdown> breakdowns)
    {
        var (first, second) = (Labels(tab.First), Labels(tab.Second));

        // A table with too many cells has been refused before.
        return tab with { Cells = [.. tab.Cells!.Where(cell => first.Contains(cell.FirstLabel) && second.Contains(cell.SecondLabel))] };

        HashSet<string> Labels(Dimension dimension) =>
            breakdowns.Single(breakdown => breakdown.Dimension == dimension).Rows.Select(row => row.Label).ToHashSet(StringComparer.Ordinal);
    }

    private static Breakdown ByTime(TimeBuckets buckets, IReadOnlyList<Count> counts) => new()
    {
        Dimension = Dimension.Time,
        Rows = [.. buckets.All.Select((bucket, number) => new BreakdownRow(bucket.Label, bucket.Label, counts[number]))],
        Sum = Sum(counts),
        RestRows = 0,
        Rest = default,
    };

    private static Breakdown By(Dimension dimension, IReadOnlyList<ValueCount> groups, int limit)
    {
        var rows = groups
            .Select(group => new BreakdownRow(dimension.LabelOf(group.Value), group.Value, group.Count))
            .OrderByDescending(row => row.Count.Clicks)
            .ThenBy(row => row.Label, StringComparer.Ordinal)
            .ToList();
        var rest = rows.Skip(limit).Select(row => row.Count).ToList();
        return new Breakdown
        {
            Dimension = dimension,
            Rows = rest.Count == 0 ? rows : rows[..limit],
            Sum = Sum(rows.Select(row => row.Count)),
            RestRows = rest.Count,
            Rest = Sum(rest),
        };
    }

    private static Count Sum(IEnumerable<Count> counts) =>
        counts.Aggregate(default(Count), (sum, count) => new Count(sum.Clicks + count.Clicks, sum.UniqueClicks + count.UniqueClicks));
}
