using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Stats;

namespace Spoo.Web.Components.Dashboard;

/// <summary>
/// What the address of a dashboard says: the question, and which dialog lies open over the answer. The page has no other state; each
/// method here is an address one click away.
/// </summary>
public sealed record DashboardAddress
{
    /// <summary>Four whole weeks: every weekday counts as often as the others.</summary>
    public static Period DefaultPeriod => Period.Last28Days;

    public required StatsQuery Query { get; init; }

    /// <summary>The zone of the viewer's browser; an address names a zone only when it is another one.</summary>
    public required TimeZoneInfo ViewerZone { get; init; }

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

    /// <summary>What the cross-tab crosses. Null: what it does unless somebody chooses.</summary>
    public CrossTabChoice? Cross { get; init; }

    /// <summary>How the page shows itself within somebody else's. Null: it is a page of its own.</summary>
    public Embedding? Embedding { get; init; }

    public string Url => SpooUrls.Dashboard(this);

    /// <summary>Whether this is the page of one link for everybody, and not an account's own.</summary>
    public bool IsPublic => Query.Scope == StatsScope.Anon;

    /// <summary>The code of the link that this page is about. Null: about all links of the account.</summary>
    public string? Link => IsPublic ? Query.ShortCode!.Value : LinkFilter?.Values[0];

    /// <summary>The filter behind <see cref="Link"/>.</summary>
    public StatsFilter? LinkFilter => Query.Filters.SingleOrDefault(
        filter => filter.Dimension == Dimension.ShortCode && filter.Operator == FilterOperator.Is && filter.Values.Count == 1);

    /// <summary>The filters shown as chips: all but the link of a link's own page.</summary>
    public IEnumerable<StatsFilter> Chips => Query.Filters.Where(filter => filter.Values.Count > 0 && filter != LinkFilter);

    /// <param name="address">Address of the page, absolute.</param>
    /// <param name="viewerZone">Taken when the address names no zone.</param>
    public static bool TryParse(
        StatsQueryParser parser,
        Uri address,
        TimeZoneInfo viewerZone,
        [NotNullWhen(true)] out DashboardAddress? parsed,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in new QueryStringEnumerable(address.Query))
        {
            given[parameter.DecodeName().ToString()] = parameter.DecodeValue().ToString();
        }

        var publicLink = SpooUrls.PublicLinkIn(address);
        given["scope"] = publicLink is null ? "all" : "anon";
        given.TryAdd("timezone", viewerZone.Id);
        if (!given.Keys.Any(name => name is "period" or "start_date" or "end_date"))
        {
            given["period"] = DefaultPeriod.Name;
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

        parsed = new DashboardAddress
        {
            // The page asks for what it draws, whatever somebody wrote into the address.
            Query = query with
            {
                GroupBy = [Dimension.Time],
                Metrics = Metric.All,
                Limit = null,
                Cross = false,
                Filters = publicLink is null ? query.Filters : [.. query.Filters.Where(filter => IsPublicDimension(filter.Dimension))],
            },
            ViewerZone = viewerZone,
            Details = given.TryGetValue(SpooUrls.DetailsParameter, out var details) ? Askable(details) : null,
            Filtering = given.TryGetValue(SpooUrls.FilterParameter, out var filtering) ? Askable(filtering) : null,
            List = ListView.Find(given.GetValueOrDefault(SpooUrls.SearchParameter), given.GetValueOrDefault(SpooUrls.SortParameter)) ?? ListView.Default,
            ListPage = int.TryParse(given.GetValueOrDefault(SpooUrls.PageParameter), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
            Tabs = [.. given.GetValueOrDefault(SpooUrls.TabsParameter, "").Split(',').Select(Askable).OfType<Dimension>()],
            Embedding = publicLink is null ? null : Embedding.Of(given),
        };
        parsed = parsed with { Cross = CrossTabChoice.Find(given.GetValueOrDefault(SpooUrls.CrossTabParameter), CrossTabChoice.Dimensions(parsed)) };
        return true;

        Dimension? Askable(string name) => Filterable(name) is { } dimension && (publicLink is null || IsPublicDimension(dimension)) ? dimension : null;
    }

    /// <summary>Whether everybody may see a public link's clicks by it: what campaigns its owner runs, and the channel that tells of them, is not for strangers.</summary>
    public static bool IsPublicDimension(Dimension dimension) =>
        dimension != Dimension.ShortCode && dimension != Dimension.Channel && dimension != Dimension.UtmSource && dimension != Dimension.UtmMedium && dimension != Dimension.UtmCampaign;

    public DashboardAddress Over(Period period) => Closed with { Query = Query with { Period = period, Start = null, End = null, Interval = null } };

    /// <summary>From the beginning of one day to the end of another, by the viewer's clock.</summary>
    public DashboardAddress Over(DateOnly first, DateOnly last)
    {
        var (from, to) = first <= last ? (first, last) : (last, first);
        return Closed with
        {
            Query = Query with
            {
                Period = null,
                Start = Period.StartOfDay(from.ToDateTime(TimeOnly.MinValue), Query.Zone),
                End = Period.StartOfDay(to.AddDays(1).ToDateTime(TimeOnly.MinValue), Query.Zone).AddMilliseconds(-1),
                Interval = null,
            },
        };
    }

    /// <param name="width">Null: by the length of the range.</param>
    public DashboardAddress By(TimeBucketWidth? width) => Closed with { Query = Query with { Interval = width } };

    /// <summary>With this condition in the place of the one of the same name; without it when it has no values.</summary>
    public DashboardAddress Where(StatsFilter filter) => Closed with
    {
        Query = Query with
        {
            Filters = [.. Query.Filters.Where(other => other.Name != filter.Name), .. filter.Values.Count > 0 ? [filter] : Array.Empty<StatsFilter>()],
        },
    };

    /// <summary>Only this value or, when that is so already, all values again.</summary>
    public DashboardAddress Toggle(Dimension dimension, string label) =>
        Where(new StatsFilter(dimension, FilterOperator.Is, IsOnly(dimension, label) ? [] : [label]));

    public bool IsOnly(Dimension dimension, string label) =>
        Query.Filters.Contains(new StatsFilter(dimension, FilterOperator.Is, [label]));

    public DashboardAddress Without(StatsFilter filter) => Closed with { Query = Query with { Filters = [.. Query.Filters.Where(other => other != filter)] } };

    /// <summary>Without any chip; a link's page stays its page.</summary>
    public DashboardAddress WithoutChips() => Closed with { Query = Query with { Filters = LinkFilter is { } link ? [link] : [] } };

    /// <summary>About all links again.</summary>
    public DashboardAddress WithoutLink() => LinkFilter is { } link ? Without(link) : Closed;

    public DashboardAddress Showing(Dimension details) => Closed with { Details = details };

    /// <summary>With the complete list looked at in another way, from its beginning.</summary>
    internal DashboardAddress Looking(ListView list) => this with { List = list, ListPage = 1 };

    /// <summary>The tab of a card that is open: the first one unless somebody chose.</summary>
    public Dimension OpenTab(IReadOnlyList<Dimension> card) => card.FirstOrDefault(Tabs.Contains) ?? card[0];

    /// <summary>With another tab of that card open.</summary>
    public DashboardAddress Opening(IReadOnlyList<Dimension> card, Dimension tab) =>
        Closed with { Tabs = [.. Tabs.Except(card), .. tab == card[0] ? [] : new[] { tab }] };

    public DashboardAddress Crossing(CrossTabChoice choice) => Closed with { Cross = choice };

    /// <summary>The address of the question alone: two addresses with the same one have the same numbers.</summary>
    public DashboardAddress Question => Closed with { Tabs = [], Cross = null };

    public DashboardAddress Editing(Dimension dimension) => Closed with { Filtering = dimension };

    /// <summary>A link's page as everybody may see it: the same question, as far as it is theirs to ask.</summary>
    public DashboardAddress Public => Closed with
    {
        Query = Query with
        {
            Scope = StatsScope.Anon,
            ShortCode = ShortCode.TryParse(Link, out var code) ? code : throw new InvalidOperationException("only the page of a link has a public one"),
            Filters = [.. Query.Filters.Where(filter => IsPublicDimension(filter.Dimension))],
        },
    };

    /// <summary>No dialog open.</summary>
    public DashboardAddress Closed => this with { Details = null, Filtering = null, List = ListView.Default, ListPage = 1 };

    private static Dimension? Filterable(string name) => Dimension.Filterable.FirstOrDefault(dimension => dimension.Name == name);
}
