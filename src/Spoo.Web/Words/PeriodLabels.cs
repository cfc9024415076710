using Spoo.Data.Stats.Question;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What pages call periods and comparisons.</summary>
internal static class PeriodLabels
{
    public static string Of(Period period) => period.Rolls is { } rolls ? Of(rolls.Number, rolls.Unit) : period.Name switch
    {
        "today" => T("Today"),
        "yesterday" => T("Yesterday"),
        "1h" => T("Last hour"),
        "24h" => T("Last {0} hours", 24),
        "7d" => T("Last {0} days", 7),
        "28d" => T("Last {0} days", 28),
        "30d" => T("Last {0} days", 30),
        "91d" => T("Last {0} days", 91),
        "month" => T("Month to date"),
        "lastmonth" => T("Last month"),
        "year" => T("Year to date"),
        "6mo" => T("Last {0} months", 6),
        "12mo" => T("Last {0} months", 12),
        "all" => T("All time"),
        _ => period.Title,
    };

    public static string Of(Comparison comparison) => comparison switch
    {
        { Start: not null } or { End: not null } => T("Other days"),
        _ when comparison.Way == ComparisonWay.Year => T("Year before"),
        _ when comparison.Way == ComparisonWay.Period => T("Period before"),
        _ => T("Just before"),
    };

    private static string Of(int number, PeriodUnit unit) => unit switch
    {
        PeriodUnit.Minute => N(number, "Last minute", "Last {0} minutes"),
        PeriodUnit.Hour when number % 24 == 0 => T("Last {0} × 24 hours", number / 24),
        PeriodUnit.Hour => N(number, "Last hour", "Last {0} hours"),
        PeriodUnit.Day => number == 1 ? T("Today") : T("Last {0} days", number),
        PeriodUnit.Week => N(number, "The last seven days", "Last {0} weeks"),
        PeriodUnit.Month => number == 1 ? T("Month to date") : T("Last {0} months", number),
        _ => N(number, "The last twelve months", "Last {0} years"),
    };
}
