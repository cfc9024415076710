using System.Globalization;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Alerts;

/// <summary>
/// Clicks hour by hour on the clock of their owner, and what is usual in each hour: the median of the same hour of the week in the weeks before. So a
/// Monday morning is compared with Monday mornings, and not with the Sunday before.
/// </summary>
/// <param name="hours">In order and without gaps, whole ones.</param>
/// <param name="clicks">The clicks of each.</param>
/// <param name="begin">When there were clicks for the first time: the time before says nothing about what is usual. Null: there never were.</param>
internal sealed class AlertHours(IReadOnlyList<TimeBucket> hours, IReadOnlyList<long> clicks, DateTimeOffset? begin)
{
    /// <summary>Weeks that are looked back, and how many of them there must be.</summary>
    public const int Weeks = 8;

    private const int FewestWeeks = 2;

    private readonly Dictionary<string, int> _numbers = hours.Index().ToDictionary(hour => hour.Item.Label, hour => hour.Index, StringComparer.Ordinal);
    private readonly double?[] _usual = new double?[hours.Count];
    private readonly bool[] _isUsualKnown = new bool[hours.Count];

    /// <summary>What a rule finds in the hours that end within a range.</summary>
    /// <param name="after">The first of them ends after that.</param>
    /// <param name="until">The last of them ends by then.</param>
    public IEnumerable<AlertFinding> Find(AlertRule rule, DateTimeOffset after, DateTimeOffset until)
    {
        for (var i = 0; i < hours.Count; i++)
        {
            if (hours[i].End > after && hours[i].End <= until && (rule.Kind == AlertKind.Silence ? Silence(rule, i) : Burst(rule, i)) is { } finding)
            {
                yield return finding;
            }
        }
    }

    private AlertFinding? Burst(AlertRule rule, int hour)
    {
        // An hour that happens twice has twice the clicks.
        var now = PerHour(hour);
        return now >= rule.Minimum && Usual(hour) is { } usual && now >= rule.Threshold * usual
            ? new(rule.Kind, Key(hours[hour].Start), hours[hour].End) { Value = (long)Math.Round(now), Usual = (long)Math.Round(usual) }
            : null;
    }

    private AlertFinding? Silence(AlertRule rule, int hour)
    {
        // Looked at hour by hour from the last click on: the first hour that makes it long enough is told, and those after it are the same silence.
        var first = hour;
        while (first >= 0 && clicks[first] == 0)
        {
            first--;
        }

        first++;
        if (first == 0 || hour - first + 1 < rule.Threshold)
        {
            return null;
        }

        var usual = 0.0;
        for (var i = hour - rule.Threshold + 1; i <= hour; i++)
        {
            usual += (Usual(i) ?? 0) * hours[i].Length.TotalHours;
        }

        return usual >= rule.Minimum
            ? new(rule.Kind, Key(hours[first].Start), hours[hour].End) { Value = hour - first + 1, Usual = (long)Math.Round(usual) }
            : null;
    }

    /// <summary>Clicks an hour that are usual in this one. Null: too little is known.</summary>
    internal double? Usual(int hour)
    {
        if (!_isUsualKnown[hour])
        {
            _usual[hour] = Median(hour);
            _isUsualKnown[hour] = true;
        }

        return _usual[hour];
    }

    private double? Median(int hour)
    {
        var same = new List<double>(Weeks);
        for (var week = 1; week <= Weeks; week++)
        {
            // On some days an hour does not exist.
            if (_numbers.TryGetValue(TimeBucketWidth.Hour.Label(hours[hour].Start.DateTime.AddDays(-7 * week)), out var before) && hours[before].End > begin)
            {
                same.Add(PerHour(before));
            }
        }

        if (same.Count < FewestWeeks)
        {
            return null;
        }

        same.Sort();
        return (same[(same.Count - 1) / 2] + same[same.Count / 2]) / 2;
    }

    private double PerHour(int hour) => clicks[hour] / Math.Max(hours[hour].Length.TotalHours, 1.0 / 60);

    private static string Key(DateTimeOffset start) => start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
