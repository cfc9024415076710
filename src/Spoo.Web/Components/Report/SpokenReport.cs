using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report;

/// <summary>A report in one sentence, for a reader who hears the page: what a filter, another period or a comparison did.</summary>
internal static class SpokenReport
{
    /// <summary>How many clicks of how many visitors, and when.</summary>
    public static string NumbersOf(StatsReport report) => N(
        report.Summary.UniqueClicks, "{1} by {0} visitor, {2}", "{1} by {0} visitors, {2}", Numbers.Clicks(report.Summary.TotalClicks), DateFormats.Of(report));

    /// <summary>Null: there is no report.</summary>
    public static string? Of(DashboardAddress address, DashboardAnswer? answer)
    {
        if (answer is not { Report: { } report })
        {
            return null;
        }

        var (clicks, filters) = (report.Summary.TotalClicks, address.Chips.Count());
        var filtered = filters switch
        {
            0 => "",
            1 => ", " + T("one filter"),
            _ => ", " + T("{0} filters", filters),
        };
        var compared = report.Comparison is { } other
            ? ". " + T("Compared with {0}: {1}", DateFormats.Of(other.Range), Change.Of(clicks, other.Summary.TotalClicks, false).Text)
            : "";
        return NumbersOf(report) + filtered + compared + ".";
    }
}
