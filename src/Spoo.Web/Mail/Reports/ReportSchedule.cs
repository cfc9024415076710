using Spoo.Data.Accounts;
using Spoo.Data.Stats.Question;

namespace Spoo.Web.Mail.Reports;

/// <summary>When reports are due, by the clock of their reader, and about which days they are.</summary>
internal static class ReportSchedule
{
    /// <summary>In the morning, before the first meeting.</summary>
    private const int Hour = 8;

    /// <summary>The first moment after another at which a report is due.</summary>
    public static DateTimeOffset NextAfter(ReportRhythm rhythm, TimeZoneInfo zone, DateTimeOffset moment)
    {
        for (var day = TimeZoneInfo.ConvertTime(moment, zone).Date; ; day = day.AddDays(1))
        {
            if (IsDay(rhythm, day) && At(day, zone) is var due && due > moment)
            {
                return due;
            }
        }
    }

    /// <summary>The last of the moments, from one at which a report was due, that have come: after a long time away only the last report is sent.</summary>
    public static DateTimeOffset LastUpTo(DateTimeOffset now, ReportRhythm rhythm, TimeZoneInfo zone, DateTimeOffset due)
    {
        for (var next = NextAfter(rhythm, zone, due); next <= now; next = NextAfter(rhythm, zone, next))
        {
            due = next;
        }

        return due;
    }

    /// <summary>The days that a report is about: whole ones, up to the one before it is due.</summary>
    public static (DateOnly First, DateOnly Last) DaysOf(ReportRhythm rhythm, DateTimeOffset due, TimeZoneInfo zone)
    {
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, zone).Date).AddDays(-1);
        return rhythm switch
        {
            ReportRhythm.Daily => (last, last),
            ReportRhythm.Weekly => (last.AddDays(-6), last),
            _ => (new DateOnly(last.Year, last.Month, 1), last),
        };
    }

    private static bool IsDay(ReportRhythm rhythm, DateTime day) => rhythm switch
    {
        ReportRhythm.Daily => true,
        ReportRhythm.Weekly => day.DayOfWeek == DayOfWeek.Monday,
        _ => day.Day == 1,
    };

    // Where clocks are put forward over the hour, which they nowhere are today, an hour later.
    private static DateTimeOffset At(DateTime day, TimeZoneInfo zone)
    {
        var local = day.AddHours(Hour);
        local = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}
