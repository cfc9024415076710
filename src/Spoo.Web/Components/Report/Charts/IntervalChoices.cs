using Spoo.Data.Stats.Question;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report.Charts;

/// <summary>The bucket widths that make a readable chart of a range.</summary>
internal static class IntervalChoices
{
    /// <summary>More points than a wide screen has room for.</summary>
    private const double MostPoints = 750;

    /// <param name="chosen">Always among them.</param>
    public static IEnumerable<TimeBucketWidth> For(TimeRange range, TimeBucketWidth chosen) => TimeBucketWidth.All
        .Where(width => width == chosen || (range.Length.TotalMinutes / width.Minutes) is >= 1.5 and <= MostPoints);

    public static string TitleOf(TimeBucketWidth width) => width.Name switch
    {
        "10_minute" => T("10 min"),
        "hour" => T("Hour"),
        "day" => T("Day"),
        "week" => T("Week"),
        "month" => T("Month"),
        var name => name,
    };
}
