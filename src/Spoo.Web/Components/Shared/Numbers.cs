using System.Globalization;

namespace Spoo.Web.Components.Shared;

/// <summary>Numbers for people. Unknown is a dash and never a zero.</summary>
internal static class Numbers
{
    public const string Unknown = "–";

    /// <summary>Every digit: 12,345,678.</summary>
    public static string Long(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Every digit up to a million, which fits a headline: 999,999, then 1M, 1.2M, 123M.</summary>
    public static string Headline(long number) => number < 1_000_000 ? Long(number) : Short(number);

    /// <summary>Three digits or so: 999, 1k, 1.2k, 12.3k, 123k, 1M. Cut and not rounded, so that a million is never announced early.</summary>
    public static string Short(long number) => number switch
    {
        < 0 => "-" + Short(-number),
        < 1_000 => Long(number),
        < 1_000_000 => Scaled(number, 1_000, "k"),
        < 1_000_000_000 => Scaled(number, 1_000_000, "M"),
        < 1_000_000_000_000 => Scaled(number, 1_000_000_000, "B"),
        _ => Scaled(number, 1_000_000_000_000, "T"),
    };

    /// <summary>A share in percent: one decimal below ten, none above; what is there but tiny is not nothing, and nearly all is not all.</summary>
    public static string Share(double? percentage) => percentage switch
    {
        null => Unknown,
        0 => "0%",
        < 0.1 => "<0.1%",
        < 10 => percentage.Value.ToString("0.#", CultureInfo.InvariantCulture) + "%",
        > 99 and < 100 => ">99%",
        _ => percentage.Value.ToString("0", CultureInfo.InvariantCulture) + "%",
    };

    /// <summary>Clicks per visitor and its like; unknown when there is nothing to divide by.</summary>
    public static string Ratio(long numerator, long denominator) =>
        denominator == 0 ? Unknown : ((double)numerator / denominator).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The number with its noun: 1 click, 3,440 clicks.</summary>
    public static string Of(long number, string one, string many) => $"{Long(number)} {(number == 1 ? one : many)}";

    private static string Scaled(long number, long unit, string suffix)
    {
        var tenths = number / (unit / 10);
        return tenths >= 1000 || tenths % 10 == 0
            ? (tenths / 10).ToString(CultureInfo.InvariantCulture) + suffix
            : (tenths / 10m).ToString("0.0", CultureInfo.InvariantCulture) + suffix;
    }
}
