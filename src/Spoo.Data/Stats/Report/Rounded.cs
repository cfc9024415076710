using System.Globalization;

namespace Spoo.Data.Stats.Report;

/// <summary>
/// Two decimals, half to even on the decimal value, as the peers' numbers are rounded. <see cref="Math.Round(double, int)"/> differs
/// in about one ratio of a thousand, because it multiplies first.
/// </summary>
public static class Rounded
{
    // Up to here a double is more than a hundred times finer than what counts as near the middle.
    private const double MostHundredths = 1e9;

    private const double Middle = 1e-4;

    public static double Ratio(double numerator, double denominator) =>
        denominator == 0 ? 0 : Two(numerator / denominator);

    public static double Percentage(long part, long whole) => Two((double)part / whole * 100);

    public static double Two(double value)
    {
        // Away from the middle between two hundredths the multiplication cannot turn the rounding round, and dividing whole numbers gives what parsing gives.
        var hundredths = value * 100;
        var whole = Math.Round(hundredths);
        return Math.Abs(hundredths) < MostHundredths && Math.Abs(Math.Abs(hundredths - whole) - 0.5) > Middle
            ? whole / 100
            : double.Parse(value.ToString("F2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
