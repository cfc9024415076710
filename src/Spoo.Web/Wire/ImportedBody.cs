using System.Text.Json.Serialization;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;

namespace Spoo.Web.Wire;

/// <summary>Clicks of which imports have told only how many they were. They are in no other number of the answer.</summary>
/// <param name="Clicks">Those within the range.</param>
/// <param name="WithoutDay">Those of them that are of no known day: they count where the range has all of their link's life until the import.</param>
/// <param name="LeftOut">Those that are not within the range, or of which the filters ask what is not known.</param>
internal sealed record ImportedBody(long Clicks, long WithoutDay, long LeftOut)
{
    /// <summary><c>range</c> or <c>filters</c>. Absent: none are left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LeftOutBecause { get; init; }

    /// <summary>Those of each time bucket that has some, as far as their day is known. Absent: time was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImportedRow>? ClicksByTime { get; init; }

    public static ImportedBody? Of(StatsReport report) => report.Imported is not { } imported ? null : new ImportedBody(imported.Clicks, imported.WithoutDay, imported.LeftOut)
    {
        LeftOutBecause = imported.LeftOut == 0 ? null : imported.IsFiltered ? "filters" : "range",
        ClicksByTime = imported.ByTime is not { } byTime ? null
            : [.. report.By(Dimension.Time).Rows.Zip(byTime, (row, clicks) => new ImportedRow(row.Label, clicks)).Where(row => row.Clicks > 0)],
    };
}

/// <param name="Time">The label of the bucket.</param>
internal sealed record ImportedRow(string Time, long Clicks);
