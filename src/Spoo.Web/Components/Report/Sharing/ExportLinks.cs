using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report.Sharing;

/// <summary>All that a page is about, as files: links to the API with the page's own question.</summary>
internal static class ExportLinks
{
    /// <param name="report">What the page shows now, for the files' names. Null: nothing yet.</param>
    public static IEnumerable<ExportGroup> Of(DashboardAddress address, StatsReport? report)
    {
        var dimensions = CrossTabChoice.Dimensions(address).ToList();
        ExportLink Numbers(string format, string name, string what) => new(SpooUrls.Export(address, dimensions, format, report?.Range), name, what, null);
        yield return new ExportGroup(
            T("The numbers of this view"),
            [Numbers("xlsx", "XLSX", T("a workbook")), Numbers("csv", "CSV", T("a ZIP of tables")), Numbers("json", "JSON", T("as the API answers")), Numbers("xml", "XML", T("the same in XML"))]);
        if (address.IsPublic)
        {
            yield break;
        }

        var clicks = report?.Summary.TotalClicks;
        ExportLink Clicks(string format, string name, string what) => new(SpooUrls.ExportClicks(address, format, report?.Range), name, what, clicks);
        yield return new ExportGroup(
            clicks switch
            {
                null => T("The single clicks"),
                1 => T("The single click"),
                _ => T("The {0:N0} single clicks", clicks),
            },
            [Clicks("csv", "CSV", T("one click a line")), Clicks("ndjson", "NDJSON", T("for programs"))]);
    }
}

/// <summary>Files of one kind.</summary>
internal sealed record ExportGroup(string Title, IReadOnlyList<ExportLink> Links);

/// <param name="Lines">How many the file will have. Null: not known.</param>
internal sealed record ExportLink(string Url, string Name, string What, long? Lines);
