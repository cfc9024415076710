using System.Globalization;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Export;

/// <summary>One list or one cross-tab as one table, for people: with names beside the codes, and in the order of the page.</summary>
internal static class ListExport
{
    /// <summary>Rows and columns of a cross-tab: no spreadsheet wants more columns.</summary>
    public const int LargestCrossTab = 1000;

    /// <param name="report">Was asked for one dimension.</param>
    public static ExportTable Of(StatsReport report, ListView view)
    {
        var breakdown = report.Breakdowns[0];
        var metrics = report.Query.Metrics.Distinct().ToList();

        // Time is in order already, and large first is no order for it.
        var rows = breakdown.Dimension == Dimension.Time && view == ListView.Default ? [.. breakdown.Rows.Select(row => new ListRow(row, row.Label, breakdown.Percentage(row, Metric.Clicks)))] : view.Of(breakdown);
        var hasNames = rows.Any(row => row.Name != row.Row.Label);
        return new ExportTable(
            breakdown.Dimension.Name,
            [breakdown.Dimension.Name, .. hasNames ? ["name"] : Array.Empty<string>(), .. metrics.SelectMany(metric => (string[])[metric.Name, $"{metric.Name}_percentage"])],
            [
                .. rows.Select(row => (object?[])
                [
                    row.Row.Label,
                    .. hasNames ? [row.Name] : Array.Empty<object?>(),
                    .. metrics.SelectMany(metric => (object?[])[metric.Of(row.Row.Count), breakdown.Percentage(row.Row, metric)]),
                ]),
            ]);
    }

    /// <param name="report">Was asked for two dimensions, crossed.</param>
    public static ExportTable OfCrossTab(StatsReport report, Metric metric)
    {
        var table = new CrossTable(report, metric);
        var (rows, columns) = (table.Rows, table.Columns);
        List<object?[]> lines = [.. rows.Rows.Select(row => Line(NameOf(rows, row), columns.Rows.Select(column => table.At(row, column)), table.OthersOf(row), table.Of(row)))];
        if (table.HasOtherRows)
        {
            lines.Add(Line(T("Others"), columns.Rows.Select(table.OthersOfColumn), table.OthersOfOthers, table.Others));
        }

        lines.Add(Line(T("All"), columns.Rows.Select(table.Of), table.OtherColumns, table.Total));
        return new ExportTable(
            $"{rows.Dimension}-{columns.Dimension}",
            [
                $"{Labels.TitleOf(rows.Dimension)} / {Labels.TitleOf(columns.Dimension)}",
                .. columns.Rows.Select(column => NameOf(columns, column)),
                .. table.HasOtherColumns ? [T("Others")] : Array.Empty<string>(),
                T("All"),
            ],
            lines);

        object?[] Line<TNumber>(string name, IEnumerable<TNumber> cells, long? others, long? all) =>
            [name, .. cells.Cast<object?>(), .. table.HasOtherColumns ? [others] : Array.Empty<object?>(), all];

        static string NameOf(Breakdown breakdown, BreakdownRow row) => Labels.Of(breakdown.Dimension, row.Label);
    }

    /// <summary>What is made in here is written in that language.</summary>
    public static T In<T>(CultureInfo language, Func<T> make)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = language;
            return make();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }
}
