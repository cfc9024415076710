using System.Globalization;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>Ranges, buckets and moments in words, on the viewer's clock and in their language: a pattern is a text like any other.</summary>
internal static class DateFormats
{
    /// <summary>Where the month comes first.</summary>
    private static readonly Dictionary<string, string> MonthFirst = new(StringComparer.Ordinal)
    {
        ["d MMM yyyy"] = "MMM d, yyyy",
        ["d MMMM yyyy"] = "MMMM d, yyyy",
        ["d MMM"] = "MMM d",
        ["dddd, d MMMM yyyy"] = "dddd, MMMM d, yyyy",
        ["ddd d MMM yyyy"] = "ddd, MMM d, yyyy",
    };

    /// <summary>What was counted.</summary>
    public static string Of(StatsReport report) => Of(report.Range, report.Query.Start is null, report.Query.End is null);

    /// <summary>16 Mar 2012, 2 – 16 Mar 2012, 28 Feb – 16 Mar 2012, 16 Mar 2012 18:40 – 19:40, 28 Feb 00:00 – 16 Mar 2012 12:00.</summary>
    /// <param name="isSinceCreation">Whether there was nothing to click before, which goes without saying in a longer range.</param>
    /// <param name="endsNow">Whether the rest of the last day has not come yet; the same.</param>
    public static string Of(TimeRange range, bool isSinceCreation = false, bool endsNow = false)
    {
        var (start, end) = (range.Local(range.Start), range.Local(range.End));
        var beginsItsDay = range.Start == Period.StartOfDay(start.Date, range.Zone);
        var endsItsDay = range.End.AddMilliseconds(1) == Period.StartOfDay(end.Date.AddDays(1), range.Zone);
        var isLong = range.Length >= TimeSpan.FromDays(2);
        if (!(beginsItsDay || (isLong && isSinceCreation)) || !(endsItsDay || (isLong && endsNow)))
        {
            return start.Date == end.Date
                ? Day(start) + " " + Time(start) + " – " + Time(end)
                : (start.Year == end.Year ? DayOfYear(start) : Day(start)) + " " + Time(start) + " – " + Day(end) + " " + Time(end);
        }

        return (start, end) switch
        {
            _ when start.Date == end.Date => Day(end),
            _ when Region.IsMonthFirst(CultureInfo.CurrentCulture) && (start.Year, start.Month) == (end.Year, end.Month) =>
                DayOfYear(start) + " – " + end.Day.ToString(CultureInfo.CurrentCulture) + ", " + end.Year.ToString(CultureInfo.CurrentCulture),
            _ when (start.Year, start.Month) == (end.Year, end.Month) => Text(start, T("%d")) + " – " + Day(end),
            _ when start.Year == end.Year => DayOfYear(start) + " – " + Day(end),
            _ => Day(start) + " – " + Day(end),
        };
    }

    public static string Day(DateTimeOffset moment) => Text(moment, T("d MMM yyyy"));

    /// <summary>16 March 2012, where there is room for it.</summary>
    public static string LongDay(DateTimeOffset moment) => Text(moment, T("d MMMM yyyy"));

    public static string Clock(DateTimeOffset moment) => Text(moment, "HH:mm:ss");

    public static string Moment(DateTimeOffset moment) => Day(moment) + ", " + Time(moment);

    /// <summary>Short, below the axis.</summary>
    /// <param name="range">Decides whether the time of day is enough.</param>
    public static string Axis(TimeBucket bucket, TimeBucketWidth width, TimeRange range)
    {
        if (width == TimeBucketWidth.Month)
        {
            return Text(bucket.Start, "MMM yyyy");
        }

        var ofTheDay = width == TimeBucketWidth.TenMinutes || width == TimeBucketWidth.Hour;
        return !ofTheDay ? DayOfYear(bucket.Start)
            : range.Length <= TimeSpan.FromHours(25) ? Time(bucket.Start)
            : DayOfYear(bucket.Start) + " " + Time(bucket.Start);
    }

    /// <summary>In full, for tooltips and for readers of the table.</summary>
    public static string Full(TimeBucket bucket, TimeBucketWidth width)
    {
        if (width == TimeBucketWidth.Month)
        {
            return Text(bucket.Start, "MMMM yyyy");
        }

        if (width == TimeBucketWidth.Week)
        {
            var last = bucket.End.AddMilliseconds(-1);
            return T("{0} – {1} (week {2})", DayOfYear(bucket.Start), Day(last), ISOWeek.GetWeekOfYear(bucket.Start.DateTime));
        }

        return width == TimeBucketWidth.Day
            ? Text(bucket.Start, T("dddd, d MMMM yyyy"))
            : $"{Text(bucket.Start, T("ddd d MMM yyyy"))}, {Time(bucket.Start)} – {Time(bucket.End)}";
    }

    private static string DayOfYear(DateTimeOffset moment) => Text(moment, T("d MMM"));

    private static string Time(DateTimeOffset moment) => Text(moment, "HH:mm");

    private static string Text(DateTimeOffset moment, string format) =>
        moment.ToString(Region.IsMonthFirst(CultureInfo.CurrentCulture) ? MonthFirst.GetValueOrDefault(format, format) : format, CultureInfo.CurrentCulture);
}
