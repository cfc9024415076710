using System.Globalization;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>Numbers for people, in the form they are used to. Unknown is a dash and never a zero.</summary>
internal static class Numbers
{
    public const string Unknown = "–";

    /// <summary>Every digit: 12,345,678.</summary>
    public static string Long(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>Every digit up to a million, which fits a headline: 999,999, then 1M, 1.2M, 123M.</summary>
    public static string Headline(long number) => number < 1_000_000 ? Long(number) : Short(number);

    /// <summary>Three digits or so: 999, 1k, 1.2k, 12.3k, 123k, 1M. Cut and not rounded, so that a million is never announced early.</summary>
    public static string Short(long number) => number switch
    {
        < 0 => "-" + Short(-number),
        < 1_000 => Long(number),
        < 1_000_000 => T("{0}k", Scaled(number, 1_000)),
        < 1_000_000_000 => T("{0}M", Scaled(number, 1_000_000)),
        < 1_000_000_000_000 => T("{0}B", Scaled(number, 1_000_000_000)),
        _ => T("{0}T", Scaled(number, 1_000_000_000_000)),
    };

    /// <summary>A share in percent: one decimal below ten, none above; what is there but tiny is not nothing, and nearly all is not all.</summary>
    public static string Share(double? percentage) => percentage switch
    {
        null => Unknown,
        0 => T("{0}%", 0),
        < 0.1 => T("<{0}%", 0.1),
        < 10 => T("{0}%", percentage.Value.ToString("0.#", CultureInfo.CurrentCulture)),
        > 99 and < 100 => T(">{0}%", 99),
        _ => T("{0}%", percentage.Value.ToString("0", CultureInfo.CurrentCulture)),
    };

    /// <summary>Clicks per visitor and its like; unknown when there is nothing to divide by.</summary>
    public static string Ratio(long numerator, long denominator) =>
        denominator == 0 ? Unknown : ((double)numerator / denominator).ToString("0.00", CultureInfo.CurrentCulture);

    /// <summary>1 click, 3,440 clicks, in the viewer's language.</summary>
    public static string Clicks(long number) => N(number, "{0} click", "{0} clicks");

    /// <summary>How long something took or lasts; behind a preposition.</summary>
    public static string Hours(TimeSpan time) => Math.Round(time.TotalHours, 1) is var hours and not 1 ? T("{0:0.#} hours", hours) : T("one hour");

    /// <summary>What unique visitors leave out.</summary>
    public static string Untracked(long clicks) =>
        N(clicks, "{0} click asked not to be tracked and is not in unique visitors", "{0} clicks asked not to be tracked and are not in unique visitors");

    /// <summary>How much of a disk or of memory: 1 kB, 12.3 MB, 4.5 GB. Something is never told as nothing.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.CurrentCulture, $"{Math.Ceiling(bytes / 1e3):0} kB"),
        >= 1_000_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1e9:0.0} GB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1e6:0.0} MB"),
    };

    private static string Scaled(long number, long unit)
    {
        var tenths = number / (unit / 10);
        return tenths >= 1000 || tenths % 10 == 0
            ? (tenths / 10).ToString(CultureInfo.CurrentCulture)
            : (tenths / 10m).ToString("0.0", CultureInfo.CurrentCulture);
    }
}
