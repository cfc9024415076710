using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report.Charts;

/// <summary>What js/clicks-chart.js draws, and what the table beside it says: both are made of this one list of points.</summary>
internal sealed record ChartModel
{
    public const string FlagMark = "flag";
    public const string ClockMark = "clock";

    /// <summary>What is drawn, for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it is compared with, for people. Null: with nothing.</summary>
    public required string? OtherName { get; init; }

    /// <summary>What imports have told in sums, for people: it is drawn on top of the clicks, as a line of its own. Null: nothing of these days.</summary>
    public required string? ImportedName { get; init; }

    public required IReadOnlyList<ChartPoint> Points { get; init; }

    /// <summary>Whether time is still filling the last bucket.</summary>
    public required bool Unfinished { get; init; }

    /// <summary>Behind the title of the last bucket when it is unfinished.</summary>
    public string SoFar { get; } = T("so far");

    /// <summary>Whether the numbers are whole.</summary>
    public required bool IsCount { get; init; }

    public required string? Unit { get; init; }

    /// <summary>In the order of the points.</summary>
    public required IReadOnlyList<ChartMark> Marks { get; init; }

    /// <summary>Where a part of the range is shown on its own: an address that only lacks its two dates. Null: there is nothing finer.</summary>
    public required string? ZoomUrl { get; init; }

    /// <summary>For the reader of a point.</summary>
    public string ZoomHint { get; } = T("Click or drag to zoom in");

    public static ChartModel Of(StatsReport report, DashboardAddress address, IReadOnlyList<ChartFlag> flags)
    {
        var buckets = report.Buckets!;
        var (metric, other) = (address.Metric, report.Comparison);
        var (values, before) = (metric.Series(report), other is null ? [] : metric.Series(other));
        var imported = metric == ChartMetric.Clicks && report.Imported?.ByTime is { } byTime && byTime.Any(clicks => clicks > 0) ? byTime : null;
        var points = buckets.All.Select((bucket, i) => new ChartPoint
        {
            Label = DateFormats.Axis(bucket, buckets.Width, report.Range),
            Title = DateFormats.Full(bucket, buckets.Width),
            Value = values[i],
            Text = metric.TextOf(values[i]),
            Imported = imported?[i] is > 0 and var clicks ? clicks : null,
            ImportedText = imported is null ? null : metric.TextOf(imported[i]),
            From = bucket.Start.ToUnixTimeMilliseconds(),
            To = bucket.End.ToUnixTimeMilliseconds() - 1,

            // Months are not equally long: what the other range has no bucket for stays unknown.
            OtherTitle = other?.Buckets!.All.ElementAtOrDefault(i) is { } second ? DateFormats.Full(second, buckets.Width) : null,
            OtherValue = i < before.Count ? before[i] : null,
            OtherText = other is null ? null : metric.TextOf(i < before.Count ? before[i] : null),
            Change = other is null ? null : Change.Of(values[i], i < before.Count ? before[i] : null, metric.LowerIsBetter),
        });
        return new ChartModel
        {
            Name = metric.Title,
            OtherName = other is null ? null : DateFormats.Of(other.Range),
            ImportedName = imported is null ? null : T("Imported, known by number alone"),
            Points = [.. points],
            Unfinished = buckets.All[^1].End > report.AsOf,
            IsCount = metric.IsCount,
            Unit = metric.Unit,
            Marks = [.. ClockChanges(buckets), .. Flags(buckets, report.Range, flags)],
            ZoomUrl = buckets.Width == TimeBucketWidth.TenMinutes ? null : address.Over(null, null).Url,
        };
    }

    /// <summary>Where the viewer's clock was changed: hours and days are longer or shorter there, and the chart says why.</summary>
    private static IEnumerable<ChartMark> ClockChanges(TimeBuckets buckets)
    {
        if (buckets.Width == TimeBucketWidth.Week || buckets.Width == TimeBucketWidth.Month)
        {
            yield break;
        }

        var before = buckets.All[0].Start.Offset;
        foreach (var (i, bucket) in buckets.All.Index())
        {
            // A day changes within; of hours, the one before the change is followed by one on another clock.
            var change = bucket.End.Offset - before;
            before = bucket.End.Offset;
            if (change != TimeSpan.Zero)
            {
                yield return new ChartMark(i, ClockMark, change > TimeSpan.Zero
                    ? T("Clocks went forward by {0} minutes", change.TotalMinutes)
                    : T("Clocks went back by {0} minutes", -change.TotalMinutes));
            }
        }
    }

    private static IEnumerable<ChartMark> Flags(TimeBuckets buckets, TimeRange range, IReadOnlyList<ChartFlag> flags) => flags
        .Where(flag => range.Contains(flag.At))
        .OrderBy(flag => flag.At)
        .Select(flag => new ChartMark(buckets.NumberOf(flag.At), FlagMark, $"{DateFormats.Moment(range.Local(flag.At))}: {flag.Text}"));
}

/// <summary>One bucket.</summary>
internal sealed record ChartPoint
{
    /// <summary>Below the axis.</summary>
    public required string Label { get; init; }

    /// <summary>The same in full.</summary>
    public required string Title { get; init; }

    /// <summary>Null: not known.</summary>
    public required double? Value { get; init; }

    public required string Text { get; init; }

    /// <summary>Clicks besides, that imports have told in sums. Null: none.</summary>
    public double? Imported { get; init; }

    public string? ImportedText { get; init; }

    /// <summary>First and last instant, Unix milliseconds.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>The bucket it is compared with. Null: none.</summary>
    public required string? OtherTitle { get; init; }

    public required double? OtherValue { get; init; }

    public required string? OtherText { get; init; }

    public required Change? Change { get; init; }
}

/// <summary>Something to point out in a bucket.</summary>
/// <param name="Index">Number of its point.</param>
/// <param name="Kind"><see cref="ChartModel.FlagMark"/> or <see cref="ChartModel.ClockMark"/>.</param>
internal sealed record ChartMark(int Index, string Kind, string Text);
