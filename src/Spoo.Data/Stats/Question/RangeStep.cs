namespace Spoo.Data.Stats.Question;

/// <summary>
/// How far it is from a range to the one before it: months where the range is made of months, days where it is made of days, both by the
/// viewer's calendar, and otherwise just as long as it is.
/// </summary>
public readonly record struct RangeStep
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    /// <summary>An end given as 23:59:59 means the whole day, too.</summary>
    private static readonly TimeSpan AlmostMidnight = TimeSpan.FromSeconds(1);

    private RangeStep(int months, int days, TimeSpan time) => (Months, Days, Time) = (months, days, time);

    public static RangeStep OneYear { get; } = new(12, 0, default);

    public int Months { get; }

    public int Days { get; }

    /// <summary>Zero when months or days say it.</summary>
    public TimeSpan Time { get; }

    public static RangeStep OfDays(int days) => new(0, days, default);

    public static RangeStep OfMonths(int months) => new(months, 0, default);

    /// <param name="period">Where the range comes from: of a month to date, the range alone does not tell that it is a month. Null: from two dates.</param>
    public static RangeStep Of(TimeRange range, Period? period)
    {
        var (start, end) = (range.Local(range.Start), range.Local(range.End));
        if (range.Start != Period.StartOfDay(start.Date, range.Zone))
        {
            return new(0, 0, range.Length + Instant);
        }

        if (period?.Months is { } months)
        {
            return new(months, 0, default);
        }

        var after = end.Date.AddDays(1);
        return start.Day == 1 && after.Day == 1 && EndsItsDay(range)
            ? new(((after.Year - start.Year) * 12) + after.Month - start.Month, 0, default)
            : OfDays((after - start.Date).Days);
    }

    /// <summary>As many steps later, or earlier when negative; what ends at the same time of day ends so again.</summary>
    public TimeRange Move(TimeRange range, int steps)
    {
        // The last day of February moves to the last day of March, and not to its 28th.
        var after = EndsItsDay(range) ? Period.StartOfDay(range.Local(range.End).Date.AddDays(1), range.Zone) : range.End;
        var moved = range with { Start = Move(range.Start, range.Zone, steps), End = Move(after, range.Zone, steps) - (after - range.End) };

        // There is no 29 February in the other year, an hour that the clock leaves out, in Samoa a day. Where that would take more than
        // half of the range, or all of it and more, or add as much, like is compared with like by its length.
        return (moved.Length - range.Length).Duration() * 2 > range.Length ? moved with { End = moved.Start + range.Length } : moved;
    }

    /// <summary>The whole range that many steps later or earlier: what is only half over becomes whole.</summary>
    public TimeRange MoveWhole(TimeRange range, int steps)
    {
        var moved = range with
        {
            Start = Move(range.Start, range.Zone, steps),
            End = Move(range.Start, range.Zone, steps + 1) - Instant,
        };

        // A day that the zone left out is gone past.
        return moved.End >= moved.Start ? moved : MoveWhole(range, steps + (steps < 0 ? -1 : 1));
    }

    private static bool EndsItsDay(TimeRange range) =>
        Period.StartOfDay(range.Local(range.End).Date.AddDays(1), range.Zone) - range.End <= AlmostMidnight;

    private DateTimeOffset Move(DateTimeOffset instant, TimeZoneInfo zone, int steps)
    {
        if (Time > TimeSpan.Zero)
        {
            return instant + (Time * steps);
        }

        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        var day = local.Date.AddMonths(Months * steps).AddDays(Days * steps);
        if (instant == Period.StartOfDay(local.Date, zone))
        {
            return Period.StartOfDay(day, zone);
        }

        var clock = day + local.TimeOfDay;
        return new DateTimeOffset(clock, zone.GetUtcOffset(clock)).ToUniversalTime();
    }
}
