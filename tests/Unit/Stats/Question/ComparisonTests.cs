using System.Globalization;
using Spoo.Data.Stats.Question;

namespace Spoo.Tests.Stats.Question;

public sealed class ComparisonTests
{
    private static readonly TimeZoneInfo Berlin = TimeZones.Resolve("Europe/Berlin");
    private static readonly DateTimeOffset Later = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a day half over is compared with half a day", "2026-02-18 00:00", "2026-02-18 14:30", "2026-02-17 00:00", "2026-02-17 14:30")]
    [InlineData("28 days", "2026-01-22 00:00", "2026-02-18 14:30", "2025-12-25 00:00", "2026-01-21 14:30")]
    [InlineData("a whole month", "2026-02-01 00:00", "2026-02-28 23:59:59.999", "2026-01-01 00:00", "2026-01-31 23:59:59.999")]
    [InlineData("a quarter", "2025-10-01 00:00", "2025-12-31 23:59:59", "2025-07-01 00:00", "2025-09-30 23:59:59")]
    [InlineData("across the change of clocks", "2026-03-29 00:00", "2026-03-29 23:59:59.999", "2026-03-28 00:00", "2026-03-28 23:59:59.999")]
    [InlineData("six hours", "2026-02-18 06:00", "2026-02-18 12:00", "2026-02-17 23:59:59.999", "2026-02-18 05:59:59.999")]
    public void The_period_before_is_one_of_the_calendar(string why, string start, string end, string otherStart, string otherEnd) =>
        Assert.Equal((why, Range(otherStart, otherEnd)), (why, Comparison.By(ComparisonWay.Period).RangeFor(Range(start, end), null, Later)));

    [Fact]
    public void A_month_to_date_is_compared_with_the_beginning_of_the_month_before() =>
        Assert.Equal(
            Range("2026-01-01 00:00", "2026-01-18 14:30"),
            Comparison.By(ComparisonWay.Period).RangeFor(Range("2026-02-01 00:00", "2026-02-18 14:30"), Period.Find("month"), Later));

    [Theory]
    [InlineData("2026-02-01 00:00", "2026-02-28 23:59:59.999", "2025-02-01 00:00", "2025-02-28 23:59:59.999")]
    [InlineData("2024-02-01 00:00", "2024-02-29 23:59:59.999", "2023-02-01 00:00", "2023-02-28 23:59:59.999")]
    [InlineData("2025-02-01 00:00", "2025-02-28 23:59:59.999", "2024-02-01 00:00", "2024-02-29 23:59:59.999")]
    [InlineData("2026-02-18 08:15", "2026-02-18 14:30", "2025-02-18 08:15", "2025-02-18 14:30")]
    public void A_year_before_has_the_same_dates(string start, string end, string otherStart, string otherEnd) =>
        Assert.Equal(Range(otherStart, otherEnd), Comparison.By(ComparisonWay.Year).RangeFor(Range(start, end), null, Later));

    [Theory]
    [InlineData("year", "2026-02-16 00:00", "2026-02-22 23:59:59.999", "2025-02-17 00:00", "2025-02-23 23:59:59.999")]
    [InlineData("period", "2026-01-20 00:00", "2026-02-18 14:30", "2025-12-16 00:00", "2026-01-14 14:30")]
    [InlineData("period", "2026-02-18 00:00", "2026-02-18 14:30", "2026-02-11 00:00", "2026-02-11 14:30")]
    [InlineData("period", "2026-02-18 13:30", "2026-02-18 14:30", "2026-02-11 13:30", "2026-02-11 14:30")]
    [InlineData("previous", "2026-02-18 13:30", "2026-02-19 13:29:59.999", "2026-02-11 13:30", "2026-02-12 13:29:59.999")]
    public void Matched_weekdays_stand_beside_each_other(string way, string start, string end, string otherStart, string otherEnd)
    {
        var first = Range(start, end);

        var other = Comparison.By(ComparisonWay.Find(way)!, matchesWeekdays: true).RangeFor(first, null, Later);

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
            (Comparison.By(ComparisonWay.Year, matchesWeekdays: true) with { Start = At("2020-01-01 00:00") }).RangeFor(first, null, Later));
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

    [Theory]
    [InlineData("Europe/Berlin", "2024-02-28 20:00", "2024-02-29 10:00", "2023-02-28 20:00", "2023-03-01 10:00")]
    [InlineData("Europe/Berlin", "2024-02-29 08:00", "2024-02-29 10:00", "2023-02-28 08:00", "2023-02-28 10:00")]
    [InlineData("Europe/Berlin", "2024-02-29 00:00", "2024-02-29 23:59:59.999", "2023-02-28 00:00", "2023-02-28 23:59:59.999")]
    [InlineData("Europe/Berlin", "2027-03-26 02:30", "2027-03-26 03:10", "2026-03-26 02:30", "2026-03-26 03:10")]
    [InlineData("Europe/Berlin", "2027-03-29 02:30", "2027-03-29 03:10", "2026-03-29 03:30", "2026-03-29 04:10")]
    [InlineData("Pacific/Apia", "2012-12-30 00:00", "2012-12-30 23:59:59.999", "2011-12-31 00:00", "2011-12-31 23:59:59.999")]
    public void A_year_before_is_never_inverted(string zone, string start, string end, string otherStart, string otherEnd)
    {
        var viewer = TimeZones.Resolve(zone);

        var other = Comparison.By(ComparisonWay.Year).RangeFor(In(start, end), null, Later);

        Assert.Equal(In(otherStart, otherEnd), other);

        TimeRange In(string from, string until) => new(AtIn(viewer, from), AtIn(viewer, until), viewer);
    }

    [Fact]
    public void A_comparison_that_only_has_a_start_does_not_run_into_the_future()
    {
        var first = Range("2026-01-01 00:00", "2026-01-31 23:59:59.999");
        var now = At("2026-02-18 14:30");

        var other = new Comparison(At("2026-02-10 00:00"), null).RangeFor(first, null, now);

        Assert.Equal(Range("2026-02-10 00:00", "2026-02-18 14:30"), other);
    }

    /// <summary>Every zone there is, on its days that are longer or shorter than others, on leap days, and on days by chance.</summary>
    [Fact]
    public void No_other_range_is_inverted_or_ends_in_the_future()
    {
        var random = new Random(17);
        var now = new DateTimeOffset(2026, 2, 28, 11, 22, 33, TimeSpan.Zero);
        Comparison[] comparisons =
        [
            .. ComparisonWay.All.SelectMany(way => new[] { Comparison.By(way), Comparison.By(way, matchesWeekdays: true) }),
            new(now.AddDays(-3), null), new(null, now.AddDays(-3)), new(now.AddYears(-1), now), new(now.AddDays(2), null), new(now.AddDays(1), now.AddDays(2)),
        ];
        TimeSpan[] lengths = [TimeSpan.Zero, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(59), TimeSpan.FromHours(14), TimeSpan.FromHours(24), TimeSpan.FromDays(40)];
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            foreach (var first in Ranges(zone))
            {
                foreach (var comparison in comparisons)
                {
                    var other = comparison.RangeFor(first, null, now);
                    Assert.True(other.Start <= other.End && other.End <= now, $"{zone.Id}: {first.Start:O} to {first.End:O} by {comparison} is {other.Start:O} to {other.End:O}");
                    Assert.True(other.Length > TimeSpan.Zero || first.Length == TimeSpan.Zero || comparison.Start > now, $"{zone.Id}: {first.Start:O} to {first.End:O} by {comparison} is nothing");
                }
            }

            foreach (var period in Period.All)
            {
                var (start, end) = period.Resolve(now, zone);
                var first = new TimeRange(start ?? now.AddYears(-3), end ?? now, zone);
                foreach (var way in ComparisonWay.All)
                {
                    var other = Comparison.By(way).RangeFor(first, period, now);
                    Assert.True(other.Start <= other.End && other.End <= now, $"{zone.Id}: {period} by {way} is {other.Start:O} to {other.End:O}");
                }

                var step = RangeStep.Of(first, period);
                Assert.All([-2, -1, 1], steps => Assert.True(step.MoveWhole(first, steps) is var moved && moved.Start <= moved.End, $"{zone.Id}: {period}, {steps} steps"));
            }
        }

        IEnumerable<TimeRange> Ranges(TimeZoneInfo zone)
        {
            // The day that a range ends on, or the same day of the year after, is one with a change of the clock.
            var days = Changes(zone).SelectMany(day => new[] { day, day.AddYears(1) })
                .Append(new DateTime(2024, 2, 28)).Append(new DateTime(2024, 2, 29)).Append(new DateTime(2025, 3, 1))
                .Append(new DateTime(2010, 1, 1).AddDays(random.Next(5000)));
            foreach (var day in days)
            {
                if (DateOnly.FromDateTime(day) is var date && TimeRange.OfDays(date, date, zone) is var whole && whole.Start < whole.End)
                {
                    yield return whole;
                }

                foreach (var length in lengths)
                {
                    var start = Period.StartOfDay(day, zone).AddMinutes(random.Next(24 * 60));
                    yield return new TimeRange(start, start + length, zone);
                }
            }
        }

        static IEnumerable<DateTime> Changes(TimeZoneInfo zone)
        {
            for (var day = new DateTime(2011, 1, 1, 0, 0, 0, DateTimeKind.Utc); day.Year < 2025; day = day.AddDays(1))
            {
                // Two years and the one of Samoa are enough of the same.
                if (day.Year is 2011 or 2023 && zone.GetUtcOffset(day) != zone.GetUtcOffset(day.AddDays(1)))
                {
                    yield return DateTime.SpecifyKind(day, DateTimeKind.Unspecified);
                }
            }
        }
    }

    private static TimeRange Range(string start, string end) => new(At(start), At(end), Berlin);

    private static DateTimeOffset At(string local) => AtIn(Berlin, local);

    private static DateTimeOffset AtIn(TimeZoneInfo zone, string local)
    {
        var clock = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return new DateTimeOffset(clock, zone.GetUtcOffset(clock)).ToUniversalTime();
    }
}
