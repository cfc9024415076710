using Spoo.Data.Stats.Question;
using Spoo.Data.Stats;



namespace Spoo.Web.Api.Numbers;

/// <summary>The parameters of a question about clicks, for the API's reference; <see cref="StatsQueryParser"/> understands them.</summary>
internal static class StatsParameters
{
    private static readonly ParameterAttribute[] ChooseLinks =
    [
        new("scope", "all: all links of the caller; anon: one link, named by short_code, for anybody, who gives the password of one that has one in the header X-Link-Password. Default: all.") { Choices = "all,anon" },
        new("short_code", "With scope=anon the link in question; with scope=all a filter, as a list with commas.") { Example = "launch" },
        new("url_id", "Only these links, by id, as a list with commas."),
    ];

    private static readonly ParameterAttribute[] Question =
    [
        new("start_date", "ISO 8601, Unix seconds or Unix milliseconds; included. Default: the creation of the oldest selected link.")
        {
            Example = "2026-01-01",
        },
        new("end_date", "The same; included. Default: now."),
        new("period", $"A range by name instead of dates: {string.Join(", ", Period.All)}; or a number of min, h, d, w, mo or y, as in 3w.")
        {
            Example = "28d",
        },
        new("timezone", "An IANA zone; one that is not known means UTC. Default: UTC.") { Example = "Europe/Berlin" },
        new("group_by", $"A list with commas of: {string.Join(", ", Dimension.All)}. Default: time.") { Example = "time,country" },
        new("metrics", $"A list with commas of: {string.Join(", ", Metric.All)}. Default: both.") { Example = "clicks,unique_clicks" },
        new("interval", "The width of the bars of time. Default: by the length of the range.")
        {
            Choices = string.Join(',', TimeBucketWidth.All.Select(width => width.Name)),
        },
        new("limit", $"Rows of each list, 1 to {StatsQueryParser.MaxLimit}. Default: 20 to 100, by dimension. With scope=anon at most 1000 for everybody but the owner.") { IsWhole = true },
        new("cross", "Whether to add lists of the first dimension crossed with each of the others. For owners.") { Choices = "true,false" },
        new("compare", "Adds the same numbers for another range. previous: of equal length, just before; period: the days or months before, up to the "
            + "same time of day; year: the same dates a year before.")
        {
            Choices = string.Join(',', ComparisonWay.All),
        },
        new("compare_match", "With compare: moves the other range by days until Mondays stand beside Mondays.") { Choices = "weekday" },
        new("compare_start", "Adds the same numbers for another range, which starts here."),
        new("compare_end", "The end of that range; either of the two may be left out."),
        new("filters", """A JSON object of filters, for values that contain commas: {"city":["Washington, D.C."]}."""),
    ];

    /// <summary>All parameters, those of the filters made from the list of dimensions.</summary>
    public static IEnumerable<ParameterAttribute> All(TakesStatsQueryAttribute takes) =>
    [
        .. takes.ChoosesLinks ? ChooseLinks : [],
        .. Question.Where(parameter => !takes.Without.Split(',').Contains(parameter.Name)),
        .. Dimension.Filterable
            .Where(dimension => dimension != Dimension.ShortCode)
            .Select(dimension => new ParameterAttribute(
                dimension.Name,
                $"Only clicks with one of these values, as a list with commas; {dimension.NoValue} means none. "
                + $"{dimension.Name}! excludes them, {dimension.Name}~ looks for a part, {dimension.Name}!~ excludes by a part.")),
    ];
}
