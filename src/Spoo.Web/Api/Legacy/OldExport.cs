using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spoo.Web.Export;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Legacy;

/// <summary>The files of the old API, with the old names of files, sheets and fields.</summary>
internal static class OldExport
{
    private const string GeneralInfo = "general_info";

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true, IndentSize = 4, Encoder = JavaScriptEncoder.Default };

    private static readonly Dictionary<string, Func<Dictionary<string, object?>, DateTimeOffset, Download>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["json"] = (stats, _) => new Download(file => JsonSerializer.Serialize(file, stats, Indented), "application/json", "spoo-me-export.json"),
        ["xml"] = (stats, _) => new Download(file => XmlExport.Write(JsonSerializer.SerializeToElement(stats, ApiJson.Options), file), "application/xml", "data.xml"),
        ["csv"] = (stats, now) => new Download(file => WriteCsv(stats, now, file), "application/zip", "spoo-me-export-csv.zip"),
        ["xlsx"] = (stats, now) => new Download(file => WriteWorkbook(stats, now, file), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "spoo-me-export.xlsx"),
    };

    public static bool Has(string format) => Formats.ContainsKey(format);

    public static Download Of(string format, Dictionary<string, object?> stats, DateTimeOffset now) => Formats[format](stats, now);

    private static IEnumerable<ExportTable> Tables(Dictionary<string, object?> stats)
    {
        yield return new ExportTable(GeneralInfo, ["Field", "Value"],
        [
            .. stats.Where(entry => entry.Value is not Dictionary<string, long>)
                .Select(entry => new[] { entry.Key.TrimStart('_').Replace('-', ' ').Replace('_', ' ').ToUpperInvariant(), Cell(entry.Value) }),
        ]);
        foreach (var (name, value) in stats)
        {
            if (value is Dictionary<string, long> counts)
            {
                yield return new ExportTable(name, [name.Replace("unique_", "", StringComparison.Ordinal) is "counter" ? "Date" : "Name", "Count"],
                    [.. counts.Select(count => new object?[] { count.Key, count.Value })]);
            }
        }
    }

    private static object? Cell(object? value) => value is bool flag ? (flag ? "true" : "false") : value;

    private static void WriteCsv(Dictionary<string, object?> stats, DateTimeOffset now, Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var table in Tables(stats))
        {
            var entry = archive.CreateEntry(table.Name + ".csv");
            entry.LastWriteTime = now;
            using var content = entry.Open();
            CsvExport.Write(table, hasByteOrderMark: false, content);
        }
    }

    private static void WriteWorkbook(Dictionary<string, object?> stats, DateTimeOffset now, Stream file)
    {
        using var workbook = Workbooks.New(now);
        foreach (var table in Tables(stats))
        {
            var sheet = workbook.Add(SheetName(table.Name));
            sheet.WriteHeader(1, table.Columns);
            for (var row = 0; row < table.Rows.Count; row++)
            {
                for (var column = 0; column < table.Columns.Count; column++)
                {
                    sheet.Write(row + 2, column + 1, table.Rows[row][column], CellKind.Plain);
                }
            }

            sheet.Finish(1, table.Columns.Count, table.Rows.Count);
        }

        workbook.Save(file);
    }

    /// <summary><c>unique_os_name</c> is the sheet <c>Unique_OS_Name</c>.</summary>
    private static string SheetName(string table) =>
        string.Join('_', table.Split('_').Select(word => word == "os" ? "OS" : char.ToUpperInvariant(word[0]) + word[1..]));
}
