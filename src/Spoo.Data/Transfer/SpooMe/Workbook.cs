using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace Spoo.Data.Transfer.SpooMe;

/// <summary>The sheets of an Excel workbook as rows of texts: what stands in cells, and nothing of how it looks.</summary>
internal sealed class Workbook
{
    /// <summary>Cells to the right of that are none of a table.</summary>
    private const int MaxColumns = 100;

    /// <summary>More sheets than that have no reports.</summary>
    private const int MaxSheets = 100;

    private const int MaxDirectoryLength = 1 << 20;

    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private readonly ZipArchive _archive;
    private List<string>? _texts;

    private Workbook(ZipArchive archive, IReadOnlyDictionary<string, string> sheets) => (_archive, Sheets) = (archive, sheets);

    /// <summary>Where in the archive each sheet is, by its name.</summary>
    public IReadOnlyDictionary<string, string> Sheets { get; }

    public static bool Is(ZipArchive archive) => archive.GetEntry("[Content_Types].xml") is not null;

    /// <summary>Null: the archive is no workbook, or an odd one.</summary>
    public static Workbook? Find(ZipArchive archive)
    {
        if (!Is(archive) || Directory(archive, "xl/workbook.xml") is not { } book || Directory(archive, "xl/_rels/workbook.xml.rels") is not { } relations)
        {
            return null;
        }

        var places = relations.Root!.Elements().Where(relation => relation.Attribute("Id") is not null && relation.Attribute("Target") is not null)
            .DistinctBy(relation => relation.Attribute("Id")!.Value)
            .ToDictionary(relation => relation.Attribute("Id")!.Value, relation => relation.Attribute("Target")!.Value);
        var sheets = new Dictionary<string, string>();
        foreach (var sheet in book.Descendants(Main + "sheet").Take(MaxSheets))
        {
            if (sheet.Attribute("name")?.Value is { } name && sheet.Attribute(Relation + "id")?.Value is { } id && places.TryGetValue(id, out var place))
            {
                sheets.TryAdd(name, place.StartsWith('/') ? place[1..] : $"xl/{place}");
            }
        }

        return new Workbook(archive, sheets);
    }

    /// <exception cref="InvalidDataException">It is damaged, or longer than <paramref name="most"/> bytes.</exception>
    public List<List<string>> Read(string sheet, int most)
    {
        _texts ??= _archive.GetEntry("xl/sharedStrings.xml") is null ? []
            : [.. (Document(_archive, "xl/sharedStrings.xml", most)?.Descendants(Main + "si") ?? []).Select(TextOf)];
        var rows = new List<List<string>>();
        foreach (var row in Document(_archive, Sheets[sheet], most)?.Descendants(Main + "row") ?? [])
        {
            var cells = new List<string>();
            foreach (var cell in row.Elements(Main + "c"))
            {
                // Cells that are empty are left out, and the others say in which column they are.
                var column = ColumnOf(cell.Attribute("r")?.Value) ?? cells.Count;
                if (column >= MaxColumns)
                {
                    break;
                }

                while (cells.Count < column)
                {
                    cells.Add("");
                }

                cells.Add(ValueOf(cell));
            }

            if (cells.Exists(cell => cell.Length > 0))
            {
                rows.Add(cells);
            }
        }

        return rows;
    }

    private string ValueOf(XElement cell) => cell.Attribute("t")?.Value switch
    {
        "s" => int.TryParse(cell.Element(Main + "v")?.Value, out var at) && at >= 0 && at < _texts!.Count ? _texts[at] : "",
        "inlineStr" => cell.Element(Main + "is") is { } text ? TextOf(text) : "",
        _ => cell.Element(Main + "v")?.Value ?? "",
    };

    // Texts that are partly bold come in pieces.
    private static string TextOf(XElement text) => string.Concat(text.Descendants(Main + "t").Select(piece => piece.Value));

    // The number of AB12 is 27. Null: it says none.
    private static int? ColumnOf(string? reference)
    {
        var column = 0;
        foreach (var letter in (reference ?? "").TakeWhile(char.IsAsciiLetterUpper).Take(4))
        {
            column = 26 * column + (letter - 'A' + 1);
        }

        return column == 0 ? null : column - 1;
    }

    // Of an odd workbook nothing is told.
    private static XDocument? Directory(ZipArchive archive, string path)
    {
        try
        {
            return Document(archive, path, MaxDirectoryLength);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static XDocument? Document(ZipArchive archive, string path, int most)
    {
        if (archive.GetEntry(path) is not { } entry)
        {
            return null;
        }

        if (entry.Length > most)
        {
            throw new InvalidDataException("it is longer than any report of spoo.me");
        }

        try
        {
            using var content = entry.Open();
            using var reader = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = most });
            return XDocument.Load(reader);
        }
        catch (XmlException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
