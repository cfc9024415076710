using System.Globalization;
using Spoo.Data.Clicks.News;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Api.Links;

namespace Spoo.Web.Api.ShortIo;

/// <summary>What a call of Short.io's API asks, and how to ask it of our statistics.</summary>
internal sealed record ShortIoQuestion
{
    /// <summary>The most rows of one list.</summary>
    public const int MaxRows = 1000;

    /// <summary>Every parameter that some call reads, from the query or the body.</summary>
    public static IReadOnlyList<string> Parameters { get; } =
    [
        "period", "tz", "tzOffset", "startDate", "endDate", "clicksChartInterval", "interval", "skipTops", "include", "exclude",
        "column", "prefix", "limit", "afterDate", "beforeDate", "ids", "pathsDates",
    ];

    /// <summary>Those that choose what is in an answer, and that only some calls take. The others shape one, and programs send them to all calls.</summary>
    public static IReadOnlyList<string> OfSomeCalls { get; } = ["column", "prefix", "limit", "afterDate", "beforeDate", "ids", "pathsDates"];

    private static readonly TimeBucketWidth[] Intervals = [TimeBucketWidth.Hour, TimeBucketWidth.Day, TimeBucketWidth.Week, TimeBucketWidth.Month];

    public required ShortIoPeriod Period { get; init; }

    public required ShortIoFilters Filters { get; init; }

    /// <summary>Whether only links on <see cref="Host"/> are meant.</summary>
    public bool IsOnDomain { get; init; }

    /// <summary>Null: the installation's own domain.</summary>
    public string? Host { get; init; }

    /// <summary>The width of a bar. Null: by the length of the range.</summary>
    public required TimeBucketWidth? Interval { get; init; }

    public required bool SkipTops { get; init; }

    /// <summary>The zone as it was named. Null: it was not.</summary>
    public required string? Tz { get; init; }

    public IntervalBody IntervalBody => new(
        Period.Range?.Start, Period.Range?.End, Period.Previous?.Start, Period.Previous?.End, Tz);

    /// <summary>What changes are measured against. Null: nothing, also when the filter chooses times of its own.</summary>
    public TimeRange? Previous => Filters.From is null ? Period.Previous : null;

    /// <param name="unlessGiven">The period that holds when none is given.</param>
    /// <param name="maxDays">The longest range that may be named. Null: any.</param>
    public static ShortIoQuestion Read(ShortIoFields fields, DateTimeOffset now, int? maxDays, string unlessGiven = ShortIoPeriod.Last30)
    {
        var period = ShortIoPeriod.Read(fields, now, unlessGiven, maxDays);
        var filters = ShortIoFilters.Read(fields);
        if (period.Range is { } range && (filters.From > range.End || filters.Until < range.Start))
        {
            fields.Refuse("include.dt", "lies outside of the period");
        }

        return new ShortIoQuestion
        {
            Period = period,
            Filters = filters,
            Interval = IntervalOf(fields, "clicksChartInterval") ?? IntervalOf(fields, "interval"),
            SkipTops = FlagOf(fields, "skipTops"),
            Tz = fields.Text("tz"),
        };
    }

    /// <summary>How many rows a list should have.</summary>
    public static int LimitOf(ShortIoFields fields, int unlessGiven)
    {
        if (fields.Text("limit") is not { } text)
        {
            return unlessGiven;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxRows)
        {
            return limit;
        }

        fields.Refuse("limit", string.Create(CultureInfo.InvariantCulture, $"should be a whole number from 1 to {MaxRows}"));
        return unlessGiven;
    }

    /// <summary>The range to count.</summary>
    /// <param name="made">When the first of the links in question was made: where everything begins.</param>
    public TimeRange RangeSince(DateTimeOffset? made, DateTimeOffset now)
    {
        var everything = new TimeRange(made is { } start && start < now ? start : now, now, Period.Zone);
        var range = Period.Range ?? everything;
        return range with { Start = Later(range.Start, Filters.From), End = Earlier(range.End, Filters.Until) };

        static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset? right) => right > left ? right.Value : left;
        static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset? right) => right < left ? right.Value : left;
    }

    /// <summary>All clicks of a range, those of bots included.</summary>
    /// <param name="name">The name of the only link in question. Null: all links.</param>
    public StatsQuery All(TimeRange range, string? name, params IReadOnlyList<Dimension> groupBy) => new()
    {
        Start = range.Start,
        End = range.End,
        Zone = range.Zone,
        GroupBy = groupBy,
        Metrics = [Metric.Clicks],
        Filters =
        [
            .. Filters.Conditions,
            .. name is null ? Array.Empty<StatsFilter>() : [new StatsFilter(Dimension.ShortCode, FilterOperator.Is, [name])],
            .. IsOnDomain ? [new StatsFilter(Dimension.Domain, FilterOperator.Is, [Dimension.Domain.LabelOf(Host)])] : Array.Empty<StatsFilter>(),
        ],
        Interval = Interval ?? (TimeBucketWidth.For(range.Length) is var width && width == TimeBucketWidth.TenMinutes ? TimeBucketWidth.Hour : width),
        Limit = MaxRows,
    };

    /// <summary>The clicks of humans.</summary>
    /// <param name="name">The name of the only link in question. Null: all links.</param>
    public StatsQuery Humans(TimeRange range, string? name, params IReadOnlyList<Dimension> groupBy)
    {
        var all = All(range, name, groupBy);
        return all with { Filters = [.. all.Filters, new StatsFilter(Dimension.VisitorType, FilterOperator.Is, [Dimension.Human])] };
    }

    /// <summary>These conditions for the rows themselves.</summary>
    public LatestClicksQuestion Rows(string ownerId, DateTimeOffset? from, DateTimeOffset? until, int take) => new()
    {
        OwnerId = ownerId,
        IsOnDomain = IsOnDomain,
        DomainHost = Host,
        From = from,
        Until = until,
        Include = Filters.Include,
        Exclude = Filters.Exclude,
        Take = take,
    };

    private static TimeBucketWidth? IntervalOf(ShortIoFields fields, string name)
    {
        var text = fields.Text(name);
        var width = Intervals.FirstOrDefault(width => width.Name == text);
        if (text is not null && width is null)
        {
            fields.Refuse(name, $"should be one of {string.Join(", ", Intervals.AsEnumerable())}");
        }

        return width;
    }

    private static bool FlagOf(ShortIoFields fields, string name)
    {
        switch (fields.Text(name))
        {
            case null or "false" or "0":
                return false;
            case "true" or "1":
                return true;
            default:
                fields.Refuse(name, "should be true or false");
                return false;
        }
    }
}
