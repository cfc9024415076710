using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Stats.Question;

/// <summary>
/// Text to question and back: the one grammar of the API, the exports and the pages' addresses. Every parameter is explained in
/// <c>docs/api.md</c>.
/// </summary>
public sealed class StatsQueryParser(TimeProvider clock, StatsOptions options, IValueNames? names = null)
{
    /// <summary>More rows than any screen or spreadsheet wants from one breakdown.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>The one value of <c>compare_match</c>.</summary>
    private const string Weekday = "weekday";

    private static readonly (string Name, int MaxLength)[] Lengths =
    [
        ("start_date", 50), ("end_date", 50), ("group_by", 200), ("metrics", 200), ("timezone", 50), ("filters", 5000),
        ("interval", 20), ("period", 20), ("compare", 20), ("compare_start", 50), ("compare_end", 50), ("compare_match", 20), (StatsFilterParser.UrlId, 1000),
        .. Dimension.Filterable.SelectMany(dimension => FilterOperator.All.Select(op => (dimension.Name + op.Suffix, dimension.MaxFilterLength))),
    ];

    /// <summary>
    /// Understands the parameters, or says what is wrong with which. Parameters it does not know are left alone, and of a repeated
    /// one the last counts.
    /// </summary>
    /// <param name="parameters">The parameters in the order given; names as on the wire.</param>
    public bool TryParse(
        IEnumerable<KeyValuePair<string, string>> parameters,
        [NotNullWhen(true)] out StatsQuery? query,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            given[name] = value;
        }

        query = null;
        var scope = StatsScope.All;
        var errors = new List<FieldError>();
        if (given.TryGetValue("scope", out var scopeText) && !TryParseScope(scopeText, out scope))
        {
            errors.Add(new("scope", "Input should be 'all' or 'anon'"));
        }

        foreach (var (name, maxLength) in Lengths)
        {
            if (given.TryGetValue(name, out var text) && IsLonger(text, maxLength))
            {
                errors.Add(new(name, string.Create(CultureInfo.InvariantCulture, $"String should have at most {maxLength} characters")));
            }
        }

        var limit = ParseLimit(ValueOf(given, "limit"), errors);
        var cross = ParseFlag(given, "cross", errors);
        var interval = ParseChoice(given, "interval", TimeBucketWidth.Find, TimeBucketWidth.All.Select(width => width.Name), errors);
        var period = ParseChoice(given, "period", Period.Find, [.. Period.All.Select(period => period.Name), "a number of min, h, d, w, mo or y (3w)"], errors);

        var way = ParseChoice(given, "compare", ComparisonWay.Find, ComparisonWay.All.Select(way => way.Name), errors);
        var matchesWeekdays = ParseChoice(given, "compare_match", name => name == Weekday ? name : null, [Weekday], errors) is not null;
        var linkIds = StatsFilterParser.Split(given.GetValueOrDefault(StatsFilterParser.UrlId, ""));
        StatsFilterParser.CheckLinkIds(linkIds, errors);

        // As spoo.me does, rules about what is inside a field wait until every field has its shape; then the first broken one counts.
        List<Dimension> groupBy = [];
        List<Metric> metrics = [];
        List<StatsFilter> filters = [];
        List<string> unknown = [];
        if (errors.Count == 0)
        {
            _ = TryParseGroupBy(ValueOf(given, "group_by"), errors, out groupBy)
                && TryParseMetrics(ValueOf(given, "metrics"), errors, out metrics)
                && StatsFilterParser.TryParse(given, errors, ref linkIds, out filters, out unknown);
        }

        if (errors.Count > 0)
        {
            refusal = Refusal.Malformed(errors);
            return false;
        }

        if (unknown.Count > 0)
        {
            refusal = Refusal.Invalid(
                $"there is no filter by {string.Join(", ", unknown.Distinct())}; there are {string.Join(", ", Dimension.Filterable)} and {StatsFilterParser.UrlId}", "filters");
            return false;
        }

        if ((refusal = StatsCombinations.Refuse(given, groupBy, cross)) is not null)
        {
            return false;
        }

        // Read once: what lies in the future is moved to now, and must not lie behind the end that is now as well.
        var now = clock.GetUtcNow();
        if (!TryParseDates(given, period, now, out var zone, out var start, out var end, out refusal))
        {
            return false;
        }

        if (!TryParseComparison(given, way, matchesWeekdays, now, zone, out var comparison, out refusal))
        {
            return false;
        }

        LinkName? link = null;
        if (scope == StatsScope.Anon)
        {
            if (!TryParseAnon(given, groupBy, filters, linkIds, out link, out refusal))
            {
                return false;
            }
        }
        else if (StatsFilterParser.Split(given.GetValueOrDefault("short_code", "")) is { Count: > 0 } codes)
        {
            StatsFilterParser.Replace(filters, new StatsFilter(Dimension.ShortCode, FilterOperator.Is, codes));
        }

        query = new StatsQuery
        {
            Scope = scope,
            LinkName = link,
            LinkIds = linkIds,
            Start = start,
            End = end,

            // A date of its own takes the place of that end of the preset, and what is left is no preset any more.
            Period = ValueOf(given, "start_date") is null && ValueOf(given, "end_date") is null ? period : null,
            Zone = zone,
            GroupBy = groupBy,
            Metrics = metrics,
            Filters = filters.ConvertAll(filter => filter with { Names = names }),
            Interval = interval,
            Limit = limit,
            Cross = cross,
            Compare = comparison,
        };
        refusal = null;
        return true;
    }

    /// <summary>Understands a range as people type it, as of now.</summary>
    public bool TryParseRange(string text, TimeZoneInfo zone, out MeantRange range) => PeriodParser.TryParse(text, clock.GetUtcNow(), zone, out range);

    /// <summary>The parameters that <see cref="TryParse"/> turns into this question; whatever is a default is left out.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Print(StatsQuery query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        if (query.Scope == StatsScope.Anon)
        {
            Add("scope", "anon");
            Add("short_code", query.LinkName?.ToString());
        }

        Add("period", query.Period?.Name);
        if (query.Period is null)
        {
            Add("start_date", Print(query.Start));
            Add("end_date", Print(query.End));
        }

        Add("timezone", query.Zone == TimeZoneInfo.Utc ? null : query.Zone.Id);
        Add("group_by", query.GroupBy is [{ Kind: DimensionKind.Time }] ? null : string.Join(',', query.GroupBy));
        Add("metrics", query.Metrics.SequenceEqual(Metric.All) ? null : string.Join(',', query.Metrics));
        Add("interval", query.Interval?.Name);
        Add("limit", query.Limit?.ToString(CultureInfo.InvariantCulture));
        Add("cross", query.Cross ? "true" : null);
        Add("compare", query.Compare is { Start: null, End: null } compare ? compare.Way.Name : null);
        Add("compare_match", query.Compare is { MatchesWeekdays: true } ? Weekday : null);
        Add("compare_start", Print(query.Compare?.Start));
        Add("compare_end", Print(query.Compare?.End));
        Add(StatsFilterParser.UrlId, query.LinkIds.Count == 0 ? null : string.Join(',', query.LinkIds));

        // A value with a comma, or with blanks around it, would not come back from a list.
        var plain = query.Filters.Where(filter => filter.Values.Count > 0 && filter.Values.All(SurvivesList)).ToList();
        foreach (var filter in plain)
        {
            Add(filter.Name, string.Join(',', filter.Values));
        }

        var others = query.Filters.Except(plain).Where(filter => filter.Values.Count > 0).ToDictionary(filter => filter.Name, filter => filter.Values);
        Add("filters", others.Count == 0 ? null : JsonSerializer.Serialize(others));
        return parameters;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parameters.Add(new(name, value));
            }
        }

        static bool SurvivesList(string value) => value.Length > 0 && !value.Contains(',', StringComparison.Ordinal) && value.Trim() == value;

        static string? Print(DateTimeOffset? instant) =>
            instant?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>An empty text counts as not given.</summary>
    private static string? ValueOf(Dictionary<string, string> given, string name) =>
        given.TryGetValue(name, out var text) && text.Length > 0 ? text : null;

    /// <summary>Characters are Unicode's, as in the peers' language: one beyond the basic plane is one.</summary>
    private static bool IsLonger(string text, int maxLength) => text.Length > maxLength && text.EnumerateRunes().Count() > maxLength;

    private static bool TryParseScope(string text, out StatsScope scope)
    {
        var trimmed = text.Trim();
        scope = string.Equals(trimmed, "anon", StringComparison.OrdinalIgnoreCase) ? StatsScope.Anon : StatsScope.All;
        return scope == StatsScope.Anon || string.Equals(trimmed, "all", StringComparison.OrdinalIgnoreCase);
    }

    private static int? ParseLimit(string? text, List<FieldError> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
        {
            return limit;
        }

        errors.Add(new("limit", string.Create(CultureInfo.InvariantCulture, $"Input should be a whole number from 1 to {MaxLimit}")));
        return null;
    }

    private static bool ParseFlag(Dictionary<string, string> given, string name, List<FieldError> errors)
    {
        switch (ValueOf(given, name)?.ToLowerInvariant())
        {
            case null or "false" or "0":
                return false;
            case "true" or "1":
                return true;
            default:
                errors.Add(new(name, "Input should be 'true' or 'false'"));
                return false;
        }
    }

    private static T? ParseChoice<T>(
        Dictionary<string, string> given, string name, Func<string, T?> find, IEnumerable<string> choices, List<FieldError> errors)
        where T : class
    {
        if (ValueOf(given, name) is not { } text)
        {
            return null;
        }

        var choice = find(text);
        if (choice is null && text.Length <= 20)
        {
            errors.Add(new(name, $"Input should be one of: {string.Join(", ", choices)}"));
        }

        return choice;
    }

    private static bool TryParseComparison(
        Dictionary<string, string> given,
        ComparisonWay? way,
        bool matchesWeekdays,
        DateTimeOffset now,
        TimeZoneInfo zone,
        out Comparison? comparison,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        comparison = null;
        if (!TryParseStart(given, "compare_start", now, zone, out var start, out refusal) || !TryParseEnd(given, "compare_end", now, zone, out var end, out refusal))
        {
            return false;
        }

        if (start > end)
        {
            refusal = Refusal.Invalid("compare_start must be before compare_end");
            return false;
        }

        comparison = start is not null || end is not null ? new Comparison(start, end) : way is null ? null : Comparison.By(way, matchesWeekdays);
        return true;
    }

    private static bool TryParseGroupBy(string? text, List<FieldError> errors, out List<Dimension> groupBy)
    {
        var names = StatsFilterParser.Split(text ?? "");
        var unknown = names.Where(name => Dimension.Find(name) is null).Distinct().ToList();
        if (unknown.Count > 0)
        {
            errors.Add(new("input", $"Value error, invalid group_by values: {string.Join(", ", unknown)} (valid are {string.Join(", ", Dimension.All)})"));
        }

        groupBy = names.Count == 0 ? [Dimension.Time] : [.. names.Select(Dimension.Find).OfType<Dimension>()];
        return unknown.Count == 0;
    }

    private static bool TryParseMetrics(string? text, List<FieldError> errors, out List<Metric> metrics)
    {
        var names = StatsFilterParser.Split(text ?? "");
        var unknown = names.Where(name => Metric.Find(name) is null).Distinct().ToList();
        if (unknown.Count > 0)
        {
            errors.Add(new("input", $"Value error, invalid metrics: {string.Join(", ", unknown)} (valid are {string.Join(", ", Metric.All)})"));
        }

        metrics = names.Count == 0 ? [.. Metric.All] : [.. names.Select(Metric.Find).OfType<Metric>()];
        return unknown.Count == 0;
    }

    private bool TryParseDates(
        Dictionary<string, string> given,
        Period? period,
        DateTimeOffset now,
        out TimeZoneInfo zone,
        out DateTimeOffset? start,
        out DateTimeOffset? end,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        zone = TimeZones.Resolve(ValueOf(given, "timezone"));
        refusal = null;
        (start, end) = period?.Resolve(now, zone) ?? (null, null);
        if (!TryParseStart(given, "start_date", now, zone, out var givenStart, out refusal) || !TryParseEnd(given, "end_date", now, zone, out var givenEnd, out refusal))
        {
            return false;
        }

        (start, end) = (givenStart ?? start, givenEnd ?? end);
        if (start > (end ?? now))
        {
            refusal = Refusal.Invalid("start_date must be before end_date");
            return false;
        }

        if (start is not null && options.MaxRangeDays is { } maxDays && Math.Floor(((end ?? now) - start.Value).TotalDays) > maxDays)
        {
            refusal = Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"date range cannot exceed {maxDays} days"));
            return false;
        }

        return true;
    }

    /// <summary>An instant, or of a whole day the first one.</summary>
    private static bool TryParseStart(
        Dictionary<string, string> given, string name, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset? start, [NotNullWhen(false)] out Refusal? refusal) =>
        TryParseDate(given, name, now, day => TimeRange.OfDays(day, day, zone).Start, out start, out refusal);

    /// <summary>An instant, or of a whole day the last one.</summary>
    private static bool TryParseEnd(
        Dictionary<string, string> given, string name, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset? end, [NotNullWhen(false)] out Refusal? refusal) =>
        TryParseDate(given, name, now, day => TimeRange.OfDays(day, day, zone).End, out end, out refusal);

    /// <summary>A date that is not in the future: what has not happened yet cannot be counted.</summary>
    private static bool TryParseDate(
        Dictionary<string, string> given,
        string name,
        DateTimeOffset now,
        Func<DateOnly, DateTimeOffset> ofDay,
        out DateTimeOffset? instant,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        (instant, refusal) = (null, null);
        if (ValueOf(given, name) is not { } text)
        {
            return true;
        }

        if (!DateParser.TryParse(text, out var parsed))
        {
            refusal = Refusal.Invalid($"invalid {name} format");
            return false;
        }

        if (DateParser.TryParseDay(text, out var day))
        {
            parsed = ofDay(day);
        }

        instant = parsed > now ? now : parsed;
        return true;
    }

    private static bool TryParseAnon(
        Dictionary<string, string> given,
        List<Dimension> groupBy,
        List<StatsFilter> filters,
        List<string> linkIds,
        out LinkName? name,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        name = LinkName.Parse(ValueOf(given, "short_code"));
        refusal = null;
        if (ValueOf(given, "short_code") is null)
        {
            refusal = Refusal.Invalid("short_code is required when scope=anon", "short_code");
        }
        else if (groupBy.Contains(Dimension.ShortCode))
        {
            refusal = Refusal.Invalid("group_by=short_code needs scope=all: scope=anon is about one link", "group_by");
        }
        else if (filters.Any(filter => filter.Dimension == Dimension.ShortCode))
        {
            refusal = Refusal.Invalid("a filter by short_code needs scope=all: scope=anon is about one link", "filters");
        }
        else if (linkIds.Count > 0)
        {
            refusal = Refusal.Invalid("url_id needs scope=all: scope=anon is about one link", StatsFilterParser.UrlId);
        }
        else if (name is null)
        {
            refusal = new Refusal(RefusalKind.NotFound, "short_code not found");
        }

        return refusal is null;
    }
}
