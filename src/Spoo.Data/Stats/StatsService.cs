using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats;

/// <summary>Answers questions about clicks: may you ask, which links, count, shape. The only way in, for every doorway.</summary>
public sealed class StatsService(IDbContextFactory<SpooDbContext> contexts, IClickCounting counting, KnownDomains domains, StatsMetrics metrics, ReadingOptions reading, ShorteningOptions shortening, TimeProvider clock)
{
    /// <summary>The range of an account without links, which has no creation to begin with.</summary>
    private static readonly TimeSpan RangeWithoutLinks = TimeSpan.FromDays(7);

    /// <summary>Who clicked within this is here now.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private static readonly Refusal Busy = new(RefusalKind.Busy, "too many questions are being counted; ask again in a few seconds");

    // Strangers never hold up owners, and counting for them leaves the other processors to those who follow links.
    private readonly CountingQueue _owners = new(Environment.ProcessorCount, mostWaiting: 1_000, mostOfOne: 100);
    private readonly CountingQueue _strangers = new(Math.Max(1, Environment.ProcessorCount / 2), mostWaiting: 500, mostOfOne: 60);

    /// <summary>This moment, for questions that are asked together.</summary>
    public StatsMoment Now() => new(clock.GetTimestamp());

    /// <inheritdoc cref="AskAsync(StatsQuery, Viewer, StatsMoment, CancellationToken)"/>
    public Task<StatsOutcome> AskAsync(StatsQuery query, Viewer viewer, CancellationToken cancellationToken) => AskAsync(query, viewer, Now(), cancellationToken);

    /// <summary>Counts what the question asks for, if the viewer may know it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<StatsOutcome> AskAsync(StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (query.Scope == StatsScope.Anon && viewer is { UserId: null, MaySeeAnyLink: false } && _strangers.IsFullFor(viewer.Caller))
        {
            // Before anything is looked up: being told to wait must cost less than asking.
            return new StatsOutcome.Refused(Busy);
        }

        var (clicks, link, refusal) = await SelectedAsync(query, viewer, moment, cancellationToken);
        if (clicks is null)
        {
            return new StatsOutcome.Refused(refusal!);
        }

        var limits = LimitsOf(query, viewer, clicks);
        query = query.Limit == StatsQuery.AllRows ? query with { Limit = limits.RowsOfAList } : query;
        var width = query.Interval ?? TimeBucketWidth.For(clicks.Range.Length);
        List<TimeRange> ranges = [clicks.Range];
        if (query.Compare is not null)
        {
            // The same question about the other range, with buckets of the same width, and answered as of the same moment.
            ranges.Add(query.Compare.RangeFor(clicks.Range, query.Period, clock.GetUtcNow()));
        }

        var wantsTime = query.GroupBy.Contains(Dimension.Time);
        if (wantsTime && ranges.Exists(range => TimeBuckets.TooMany(range, width, limits.Buckets)))
        {
            return TooManyBuckets(width, limits.Buckets);
        }

        var selections = ranges.ConvertAll(range => clicks with { Range = range, Buckets = wantsTime ? TimeBuckets.Of(range, width) : null });
        var outcomes = await CountAsync(viewer, query, selections, limits, cancellationToken);
        if (outcomes.OfType<StatsOutcome.Refused>().FirstOrDefault() is { } refused)
        {
            return refused;
        }

        var reports = new List<StatsReport>();
        foreach (var (found, selection) in outcomes.Cast<StatsOutcome.Found>().Zip(selections))
        {
            var imported = await ImportedCounting.CountAsync(contexts, selection, cancellationToken);
            reports.Add(found.Report with { Imported = imported, Elapsed = clock.GetElapsedTime(started), VisitorsKnown = reading.VisitorKey });
        }

        return new StatsOutcome.Found(reports[0] with
        {
            Link = link,
            Comparison = query.Compare is null ? null : reports[1],
        });
    }

    /// <summary>How many people clicked lately, by whatever filters a question has; its range, and what it groups by, are left aside.</summary>
    /// <returns>Null: it cannot be counted just now.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<long?> CountPeopleNowAsync(StatsQuery query, Viewer viewer, CancellationToken cancellationToken) => CountPeopleNowAsync(query, viewer, Now(), cancellationToken);

    /// <inheritdoc cref="CountPeopleNowAsync(StatsQuery, Viewer, CancellationToken)"/>
    public async Task<long?> CountPeopleNowAsync(StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        query = query with { Period = null, Start = clock.GetUtcNow() - Lately, End = null, GroupBy = [Dimension.VisitorType], Compare = null };
        return await AskAsync(query, viewer, moment, cancellationToken) is StatsOutcome.Found(var report)
            ? report.By(Dimension.VisitorType).Rows.FirstOrDefault(row => row.Value == Dimension.Human)?.Count.UniqueClicks ?? 0
            : null;
    }

    /// <summary>The same clicks by the hour of the week at which they happened, on the viewer's clock. What to group by is left aside.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(WeekReport? Week, Refusal? Refusal)> AskWeekAsync(StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        query = query with { GroupBy = [Dimension.Time], Cross = false, Compare = null, BucketDetails = false };
        var (clicks, _, refusal) = await SelectedAsync(query, viewer, moment, cancellationToken);
        if (clicks is null)
        {
            return (null, refusal);
        }

        if (clicks.Range.Length > WeekReport.LongestRange)
        {
            return (null, Refusal.Invalid("the hours of the week are counted for ranges of up to twenty years: choose a shorter one", "start_date"));
        }

        var hours = TimeBuckets.HoursOfWeek(clicks.Range);
        switch ((await CountAsync(viewer, query, [clicks with { Buckets = hours }], LimitsOf(query, viewer, clicks), cancellationToken))[0])
        {
            case StatsOutcome.Found(var report):
                var counts = hours.All.Zip(report.By(Dimension.Time).Rows, (hour, row) => new WeekHour(row.Count, hour.Length));
                return (new WeekReport { Range = report.Range, Hours = [.. counts], AsOf = report.AsOf }, null);
            case StatsOutcome.Refused(var no):
                return (null, no);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<IReadOnlyList<StatsOutcome>> CountAsync(
        Viewer viewer, StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            using var place = await (limits.StandsBack ? _strangers : _owners).EnterAsync(viewer.Caller, cancellationToken);
            if (place is null)
            {
                return [new StatsOutcome.Refused(Busy)];
            }

            var outcomes = await counting.CountAsync(query, selections, limits, cancellationToken);
            metrics.Answered(clock.GetElapsedTime(started));
            return outcomes;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            metrics.Failed();
            throw;
        }
    }

    private static StatsOutcome.Refused TooManyBuckets(TimeBucketWidth width, int most) => new(Refusal.Invalid(
        $"the range has more than {most} buckets of interval={width}: choose a wider interval or a shorter range", "interval"));

    private static AnswerLimits LimitsOf(StatsQuery query, Viewer viewer, ClickSelection clicks) =>
        viewer.MaySeeAnyLink ? AnswerLimits.Page
        : query.Scope == StatsScope.All || IsOwner(viewer, clicks.OwnerId) ? AnswerLimits.Owner
        : AnswerLimits.Stranger;

    private static bool IsOwner(Viewer viewer, string? ownerId) => viewer.MaySeeAnyLink || (viewer.UserId is not null && viewer.UserId == ownerId);

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

        var (clicks, _, refusal) = await SelectedAsync(query, viewer, Now(), cancellationToken);
        return clicks is null || clicks.OwnerId == viewer.UserId
            ? (clicks, refusal)
            : (null, new Refusal(RefusalKind.Forbidden, "access denied - single clicks are for the owner of the link"));
    }

    /// <summary>Which clicks a question is about, if the viewer may ask.</summary>
    private async Task<(ClickSelection? Clicks, ReportedLink? Link, Refusal? Refusal)> SelectedAsync(
        StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        var (links, refusal) = await LinksAsync(query, viewer, moment, cancellationToken);
        if (refusal is not null)
        {
            return (null, null, refusal);
        }

        var byLink = query.Filters.Where(filter => filter.Dimension.Kind is DimensionKind.Link or DimensionKind.Domain).ToList();
        var accept = byLink.ConvertAll(filter => AcceptorOf(filter, query, links));
        List<CountedLink> selected = [.. links.Where(link => accept.TrueForAll(accepts => accepts(link)))];
        return (new ClickSelection
        {
            OwnerId = query.Scope == StatsScope.All ? viewer.UserId : links[0].OwnerId,
            Links = selected,
            Range = RangeOf(query, selected),
            Filters = [.. query.Filters.Except(byLink)],
            Asked = moment.Asked,
        }, query.LinkId is null ? null : new ReportedLink(query.LinkId, links[0].Name), null);
    }

    private Func<CountedLink, bool> AcceptorOf(StatsFilter filter, StatsQuery query, IReadOnlyList<CountedLink> links)
    {
        string[] own = [.. shortening.OwnHosts(), .. query.OwnHosts];
        if (filter.Dimension == Dimension.Domain && filter.Values.Count > 0)
        {
            // The installation's own domain has no host in the database, and may be named by any that it has.
            var matches = filter.Matcher();
            var isOwnMeant = matches(null) || (filter.Operator.MatchesPart ? own.Any(matches) : filter.Values.Any(value => DomainHosts.IsOwn(value, own)));
            return link => (link.DomainHost is { } host ? matches(host) : isOwnMeant) != filter.Operator.Excludes;
        }

        if (filter.Operator.MatchesPart || filter.Values.Count == 0)
        {
            var accepts = filter.Acceptor();
            return link => accepts(link.Name);
        }

        var meant = LinksMeant([.. filter.Values.Select(filter.Dimension.ValueOf).OfType<string>().Select(Bare)], links);
        return link => meant.Contains(link.Id) != filter.Operator.Excludes;

        // The own domain has no host in the name of a link.
        string Bare(string text) => LinkName.Parse(text) is { Host: { } host, Code: var code } && DomainHosts.IsOwn(host, own) && links.All(link => link.Name != text) ? code : text;
    }

    /// <summary>
    /// The links that these texts name, each with its code or with its host and code; however the code is written, where capital and small letters do not
    /// differ. Programs that know codes alone mean the link with this code on whichever domain, as long as none on the own domain has it.
    /// </summary>
    private HashSet<long> LinksMeant(IReadOnlyList<string> texts, IReadOnlyList<CountedLink> links)
    {
        var ignoring = links.Select(link => link.DomainHost).Distinct().Where(host => domains.IdOf(host) is { } id && domains.IgnoresCase(id)).ToHashSet();
        var onOwn = links.Where(link => link.DomainHost is null).Select(link => Written(null, link.ShortCode)).ToHashSet(StringComparer.Ordinal);
        var bare = texts.Where(text => !onOwn.Contains(Written(null, text))).ToList();
        var (names, foldedNames) = (texts.ToHashSet(StringComparer.Ordinal), texts.Select(ShortCode.Fold).ToHashSet(StringComparer.Ordinal));
        var (codes, foldedCodes) = (bare.ToHashSet(StringComparer.Ordinal), bare.Select(ShortCode.Fold).ToHashSet(StringComparer.Ordinal));
        return links.Where(link => ignoring.Contains(link.DomainHost)
            ? foldedNames.Contains(ShortCode.Fold(link.Name)) || foldedCodes.Contains(ShortCode.Fold(link.ShortCode))
            : names.Contains(link.Name) || (link.DomainHost is not null && codes.Contains(link.ShortCode))).Select(link => link.Id).ToHashSet();

        string Written(string? host, string code) => ignoring.Contains(host) ? ShortCode.Fold(code) : code;
    }

    /// <summary>The links a question is about, before its filters, if the viewer may ask.</summary>
    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> LinksAsync(
        StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        if (!viewer.May(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead))
        {
            return ([], new Refusal(RefusalKind.Forbidden, "Insufficient scope for this operation"));
        }

        return query.Scope == StatsScope.All
            ? await OwnLinksAsync(query, viewer, moment, cancellationToken)
            : await OneLinkAsync(query, viewer, moment, cancellationToken);
    }

    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> OwnLinksAsync(
        StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null)
        {
            return ([], new Refusal(RefusalKind.NotSignedIn, "authentication required for scope=all"));
        }

        if (query.LinkId is not null && query.GroupBy.Contains(Dimension.ShortCode))
        {
            return ([], Refusal.Invalid("group_by=short_code makes no sense for one link", "group_by"));
        }

        var links = await moment.OnceAsync((query.LinkId, string.Join(',', query.LinkIds)), () => FindOwnAsync(query, viewer.UserId), cancellationToken);

        // Another account's link is answered as one that does not exist.
        return query.LinkId is not null && links.Count == 0 ? ([], new Refusal(RefusalKind.NotFound, "URL not found")) : (links, null);
    }

    private async Task<List<CountedLink>> FindOwnAsync(StatsQuery query, string ownerId)
    {
        await using var context = await contexts.CreateToAnswerAsync(CancellationToken.None);
        IQueryable<Link> rows = context.Links;
        if (query.LinkIds.Count > 0)
        {
            // Asked for their owner as well, SQLite would look through all of the owner's links.
            rows = rows.Where(link => query.LinkIds.Contains(link.PublicId));
        }
        else
        {
            rows = rows.Where(link => link.OwnerId == ownerId);
        }

        if (query.LinkId is not null)
        {
            rows = rows.Where(link => link.PublicId == query.LinkId);
        }

        var links = await rows
            .Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt) { ImportedClicks = link.ImportedClicks })
            .ToListAsync();
        links.RemoveAll(link => link.OwnerId != ownerId);
        return links;
    }

    private async Task<(IReadOnlyList<CountedLink> Links, Refusal? Refusal)> OneLinkAsync(
        StatsQuery query, Viewer viewer, StatsMoment moment, CancellationToken cancellationToken)
    {
        var name = query.LinkName!.Value;
        if (await moment.OnceAsync(name, () => FindAsync(name), cancellationToken) is not { } link)
        {
            return ([], new Refusal(RefusalKind.NotFound, "short_code not found"));
        }

        var isOwner = IsOwner(viewer, link.OwnerId);
        if (link.PrivateStats == true && !isOwner)
        {
            return ([], viewer.UserId is null
                ? new Refusal(RefusalKind.NotSignedIn, "this URL has private statistics - authentication required")
                : new Refusal(RefusalKind.Forbidden, "access denied - private statistics"));
        }

        return isOwner || (RefusePassword(link, viewer) ?? NotForStrangers(query)) is not { } refusal
            ? ([new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt) { ImportedClicks = link.ImportedClicks }], null)
            : ([], refusal);
    }

    private async Task<Link?> FindAsync(LinkName name)
    {
        if (domains.IdOf(name.Host) is not { } domainId)
        {
            return null;
        }

        await using var context = await contexts.CreateToAnswerAsync(CancellationToken.None);
        var links = await context.Links.AsNoTracking().On(domainId, name.Code, domains.IgnoresCase(domainId)).OrderBy(link => link.Id).Take(2).ToListAsync();
        return links.MaxBy(link => link.ShortCode == name.Code);
    }

    /// <summary>What keeps its destination from everybody who does not know the password keeps its numbers as well.</summary>
    private static Refusal? RefusePassword(Link link, Viewer viewer) =>
        link.PasswordHash is not { } hash ? null
        : viewer.LinkPassword is not { } tried
            ? new(RefusalKind.NotSignedIn, "this link asks for a password: give it in the header X-Link-Password") { Code = "password_required" }
        : tried(link.Id, hash);

    /// <summary>What of a question only the owner of the link may ask. Null: nothing of it.</summary>
    private static Refusal? NotForStrangers(StatsQuery query) =>
        query.GroupBy.FirstOrDefault(dimension => !dimension.IsPublic) is { } grouped ? OwnersAlone($"group_by={grouped}", "group_by")
        : query.Filters.FirstOrDefault(filter => !filter.Dimension.IsPublic) is { } filter ? OwnersAlone($"a filter by {filter.Dimension}", filter.Name)
        : query.Cross ? Refusal.Invalid("cross is for the owner of the link; anybody may ask for each list by itself", "cross")
        : query.Limit > AnswerLimits.Stranger.RowsOfAList && query.Limit != StatsQuery.AllRows ? Refusal.Invalid(
            string.Create(CultureInfo.InvariantCulture, $"limit is at most {AnswerLimits.Stranger.RowsOfAList} for everybody but the owner of the link"), "limit")
        : null;

    private static Refusal OwnersAlone(string what, string field) => Refusal.Invalid(
        $"{what} is for the owner of the link; anybody may ask for {string.Join(", ", Dimension.Public)}", field);

    private TimeRange RangeOf(StatsQuery query, List<CountedLink> selected)
    {
        var end = query.End ?? clock.GetUtcNow();

        // The last 24 hours are those before the end that is counted to, and not a few milliseconds more.
        var start = (query.End is null ? query.Period?.Resolve(end, query.Zone).Start : null) ?? query.Start ?? (selected.Count > 0 ? Creation(selected) : end - RangeWithoutLinks);

        // A question may end before the link was made.
        return new TimeRange(start < end ? start : end, end, query.Zone);
    }

    // No click is older than any click may be, whatever a row says that another program wrote.
    private static DateTimeOffset Creation(List<CountedLink> links) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(Click.Times.First, links.Min(link => link.CreatedAt).ToUnixTimeMilliseconds()));
}
