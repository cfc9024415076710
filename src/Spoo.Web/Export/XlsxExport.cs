using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>
/// A workbook with a sheet for each table, ready to be looked at: the header stays in sight, every sheet can be sorted and
/// filtered, and numbers and dates are what they look like.
/// </summary>
internal sealed class XlsxExport : ExportFormat
{
    /// <summary>Excel takes no longer name of a sheet.</summary>
    private const int MaxSheetName = 31;

    /// <summary>Excel takes no longer text in a cell.</summary>
    private const int MaxText = 32_767;

    /// <summary>Width of a column in characters.</summary>
    private const double ColumnWidth = 25;

    /// <summary>The buckets that are instants by themselves; weeks and months stay words.</summary>
    private static readonly (string Format, Style Style)[] Times = [("yyyy-MM-dd", Style.Date), ("yyyy-MM-dd HH:mm", Style.DateMinute)];

    /// <summary>Indexes of the cell formats in <see cref="Styles"/>, which lists them in this order.</summary>
    private enum Style
    {
        Text,
        Header,
        Whole,
        Fraction,
        Percent,
        Date,
        DateMinute,
        DateSecond,
        QuotedText,
    }

    public override string Name => "xlsx";

    public override string ContentType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public override void Write(StatsResponse stats, Stream file)
    {
        // The package reads back what it has written, which not every stream can.
        using var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook, autoSave: true);
        document.PackageProperties.Creator = "Spoo";
        document.PackageProperties.Created = stats.GeneratedAt.UtcDateTime;
        var workbook = document.AddWorkbookPart();
        workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();

        var texts = new SharedTexts();
        var sheets = new Sheets();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in ExportTables.Of(stats))
        {
            var number = (uint)names.Count + 1;
            var name = SheetName(table.Name, names);
            var part = workbook.AddNewPart<WorksheetPart>();
            WriteTable(part, table, number);
            WriteSheet(part, table, texts, isFirst: number == 1);
            sheets.Append(new Sheet { Name = name, SheetId = number, Id = workbook.GetIdOfPart(part) });
        }

        texts.Write(workbook.AddNewPart<SharedStringTablePart>());
        workbook.Workbook = new Workbook(sheets);
    }

    private static void WriteSheet(WorksheetPart part, ExportTable table, SharedTexts texts, bool isFirst)
    {
        using var sheet = OpenXmlWriter.Create(part);
        sheet.WriteStartElement(new Worksheet());
        sheet.WriteElement(new SheetViews(new SheetView(
            new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen },
            new Selection { Pane = PaneValues.BottomLeft, ActiveCell = "A2", SequenceOfReferences = new ListValue<StringValue> { InnerText = "A2" } })
        {
            WorkbookViewId = 0,
            TabSelected = isFirst,
        }));
        sheet.WriteElement(new Columns(new Column { Min = 1, Max = (uint)table.Columns.Count, Width = ColumnWidth, CustomWidth = true }));

        sheet.WriteStartElement(new SheetData());
        WriteRow(sheet, 1, table.Columns, (_, name) => TextCell(texts, name, Style.Header));
        for (var i = 0; i < table.Rows.Count; i++)
        {
            WriteRow(sheet, i + 2, table.Rows[i], (column, cell) => CellOf(texts, table.Columns[column], cell));
        }

        sheet.WriteEndElement();
        sheet.WriteElement(new TableParts(new TablePart { Id = part.GetIdOfPart(part.TableDefinitionParts.Single()) }) { Count = 1 });
        sheet.WriteEndElement();
    }

    private static void WriteRow<T>(OpenXmlWriter sheet, int number, IReadOnlyList<T> cells, Func<int, T, Cell> cellOf)
    {
        sheet.WriteStartElement(new Row { RowIndex = (uint)number });
        for (var column = 0; column < cells.Count; column++)
        {
            var cell = cellOf(column, cells[column]);
            cell.CellReference = Address(column, number);
            sheet.WriteElement(cell);
        }

        sheet.WriteEndElement();
    }

    private static Cell CellOf(SharedTexts texts, string column, object? value) => value switch
    {
        null => new Cell(),
        string label when column == "time" && TimeOf(label) is { } time => NumberCell(time.Value.ToOADate(), time.Style),

        // Marked as a quoted text, which stays one also when the cell is edited.
        string label => TextCell(texts, label, ExportTables.LooksLikeFormula(label) ? Style.QuotedText : Style.Text),

        // The clock of the viewer: a spreadsheet knows no zones.
        DateTimeOffset instant => NumberCell(instant.DateTime.ToOADate(), Style.DateSecond),
        double share when column.EndsWith("_percentage", StringComparison.Ordinal) => NumberCell(share, Style.Percent),
        double fraction => NumberCell(fraction, Style.Fraction),
        _ => NumberCell(Convert.ToDouble(value, CultureInfo.InvariantCulture), Style.Whole),
    };

    private static Cell TextCell(SharedTexts texts, string text, Style style) => new()
    {
        DataType = CellValues.SharedString,
        StyleIndex = (uint)style,
        CellValue = new CellValue(texts.Add(text)),
    };

    private static Cell NumberCell(double number, Style style) => new()
    {
        StyleIndex = (uint)style,
        CellValue = new CellValue(number.ToString("R", CultureInfo.InvariantCulture)),
    };

    private static (DateTime Value, Style Style)? TimeOf(string label)
    {
        foreach (var (format, style) in Times)
        {
            if (DateTime.TryParseExact(label, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                return (time, style);
            }
        }

        return null;
    }

    private static void WriteTable(WorksheetPart part, ExportTable table, uint number)
    {
        var range = $"A1:{Address(table.Columns.Count - 1, table.Rows.Count + 1)}";
        var columns = table.Columns.Select((name, column) => new TableColumn { Id = (uint)column + 1, Name = name });
        part.AddNewPart<TableDefinitionPart>().Table = new Table(
            new AutoFilter { Reference = range },
            new TableColumns(columns) { Count = (uint)table.Columns.Count },
            new TableStyleInfo { Name = "TableStyleLight9", ShowRowStripes = true, ShowColumnStripes = false })
        {
            Id = number,
            Name = $"Table{number}",
            DisplayName = $"Table{number}",
            Reference = range,
            TotalsRowShown = false,
        };
    }

    /// <summary>The table's name as Excel takes it: short enough, and unlike every other in the workbook.</summary>
    private static string SheetName(string table, HashSet<string> taken)
    {
        var wanted = table == ExportTables.Summary ? "Summary" : table;
        var name = wanted[..Math.Min(wanted.Length, MaxSheetName)];
        for (var again = 2; !taken.Add(name); again++)
        {
            var mark = string.Create(CultureInfo.InvariantCulture, $"~{again}");
            name = wanted[..Math.Min(wanted.Length, MaxSheetName - mark.Length)] + mark;
        }

        return name;
    }

    /// <summary>No table here has more columns than the alphabet has letters.</summary>
    private static string Address(int column, int row) => string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{row}");

    private static Stylesheet Styles()
    {
        const uint FirstOwnFormat = 164;
        string[] formats = ["#,##0", "#,##0.00", "0.00\"%\"", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm-dd hh:mm:ss"];
        return new Stylesheet(
            new NumberingFormats(formats.Select((format, index) =>
                new NumberingFormat { NumberFormatId = FirstOwnFormat + (uint)index, FormatCode = format }))
            { Count = (uint)formats.Length },
            new Fonts(
                new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }),
                new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" }))
            { Count = 2 },
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 }))
            { Count = 2 },
            new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())) { Count = 1 },
            new CellStyleFormats(new CellFormat()) { Count = 1 },
            new CellFormats(
            [
                new CellFormat { FormatId = 0 },
                new CellFormat(new Alignment { Horizontal = HorizontalAlignmentValues.Center })
                {
                    FormatId = 0, FontId = 1, ApplyFont = true, ApplyAlignment = true,
                },
                .. formats.Select((_, index) =>
                    new CellFormat { FormatId = 0, NumberFormatId = FirstOwnFormat + (uint)index, ApplyNumberFormat = true }),
                new CellFormat { FormatId = 0, QuotePrefix = true },
            ])
            { Count = (uint)formats.Length + 3 });
    }

    /// <summary>The texts of all sheets, each of which is written once.</summary>
    private sealed class SharedTexts
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private int _uses;

        public int Add(string text)
        {
            _uses++;
            text = XmlText.Legal(text.Length > MaxText ? text[..MaxText] : text);
            if (!_numbers.TryGetValue(text, out var number))
            {
                _numbers.Add(text, number = _numbers.Count);
            }

            return number;
        }

        public void Write(SharedStringTablePart part)
        {
            using var table = OpenXmlWriter.Create(part);
            table.WriteStartElement(new SharedStringTable { Count = (uint)_uses, UniqueCount = (uint)_numbers.Count });
            foreach (var text in _numbers.Keys)
            {
                table.WriteElement(new SharedStringItem(new Text(text) { Space = SpaceProcessingModeValues.Preserve }));
            }

            table.WriteEndElement();
        }
    }
}
