using System.Globalization;

namespace Spoo.Data.Stats.Question;

/// <summary>How long one bar of a time series is, by the viewer's calendar.</summary>
public sealed record TimeBucketWidth
{
    private readonly Func<DateTime, DateTime> _floor;
    private readonly Func<DateTime, DateTime> _next;
    private readonly Func<DateTime, string> _label;

    private TimeBucketWidth(
        string name,
        string strategy,
        string format,
        int minutes,
        TimeSpan longest,
        Func<DateTime, DateTime> floor,
        Func<DateTime, DateTime> next,
        Func<DateTime, string> label)
    {
        Name = name;
        Strategy = strategy;
        Format = format;
        Minutes = minutes;
        Longest = longest;
        _floor = floor;
        _next = next;
        _label = label;
    }

    public static TimeBucketWidth TenMinutes { get; } = new(
        "10_minute", "10_minute", "%Y-%m-%d %H:%M", 10, TimeSpan.FromMinutes(10),
        local => local.Date.AddHours(local.Hour).AddMinutes(local.Minute / 10 * 10),
        start => start.AddMinutes(10),
        start => start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    public static TimeBucketWidth Hour { get; } = new(
        "hour", "hourly", "%Y-%m-%d %H:00", 60, TimeSpan.FromHours(1),
        local => local.Date.AddHours(local.Hour),
        start => start.AddHours(1),
        start => start.ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture));

    public static TimeBucketWidth Day { get; } = new(
        "day", "daily", "%Y-%m-%d", 24 * 60, TimeSpan.FromDays(1),
        local => local.Date,
        start => start.AddDays(1),
        start => start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>ISO weeks: from Monday, named after the year that holds their Thursday.</summary>
    public static TimeBucketWidth Week { get; } = new(
        "week", "weekly", "%G-W%V", 7 * 24 * 60, TimeSpan.FromDays(7),
        local => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
        start => start.AddDays(7),
        start => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(start):0000}-W{ISOWeek.GetWeekOfYear(start):00}"));

    public static TimeBucketWidth Month { get; } = new(
        "month", "monthly", "%Y-%m", 30 * 24 * 60, TimeSpan.FromDays(31),
        local => new DateTime(local.Year, local.Month, 1),
        start => start.AddMonths(1),
        start => start.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    public static IReadOnlyList<TimeBucketWidth> All { get; } = [TenMinutes, Hour, Day, Week, Month];

    /// <summary>The value of <c>interval=</c>.</summary>
    public string Name { get; }

    /// <summary>What spoo.me calls it in <c>time_bucket_info</c>.</summary>
    public string Strategy { get; }

    /// <summary>The label's pattern, in strftime's language.</summary>
    public string Format { get; }

    /// <summary>Nominal length in minutes.</summary>
    public int Minutes { get; }

    /// <summary>The longest such a bucket can be on the viewer's clock.</summary>
    internal TimeSpan Longest { get; }

    public static TimeBucketWidth? Find(string name) => All.FirstOrDefault(width => width.Name == name);

    /// <summary>The width that a range gets when the question names none.</summary>
    public static TimeBucketWidth For(TimeSpan length) => length switch
    {
        _ when length <= TimeSpan.FromHours(1) => TenMinutes,
        _ when length <= TimeSpan.FromHours(24) => Hour,
        _ when length <= TimeSpan.FromDays(90) => Day,
        _ when length <= TimeSpan.FromDays(366) => Week,
        _ => Month,
    };

    internal DateTime Floor(DateTime local) => _floor(local);

    internal DateTime Next(DateTime start) => _next(start);

    internal string Label(DateTime start) => _label(start);

    public override string ToString() => Name;
}
