using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer.SpooMe;

/// <summary>
/// The archives of spoo.me's reports: tables as CSV, or as the sheets of a workbook. No table says anything without the others, so that all of them are read as the one document that the
/// same report is as JSON.
/// </summary>
internal static class SpooMeArchive
{
    /// <summary>A report has some thousand rows. What is longer is none.</summary>
    private const int MaxLength = 16 << 20;

    private const string Ending = ".csv";

    private const string TableOfDays = "counter";

    private static readonly string[] TablesOfFacts = ["summary", "generalinfo"];

    /// <summary>The report as JSON. Null: the archive is of something else.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or longer than any report.</exception>
    public static async Task<byte[]?> ReadAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var tables = new List<(string Name, List<List<string>> Rows)>();
        if (Workbook.Find(archive) is { } workbook)
        {
            if (HasFacts(workbook.Sheets.Keys))
            {
                tables.AddRange(workbook.Sheets.Keys.Select(sheet => (sheet, workbook.Read(sheet, MaxLength))));
            }
        }
        else if (archive.Entries.Where(TextFile.IsFile).ToList() is var files && files.TrueForAll(IsTable) && HasFacts(files.Select(NameOf)))
        {
            foreach (var file in files)
            {
                tables.Add((NameOf(file), Rows(await TextAsync(file, cancellationToken))));
            }
        }

        return IsReport(tables) ? Encoding.UTF8.GetBytes(Document(tables).ToJsonString()) : null;
    }

    private static bool HasFacts(IEnumerable<string> names) => names.Any(name => TablesOfFacts.Contains(FieldNames.Simplify(name)));

    private static bool IsTable(ZipArchiveEntry file) => file.Name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(ZipArchiveEntry file) => file.Name[..^Ending.Length];

    // Whoever has a sheet that is called Summary has no table that is called as theirs, nor their number of clicks in it.
    private static bool IsReport(List<(string Name, List<List<string>> Rows)> tables) =>
        tables.Any(table => FieldNames.Simplify(table.Name).Contains("clicksby", StringComparison.Ordinal))
        || tables.Any(table => TablesOfFacts.Contains(FieldNames.Simplify(table.Name)) && table.Rows.Any(row => row.Count == 2 && FieldNames.Simplify(row[0]) == "totalclicks"));

    private static JsonObject Document(List<(string Name, List<List<string>> Rows)> tables)
    {
        var (document, metrics) = (new JsonObject { ["generated_at"] = "", ["api_version"] = "" }, new JsonObject());
        document["metrics"] = metrics;
        foreach (var (name, rows) in tables)
        {
            var simple = FieldNames.Simplify(name);
            if (TablesOfFacts.Contains(simple))
            {
                foreach (var row in rows.Where(row => row.Count == 2 && row[0].Length > 0))
                {
                    document[row[0]] = row[1];
                }
            }
            else if (simple == TableOfDays)
            {
                var days = new JsonObject();
                foreach (var row in rows.Skip(1).Where(row => row.Count == 2))
                {
                    days[row[0]] = row[1];
                }

                document[TableOfDays] = days;
            }
            else if (rows is [var header, ..])
            {
                metrics[name] = new JsonArray(
                    [.. rows.Skip(1).Select(row => new JsonObject(header.Zip(row).DistinctBy(cell => cell.First).Select(cell => KeyValuePair.Create(cell.First, (JsonNode?)JsonValue.Create(cell.Second)))))]);
            }
        }

        return document;
    }

    private static async Task<byte[]> TextAsync(ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        await using var content = new CheckedStream(await entry.OpenAsync(cancellationToken), entry.Crc32);
        return await ReadAllAsync(content, MaxLength, cancellationToken);
    }

    private static List<List<string>> Rows(byte[] text)
    {
        var rows = new List<List<string>>();
        foreach (var line in text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Lines(text.AsMemory(3)) : Lines(text))
        {
            if (CsvFile.Fields(line.Span, (byte)',') is { } fields)
            {
                rows.Add(fields);
            }
        }

        return rows;
    }

    // No text of a report goes over several lines.
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            line = line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
            if (!line.IsEmpty)
            {
                yield return line;
            }
        }
    }

    /// <exception cref="InvalidDataException">It is longer.</exception>
    internal static async Task<byte[]> ReadAllAsync(Stream content, int most, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
            if (all.Length > most)
            {
                throw new InvalidDataException("it is longer than any report of spoo.me");
            }
        }

        return all.ToArray();
    }
}
