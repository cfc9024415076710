using Spoo.Data;
using Spoo.Data.Stats.Report;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>A workbook: for programs a sheet for each table of the API, for people a summary and readable sheets (<see cref="ReportWorkbook"/>).</summary>
internal sealed class XlsxExport : ExportFormat
{
    /// <summary>Rows of all sheets of a workbook for programs. Each costs a workbook kilobytes in memory; a CSV has no such limit.</summary>
    public const int MostRows = 50_000;

    public override string Name => "xlsx";

    public override string ContentType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    protected override bool HasLayouts => true;

    public override Refusal? RefusalOf(StatsReport report, ExportOptions options)
    {
        var rows = RowsOf(report) + (report.Comparison is { } other ? RowsOf(other) : 0);
        return options.IsForPeople || rows <= MostRows
            ? null
            : Refusal.Invalid($"a workbook holds {MostRows:N0} rows at most, and this would have {rows:N0}: lower limit, or take csv", "format");
    }

    public override void Write(StatsReport report, ExportOptions options, Stream file)
    {
        if (options.IsForPeople)
        {
            ListExport.In(options.Language, () => ReportWorkbook.Write(report, file));
            return;
        }

        var stats = StatsResponse.Of(report);
        using var workbook = Workbooks.New(stats.GeneratedAt);
        foreach (var table in ExportTables.Of(stats))
        {
            var sheet = workbook.Add(table.Name == ExportTables.Summary ? "Summary" : table.Name);
            sheet.WriteHeader(1, table.Columns);
            for (var row = 0; row < table.Rows.Count; row++)
            {
                for (var column = 0; column < table.Columns.Count; column++)
                {
                    sheet.Write(row + 2, column + 1, table.Rows[row][column], KindOf(table.Columns[column]));
                }
            }

            sheet.Finish(1, table.Columns.Count, table.Rows.Count);
        }

        workbook.Save(file);
    }

    private static int RowsOf(StatsReport report) =>
        (report.Breakdowns.Sum(breakdown => breakdown.Rows.Count) + report.CrossTabs.Sum(tab => tab.Cells.Count)) * report.Query.Metrics.Distinct().Count();

    private static CellKind KindOf(string column) => column switch
    {
        "time" => CellKind.Time,
        _ when column.EndsWith("_percentage", StringComparison.Ordinal) => CellKind.PercentNumber,
        _ => CellKind.Plain,
    };
}
