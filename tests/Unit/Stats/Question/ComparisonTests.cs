using System.Globalization;
using Spoo.Data.Stats.Question;

namespace Spoo.Tests.Stats.Question;

public sealed class ComparisonTests
{
    private static readonly TimeZoneInfo Berlin = TimeZones.Resolve("Europe/Berlin");

    [Theory]
    [InlineData("a day half over is compared with half a day", "2026-02-18 00:00", "2026-02-18 14:30", "2026-02-17 00:00", "2026-02-17 14:30")]
    [InlineData("28 days", "2026-01-22 00:00", "2026-02-18 14:30", "2025-12-25 00:00", "2026-01-21 14:30")]
    [InlineData("a whole month", "2026-02-01 00:00", "2026-02-28 23:59:59.999", "2026-01-01 00:00", "2026-01-31 23:59:59.999")]
    [InlineData("a quarter", "2025-10-01 00:00", "2025-12-31 23:59:59", "2025-07-01 00:00", "2025-09-30 23:59:59")]
    [InlineData("across the change of clocks", "2026-03-29 00:00", "2026-03-29 23:59:59.999", "2026-03-28 00:00", "2026-03-28 23:59:59.999")]
    [InlineData("six hours", "2026-02-18 06:00", "2026-02-18 12:00", "2026-02-17 23:59:59.999", "2026-02-18 05:59:59.999")]
    public void The_period_before_is_one_of_the_calendar(string why, string start, string end, string otherStart, string otherEnd) =>
        Assert.Equal((why, Range(otherStart, otherEnd)), (why, Comparison.By(ComparisonWay.Period).RangeFor(Range(start, end), null)));

    [Fact]
    public void A_month_to_date_is_compared_with_the_beginning_of_the_month_before() =>
        Assert.Equal(
            Range("2026-01-01 00:00", "2026-01-18 14:30"),
            Comparison.By(ComparisonWay.Period).RangeFor(Range("2026-02-01 00:00", "2026-02-18 14:30"), Period.Find("month")));

    [Theory]
    [InlineData("2026-02-01 00:00", "2026-02-28 23:59:59.999", "2025-02-01 00:00", "2025-02-28 23:59:59.999")]
    [InlineData("2024-02-01 00:00", "2024-02-29 23:59:59.999", "2023-02-01 00:00", "2023-02-28 23:59:59.999")]
    [InlineData("2025-02-01 00:00", "2025-02-28 23:59:59.999", "2024-02-01 00:00", "2024-02-29 23:59:59.999")]
    [InlineData("2026-02-18 08:15", "2026-02-18 14:30", "2025-02-18 08:15", "2025-02-18 14:30")]
    public void A_year_before_has_the_same_dates(string start, string end, string otherStart, string otherEnd) =>
        Assert.Equal(Range(otherStart, otherEnd), Comparison.By(ComparisonWay.Year).RangeFor(Range(start, end), null));

    [Theory]
    [InlineData("year", "2026-02-16 00:00", "2026-02-22 23:59:59.999", "2025-02-17 00:00", "2025-02-23 23:59:59.999")]
    [InlineData("period", "2026-01-20 00:00", "2026-02-18 14:30", "2025-12-16 00:00", "2026-01-14 14:30")]
    [InlineData("period", "2026-02-18 00:00", "2026-02-18 14:30", "2026-02-11 00:00", "2026-02-11 14:30")]
    [InlineData("period", "2026-02-18 13:30", "2026-02-18 14:30", "2026-02-11 13:30", "2026-02-11 14:30")]
    [InlineData("previous", "2026-02-18 13:30", "2026-02-19 13:29:59.999", "2026-02-11 13:30", "2026-02-12 13:29:59.999")]
    public void Matched_weekdays_stand_beside_each_other(string way, string start, string end, string otherStart, string otherEnd)
    {
        var first = Range(start, end);

        var other = Comparison.By(ComparisonWay.Find(way)!, matchesWeekdays: true).RangeFor(first, null);

        Assert.Equal(Range(otherStart, otherEnd), other);
        Assert.Equal(first.Local(first.Start).DayOfWeek, other.Local(other.Start).DayOfWeek);
        Assert.True(other.End < first.Start);
    }

    [Fact]
    public void Two_dates_of_its_own_come_before_any_rule()
    {
        var first = Range("2026-02-18 00:00", "2026-02-18 14:30");

        Assert.Equal(
            Range("2020-01-01 00:00", "2020-01-01 14:30"),
            (Comparison.By(ComparisonWay.Year, matchesWeekdays: true) with { Start = At("2020-01-01 00:00") }).RangeFor(first, null));
    }

    [Theory]
    [InlineData("today", "2026-02-17 00:00", "2026-02-17 23:59:59.999", "2026-02-19 00:00", "2026-02-19 23:59:59.999")]
    [InlineData("month", "2026-01-01 00:00", "2026-01-31 23:59:59.999", "2026-03-01 00:00", "2026-03-31 23:59:59.999")]
    [InlineData("lastmonth", "2025-12-01 00:00", "2025-12-31 23:59:59.999", "2026-02-01 00:00", "2026-02-28 23:59:59.999")]
    [InlineData("year", "2025-01-01 00:00", "2025-12-31 23:59:59.999", "2027-01-01 00:00", "2027-12-31 23:59:59.999")]
    [InlineData("7d", "2026-02-05 00:00", "2026-02-11 23:59:59.999", "2026-02-19 00:00", "2026-02-25 23:59:59.999")]
    public void One_step_earlier_or_later_is_a_whole_period(string name, string start, string end, string laterStart, string laterEnd)
    {
        var period = Period.Find(name)!;
        var now = At("2026-02-18 14:30");
        var (from, to) = period.Resolve(now, Berlin);
        var range = new TimeRange(from!.Value, to ?? now, Berlin);
        var step = RangeStep.Of(range, period);

        Assert.Equal(Range(start, end), step.MoveWhole(range, -1));
        Assert.Equal(Range(laterStart, laterEnd), step.MoveWhole(range, 1));
    }

    private static TimeRange Range(string start, string end) => new(At(start), At(end), Berlin);

    private static DateTimeOffset At(string local)
    {
        var clock = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return new DateTimeOffset(clock, Berlin.GetUtcOffset(clock)).ToUniversalTime();
    }
}
