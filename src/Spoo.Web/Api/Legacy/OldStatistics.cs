using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Legacy;

/// <summary>The numbers of a link as the old API names them.</summary>
internal static class OldStatistics
{
    /// <summary>What the lists of a link are called, and what they list.</summary>
    public static IReadOnlyList<(string Name, Dimension Dimension)> Lists { get; } =
        [("browser", Dimension.Browser), ("os_name", Dimension.Os), ("country", Dimension.Country), ("referrer", Dimension.Referrer)];

    /// <param name="lists">The clicks of all time by what <see cref="Lists"/> names.</param>
    /// <param name="days">The clicks day by day.</param>
    public static Dictionary<string, object?> Of(Link link, StatsReport lists, StatsReport days, DateTimeOffset now)
    {
        var summary = lists.Summary;
        var age = Math.Max(1, Math.Ceiling((now - link.CreatedAt).TotalDays));
        var stats = new Dictionary<string, object?>
        {
            ["_id"] = link.ShortCode,
            ["short_code"] = link.ShortCode,
            ["url"] = link.LongUrl,
            ["total-clicks"] = summary.TotalClicks,
            ["total_unique_clicks"] = summary.UniqueClicks,
            ["creation-date"] = link.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["creation-time"] = link.CreatedAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            ["last-click"] = summary.LastClick?.ToUniversalTime(),

            // Single visits are for the owner, who asks elsewhere.
            ["last-click-browser"] = null,
            ["last-click-os"] = null,
            ["last-click-country"] = null,
            ["average_daily_clicks"] = Rounded.Two(summary.TotalClicks / age),
            ["average_weekly_clicks"] = Rounded.Two(summary.TotalClicks / Math.Max(1, age / 7)),
            ["average_monthly_clicks"] = Rounded.Two(summary.TotalClicks / Math.Max(1, age / 30)),
            ["average_redirection_time"] = summary.AverageRedirectMs,
            ["max-clicks"] = link.MaxClicks,

            // It is not known, not even to the server.
            ["password"] = link.PasswordHash is null ? null : "set",
            ["expiration-time"] = link.ExpireAfter?.ToUniversalTime(),
            ["expired"] = link.StatusAt(now) == LinkStatus.Expired,
            ["block-bots"] = link.BlockBots == true,
            ["counter"] = ByLabel(days.By(Dimension.Time), Metric.Clicks),
            ["unique_counter"] = ByLabel(days.By(Dimension.Time), Metric.UniqueClicks),
        };
        foreach (var (name, dimension) in Lists)
        {
            stats[name] = ByLabel(lists.By(dimension), Metric.Clicks);
            stats["unique_" + name] = ByLabel(lists.By(dimension), Metric.UniqueClicks);
        }

        // Which bots came is the owner's alone, too.
        stats["bots"] = new Dictionary<string, long>();
        return stats;
    }

    private static Dictionary<string, long> ByLabel(Breakdown breakdown, Metric metric)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in breakdown.Rows)
        {
            counts[breakdown.Dimension == Dimension.Country && row.Value is { } code ? Countries.NameOf(code) : row.Label] = metric.Of(row.Count);
        }

        return counts;
    }
}
