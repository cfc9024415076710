namespace Spoo.Data.Stats.Report;

/// <summary>
/// Clicks of the selected links of which imports have told only how many they were. They stand beside a report: none of its other numbers has them,
/// because nobody knows who clicked, and from where.
/// </summary>
public sealed record ImportedClicks
{
    /// <summary>Those within the range.</summary>
    public long Clicks { get; init; }

    /// <summary>Those of them that are of no known day; they are within a range that has all of their link's life until the import.</summary>
    public long WithoutDay { get; init; }

    /// <summary>Those of each time bucket, as far as their day is known. Null: time was not asked for.</summary>
    public IReadOnlyList<long>? ByTime { get; init; }

    /// <summary>Those that are not within the range, or of which the filters ask what is not known.</summary>
    public long LeftOut { get; init; }

    /// <summary>Whether they are left out because of the filters.</summary>
    public bool IsFiltered { get; init; }
}
