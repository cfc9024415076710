using System.Globalization;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>How a number differs from the one it is compared with, in words and in what a viewer should think of it.</summary>
/// <param name="Text">+8%, −3%, ±0%; "new" where there was nothing before, a dash where one of the two is not known.</param>
/// <param name="Mood">good, bad, or null: neither.</param>
/// <param name="Direction">1 up, −1 down, 0 neither.</param>
public sealed record Change(string Text, string? Mood, int Direction)
{
    public static Change Of(double? now, double? before, bool lowerIsBetter = false)
    {
        if (now is not { } after || before is not { } start)
        {
            return new(Numbers.Unknown, null, 0);
        }

        if (after == start)
        {
            return new(T("±{0}%", 0), null, 0);
        }

        var direction = after > start ? 1 : -1;
        var mood = direction > 0 == lowerIsBetter ? "bad" : "good";
        if (start == 0)
        {
            return new(T("new"), mood, direction);
        }

        // What changed a little is not told as unchanged.
        var percent = Math.Abs(after - start) / start * 100;
        var number = percent switch
        {
            < 0.1 => "<" + 0.1.ToString("0.0", CultureInfo.CurrentCulture),
            < 10 => percent.ToString("0.#", CultureInfo.CurrentCulture),
            _ => percent.ToString("N0", CultureInfo.CurrentCulture),
        };
        return new(direction > 0 ? T("+{0}%", number) : T("−{0}%", number), mood, direction);
    }
}
