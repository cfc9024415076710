using System.Globalization;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Addresses;

/// <summary>What a tile says of the whole range, and the chart of each of its buckets. The list below is the only one.</summary>
public sealed record ChartMetric
{
    private ChartMetric()
    {
    }

    /// <summary>The value of <c>metric=</c> in the address.</summary>
    public required string Name { get; init; }

    /// <summary>For people, in their language.</summary>
    public string Title => this switch
    {
        _ when this == Clicks => T("Clicks"),
        _ when this == Unique => T("Unique visitors"),
        _ when this == Human => T("Human clicks"),
        _ when this == Bots => T("Bot clicks"),
        _ when this == PerVisitor => T("Clicks per visitor"),
        _ => T("Average redirect"),
    };

    /// <summary>The number of a report. Null: not known; to be asked for the breakdown by <see cref="Dimension.VisitorType"/>.</summary>
    public required Func<StatsReport, double?> Total { get; init; }

    /// <summary>The number of one bucket. Null: not known.</summary>
    public required Func<StatsReport, int, double?> OfBucket { get; init; }

    /// <summary>How the number is written: in full and, for a headline, as short as it can be.</summary>
    public required Func<double, string> Text { get; init; }

    public required Func<double, string> Headline { get; init; }

    public string? Unit { get; init; }

    /// <summary>Whether the report has to be asked for <see cref="StatsQuery.BucketDetails"/>.</summary>
    public bool NeedsDetails { get; init; }

    /// <summary>Whether the viewer is glad to see it go down.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>Whether a bucket that has no number has nothing, rather than something unknown.</summary>
    public bool IsCount { get; init; } = true;

    public static ChartMetric Clicks { get; } = new()
    {
        Name = "clicks",
        Total = report => report.Summary.TotalClicks,
        OfBucket = (report, bucket) => Bucket(report, bucket).Clicks,
        Text = Whole,
        Headline = Short,
    };

    public static ChartMetric Human { get; } = new()
    {
        Name = "human",
        Total = report => OfType(report, Dimension.Human),
        OfBucket = (report, bucket) => report.BucketDetails?[bucket].HumanClicks,
        Text = Whole,
        Headline = Short,
        NeedsDetails = true,
    };

    public static ChartMetric Unique { get; } = new()
    {
        Name = "unique",
        Total = report => report.Summary.UniqueClicks,
        OfBucket = (report, bucket) => Bucket(report, bucket).UniqueClicks,
        Text = Whole,
        Headline = Short,
    };

    public static ChartMetric Bots { get; } = new()
    {
        Name = "bots",
        Total = report => OfType(report, Dimension.Bot),
        OfBucket = (report, bucket) => report.BucketDetails?[bucket].BotClicks,
        Text = Whole,
        Headline = Short,
        NeedsDetails = true,
        LowerIsBetter = true,
    };

    public static ChartMetric PerVisitor { get; } = new()
    {
        Name = "per_visitor",
        Total = report => Ratio(report.Summary.TrackedClicks, report.Summary.UniqueClicks),
        OfBucket = (report, bucket) => Bucket(report, bucket) is var count ? Ratio(count.Clicks - (report.BucketDetails?[bucket].UntrackedClicks ?? 0), count.UniqueClicks) : null,
        Text = number => number.ToString("0.00", CultureInfo.CurrentCulture),
        Headline = number => number.ToString("0.00", CultureInfo.CurrentCulture),
        NeedsDetails = true,
        IsCount = false,
    };

    public static ChartMetric Redirect { get; } = new()
    {
        Name = "redirect",
        Total = report => report.Summary.MeasuredRedirects == 0 ? null : report.Summary.AverageRedirectMs,
        OfBucket = (report, bucket) => report.BucketDetails?[bucket] is { } detail ? Ratio(detail.RedirectMs, detail.MeasuredRedirects) : null,
        Text = number => number.ToString("0.##", CultureInfo.CurrentCulture) + " ms",
        Headline = number => number.ToString("0.#", CultureInfo.CurrentCulture),
        Unit = "ms",
        NeedsDetails = true,
        LowerIsBetter = true,
        IsCount = false,
    };

    /// <summary>In the order of the tiles.</summary>
    public static IReadOnlyList<ChartMetric> All { get; } = [Clicks, Human, Unique, Bots, PerVisitor, Redirect];

    public static ChartMetric? Find(string? name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>The numbers of all buckets, in order.</summary>
    public IReadOnlyList<double?> Series(StatsReport report) => [.. Enumerable.Range(0, report.Buckets!.All.Count).Select(bucket => OfBucket(report, bucket))];

    /// <summary>The number in full; a dash where it is not known.</summary>
    public string TextOf(double? number) => number is { } known ? Text(known) : Numbers.Unknown;

    public bool Equals(ChartMetric? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    private static Count Bucket(StatsReport report, int bucket) => report.By(Dimension.Time).Rows[bucket].Count;

    private static double? OfType(StatsReport report, string type) =>
        report.By(Dimension.VisitorType).Rows.FirstOrDefault(row => row.Value == type)?.Count.Clicks ?? 0;

    private static double? Ratio(long numerator, long denominator) => denominator == 0 ? null : Rounded.Ratio(numerator, denominator);

    private static string Whole(double number) => Numbers.Long((long)number);

    private static string Short(double number) => Numbers.Headline((long)number);
}
