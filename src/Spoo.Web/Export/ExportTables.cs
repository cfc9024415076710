using Spoo.Web.Wire;



namespace Spoo.Web.Export;

/// <summary>One table of an export that is made of tables: a file of the CSV archive, a sheet of the workbook.</summary>
/// <param name="Name">Name of the file or sheet.</param>
/// <param name="Columns">The header.</param>
/// <param name="Rows">As long as the header each. A cell is a text, a number, an instant or null.</param>
internal sealed record ExportTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows);

internal static class ExportTables
{
    public const string Summary = "summary";

    /// <summary>What stands before the names of the tables of the range that the question compares with.</summary>
    private const string Compared = "comparison_";

    /// <summary>
    /// The summary, what imports have told in sums, and a table for every list of the report that is not empty; then the same of the range that the
    /// question compares with.
    /// </summary>
    public static IEnumerable<ExportTable> Of(StatsResponse stats)
    {
        var tables = Of(stats.Summary, stats.ImportedClicks, stats.Metrics);
        return stats.Comparison is not { } other ? tables
            : tables.Concat(Of(other.Summary, other.ImportedClicks, other.Metrics).Select(table => table with { Name = Compared + table.Name }));
    }

    private static IEnumerable<ExportTable> Of(SummaryBody summary, ImportedBody? importedClicks, IReadOnlyDictionary<string, IReadOnlyList<MetricRow>> metrics)
    {
        yield return new ExportTable(Summary, ["Field", "Value"],
        [
            ["total_clicks", summary.TotalClicks],
            ["unique_clicks", summary.UniqueClicks],
            ["first_click", summary.FirstClick],
            ["last_click", summary.LastClick],
            ["avg_redirection_time", summary.AvgRedirectionTime],
        ]);
        if (importedClicks is { } imported)
        {
            yield return new ExportTable("imported_clicks", ["Field", "Value"],
            [
                ["clicks", imported.Clicks],
                ["without_day", imported.WithoutDay],
                ["left_out", imported.LeftOut],
            ]);
            if (imported.ClicksByTime is { Count: > 0 } byTime)
            {
                yield return new ExportTable("imported_clicks_by_time", ["time", "clicks"], [.. byTime.Select(row => (object?[])[row.Time, row.Clicks])]);
            }
        }

        foreach (var (name, rows) in metrics)
        {
            if (rows is [var first, ..])
            {
                // All rows of a list have a share, or none has.
                string[] share = first.Percentage is null ? [] : [first.Metric + "_percentage"];
                yield return new ExportTable(
                    name,
                    [.. first.Labels.Select(label => label.Key), first.Metric, .. share],
                    new MappedList<MetricRow, object?[]>(rows, row => Cells(row, share.Length > 0)));
            }
        }
    }

    /// <summary>
    /// Whether a spreadsheet would take this text for a formula. Labels are what strangers sent, and a formula can call out.
    /// </summary>
    public static bool LooksLikeFormula(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];

    private static object?[] Cells(MetricRow row, bool hasShare) => hasShare
        ? [.. row.Labels.Select(label => label.Value), row.Value, row.Percentage]
        : [.. row.Labels.Select(label => label.Value), row.Value];
}
