using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

namespace Spoo.Tests.Export;

/// <summary>A cell as a person sees it who opens the workbook.</summary>
internal sealed record PlainCell(int Row, string Text, bool IsBold, bool IsQuoted);

/// <summary>Reads a workbook by its parts, with nothing of the library that wrote it.</summary>
internal sealed class PlainWorkbook
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private readonly Dictionary<string, XDocument> _parts = [];
    private readonly Dictionary<string, string> _sheets = [];
    private readonly List<string> _texts;
    private readonly List<XElement> _formats;
    private readonly List<bool> _isBold;
    private readonly Dictionary<int, string> _numberFormats;

    public PlainWorkbook(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            _parts["/" + entry.FullName] = XDocument.Load(content);
        }

        var workbook = PathOf("officeDocument", "/_rels/.rels", "/");
        foreach (var sheet in _parts[workbook].Descendants(Main + "sheet"))
        {
            _sheets.Add(sheet.Attribute("name")!.Value, TargetOf(workbook, sheet.Attribute(Relations + "id")!.Value));
        }

        _texts = [.. _parts[PathOf("sharedStrings", RelationsOf(workbook), workbook)].Root!.Elements(Main + "si").Select(text => text.Value)];
        var styles = _parts[PathOf("styles", RelationsOf(workbook), workbook)].Root!;
        _formats = [.. styles.Element(Main + "cellXfs")!.Elements()];
        _isBold = [.. styles.Element(Main + "fonts")!.Elements().Select(font => font.Element(Main + "b") is not null)];
        _numberFormats = styles.Elements(Main + "numFmts").Elements().ToDictionary(
            format => (int)format.Attribute("numFmtId")!, format => format.Attribute("formatCode")!.Value);
    }

    public IEnumerable<string> SheetNames => _sheets.Keys;

    public IEnumerable<XElement> Formulas => _parts.Values.SelectMany(part => part.Descendants(Main + "f"));

    public List<PlainCell> Sheet(string name) => [.. _parts[_sheets[name]].Descendants(Main + "c").Select(CellOf)];

    public bool IsHeaderFrozen(string name) =>
        _parts[_sheets[name]].Descendants(Main + "pane").Single() is var pane && ((string?)pane.Attribute("state") is "frozen" or "frozenSplit") && (int?)pane.Attribute("ySplit") == 1;

    public IEnumerable<string> TableColumns(string name) =>
        _parts[PathOf("table", RelationsOf(_sheets[name]), _sheets[name])].Descendants(Main + "tableColumn").Select(column => column.Attribute("name")!.Value);

    private PlainCell CellOf(XElement cell)
    {
        var format = _formats[(int?)cell.Attribute("s") ?? 0];
        var value = cell.Element(Main + "v")?.Value ?? "";
        var code = _numberFormats.GetValueOrDefault((int?)format.Attribute("numFmtId") ?? 0, "");
        var text = (string?)cell.Attribute("t") == "s" ? _texts[int.Parse(value, CultureInfo.InvariantCulture)]
            : code.StartsWith("yyyy", StringComparison.Ordinal) ? DateTime.FromOADate(double.Parse(value, CultureInfo.InvariantCulture))
                .ToString(code.Replace("mm-", "MM-", StringComparison.Ordinal).Replace("hh", "HH", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            : value;
        return new PlainCell(
            (int)cell.Parent!.Attribute("r")!, text, _isBold[(int?)format.Attribute("fontId") ?? 0], (string?)format.Attribute("quotePrefix") is "1" or "true");
    }

    private string TargetOf(string from, string id) => Resolve(
        from, _parts[RelationsOf(from)].Root!.Elements().Single(relation => relation.Attribute("Id")!.Value == id).Attribute("Target")!.Value);

    private string PathOf(string kind, string relations, string from) => Resolve(from, _parts[relations].Root!.Elements()
        .Single(relation => relation.Attribute("Type")!.Value.EndsWith("/" + kind, StringComparison.Ordinal)).Attribute("Target")!.Value);

    private static string RelationsOf(string part) => part.Insert(part.LastIndexOf('/') + 1, "_rels/") + ".rels";

    private static string Resolve(string from, string target) => new Uri(new Uri("file://" + from), target).AbsolutePath;
}
