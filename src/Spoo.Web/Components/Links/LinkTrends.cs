using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Web.Components.Links;

/// <summary>The sparklines of a list of links: one question for all of them, and its answer by link.</summary>
internal static class LinkTrends
{
    /// <summary>Days that a sparkline tells of, today included.</summary>
    public const int Days = 30;

    /// <summary>The clicks of each day of a link that had none.</summary>
    public static IReadOnlyList<long> None { get; } = new long[Days];

    public static StatsQuery Question(IReadOnlyCollection<Link> links, DateTimeOffset now, TimeZoneInfo zone) => new()
    {
        LinkIds = [.. links.Select(link => link.PublicId)],
        Start = Period.StartOfDay(TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1 - Days), zone),
        End = now,
        Zone = zone,
        GroupBy = [Dimension.ShortCode, Dimension.Time],
        Interval = TimeBucketWidth.Day,
        Limit = links.Count,
        Cross = true,
    };

    /// <summary>The clicks of each day, by the names of the links.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> In(StatsReport report)
    {
        var days = report.Buckets!.All.Index().ToDictionary(bucket => bucket.Item.Label, bucket => bucket.Index);
        var trends = new Dictionary<string, IReadOnlyList<long>>();
        foreach (var cells in report.CrossTabs[0].Cells.GroupBy(cell => cell.FirstLabel))
        {
            var trend = new long[days.Count];
            foreach (var cell in cells)
            {
                trend[days[cell.SecondLabel]] = cell.Count.Clicks;
            }

            trends[cells.Key] = trend;
        }

        return trends;
    }
}
