using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spoo.Web.Api.ShortIo;

// Short.io's answers, in the order of its own examples. Lists are null, and then absent, when they were not wanted.

internal sealed record LinkAnswer
{
    public required long TotalClicks { get; init; }

    public required long HumanClicks { get; init; }

    public required string HumanClicksChange { get; init; }

    public required string TotalClicksChange { get; init; }

    public required ChartBody ClickStatistics { get; init; }

    public required IntervalBody Interval { get; init; }

    [JsonExtensionData]
    public Dictionary<string, object>? Tops { get; init; }
}

internal sealed record DomainAnswer
{
    public required long Clicks { get; init; }

    public required long HumanClicks { get; init; }

    public required long PrevClicks { get; init; }

    public required long PrevHumanClicks { get; init; }

    public required int Links { get; init; }

    public required string LinksChange { get; init; }

    public required bool LinksChangePositive { get; init; }

    public required string ClicksPerLink { get; init; }

    public required string ClicksPerLinkChange { get; init; }

    public required string HumanClicksPerLink { get; init; }

    public required string PrevClicksChange { get; init; }

    public required string HumanClicksChange { get; init; }

    public required bool HumanClicksChangePositive { get; init; }

    public required IntervalBody Interval { get; init; }

    public required ChartBody ClickStatistics { get; init; }

    [JsonExtensionData]
    public Dictionary<string, object>? Tops { get; init; }
}

/// <summary>What was counted, and what changes are measured against. All null: everything was counted.</summary>
/// <param name="Tz">The zone asked for by name. Null: none was.</param>
internal sealed record IntervalBody(
    DateTimeOffset? StartDate,
    DateTimeOffset? EndDate,
    DateTimeOffset? PrevStartDate,
    DateTimeOffset? PrevEndDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tz);

internal sealed record ChartBody(IReadOnlyList<ChartBody.Dataset> Datasets)
{
    internal sealed record Dataset(IReadOnlyList<PointBody> Data);
}

/// <param name="X">The first instant of the bar.</param>
/// <param name="Y">Clicks, those of bots included.</param>
internal sealed record PointBody(DateTimeOffset X, long Y);

internal sealed record ByIntervalAnswer(IReadOnlyList<PointBody> ClicksStatistics, IntervalBody Interval);

internal sealed record TopRow(long Score, string Column, string DisplayName);

internal sealed record TopOfBar(DateTimeOffset Date, IReadOnlyList<TopOfBarRow> Statistics);

/// <param name="Score">A number as a text: what the official client's types say.</param>
internal sealed record TopOfBarRow(string Column, string Score);

/// <summary>One click. What is not stored here is empty or null.</summary>
internal sealed record LastClickRow
{
    public required string Host { get; init; }

    public required string Path { get; init; }

    public required string Lcpath { get; init; }

    public required DateTimeOffset Dt { get; init; }

    public required string Method { get; init; }

    public required string Url { get; init; }

    public required int St { get; init; }

    public required string Ip { get; init; }

    public required string Proto { get; init; }

    public required string Ref { get; init; }

    public required string Ua { get; init; }

    public required bool Human { get; init; }

    public required string Browser { get; init; }

    [JsonPropertyName("browser_version")]
    public required string BrowserVersion { get; init; }

    public required string Country { get; init; }

    public required string City { get; init; }

    public required string Social { get; init; }

    public required string Refhost { get; init; }

    public required string Os { get; init; }

    [JsonPropertyName("utm_source")]
    public required string UtmSource { get; init; }

    [JsonPropertyName("utm_medium")]
    public required string UtmMedium { get; init; }

    [JsonPropertyName("utm_campaign")]
    public required string UtmCampaign { get; init; }

    [JsonPropertyName("goal_completed")]
    public required bool? GoalCompleted { get; init; }

    [JsonPropertyName("ab_path")]
    public required string? AbPath { get; init; }
}

internal sealed record SuccessBody(bool Success);

internal sealed record ErrorBody(string Error);

/// <summary>A row of a breakdown: <c>{"score": 4, "country": "US", "countryName": "United States"}</c>.</summary>
/// <param name="Score">Clicks of humans.</param>
/// <param name="Values">By name, in order.</param>
[JsonConverter(typeof(Converter))]
internal sealed record ScoreRow(long Score, params IReadOnlyList<(string Name, string? Value)> Values)
{
    private sealed class Converter : JsonConverter<ScoreRow>
    {
        public override ScoreRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ScoreRow row, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("score", row.Score);
            foreach (var (name, value) in row.Values)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }
    }
}
