using System.Globalization;
using Microsoft.AspNetCore.Http;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;
using Spoo.Web.Api.ShortIo;

namespace Spoo.Tests.Api.ShortIo;

public sealed class ShortIoPeriodTests
{
    /// <summary>Zones east and west, with a day on which the clock is changed in each direction.</summary>
    private static readonly (string Zone, string Day)[] Changes =
    [
        ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
        ("America/St_Johns", "2026-03-08"), ("America/St_Johns", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"), ("Australia/Lord_Howe", "2026-10-04"),
        ("Pacific/Auckland", "2026-04-05"), ("Pacific/Auckland", "2026-09-27"),
        ("Asia/Kathmandu", "2026-03-29"), ("UTC", "2026-03-01"),
    ];

    public static TheoryData<string, string, int> DaysAroundChanges => [.. Changes.SelectMany(change =>
        Enumerable.Range(-1, 3).Select(days => new TheoryDataRow<string, string, int>(change.Zone, change.Day, days)))];

    [Theory, MemberData(nameof(DaysAroundChanges))]
    public async Task Every_period_has_whole_days_of_the_zone_and_the_same_days_before(string zoneName, string changeDay, int days)
    {
        var zone = TimeZones.Find(zoneName)!;
        var today = DateTime.Parse(changeDay, CultureInfo.InvariantCulture).AddDays(days);
        var month = new DateTime(today.Year, today.Month, 1);
        var monday = today;
        while (monday.DayOfWeek != DayOfWeek.Monday)
        {
            monday = monday.AddDays(-1);
        }

        foreach (var hour in new[] { 0, 6, 23 })
        {
            var now = At(today.AddHours(hour).AddMinutes(30), zone);

            await HasAsync("today", today, today, today.AddDays(-1));
            await HasAsync("yesterday", today.AddDays(-1), today.AddDays(-1), today.AddDays(-2));
            await HasAsync("week", monday, monday.AddDays(6), monday.AddDays(-7));
            await HasAsync("month", month, month.AddMonths(1).AddDays(-1), month.AddMonths(-1));
            await HasAsync("lastmonth", month.AddMonths(-1), month.AddDays(-1), month.AddMonths(-2));
            await HasAsync("last7", today.AddDays(-6), today, today.AddDays(-13));
            await HasAsync("last30", today.AddDays(-29), today, today.AddDays(-59));

            async Task HasAsync(string period, DateTime first, DateTime last, DateTime firstBefore)
            {
                var (read, error) = await ReadAsync($"?period={period}&tz={zoneName}", now);

                Assert.Null(error);
                Assert.Equal((At(first, zone), At(last.AddDays(1), zone).AddMilliseconds(-1)), (read.Range!.Start, read.Range.End));
                Assert.Equal(At(firstBefore, zone), read.Previous!.Start);
                if (period is "week" or "month" or "last7" or "last30")
                {
                    // As much of the time before as there is of this one: as many days, and the last of them up to the same time of day.
                    var sameTime = today.AddHours(hour).AddMinutes(30);
                    sameTime = period == "month" ? sameTime.AddMonths(-1) : sameTime.AddDays((firstBefore - first).Days);
                    Assert.InRange(read.Previous.End, At(sameTime, zone).AddHours(-1), At(sameTime, zone).AddHours(1));
                }
                else
                {
                    Assert.Equal(read.Range.Start.AddMilliseconds(-1), read.Previous.End);
                }
            }
        }
    }

    [Theory]
    [InlineData("week", "2026-02-16T00:00:00.000Z", "2026-02-22T23:59:59.999Z", "2026-02-09T00:00:00.000Z", "2026-02-11T12:00:00.000Z")]
    [InlineData("month", "2026-02-01T00:00:00.000Z", "2026-02-28T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-01-18T12:00:00.000Z")]
    [InlineData("last7", "2026-02-12T00:00:00.000Z", "2026-02-18T23:59:59.999Z", "2026-02-05T00:00:00.000Z", "2026-02-11T12:00:00.000Z")]
    [InlineData("last30", "2026-01-20T00:00:00.000Z", "2026-02-18T23:59:59.999Z", "2025-12-21T00:00:00.000Z", "2026-01-19T12:00:00.000Z")]
    [InlineData("lastmonth", "2026-01-01T00:00:00.000Z", "2026-01-31T23:59:59.999Z", "2025-12-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z")]
    public async Task The_part_so_far_is_compared_with_the_same_part_before(string name, string start, string end, string before, string beforeEnd)
    {
        var (period, error) = await ReadAsync($"?period={name}", new DateTimeOffset(2026, 2, 18, 12, 0, 0, TimeSpan.Zero));

        Assert.Null(error);
        Assert.Equal((start, end), (ShortIoJson.Text(period.Range!.Start), ShortIoJson.Text(period.Range.End)));
        Assert.Equal((before, beforeEnd), (ShortIoJson.Text(period.Previous!.Start), ShortIoJson.Text(period.Previous.End)));
    }

    [Theory]
    [InlineData("?period=today&tz=America/New_York", "2026-03-08T05:00:00.000Z", "2026-03-09T03:59:59.999Z", "2026-03-07T05:00:00.000Z")]
    [InlineData("?period=today&tz=Europe/Berlin", "2026-03-07T23:00:00.000Z", "2026-03-08T22:59:59.999Z", "2026-03-06T23:00:00.000Z")]
    [InlineData("?period=today&tz=Pacific/Auckland", "2026-03-08T11:00:00.000Z", "2026-03-09T10:59:59.999Z", "2026-03-07T11:00:00.000Z")]
    [InlineData("?period=last7&tzOffset=300", "2026-03-02T05:00:00.000Z", "2026-03-09T04:59:59.999Z", "2026-02-23T05:00:00.000Z")]
    [InlineData("?period=yesterday&tzOffset=-330", "2026-03-06T18:30:00.000Z", "2026-03-07T18:29:59.999Z", "2026-03-05T18:30:00.000Z")]
    [InlineData("?period=today&tz=UTC&tzOffset=300", "2026-03-08T00:00:00.000Z", "2026-03-08T23:59:59.999Z", "2026-03-07T00:00:00.000Z")]
    public async Task A_period_is_these_instants_on_the_day_New_York_changes_its_clocks(string query, string start, string end, string before)
    {
        var (period, error) = await ReadAsync(query, new DateTimeOffset(2026, 3, 8, 16, 0, 0, TimeSpan.Zero));

        Assert.Null(error);
        Assert.Equal(
            (start, end, before),
            (ShortIoJson.Text(period.Range!.Start), ShortIoJson.Text(period.Range.End), ShortIoJson.Text(period.Previous!.Start)));
    }

    [Theory]
    [InlineData("1588343038000", "2020-05-01T14:23:58.000Z")]
    [InlineData("1588343038970.46", "2020-05-01T14:23:58.970Z")]
    [InlineData("2020-05-01", "2020-05-01T04:00:00.000Z")]
    [InlineData("2020-05-01T14:23:58Z", "2020-05-01T14:23:58.000Z")]
    [InlineData("2020-05-01T21:23:58%2B07:00", "2020-05-01T14:23:58.000Z")]
    [InlineData("2020-05-01T21:23:58+07:00", "2020-05-01T14:23:58.000Z")]
    public async Task A_custom_period_takes_dates_in_all_forms_that_Short_io_takes(string start, string instant)
    {
        var (period, error) = await ReadAsync($"?&period=custom&tz=America/New_York&startDate={start}&endDate=2020-05-04", Some.Noon);

        Assert.Null(error);
        Assert.Equal(instant, ShortIoJson.Text(period.Range!.Start));
        Assert.Equal("2020-05-04T04:00:00.000Z", ShortIoJson.Text(period.Range.End));
        Assert.Null(period.Previous);
    }

    [Theory]
    [InlineData("?period=fortnight", "period")]
    [InlineData("?tz=Mars/Olympus", "tz")]
    [InlineData("?tzOffset=841", "tzOffset")]
    [InlineData("?tzOffset=NaN", "tzOffset")]
    [InlineData("?period=custom&endDate=2020-05-04", "startDate")]
    [InlineData("?period=custom&startDate=2020-05-04", "endDate")]
    [InlineData("?period=custom&startDate=2020-05-04T10:00:00&endDate=2020-05-05", "startDate")]
    [InlineData("?period=custom&startDate=2020-05-06&endDate=2020-05-05", "startDate")]
    [InlineData("?period=custom&startDate=soon&endDate=2020-05-05", "startDate")]
    public async Task What_cannot_be_understood_is_named(string query, string parameter)
    {
        var (_, error) = await ReadAsync(query, Some.Noon);

        Assert.StartsWith(parameter + ": ", error, StringComparison.Ordinal);
    }

    private static async Task<(ShortIoPeriod Period, string? Error)> ReadAsync(string query, DateTimeOffset now)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET", QueryString = new QueryString(query) } };
        var fields = await ShortIoFields.ReadAsync(context.Request);
        return (ShortIoPeriod.Read(fields, now, ShortIoPeriod.Last30, null), fields.Refusal?.Message);
    }

    /// <summary>The first instant at which the zone's clock shows this.</summary>
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var utc = new DateTimeOffset(local, TimeSpan.Zero).AddHours(-15);
        while (TimeZoneInfo.ConvertTime(utc, zone).DateTime < local)
        {
            utc = utc.AddMinutes(15);
        }

        return utc.ToUniversalTime();
    }
}
