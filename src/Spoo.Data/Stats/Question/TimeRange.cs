namespace Spoo.Data.Stats.Question;

/// <summary>Two instants, both included, and the zone in which the viewer reads the clock.</summary>
public sealed record TimeRange(DateTimeOffset Start, DateTimeOffset End, TimeZoneInfo Zone)
{
    public TimeSpan Length => End - Start;

    /// <summary>The first and the last whole millisecond in the range, Unix time: clicks are stored to the millisecond.</summary>
    internal (long First, long Last) Milliseconds
    {
        get
        {
            var start = Start.ToUnixTimeMilliseconds();
            return (DateTimeOffset.FromUnixTimeMilliseconds(start) < Start ? start + 1 : start, End.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>From the first instant of one day to the last of another, on the clock of a zone.</summary>
    public static TimeRange OfDays(DateOnly first, DateOnly last, TimeZoneInfo zone) =>
        new(Period.StartOfDay(first.ToDateTime(TimeOnly.MinValue), zone), Period.StartOfDay(last.AddDays(1).ToDateTime(TimeOnly.MinValue), zone).AddMilliseconds(-1), zone);

    /// <summary>An instant on the viewer's clock.</summary>
    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    public bool Contains(DateTimeOffset instant) => instant >= Start && instant <= End;

    /// <summary>The range of equal length that ends where this one starts.</summary>
    public TimeRange Previous => this with { Start = Start - Length - TimeSpan.FromMilliseconds(1), End = Start - TimeSpan.FromMilliseconds(1) };
}
