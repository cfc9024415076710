using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Addresses;

/// <summary>
/// What the address of a dashboard says: the question, and which dialog lies open over the answer. The page has no other state; each
/// method here is an address one click away.
/// </summary>
public sealed record DashboardAddress
{
    /// <summary>Four whole weeks: every weekday counts as often as the others.</summary>
    public static Period DefaultPeriod => Period.Last28Days;

    private const int RowsOfCrossTab = 12;

    /// <summary>A map needs every country, a card only the first of them.</summary>
    private const int RowsOfReport = 300;

    /// <summary>How a form of the browser writes a day.</summary>
    private const string IsoDay = "yyyy-MM-dd";

    public required StatsQuery Query { get; init; }

    /// <summary>The zone of the viewer's browser; an address names a zone only when it is another one.</summary>
    public required TimeZoneInfo ViewerZone { get; init; }

    /// <summary>The period with which the viewer's dashboards begin; an address names a period only when it is another one.</summary>
    public Period ViewerPeriod { get; init; } = DefaultPeriod;

    /// <summary>Whether the viewer's dashboards begin without bots; an address says so only where it is otherwise.</summary>
    public bool ViewerPeopleOnly { get; init; }

    /// <summary>Whether bots are left out without being filtered out: no chip says so, but a tile does.</summary>
    public bool PeopleOnly { get; init; }

    /// <summary>The dimension whose complete list is open. Null: none.</summary>
    public Dimension? Details { get; init; }

    /// <summary>The dimension whose filter is being edited. Null: none.</summary>
    public Dimension? Filtering { get; init; }

    /// <summary>How the complete list is looked at, if one is open.</summary>
    internal ListView List { get; init; } = ListView.Default;

    /// <summary>The page of the complete list, from 1.</summary>
    public int ListPage { get; init; } = 1;

    /// <summary>The tabs that are open, where they are not the first of their card.</summary>
    public IReadOnlyList<Dimension> Tabs { get; init; } = [];

    /// <summary>What the cross-tab crosses. Null: the default.</summary>
    public CrossTabChoice? Cross { get; init; }

    /// <summary>Whether the list of keys is open.</summary>
    public bool ShowsKeys { get; init; }

    /// <summary>The dialog about the link itself that is open, one of <see cref="LinkDialogs"/>. Null: none.</summary>
    public string? LinkDialog { get; init; }

    /// <summary>To change a link, to show it to a camera, to delete it.</summary>
    public static IReadOnlyList<string> LinkDialogs { get; } = [SpooUrls.ShowEdit, SpooUrls.ShowQr, SpooUrls.ShowDelete];

    /// <summary>What the chart shows.</summary>
    public ChartMetric Metric { get; init; } = ChartMetric.Clicks;

    /// <summary>Whether the chart is shown as a table.</summary>
    public bool AsTable { get; init; }

    /// <summary>How the page shows itself within another site's page. Null: it is a page of its own.</summary>
    public Embedding? Embedding { get; init; }

    public string Url => SpooUrls.Dashboard(this);

    /// <summary>Whether this is the page of one link for everybody, and not an account's own.</summary>
    public bool IsPublic => Query.Scope == StatsScope.Anon;

    /// <summary>The code of the link that this page is about. Null: about all links of the account.</summary>
    public string? Link => IsPublic ? Query.LinkName!.Value.ToString() : LinkFilter?.Values[0];

    /// <summary>The filter behind <see cref="Link"/>.</summary>
    public StatsFilter? LinkFilter => Query.Filters.SingleOrDefault(
        filter => filter.Dimension == Dimension.ShortCode && filter.Operator == FilterOperator.Is && filter.Values.Count == 1);

    /// <summary>The filters shown as chips: all but the link of a link's own page.</summary>
    public IEnumerable<StatsFilter> Chips => Query.Filters.Where(filter => filter.Values.Count > 0 && filter != LinkFilter && !(PeopleOnly && filter == People));

    /// <summary>Whether a chip is about bots, which says by itself that they are counted.</summary>
    public bool AsksAboutBots => !PeopleOnly && Query.Filters.Any(IsAboutBots);

    /// <summary>What leaves bots out.</summary>
    public static StatsFilter People { get; } = new(Dimension.VisitorType, FilterOperator.Is, [Dimension.Human]);

    /// <param name="address">Address of the page, absolute.</param>
    /// <param name="viewerZone">Taken when the address names no zone.</param>
    public static bool TryParse(
        StatsQueryParser parser,
        Uri address,
        TimeZoneInfo viewerZone,
        [NotNullWhen(true)] out DashboardAddress? parsed,
        [NotNullWhen(false)] out Refusal? refusal,
        Period? viewerPeriod = null,
        bool viewerPeopleOnly = false)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in new QueryStringEnumerable(address.Query))
        {
            given[parameter.DecodeName().ToString()] = parameter.DecodeValue().ToString();
        }

        var publicLink = SpooUrls.PublicLinkIn(address);
        given["scope"] = publicLink is null ? "all" : "anon";
        given.TryAdd("timezone", viewerZone.Id);
        if (!TryTakeForms(parser, given, out refusal))
        {
            parsed = null;
            return false;
        }

        if (!given.Keys.Any(name => name is "period" or "start_date" or "end_date"))
        {
            given["period"] = (viewerPeriod ?? DefaultPeriod).Name;
        }

        if ((publicLink ?? SpooUrls.LinkIn(address)) is { } code)
        {
            given["short_code"] = code;
        }

        if (!parser.TryParse(given, out var query, out refusal))
        {
            parsed = null;
            return false;
        }

        // Who asks about bots by name wants to see them: a chart of them would be a line of zeros without them.
        var metric = ChartMetric.Find(given.GetValueOrDefault(SpooUrls.MetricParameter)) ?? ChartMetric.Clicks;
        var peopleOnly = publicLink is null && !query.Filters.Any(IsAboutBots) && metric != ChartMetric.Bots
            && given.GetValueOrDefault(SpooUrls.BotsParameter) switch
            {
                SpooUrls.BotsHidden => true,
                SpooUrls.BotsShown => false,
                _ => viewerPeopleOnly,
            };
        if (peopleOnly)
        {
            query = query with { Filters = [.. query.Filters, People] };
        }

        parsed = new DashboardAddress
        {
            // The page asks for what it draws, whatever the address says.
            Query = query with
            {
                OwnHosts = [address.Host],
                GroupBy = [Dimension.Time],
                Metrics = Spoo.Data.Stats.Metric.All,
                Limit = null,
                Cross = false,
                Filters = publicLink is null ? query.Filters : [.. query.Filters.Where(filter => filter.Dimension.IsPublic)],
            },
            ViewerZone = viewerZone,
            ViewerPeriod = viewerPeriod ?? DefaultPeriod,
            ViewerPeopleOnly = viewerPeopleOnly && publicLink is null,
            PeopleOnly = peopleOnly,
            Metric = metric,
            ShowsKeys = given.GetValueOrDefault(SpooUrls.ShowParameter) == SpooUrls.ShowKeys,
            LinkDialog = publicLink is null && SpooUrls.LinkIn(address) is not null && given.GetValueOrDefault(SpooUrls.ShowParameter) is { } dialog && LinkDialogs.Contains(dialog) ? dialog : null,
            AsTable = given.GetValueOrDefault(SpooUrls.ChartParameter) == SpooUrls.ChartAsTable,
            Details = given.TryGetValue(SpooUrls.DetailsParameter, out var details) ? Askable(details) : null,
            Filtering = given.TryGetValue(SpooUrls.FilterParameter, out var filtering) ? Askable(filtering) : null,
            List = ListView.Find(given.GetValueOrDefault(SpooUrls.SearchParameter), given.GetValueOrDefault(SpooUrls.SortParameter)) ?? ListView.Default,
            ListPage = int.TryParse(given.GetValueOrDefault(SpooUrls.PageParameter), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
            Tabs = [.. given.GetValueOrDefault(SpooUrls.TabsParameter, "").Split(',').Select(Askable).OfType<Dimension>()],
            Embedding = publicLink is null ? null : Embedding.Of(given),
        };
        parsed = parsed with { Cross = CrossTabChoice.Find(given.GetValueOrDefault(SpooUrls.CrossTabParameter), CrossTabChoice.Dimensions(parsed)) };
        return true;

        Dimension? Askable(string name) => Filterable(name) is { } dimension && (publicLink is null || dimension.IsPublic) ? dimension : null;
    }

    /// <summary>
    /// What the pickers' forms send, so that they work without a script: a range in words, and days as the viewer's calendar has them.
    /// Every address printed from here on says the same in the question's own grammar.
    /// </summary>
    private static bool TryTakeForms(StatsQueryParser parser, Dictionary<string, string> given, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        var zone = TimeZones.Resolve(given["timezone"]);
        if (given.GetValueOrDefault(SpooUrls.WhenParameter) is { Length: > 0 } when)
        {
            if (!parser.TryParseRange(when, zone, out var meant))
            {
                refusal = Refusal.Invalid(NoRange(when), SpooUrls.WhenParameter);
                return false;
            }

            Set("period", meant.Period?.Name);
            Set("start_date", Iso(meant.Start));
            Set("end_date", Iso(meant.End));
        }

        return TakeDays(SpooUrls.FromParameter, SpooUrls.ToParameter, "start_date", "end_date", "period", out refusal)
            && TakeDays(SpooUrls.CompareFromParameter, SpooUrls.CompareToParameter, "compare_start", "compare_end", "compare", out refusal);

        bool TakeDays(string from, string to, string start, string end, string instead, out Refusal? refusal)
        {
            refusal = null;
            if (given.GetValueOrDefault(from) is not { Length: > 0 } first || given.GetValueOrDefault(to) is not { Length: > 0 } last)
            {
                return true;
            }

            if (!DateOnly.TryParseExact(first, IsoDay, out var firstDay) || !DateOnly.TryParseExact(last, IsoDay, out var lastDay) || lastDay.Year > 8999 || firstDay.Year > 8999)
            {
                refusal = Refusal.Invalid(T("'{0}' and '{1}' should be days, as in 2026-02-18", first, last), from);
                return false;
            }

            var (begin, finish) = Days(firstDay, lastDay, zone);
            Set(instead, null);
            Set(start, Iso(begin));
            Set(end, Iso(finish));
            return true;
        }

        void Set(string name, string? value)
        {
            given.Remove(name);
            if (value is not null)
            {
                given[name] = value;
            }
        }

        static string? Iso(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
    }

    /// <summary>What to say of a range that is not understood.</summary>
    public static string NoRange(string text) => T("'{0}' is no period that has begun. Try 'last 3 weeks', 'now-7d', 'March 2025' or '5 to 12 May 2025'.", text);

    public DashboardAddress Over(Period period) => Closed with { Query = Query with { Period = period, Start = null, End = null, Interval = null } };

    /// <summary>From the beginning of one day to the end of another, by the viewer's clock.</summary>
    public DashboardAddress Over(DateOnly first, DateOnly last)
    {
        var (start, end) = Days(first, last, Query.Zone);
        return Over(start, end);
    }

    public DashboardAddress Over(MeantRange range) => range.Period is { } period ? Over(period) : Over(range.Start, range.End);

    /// <summary>From one instant to another; nulls are left to be filled in.</summary>
    public DashboardAddress Over(DateTimeOffset? start, DateTimeOffset? end) =>
        Closed with { Query = Query with { Period = null, Start = start, End = end, Interval = null } };

    /// <param name="comparison">Null: with nothing.</param>
    public DashboardAddress ComparedWith(Comparison? comparison) => Closed with { Query = Query with { Compare = comparison } };

    /// <summary>Compared with what was between two days, by the viewer's clock.</summary>
    public DashboardAddress ComparedWith(DateOnly first, DateOnly last)
    {
        var (start, end) = Days(first, last, Query.Zone);
        return ComparedWith(new Comparison(start, end));
    }

    public DashboardAddress Showing(ChartMetric metric) => (metric == ChartMetric.Bots && PeopleOnly ? OfPeopleOnly(false) : Closed) with { Metric = metric };

    public DashboardAddress ShowingTable(bool asTable) => Closed with { AsTable = asTable };

    /// <param name="width">Null: by the length of the range.</param>
    public DashboardAddress By(TimeBucketWidth? width) => Closed with { Query = Query with { Interval = width } };

    /// <summary>With this condition in the place of the one of the same name; without it when it has no values.</summary>
    public DashboardAddress Where(StatsFilter filter) => Closed with
    {
        PeopleOnly = PeopleOnly && !IsAboutBots(filter),
        Query = Query with
        {
            Filters = [.. Query.Filters.Where(other => other.Name != filter.Name && !(PeopleOnly && IsAboutBots(filter) && other == People)), .. filter.Values.Count > 0 ? [filter] : Array.Empty<StatsFilter>()],
        },
    };

    /// <summary>Only this value or, when that is so already, all values again.</summary>
    public DashboardAddress Toggle(Dimension dimension, string label) =>
        Where(new StatsFilter(dimension, FilterOperator.Is, IsOnly(dimension, label) ? [] : [label]));

    public bool IsOnly(Dimension dimension, string label) =>
        Query.Filters.Contains(new StatsFilter(dimension, FilterOperator.Is, [label]));

    public DashboardAddress Without(StatsFilter filter) => Closed with { Query = Query with { Filters = [.. Query.Filters.Where(other => other != filter)] } };

    /// <summary>Without any chip; a link's page stays its page, and people alone stay alone.</summary>
    public DashboardAddress WithoutChips() => Closed with { Query = Query with { Filters = [.. Query.Filters.Except(Chips)] } };

    /// <summary>With bots left out, or counted.</summary>
    public DashboardAddress OfPeopleOnly(bool peopleOnly) => Closed with
    {
        PeopleOnly = peopleOnly,
        Metric = peopleOnly && Metric == ChartMetric.Bots ? ChartMetric.Clicks : Metric,
        Query = Query with
        {
            Filters = [.. Query.Filters.Where(filter => peopleOnly ? !IsAboutBots(filter) : filter != People), .. peopleOnly ? new[] { People } : []],
        },
    };

    /// <summary>About all links again.</summary>
    public DashboardAddress WithoutLink() => LinkFilter is { } link ? Without(link) : Closed;

    public DashboardAddress Showing(Dimension details) => Closed with { Details = details };

    /// <summary>With the complete list looked at in another way, from its beginning.</summary>
    internal DashboardAddress Looking(ListView list) => this with { List = list, ListPage = 1 };

    /// <summary>The tab of a card that is open: the first one unless another was chosen.</summary>
    public Dimension OpenTab(IReadOnlyList<Dimension> card) => card.FirstOrDefault(Tabs.Contains) ?? card[0];

    /// <summary>With another tab of that card open.</summary>
    public DashboardAddress Opening(IReadOnlyList<Dimension> card, Dimension tab) =>
        Closed with { Tabs = [.. Tabs.Except(card), .. tab == card[0] ? [] : new[] { tab }] };

    public DashboardAddress Crossing(CrossTabChoice choice) => Closed with { Cross = choice };

    /// <summary>The address of the question alone: two addresses with the same one have the same numbers.</summary>
    public DashboardAddress Question => Closed with { Tabs = [], Cross = null, AsTable = false };

    public DashboardAddress Editing(Dimension dimension) => Closed with { Filtering = dimension };

    /// <summary>A link's page as everybody may see it: the same question, as far as it is theirs to ask.</summary>
    public DashboardAddress Public => Closed with
    {
        Query = Query with
        {
            Scope = StatsScope.Anon,
            LinkName = LinkName.Parse(Link) ?? throw new InvalidOperationException("only the page of a link has a public one"),
            Filters = [.. Query.Filters.Where(filter => filter.Dimension.IsPublic)],
        },
        PeopleOnly = false,
        ViewerPeopleOnly = false,
    };

    /// <summary>With one of the <see cref="LinkDialogs"/> open.</summary>
    public DashboardAddress Opening(string linkDialog) => Closed with { LinkDialog = linkDialog };

    /// <summary>The same page of the link under its new code.</summary>
    public DashboardAddress OfLink(string code) => Closed with
    {
        Query = Query with { Filters = [.. Query.Filters.Where(filter => filter != LinkFilter), new StatsFilter(Dimension.ShortCode, FilterOperator.Is, [code])] },
    };

    public DashboardAddress ShowingKeys() => Closed with { ShowsKeys = true };

    /// <summary>What its report asks: the numbers, the chart and the cards.</summary>
    /// <param name="dimensions">Those that it has cards for.</param>
    /// <param name="firstClick">All time begins with the day of it: a link that lay unused for a year would have an empty year in its chart. Null: not known.</param>
    public StatsQuery ReportQuery(IReadOnlyList<Dimension> dimensions, DateTimeOffset? firstClick = null)
    {
        var query = Query with { GroupBy = dimensions, Limit = RowsOfReport, BucketDetails = Metric.NeedsDetails };
        return query.Period == Period.AllTime && firstClick is { } click
            ? query with { Period = null, Start = Period.StartOfDay(TimeZoneInfo.ConvertTime(click, query.Zone).Date, query.Zone) }
            : query;
    }

    /// <summary>What its cross-tab asks. Rows and columns of the card are limited; its file has all of them.</summary>
    public StatsQuery CrossTabQuery
    {
        get
        {
            var choice = Cross ?? CrossTabChoice.Default;
            return Query with { GroupBy = [choice.First, choice.Second], Cross = true, Limit = RowsOfCrossTab, Metrics = [choice.Metric], Compare = null };
        }
    }

    /// <summary>No dialog open.</summary>
    public DashboardAddress Closed => this with { Details = null, Filtering = null, ShowsKeys = false, LinkDialog = null, List = ListView.Default, ListPage = 1 };

    private static (DateTimeOffset Start, DateTimeOffset End) Days(DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        var (from, to) = first <= last ? (first, last) : (last, first);
        var range = TimeRange.OfDays(from, to, zone);
        return (range.Start, range.End);
    }

    private static bool IsAboutBots(StatsFilter filter) => filter.Dimension == Dimension.VisitorType || filter.Dimension == Dimension.BotRule;

    private static Dimension? Filterable(string name) => Dimension.Filterable.FirstOrDefault(dimension => dimension.Name == name);
}
