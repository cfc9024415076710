using System.Globalization;
using Spoo.Data.Stats;

namespace Spoo.Web.Components.Dashboard;

/// <summary>Ranges, buckets and moments in words, on the viewer's clock.</summary>
internal static class Dates
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>16 Mar 2012, 2 – 16 Mar 2012, 28 Feb – 16 Mar 2012, 16 Mar 2012 18:40 – 19:40.</summary>
    public static string Of(TimeRange range)
    {
        var (start, end) = (range.Local(range.Start), range.Local(range.End));
        var wholeDays = range.Start == Period.StartOfDay(start.Date, range.Zone)
            && range.End.AddMilliseconds(1) == Period.StartOfDay(end.Date.AddDays(1), range.Zone);
        if (!wholeDays && range.Length < TimeSpan.FromDays(2))
        {
            return start.Date == end.Date
                ? Text(start, "d MMM yyyy HH:mm") + " – " + Text(end, "HH:mm")
                : Text(start, "d MMM HH:mm") + " – " + Text(end, "d MMM yyyy HH:mm");
        }

        return (start, end) switch
        {
            _ when start.Date == end.Date => Day(end),
            _ when (start.Year, start.Month) == (end.Year, end.Month) => Text(start, "%d") + " – " + Day(end),
            _ when start.Year == end.Year => Text(start, "d MMM") + " – " + Day(end),
            _ => Day(start) + " – " + Day(end),
        };
    }

    public static string Day(DateTimeOffset moment) => Text(moment, "d MMM yyyy");

    public static string Clock(DateTimeOffset moment) => Text(moment, "HH:mm:ss");

    /// <summary>Short, below the axis.</summary>
    /// <param name="range">Decides whether the time of day is enough.</param>
    public static string Axis(TimeBucket bucket, TimeBucketWidth width, TimeRange range)
    {
        if (width == TimeBucketWidth.Month)
        {
            return Text(bucket.Start, "MMM yyyy");
        }

        var ofTheDay = width == TimeBucketWidth.TenMinutes || width == TimeBucketWidth.Hour;
        return Text(bucket.Start, ofTheDay ? range.Length <= TimeSpan.FromHours(25) ? "HH:mm" : "d MMM HH:mm" : "d MMM");
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
            return $"{Text(bucket.Start, "d MMM")} – {Day(last)} (week {ISOWeek.GetWeekOfYear(bucket.Start.DateTime)})";
        }

        return width == TimeBucketWidth.Day
            ? Text(bucket.Start, "dddd, d MMMM yyyy")
            : $"{Text(bucket.Start, "ddd d MMM yyyy, HH:mm")} – {Text(bucket.End, "HH:mm")}";
    }

    private static string Text(DateTimeOffset moment, string format) => moment.ToString(format, English);
}
