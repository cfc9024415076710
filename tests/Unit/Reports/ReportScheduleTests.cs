using System.Globalization;
using Spoo.Data.Accounts;
using Spoo.Web.Mail.Reports;

namespace Spoo.Tests.Reports;

public sealed class ReportScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData(ReportRhythm.Daily, "2026-11-28T06:59:59Z", "2026-11-28T07:00:00Z")]
    [InlineData(ReportRhythm.Daily, "2026-11-28T07:00:00Z", "2026-11-29T07:00:00Z")]
    [InlineData(ReportRhythm.Daily, "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z")] // the clocks were put forward
    [InlineData(ReportRhythm.Weekly, "2026-11-28T12:00:00Z", "2026-11-30T07:00:00Z")]
    [InlineData(ReportRhythm.Weekly, "2026-11-30T07:00:00Z", "2026-12-07T07:00:00Z")]
    [InlineData(ReportRhythm.Monthly, "2026-11-30T23:30:00Z", "2026-12-01T07:00:00Z")] // the first has begun in Berlin
    [InlineData(ReportRhythm.Monthly, "2026-12-01T07:00:00Z", "2027-01-01T07:00:00Z")]
    public void Reports_come_at_eight_by_the_clock_of_their_reader(ReportRhythm rhythm, string after, string due) =>
        Assert.Equal(Instant(due), ReportSchedule.NextAfter(rhythm, Berlin, Instant(after)));

    [Theory]
    [InlineData(ReportRhythm.Daily, "2026-11-28T07:00:00Z", "2026-11-27", "2026-11-27")]
    [InlineData(ReportRhythm.Weekly, "2026-11-30T07:00:00Z", "2026-11-23", "2026-11-29")]
    [InlineData(ReportRhythm.Monthly, "2027-03-01T07:00:00Z", "2027-02-01", "2027-02-28")]
    public void A_report_is_about_whole_days_that_are_over(ReportRhythm rhythm, string due, string first, string last) =>
        Assert.Equal((Day(first), Day(last)), ReportSchedule.DaysOf(rhythm, Instant(due), Berlin));

    [Fact]
    public void After_a_long_time_away_the_last_report_is_due_and_none_of_those_before()
    {
        var due = ReportSchedule.LastUpTo(Instant("2026-11-28T12:00:00Z"), ReportRhythm.Weekly, Berlin, Instant("2026-09-07T06:00:00Z"));

        Assert.Equal(Instant("2026-11-23T07:00:00Z"), due);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
