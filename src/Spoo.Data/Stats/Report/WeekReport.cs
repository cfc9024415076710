using Spoo.Data.Stats.Question;



namespace Spoo.Data.Stats.Report;

/// <summary>Clicks by the hour of the week. Weeks begin on Monday, and hours are those of the viewer's clock.</summary>
public sealed record WeekReport
{
    public const int Days = 7;
    public const int HoursOfDay = 24;

    /// <summary>Every hour in the range has to be looked up; there may be so many of them.</summary>
    internal static readonly TimeSpan LongestRange = TimeSpan.FromDays(20 * 366);

    public required TimeRange Range { get; init; }

    /// <summary>All 168, from Monday's first.</summary>
    public required IReadOnlyList<WeekHour> Hours { get; init; }

    /// <summary>Every click stored by then is in the numbers, and none stored later.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <param name="day">0 is Monday.</param>
    public WeekHour At(int day, int hour) => Hours[(day * HoursOfDay) + hour];

    /// <summary>
    /// The rate at which the colours of a picture end: nine of ten hours that had clicks are at or below it, so that one outlier does not
    /// leave all the others pale. 0: there were no clicks.
    /// </summary>
    public double Bright
    {
        get
        {
            const double Share = 0.9;
            var rates = Hours.Select(hour => hour.PerHour).OfType<double>().Where(rate => rate > 0).Order().ToList();
            return rates.Count == 0 ? 0 : rates[(int)Math.Ceiling(Share * rates.Count) - 1];
        }
    }
}

/// <summary>One hour of the week, with all of its occurrences in the range.</summary>
/// <param name="Length">How much time they were together: a weekday that occurred twice has two hours, less where the range ends within.</param>
public sealed record WeekHour(Count Count, TimeSpan Length)
{
    /// <summary>
    /// Clicks in an hour of that time; an hour that is not over yet counts as a whole one, because its first minute says little about
    /// the others. Null: the range has no such hour.
    /// </summary>
    public double? PerHour => Length > TimeSpan.Zero ? Count.Clicks / Math.Max(1, Length.TotalHours) : null;
}
