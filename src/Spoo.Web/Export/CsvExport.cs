using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using Spoo.Data.Stats.Report;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>A ZIP of CSV files, one for each table: UTF-8, lines end in CRLF, quotes where they are needed.</summary>
internal sealed class CsvExport : ExportFormat
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly UTF8Encoding Utf8WithMark = new(encoderShouldEmitUTF8Identifier: true);

    public override string Name => "csv";

    public override string Extension => "zip";

    public override string ContentType => "application/zip";

    public override string FileName => "spoo-me-export-csv.zip";

    protected override bool HasMarks => true;

    public override void Write(StatsReport report, ExportOptions options, Stream file)
    {
        var stats = StatsResponse.Of(report);
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var table in ExportTables.Of(stats))
        {
            var entry = archive.CreateEntry(table.Name + ".csv");
            entry.LastWriteTime = stats.GeneratedAt;
            using var content = entry.Open();
            Write(table, options.HasByteOrderMark, content);
        }
    }

    /// <summary>One table as one CSV file.</summary>
    public static void Write(ExportTable table, bool hasByteOrderMark, Stream file)
    {
        using var text = new StreamWriter(file, hasByteOrderMark ? Utf8WithMark : Utf8, leaveOpen: true);
        using var csv = new CsvWriter(text, CsvFormat.Rfc4180);
        WriteRow(csv, table.Columns.Select(Text));
        foreach (var row in table.Rows)
        {
            WriteRow(csv, row.Select(Text));
        }
    }

    private static void WriteRow(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
    }

    private static string Text(object? cell) => cell switch
    {
        null => "",

        // The apostrophe is the spreadsheets' own sign for "this is text".
        string label => ExportTables.LooksLikeFormula(label) ? "'" + label : label,
        DateTimeOffset instant => ApiJson.Text(instant),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
    };
}
