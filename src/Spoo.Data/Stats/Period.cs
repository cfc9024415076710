namespace Spoo.Data.Stats;

/// <summary>A range by name. Days, months and years are those of the viewer's calendar.</summary>
public sealed record Period
{
    private readonly Func<DateTime, DateTime> _start;
    private readonly Func<DateTime, DateTime>? _end;
    private readonly TimeSpan? _back;

    private Period(string name, string title, char key, Func<DateTime, DateTime> start, Func<DateTime, DateTime>? end = null, TimeSpan? back = null)
    {
        Name = name;
        Title = title;
        Key = key;
        _start = start;
        _end = end;
        _back = back;
    }

    public static Period Last28Days { get; } = new("28d", "Last 28 days", 'f', today => today.AddDays(-27));

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
        new("month", "Month to date", 'm', FirstOfMonth),
        new("lastmonth", "Last month", 'p', today => FirstOfMonth(today).AddMonths(-1), FirstOfMonth),
        new("year", "Year to date", 'y', today => new DateTime(today.Year, 1, 1)),
        new("6mo", "Last 6 months", 's', today => FirstOfMonth(today).AddMonths(-5)),
        new("12mo", "Last 12 months", 'l', today => FirstOfMonth(today).AddMonths(-11)),
        AllTime,
    ];

    /// <summary>The value of <c>period=</c>.</summary>
    public string Name { get; }

    public string Title { get; }

    /// <summary>The key that chooses it.</summary>
    public char Key { get; }

    public static Period? Find(string name) => All.FirstOrDefault(period => period.Name == name);

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

    public bool Equals(Period? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    private static DateTime FirstOfMonth(DateTime day) => new(day.Year, day.Month, 1);
}
