using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Report.Pickers;

/// <summary>The period of a page: how it is called, what comes before and after it, and which others there are.</summary>
/// <param name="counted">The range as it was counted, which alone knows when all time began. Null: not yet known.</param>
public sealed class PeriodChoice(DashboardAddress address, TimeRange? counted, DateTimeOffset now)
{
    private static readonly string[][] GroupNames = [["today", "yesterday", "1h", "24h"], ["7d", "28d", "30d", "91d"], ["month", "lastmonth", "year", "6mo", "12mo"], ["all"]];

    private readonly TimeRange _range = RangeOf(address.Query, counted, now);
    private (string Url, string Title)? _earlier;

    /// <summary>The list, cut where the eye rests.</summary>
    public static IEnumerable<IEnumerable<Period>> Groups
    {
        get
        {
            var placed = GroupNames.Select(names => names.Select(Period.Find).OfType<Period>()).ToList();
            return placed.Append(Period.All.Except(placed.SelectMany(group => group))).Where(group => group.Any());
        }
    }

    public DashboardAddress Address => address;

    public string Title => address.Query.Period is { } period ? PeriodLabels.Of(period) : DateFormats.Of(_range, address.Query.Start is null, address.Query.End is null);

    /// <summary>The first and the last day of it.</summary>
    public (DateOnly First, DateOnly Last) Days => (DateOnly.FromDateTime(_range.Local(_range.Start).Date), DateOnly.FromDateTime(_range.Local(_range.End).Date));

    public (string Url, string Title) Earlier => _earlier ??= Step(-1)!.Value;

    /// <summary>Null: it has not begun yet.</summary>
    public (string Url, string Title)? Later => Step(1);

    private static TimeRange RangeOf(StatsQuery query, TimeRange? counted, DateTimeOffset now)
    {
        var (start, end) = query.Period?.Resolve(now, query.Zone) ?? (query.Start, query.End);
        var last = end ?? now;
        return new TimeRange(start ?? counted?.Start ?? last, last, query.Zone);
    }

    /// <summary>The range before this one, or after it.</summary>
    private (string Url, string Title)? Step(int steps)
    {
        var range = _range;
        var moved = RangeStep.Of(range, address.Query.Period).MoveWhole(range, steps);
        if (moved.Start > now)
        {
            return null;
        }

        var other = address.Over(moved.Start, moved.End >= now ? null : moved.End);

        // The days that a preset means get its name back, and move along with time again.
        var preset = Period.All.FirstOrDefault(period => period != Period.AllTime && period.Rolls is null
            && period.Resolve(now, range.Zone) is var (start, end) && start == moved.Start && (end ?? now) == (moved.End >= now ? now : moved.End));
        return ((preset is null ? other : address.Over(preset)).Url, DateFormats.Of(moved with { End = moved.End >= now ? now : moved.End }, endsNow: moved.End >= now));
    }
}
