using System.Globalization;
using System.Text.RegularExpressions;

namespace Spoo.Data.Stats.Question;

/// <summary>What a rolling range is made of.</summary>
public enum PeriodUnit
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>A range by name. Days, months and years are those of the viewer's calendar.</summary>
public sealed partial record Period
{
    /// <summary>Longer than clicks have been counted anywhere.</summary>
    internal const int MostMonths = 1200;
    internal const int MostDays = MostMonths * 30;

    private readonly Func<DateTime, DateTime> _start;
    private readonly Func<DateTime, DateTime>? _end;
    private readonly TimeSpan? _back;

    private Period(
        string name, string title, char key, Func<DateTime, DateTime> start, Func<DateTime, DateTime>? end = null, TimeSpan? back = null, int? months = null)
    {
        Name = name;
        Title = title;
        Key = key;
        _start = start;
        _end = end;
        _back = back;
        Months = months;
    }

    public static Period Last28Days { get; } = new("28d", "Last 28 days", 'b', today => today.AddDays(-27));

    /// <summary>Since the creation of the oldest selected link.</summary>
    public static Period AllTime { get; } = new("all", "All time", 'a', today => today);

    public static IReadOnlyList<Period> All { get; } =
    [
        new("today", "Today", 'd', today => today),
        new("yesterday", "Yesterday", 'e', today => today.AddDays(-1), today => today),
        new("1h", "Last hour", 'r', today => today, back: TimeSpan.FromHours(1)),
        new("24h", "Last 24 hours", 'h', today => today, back: TimeSpan.FromHours(24)),
        new("7d", "Last 7 days", 'w', today => today.AddDays(-6)),
        Last28Days,
        new("30d", "Last 30 days", 't', today => today.AddDays(-29)),
        new("91d", "Last 91 days", 'n', today => today.AddDays(-90)),
        new("month", "Month to date", 'm', FirstOfMonth, months: 1),
        new("lastmonth", "Last month", 'p', today => FirstOfMonth(today).AddMonths(-1), FirstOfMonth, months: 1),
        new("year", "Year to date", 'y', today => new DateTime(today.Year, 1, 1), months: 12),
        new("6mo", "Last 6 months", 's', today => FirstOfMonth(today).AddMonths(-5), months: 6),
        new("12mo", "Last 12 months", 'l', today => FirstOfMonth(today).AddMonths(-11), months: 12),
        AllTime,
    ];

    /// <summary>The value of <c>period=</c>.</summary>
    public string Name { get; }

    public string Title { get; }

    /// <summary>The key that chooses it; none has a rolling range that is not in the list.</summary>
    public char Key { get; }

    /// <summary>How many months it is made of. Null: it is not made of months.</summary>
    public int? Months { get; }

    /// <summary>How many of what, of a rolling range that is not in the list. Null: it is in the list.</summary>
    public (int Number, PeriodUnit Unit)? Rolls { get; private init; }

    /// <summary>One of the list, or a rolling one: <c>90min</c>, <c>36h</c>, <c>10d</c>, <c>3w</c>, <c>18mo</c>, <c>2y</c>.</summary>
    public static Period? Find(string name)
    {
        if (All.FirstOrDefault(period => period.Name == name) is { } known)
        {
            return known;
        }

        return RollingName().Match(name) is { Success: true } match
            ? Rolling(int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["unit"].Value switch
            {
                "min" => PeriodUnit.Minute,
                "h" => PeriodUnit.Hour,
                "d" => PeriodUnit.Day,
                "w" => PeriodUnit.Week,
                "mo" => PeriodUnit.Month,
                _ => PeriodUnit.Year,
            })
            : null;
    }

    /// <summary>The last so many days, weeks, months or years with today's, or the last so many minutes or hours to the instant.</summary>
    public static Period? Rolling(int number, PeriodUnit? unit)
    {
        // Asked first: what comes out of a larger number's multiplication could be a small one.
        if (number is < 1 or > MostDays)
        {
            return null;
        }

        if (unit == PeriodUnit.Quarter)
        {
            (number, unit) = (number * 3, PeriodUnit.Month);
        }

        var months = unit == PeriodUnit.Year ? number * 12 : number;
        var tooMany = unit switch
        {
            PeriodUnit.Month or PeriodUnit.Year => months > MostMonths,
            PeriodUnit.Week => number > MostDays / 7,
            _ => false,
        };
        if (unit is null || tooMany)
        {
            return null;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{number}{unit switch
        {
            PeriodUnit.Minute => "min",
            PeriodUnit.Hour => "h",
            PeriodUnit.Day => "d",
            PeriodUnit.Week => "w",
            PeriodUnit.Month => "mo",
            _ => "y",
        }}");
        if (All.FirstOrDefault(period => period.Name == name) is { } known)
        {
            return known;
        }

        return unit switch
        {
            PeriodUnit.Minute => new(name, Last(number, "minute"), default, today => today, back: TimeSpan.FromMinutes(number)) { Rolls = (number, unit.Value) },
            PeriodUnit.Hour => new(name, Last(number, "hour"), default, today => today, back: TimeSpan.FromHours(number)) { Rolls = (number, unit.Value) },
            PeriodUnit.Day => new(name, Last(number, "day"), default, today => today.AddDays(1 - number)) { Rolls = (number, unit.Value) },
            PeriodUnit.Week => new(name, Last(number, "week"), default, today => today.AddDays(1 - (7 * number))) { Rolls = (number, unit.Value) },
            PeriodUnit.Month => new(name, Last(number, "month"), default, today => FirstOfMonth(today).AddMonths(1 - number), months: number) { Rolls = (number, unit.Value) },
            _ => new(name, Last(number, "year"), default, today => FirstOfMonth(today).AddMonths(1 - months), months: months) { Rolls = (number, unit.Value) },
        };
    }

    private static string Last(int number, string unit) => number == 1 ? $"Last {unit}" : string.Create(CultureInfo.InvariantCulture, $"Last {number} {unit}s");

    /// <summary>So much time up to now, to the instant. Null: months and years are not equally long.</summary>
    public static Period? Back(int number, PeriodUnit? unit) => unit switch
    {
        PeriodUnit.Minute or PeriodUnit.Hour => Rolling(number, unit),
        PeriodUnit.Day when number <= MostDays => Rolling(number * 24, PeriodUnit.Hour),
        PeriodUnit.Week when number <= MostDays => Rolling(number * 7 * 24, PeriodUnit.Hour),
        _ => null,
    };

    /// <summary>First and last instant. Start null: since creation; end null: now.</summary>
    public (DateTimeOffset? Start, DateTimeOffset? End) Resolve(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (this == AllTime)
        {
            return (null, null);
        }

        if (_back is { } back)
        {
            return (now - back, null);
        }

        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        DateTimeOffset? end = _end is null ? null : StartOfDay(_end(today), zone).AddMilliseconds(-1);
        return (StartOfDay(_start(today), zone), end);
    }

    /// <summary>
    /// The first instant that a clock in this zone shows this date: not always midnight, and for a date that the zone skipped the
    /// beginning of the next one.
    /// </summary>
    public static DateTimeOffset StartOfDay(DateTime date, TimeZoneInfo zone)
    {
        // Asked of the buckets, and not of the zone by local time, whose answers near a change are not always those of its clock.
        var noon = new DateTimeOffset(date.Date.AddHours(12), TimeSpan.Zero);
        var days = TimeBuckets.Of(new TimeRange(noon.AddDays(-1), noon.AddDays(2), zone), TimeBucketWidth.Day).All;
        var label = TimeBucketWidth.Day.Label(date);
        return days.First(day => string.CompareOrdinal(day.Label, label) >= 0).Start.ToUniversalTime();
    }

    public bool Equals(Period? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    private static DateTime FirstOfMonth(DateTime day) => new(day.Year, day.Month, 1);

    [GeneratedRegex("^(?<n>[1-9][0-9]{0,4})(?<unit>min|h|d|w|mo|y)$")]
    private static partial Regex RollingName();
}
