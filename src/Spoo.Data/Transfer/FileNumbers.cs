using System.Globalization;
using System.Text.RegularExpressions;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Transfer;

/// <summary>Reads how many clicks there were, as programs and spreadsheets write it: <c>1234</c>, <c>1,234</c>, <c>1 234</c>, <c>1.234</c>, <c>1234.0</c>.</summary>
internal static partial class FileNumbers
{
    /// <summary>The number; 0 where nothing is written. Null: it is none, or more than there can be.</summary>
    public static long? Count(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return 0;
        }

        // Nothing was clicked by half: what looks like a fraction of three digits is a thousand.
        var number = text.Trim();
        return Whole().IsMatch(number) && long.TryParse(Fraction().Replace(number, ""), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= ImportedTotal.MaxClicks ? count
            : Grouped().IsMatch(number) && long.TryParse(string.Concat(number.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= ImportedTotal.MaxClicks ? count
            : null;
    }

    [GeneratedRegex(@"^[0-9]{1,15}([.,]0{1,2})?$")]
    private static partial Regex Whole();

    [GeneratedRegex("[.,]0{1,2}$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^[0-9]{1,3}(?:([,.'’ \u00A0\u202F])[0-9]{3})(?:\1[0-9]{3})*$")]
    private static partial Regex Grouped();
}
