using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ClosedXML.Excel;

namespace Spoo.Web.Export;

/// <summary>What a cell's value is, where its type does not say it.</summary>
internal enum CellKind
{
    Plain,

    /// <summary>A label of a time bucket: an instant where it is one; weeks and months stay words.</summary>
    Time,

    /// <summary>A number that is a percentage already: 66.67.</summary>
    PercentNumber,

    /// <summary>A share from 0 to 1.</summary>
    Share,
}

/// <summary>
/// A workbook as all of ours are: the header stays in sight, every table can be sorted and filtered, numbers and dates are what they look
/// like, and a sheet prints on the width of a page. Texts are what strangers sent, and never become formulas.
/// </summary>
internal sealed partial class Workbooks : IDisposable
{
    /// <summary>Excel takes no longer name of a sheet.</summary>
    private const int MaxSheetName = 31;

    /// <summary>Excel takes no longer text in a cell.</summary>
    private const int MaxText = 32_767;

    // Widths of columns in characters. The library could measure the text, with fonts that a server has not got.
    private const double NarrowestColumn = 9;
    private const double WidestColumn = 60;

    private static readonly (string Pattern, string Format)[] Times = [("yyyy-MM-dd", "yyyy-mm-dd"), ("yyyy-MM-dd HH:mm", "yyyy-mm-dd hh:mm")];

    private readonly XLWorkbook _workbook = new() { Style = { Font = { FontName = "Calibri", FontSize = 11 } } };

    private Workbooks()
    {
    }

    public static Workbooks New(DateTimeOffset at)
    {
        var made = new Workbooks();
        made._workbook.Properties.Author = "Spoo";
        made._workbook.Properties.Created = at.UtcDateTime;
        return made;
    }

    /// <summary>A new last sheet; its name is cut, cleaned and numbered until Excel takes it.</summary>
    public Sheet Add(string name)
    {
        var clean = new string([.. XmlText.Legal(name).Select(letter => letter is '[' or ']' or ':' or '*' or '?' or '/' or '\\' ? '-' : letter)]).Trim('\'', ' ');
        var wanted = clean.Length == 0 ? "-" : clean;
        var free = wanted[..Math.Min(wanted.Length, MaxSheetName)];
        for (var again = 2; _workbook.Worksheets.Contains(free); again++)
        {
            var mark = string.Create(CultureInfo.InvariantCulture, $"~{again}");
            free = wanted[..Math.Min(wanted.Length, MaxSheetName - mark.Length)] + mark;
        }

        return new Sheet(_workbook.Worksheets.Add(free), _workbook.Worksheets.Count);
    }

    public void Save(Stream file)
    {
        // The library reads back what it has written, which not every stream can.
        using var whole = new MemoryStream();
        _workbook.SaveAs(whole);
        JoinHalves(whole);
        whole.Position = 0;
        whole.CopyTo(file);
    }

    public void Dispose() => _workbook.Dispose();

    /// <summary>
    /// The library writes both halves of an emoji as escapes, each by itself, and only some readers put them together again. What a stranger sent
    /// that looks like one is escaped itself, and stays as it is.
    /// </summary>
    private static void JoinHalves(MemoryStream workbook)
    {
        using var archive = new ZipArchive(workbook, ZipArchiveMode.Update, leaveOpen: true);
        using var texts = archive.GetEntry("xl/sharedStrings.xml")!.Open();
        using var reader = new StreamReader(texts);
        var written = reader.ReadToEnd();
        texts.SetLength(0);
        using var writer = new StreamWriter(texts);
        writer.Write(Halves().Replace(written, pair => string.Concat(HalfOf(pair, "high"), HalfOf(pair, "low"))));

        static char HalfOf(Match pair, string name) => (char)ushort.Parse(pair.Groups[name].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("_x(?<high>D[89AB][0-9A-F]{2})__x(?<low>D[C-F][0-9A-F]{2})_")]
    private static partial Regex Halves();

    /// <summary>One sheet while it is written.</summary>
    internal sealed class Sheet(IXLWorksheet sheet, int number)
    {
        private readonly Dictionary<int, double> _widths = [];

        public void WriteHeader(int row, IReadOnlyList<string> columns)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                Write(row, column + 1, columns[column]);
            }
        }

        /// <param name="row">From 1.</param>
        /// <param name="column">From 1.</param>
        /// <param name="value">A text, a number, an instant or null.</param>
        public void Write(int row, int column, object? value, CellKind kind = CellKind.Plain)
        {
            var cell = sheet.Cell(row, column);
            var format = value switch
            {
                null => null,
                string label when kind == CellKind.Time && TimeOf(label) is { } time => Set(cell, time.Value, time.Format),
                string text => SetText(cell, text),

                // The clock of the viewer: a spreadsheet knows no zones.
                DateTimeOffset instant => Set(cell, instant.DateTime, "yyyy-mm-dd hh:mm:ss"),
                double share when kind == CellKind.Share => Set(cell, share, "0.0%"),
                double share when kind == CellKind.PercentNumber => Set(cell, share, "0.00\"%\""),
                double fraction => Set(cell, fraction, "#,##0.00"),
                _ => Set(cell, Convert.ToDouble(value, CultureInfo.InvariantCulture), "#,##0"),
            };
            if (format is not null)
            {
                cell.Style.NumberFormat.Format = format;
            }

            var width = value is string words ? words.Length : format?.Length ?? 0;
            _widths[column] = Math.Max(_widths.GetValueOrDefault(column, NarrowestColumn), width);
        }

        /// <summary>Large, and not a part of any table.</summary>
        public void WriteTitle(int row, string title)
        {
            SetText(sheet.Cell(row, 1), title);
            sheet.Cell(row, 1).Style.Font.SetBold().Font.SetFontSize(16);
        }

        /// <summary>The name of a fact, in the first column.</summary>
        public void WriteName(int row, string name)
        {
            Write(row, 1, name);
            sheet.Cell(row, 1).Style.Font.SetBold();
        }

        /// <summary>A remark over the width of the page.</summary>
        public void WriteNote(int row, string note)
        {
            SetText(sheet.Cell(row, 1), note);
            sheet.Cell(row, 1).Style.Font.SetItalic();
        }

        /// <summary>Makes the table, sets widths and says how the sheet is printed.</summary>
        /// <param name="headerRow">0: there is no table.</param>
        public void Finish(int headerRow, int columns, int rows)
        {
            if (headerRow > 0)
            {
                sheet.Range(headerRow, 1, headerRow, columns).Style.Font.SetBold();

                // A table has at least one row beside its header.
                var table = sheet.Range(headerRow, 1, headerRow + Math.Max(rows, 1), columns)
                    .CreateTable(string.Create(CultureInfo.InvariantCulture, $"Table{number}"));
                table.Theme = XLTableTheme.TableStyleLight9;
                sheet.SheetView.FreezeRows(headerRow);
                sheet.PageSetup.SetRowsToRepeatAtTop(headerRow, headerRow);
            }

            foreach (var (column, width) in _widths)
            {
                // The arrow of the filter takes some room beside the header.
                sheet.Column(column).Width = Math.Min(width + 4, WidestColumn);
            }

            sheet.PageSetup.PageOrientation = XLPageOrientation.Landscape;
            sheet.PageSetup.FitToPages(1, 0);
            sheet.PageSetup.Footer.Right.AddText("&P / &N");
        }

        private static string Set<T>(IXLCell cell, T value, string format)
        {
            cell.SetValue(value);
            return format;
        }

        private static string? SetText(IXLCell cell, string text)
        {
            var legal = XmlText.Legal(text.Length > MaxText ? text[..MaxText] : text);

            cell.SetValue(legal);
            cell.SetDataType(XLDataType.Text);

            // Marked as a quoted text, which stays one also when the cell is edited.
            if (ExportTables.LooksLikeFormula(legal) || legal.StartsWith('\''))
            {
                cell.Style.SetIncludeQuotePrefix();
            }

            return null;
        }

        private static (DateTime Value, string Format)? TimeOf(string label)
        {
            foreach (var (pattern, format) in Times)
            {
                if (DateTime.TryParseExact(label, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
                {
                    return (time, format);
                }
            }

            return null;
        }
    }
}
