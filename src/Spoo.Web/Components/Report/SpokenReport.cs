using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report;

/// <summary>A report in one sentence, for a reader who hears the page: what a filter, another period or a comparison did.</summary>
internal static class SpokenReport
{
    /// <summary>Null: there is no report.</summary>
    public static string? Of(DashboardAddress address, DashboardAnswer? answer)
    {
        if (answer is not { Report: { } report })
        {
            return null;
        }

        var (clicks, period, filters) = (report.Summary.TotalClicks, DateFormats.Of(report), address.Chips.Count());
        var now = T("{0} by {1} visitors, {2}", Numbers.Clicks(clicks), Numbers.Long(report.Summary.UniqueClicks), period);
        var filtered = filters switch
        {
            0 => "",
            1 => ", " + T("one filter"),
            _ => ", " + T("{0} filters", filters),
        };
        var compared = report.Comparison is { } other
            ? ". " + T("Compared with {0}: {1}", DateFormats.Of(other.Range), Change.Of(clicks, other.Summary.TotalClicks, false).Text)
            : "";
        return now + filtered + compared + ".";
    }
}
