using System.Text.Json;
using System.Text.Json.Serialization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Words;

namespace Spoo.Web.Wire;

/// <summary>A report on the wire: what the API answers and what the exports put into files. The order of the properties is spoo.me's; what follows <c>computed_metrics</c> is ours.</summary>
internal sealed record StatsResponse
{
    public required string Scope { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; }

    public required IReadOnlyList<string> GroupBy { get; init; }

    /// <summary>The zone that was used: UTC where the one asked for is not known.</summary>
    public required string Timezone { get; init; }

    /// <summary>The range that was counted, after defaults, in the zone asked for.</summary>
    public required TimeRangeBody TimeRange { get; init; }

    public required SummaryBody Summary { get; init; }

    /// <summary><c>{metric}_by_{dimension}</c>, for each of both that was asked for.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<MetricRow>> Metrics { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>Only with <c>scope=anon</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShortCode { get; init; }

    /// <summary>Only when time was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeBucketBody? TimeBucketInfo { get; init; }

    /// <summary>Only when there are clicks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComputedBody? ComputedMetrics { get; init; }

    /// <summary>For each dimension of which not all rows are shown: what the others add up to. Absent when all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, RestBody>? Truncated { get; init; }

    /// <summary>Clicks beside all of this, of which imports have told only how many they were. Absent: none of these links.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportedBody? ImportedClicks { get; init; }

    public required QualityBody Quality { get; init; }

    /// <summary>Only when a comparison was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparisonBody? Comparison { get; init; }

    /// <summary>The id of the link. Only where the question is about one link by its id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UrlId { get; init; }

    /// <summary>The short code of the link. Only where the question is about one link by its id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Alias { get; init; }

    public static StatsResponse Of(StatsReport report)
    {
        var query = report.Query;
        var summary = report.Summary;
        var utc = report.AsOf.ToUniversalTime();
        return new StatsResponse
        {
            Scope = query.Scope == StatsScope.Anon ? "anon" : "all",
            Filters = FiltersOf(query),
            GroupBy = [.. query.GroupBy.Select(dimension => dimension.Name)],
            Timezone = query.Zone.Id,
            TimeRange = RangeOf(report),
            Summary = SummaryOf(report),
            Metrics = MetricsOf(report),
            GeneratedAt = utc,
            ApiVersion = "v1",
            ShortCode = query.LinkName?.ToString(),
            TimeBucketInfo = report.Buckets?.Width is { } width
                ? new TimeBucketBody(width.Strategy, width.Format, width.Format, query.Zone.Id, width.Minutes)
                : null,
            ComputedMetrics = ComputedOf(summary),
            Truncated = TruncatedOf(report),
            Quality = new QualityBody(true, utc, report.ClicksLookedAt, Rounded.Two(report.Elapsed.TotalMilliseconds))
            {
                UniquePer = UniquePer(report.VisitorsKnown),
                UntrackedClicks = summary.UntrackedClicks > 0 ? summary.UntrackedClicks : null,
                WithoutImported = report.Imported is null ? null : ["total_clicks", "unique_clicks", .. MetricsOf(report).Keys],
            },
            ImportedClicks = ImportedBody.Of(report),
            Comparison = report.Comparison is { } other ? ComparisonOf(summary, other) : null,
            UrlId = report.Link?.PublicId,
            Alias = report.Link?.Name,
        };
    }

    private static string? UniquePer(VisitorKeyLife life) => life switch
    {
        VisitorKeyLife.Daily => "day",
        VisitorKeyLife.Monthly => "month",
        _ => null,
    };

    private static Dictionary<string, IReadOnlyList<string>> FiltersOf(StatsQuery query)
    {
        var filters = query.Filters.ToDictionary(filter => filter.Name, filter => filter.Values);
        if (query.LinkIds.Count > 0)
        {
            filters["url_id"] = query.LinkIds;
        }

        return filters;
    }

    private static TimeRangeBody RangeOf(StatsReport report) =>
        new(report.Range.Local(report.Range.Start), report.Range.Local(report.Range.End));

    private static SummaryBody SummaryOf(StatsReport report) => new(
        report.Summary.TotalClicks,
        report.Summary.UniqueClicks,
        Local(report, report.Summary.FirstClick),
        Local(report, report.Summary.LastClick),
        report.Summary.AverageRedirectMs);

    private static ComputedBody? ComputedOf(StatsSummary summary) => summary.TotalClicks > 0
        ? new ComputedBody(summary.UniqueClickRate, summary.RepeatClickRate, summary.AverageClicksPerVisitor)
        : null;

    private static ComparisonBody ComparisonOf(StatsSummary now, StatsReport before) => new(
        RangeOf(before),
        SummaryOf(before),
        new ChangesBody(
            StatsSummary.Change(now.TotalClicks, before.Summary.TotalClicks),
            StatsSummary.Change(now.UniqueClicks, before.Summary.UniqueClicks)),
        MetricsOf(before),
        ComputedOf(before.Summary))
    {
        ImportedClicks = ImportedBody.Of(before),
    };

    private static DateTimeOffset? Local(StatsReport report, DateTimeOffset? instant) =>
        instant is null ? null : report.Range.Local(instant.Value);

    private static Dictionary<string, IReadOnlyList<MetricRow>> MetricsOf(StatsReport report)
    {
        var metrics = report.Query.Metrics.Distinct().ToList();
        var lists = new Dictionary<string, IReadOnlyList<MetricRow>>();
        foreach (var breakdown in report.Breakdowns)
        {
            foreach (var metric in metrics)
            {
                lists[$"{metric}_by_{breakdown.Dimension}"] = new MappedList<BreakdownRow, MetricRow>(breakdown.Rows, row => new MetricRow(
                    [new(breakdown.Dimension.Name, row.Label)], metric.Name, metric.Of(row.Count), breakdown.Percentage(row, metric)));
            }
        }

        foreach (var tab in report.CrossTabs)
        {
            foreach (var metric in metrics)
            {
                lists[$"{metric}_by_{tab.First}_{tab.Second}"] = new MappedList<CrossTabCell, MetricRow>(tab.Cells, cell => new MetricRow(
                    [new(tab.First.Name, cell.FirstLabel), new(tab.Second.Name, cell.SecondLabel)], metric.Name, metric.Of(cell.Count), null));
            }
        }

        return lists;
    }

    private static Dictionary<string, RestBody>? TruncatedOf(StatsReport report)
    {
        var truncated = report.Breakdowns
            .Where(breakdown => breakdown.RestRows > 0)
            .ToDictionary(
                breakdown => breakdown.Dimension.Name,
                breakdown => new RestBody(breakdown.RestRows, breakdown.Rest.Clicks, breakdown.Rest.UniqueClicks));
        return truncated.Count == 0 ? null : truncated;
    }
}

internal sealed record TimeRangeBody(DateTimeOffset StartDate, DateTimeOffset EndDate);

/// <param name="FirstClick">Null: there are no clicks in the selection.</param>
/// <param name="LastClick">Null: there are no clicks in the selection.</param>
/// <param name="AvgRedirectionTime">In milliseconds; 0 when none was measured.</param>
internal sealed record SummaryBody(
    long TotalClicks, long UniqueClicks, DateTimeOffset? FirstClick, DateTimeOffset? LastClick, double AvgRedirectionTime);

/// <param name="MongoFormat">The pattern of the labels, under the name that spoo.me's clients know.</param>
/// <param name="IntervalMinutes">Nominal: a day is 1440 minutes, also when its clock is changed.</param>
internal sealed record TimeBucketBody(string Strategy, string MongoFormat, string DisplayFormat, string Timezone, int IntervalMinutes);

internal sealed record ComputedBody(double UniqueClickRate, double RepeatClickRate, double AverageClicksPerVisitor);

/// <summary>What the rows that are not shown add up to.</summary>
internal sealed record RestBody(int Rows, long Clicks, long UniqueClicks);

/// <param name="Exact">Whether the numbers are counted, not estimated.</param>
/// <param name="AsOf">Every click stored by then is in the numbers, and none stored later.</param>
/// <param name="ClicksLookedAt">How many clicks the counting chose from.</param>
/// <param name="ElapsedMs">How long the counting took, in milliseconds.</param>
internal sealed record QualityBody(bool Exact, DateTimeOffset AsOf, long ClicksLookedAt, double ElapsedMs)
{
    /// <summary>
    /// <c>day</c> or <c>month</c>, of UTC: after each, visitors get new numbers, so that one who comes again counts as new and unique visitors add up.
    /// Absent: visitors are known for ever.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UniquePer { get; init; }

    /// <summary>Clicks of people who asked not to be followed: in the clicks, and in no number of unique visitors. Absent: there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UntrackedClicks { get; init; }

    /// <summary>The numbers of this answer that are without the clicks of which imports have told only how many they were. Absent: there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WithoutImported { get; init; }
}

/// <summary>The same question about the range that was to be compared with.</summary>
/// <param name="Changes">From that range to the one in question.</param>
internal sealed record ComparisonBody(
    TimeRangeBody TimeRange,
    SummaryBody Summary,
    ChangesBody Changes,
    IReadOnlyDictionary<string, IReadOnlyList<MetricRow>> Metrics,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ComputedBody? ComputedMetrics)
{
    /// <summary>As <see cref="StatsResponse.ImportedClicks"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportedBody? ImportedClicks { get; init; }
}

/// <summary>In percent of what there was before; absent when there was nothing.</summary>
internal sealed record ChangesBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TotalClicks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? UniqueClicks);

/// <summary>One row: <c>{"browser": "Chrome", "clicks": 28, "clicks_percentage": 70}</c>.</summary>
/// <param name="Labels">By the name of each dimension; two in a crossed list.</param>
/// <param name="Percentage">The share of the whole list. Null: there is nothing to share.</param>
[JsonConverter(typeof(Converter))]
internal sealed record MetricRow(IReadOnlyList<KeyValuePair<string, string>> Labels, string Metric, long Value, double? Percentage)
{
    private sealed class Converter : JsonConverter<MetricRow>
    {
        public override MetricRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, MetricRow row, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (dimension, label) in row.Labels)
            {
                writer.WriteString(dimension, label);
            }

            writer.WriteNumber(row.Metric, row.Value);
            if (row.Percentage is { } percentage)
            {
                writer.WriteNumber(row.Metric + "_percentage", percentage);
            }

            writer.WriteEndObject();
        }
    }
}
