using System.Globalization;

namespace Spoo.Data.Stats.Report;

/// <summary>
/// Two decimals, half to even on the decimal value, as the peers' numbers are rounded. <see cref="Math.Round(double, int)"/> differs
/// in about one ratio of a thousand, because it multiplies first.
/// </summary>
public static class Rounded
{
    public static double Ratio(double numerator, double denominator) =>
        denominator == 0 ? 0 : Two(numerator / denominator);

    public static double Percentage(long part, long whole) => Two((double)part / whole * 100);

    public static double Two(double value) => double.Parse(value.ToString("F2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
