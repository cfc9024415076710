using System.Globalization;
using Spoo.Data.Stats.Report;

namespace Spoo.Tests.Stats.Report;

/// <summary>The expected values are what Python's <c>round(x, 2)</c> gives, because that is what spoo.me's clients have seen.</summary>
public sealed class RoundedTests
{
    [Theory]
    [InlineData(43, 40, 1.07)]
    [InlineData(40, 13, 3.08)]
    [InlineData(1, 8, 0.12)]
    [InlineData(3, 8, 0.38)]
    [InlineData(5, 0, 0)]
    public void Ratios_are_rounded_as_python_rounds(double numerator, double denominator, double expected) =>
        Assert.Equal(expected, Rounded.Ratio(numerator, denominator));

    [Theory]
    [InlineData(8, 13, 61.54)]
    [InlineData(4, 13, 30.77)]
    [InlineData(1, 13, 7.69)]
    [InlineData(1, 800, 0.12)]
    [InlineData(3, 800, 0.38)]
    [InlineData(13, 40, 32.5)]
    [InlineData(40, 40, 100)]
    public void Percentages_are_rounded_as_python_rounds(long part, long whole, double expected) =>
        Assert.Equal(expected, Rounded.Percentage(part, whole));

    [Fact]
    public void The_short_way_gives_what_printing_and_reading_gives()
    {
        var random = new Random(20260218);
        var middles = Enumerable.Range(0, 20_000).Select(number => (number + 0.5) / 100).SelectMany(middle => new[] { middle, Math.BitIncrement(middle), Math.BitDecrement(middle), -middle });
        var shares = Enumerable.Range(0, 100_000).Select(_ => (double)random.Next(1, 1_000) / random.Next(1, 1_000_000) * 100);
        var large = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-6, 14)) * (random.Next(2) * 2 - 1));

        Assert.All(middles.Concat(shares).Concat(large), value =>
            Assert.Equal(double.Parse(value.ToString("F2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), Rounded.Two(value)));
    }
}
