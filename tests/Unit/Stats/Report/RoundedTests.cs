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
}
