using System.Buffers;
using System.Text;
using System.Text.Json;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>A file of clicks in one of the formats, read piece by piece.</summary>
internal abstract class ClickFile(Records records, ClickFileOptions options)
{
    private readonly HashSet<string> _unknownFields = [];
    private readonly LineEncoding _encoding = new();
    private readonly FileDates _dates = new(options.Dates, options.Zone);

    /// <summary>The first names that mean nothing here.</summary>
    public IReadOnlyCollection<string> UnknownFields => _unknownFields;

    /// <summary>Bytes of the line that was read last.</summary>
    public int LineBytes => Lines.Line.Length;

    /// <summary>Whether the file turned out to be written in Windows-1252.</summary>
    public bool IsWindows1252 => _encoding.IsWindows1252;

    /// <summary>How the dates of the file are written.</summary>
    public FileDates Dates => _dates;

    /// <summary>The columns that are used, and the field that each goes into, as far as they are known by now.</summary>
    public virtual IReadOnlyList<MappedColumn> Mapped => [];

    /// <summary>What is wrong when the file has no line at all. Null: then there is nothing to import, which is no error.</summary>
    public virtual Message? WhenEmpty => null;

    protected Records Lines { get; } = records;

    protected ClickFileOptions Options => options;

    /// <summary>Reads the next line that is not empty; false at the end of the file.</summary>
    /// <exception cref="ClickFileException">The file as a whole is not what it should be.</exception>
    public async ValueTask<bool> ReadAsync(ClickLine line, CancellationToken cancellationToken)
    {
        while (await Lines.ReadAsync(cancellationToken))
        {
            line.Clear(Lines.Number);
            line.Dates = _dates;
            var bytes = Lines.Line;
            if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0 && !Lines.IsTooLong)
            {
                continue;
            }

            line.Fault = Lines.IsTooLong ? new Message("longer than {0:N0} bytes", Lines is JsonRecords ? JsonRecords.MaxLength : LineReader.MaxLength)
                : _encoding.TryRead(ref bytes) ? null
                : new Message("not valid UTF-8");
            if (line.Fault is not null)
            {
                return true;
            }

            if (Parse(bytes.Span, line))
            {
                if (line is { Request: not null, Fault: null, NotClick: null })
                {
                    options.Requests.Read(line);
                }

                line[ClickField.ShortCode] ??= options.ShortCode;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a line apart, or says in <see cref="ClickLine.Fault"/> why it cannot; false when the line is to be passed over.</summary>
    protected abstract bool Parse(ReadOnlySpan<byte> text, ClickLine line);

    protected void NoteUnknown(string name)
    {
        if (_unknownFields.Count < ImportReport.MaxUnknownFields && OutsideText.Clean(name, 64) is { } clean)
        {
            _unknownFields.Add(clean);
        }
    }
}

/// <summary>A column of a file, and the field that it goes into.</summary>
public sealed record MappedColumn(string Column, string Field);

/// <summary>JSON objects, one a line or in a list. Fields within objects are called by both names with a dot between.</summary>
internal sealed class JsonFile(TextFile file, FileShape shape, ClickColumns columns, ClickFileOptions options)
    : ClickFile(shape.ListStart is { } start ? new JsonRecords(file.Content, start) : new LineReader(file.Content, lineBreak: file.LineBreak), options)
{
    /// <summary>Files may have other names in every object.</summary>
    private const int MaxRemembered = 1_000;

    private readonly ClickColumns _columns = columns.With(options.MappedFields);
    private readonly Dictionary<string, ClickColumn?> _known = new(StringComparer.Ordinal);

    public override IReadOnlyList<MappedColumn> Mapped =>
        [.. _known.Where(known => known.Value is { Into.Length: > 0 }).Select(known => new MappedColumn(known.Key, known.Value!.Into))];

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                line.Fault = new Message("not a JSON object");
                return true;
            }

            ReadObject(ref json, line, "");

            // Anything behind the object is an error, too.
            json.Read();
        }
        catch (JsonException exception)
        {
            line.Fault = new Message("not valid JSON (byte {0})", exception.BytePositionInLine + 1);
        }
        catch (InvalidOperationException)
        {
            // Half of a character, written as an escape.
            line.Fault = new Message("a text in it is not valid Unicode");
        }

        return true;
    }

    private void ReadObject(ref Utf8JsonReader json, ClickLine line, string within)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = within.Length == 0 ? json.GetString()! : $"{within}.{json.GetString()}";
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject && _columns.HasWithin(name))
            {
                ReadObject(ref json, line, name);
            }
            else
            {
                ReadProperty(ref json, line, name);
            }
        }
    }

    private void ReadProperty(ref Utf8JsonReader json, ClickLine line, string name)
    {
        if (!_known.TryGetValue(name, out var column))
        {
            column = _columns.Find(name);
            if (_known.Count < MaxRemembered)
            {
                _known[name] = column;
            }
        }

        if (column is null)
        {
            if (_columns.NotKept?.Contains(FieldNames.Simplify(name)) == false && !_columns.IsMapped(name))
            {
                NoteUnknown(name);
            }

            json.Skip();
            return;
        }

        // Headers have lists of values, of which there is one.
        if (json.TokenType == JsonTokenType.StartArray && _columns.NotKept is null)
        {
            var depth = json.CurrentDepth;
            json.Read();
            Put(ref json, line, name, column);
            while (json.TokenType != JsonTokenType.EndArray || json.CurrentDepth > depth)
            {
                json.Read();
                json.Skip();
            }

            return;
        }

        Put(ref json, line, name, column);
    }

    private static void Put(ref Utf8JsonReader json, ClickLine line, string name, ClickColumn column)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                if (json.GetString() is { Length: > 0 } text)
                {
                    column.Put(line, text);
                }

                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                column.Put(line, Encoding.ASCII.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan));
                break;
            case JsonTokenType.Null or JsonTokenType.EndArray:
                break;
            default:
                if (column.Into.Length > 0)
                {
                    line.Fault ??= new Message("'{0}' is a list or an object and not a single value", name);
                }
                else
                {
                    column.Put(line, "");
                }

                json.Skip();
                break;
        }
    }
}

/// <summary>A header row, then one click a row. Quotes and line breaks as in RFC 4180; separated by comma, semicolon or tab.</summary>
/// <remarks>
/// By hand and not by CsvHelper, which cannot go on behind a quote that is never closed or a field without end, and tells the
/// number of a broken line only roughly.
/// </remarks>
/// <param name="isGeneric">Whether the format is that of no program, so that values may tell what names do not.</param>
internal sealed class CsvFile(TextFile file, ClickColumns columns, ClickFileOptions options, bool isGeneric)
    : ClickFile(new LineReader(file.Content, quoted: true, file.LineBreak), options)
{
    private readonly ClickColumns _columns = columns.With(options.MappedFields);

    private string[] _names = [];
    private bool _isSeparatorSaid;

    /// <summary>The meaning of each column; null for one that has none. Null altogether: the header has not been read.</summary>
    private ClickColumn?[]? _meanings;

    public override IReadOnlyList<MappedColumn> Mapped =>
        [.. _names.Zip(_meanings ?? []).Where(column => column.Second is { Into.Length: > 0 }).Select(column => new MappedColumn(column.First, column.Second!.Into))];

    private LineReader Reader => (LineReader)Lines;

    /// <summary>The names in the first line. Empty: it is none of names.</summary>
    public static List<string> HeaderOf(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return [];
        }

        var first = (ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(lines[0]);
        byte? separator = null;
        if (IsSeparatorLine(first, out var said) && lines.Count > 1)
        {
            first = Encoding.UTF8.GetBytes(lines[1]);
            separator = said;
        }

        return Fields(first, separator ?? SeparatorOf(first)) ?? [];
    }

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        if (_meanings is null)
        {
            if (IsSeparatorLine(text, out var said))
            {
                Reader.Separator = said;
                _isSeparatorSaid = true;
                return false;
            }

            Reader.Separator = _isSeparatorSaid ? Reader.Separator : SeparatorOf(text);
            _meanings = ReadHeader(text);
            return false;
        }

        var number = 0;
        for (var more = true; more; number++)
        {
            if (!TryTakeField(ref text, Reader.Separator, out var value, out more))
            {
                line.Fault = new Message("a quote is not closed, or closed too early");
                return true;
            }

            if (number < _meanings.Length && _meanings[number] is { } column && value.Length > 0)
            {
                column.Put(line, value);
            }
        }

        if (number != _meanings.Length)
        {
            line.Fault = new Message("{0} fields where the header has {1}", number, _meanings.Length);
        }

        return true;
    }

    private ClickColumn?[] ReadHeader(ReadOnlySpan<byte> text)
    {
        var meanings = new List<ClickColumn?>();
        var names = new List<string>();
        for (var more = true; more;)
        {
            TryTakeField(ref text, Reader.Separator, out var name, out more);
            names.Add(OutsideText.Clean(name, 64) ?? "");
            var column = _columns.Find(name);
            meanings.Add(column is not null && (column.Into.Length == 0 || !meanings.Contains(column)) ? column : null);
        }

        _names = [.. names];

        // Also where one is missing, and which it is has to be said.
        _meanings = [.. meanings];
        if (isGeneric && Options.ShortCode is null)
        {
            new ColumnGuess(names, meanings, _columns, Dates, Sample()).Complete();
        }

        for (var i = 0; i < meanings.Count; i++)
        {
            if (meanings[i] is null && isGeneric && !_columns.IsMapped(names[i]))
            {
                NoteUnknown(names[i]);
            }
        }

        return [.. meanings];
    }

    // The first rows, as far as they are known by now.
    private List<List<string>> Sample()
    {
        var rows = new List<List<string>>();
        var (rest, encoding, isHeader) = (file.Head, new LineEncoding(), true);
        while (rows.Count < ColumnGuess.MostRows && rest.Span.IndexOf(file.LineBreak) is var end && (end >= 0 || file.Head.Length < TextFile.HeadLength) && !rest.IsEmpty)
        {
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (encoding.TryRead(ref line) && line.Span.TrimEnd((byte)'\r') is { IsEmpty: false } bytes && !IsSeparatorLine(bytes, out _))
            {
                if (!isHeader && Fields(bytes, Reader.Separator) is { } fields)
                {
                    rows.Add(fields);
                }

                isHeader = false;
            }
        }

        return rows;
    }

    /// <summary>What stands most often between the names, outside of quotes.</summary>
    internal static byte SeparatorOf(ReadOnlySpan<byte> header)
    {
        Span<int> counts = stackalloc int[3];
        var isQuoted = false;
        foreach (var c in header)
        {
            isQuoted ^= c == '"';
            if (!isQuoted && ",;\t"u8.IndexOf(c) is var which and >= 0)
            {
                counts[which]++;
            }
        }

        return counts[0] >= counts[1] && counts[0] >= counts[2] ? (byte)',' : counts[1] >= counts[2] ? (byte)';' : (byte)'\t';
    }

    /// <summary>The line <c>sep=;</c> with which spreadsheets are told what separates.</summary>
    internal static bool IsSeparatorLine(ReadOnlySpan<byte> text, out byte separator)
    {
        text = text.Trim("\"\r"u8);
        separator = text.Length == 5 ? text[4] : (byte)',';
        return text.Length == 5 && Ascii.EqualsIgnoreCase(text[..4], "sep="u8);
    }

    // Null: the quotes of the line are broken.
    internal static List<string>? Fields(ReadOnlySpan<byte> text, byte separator)
    {
        var fields = new List<string>();
        for (var more = true; more;)
        {
            if (!TryTakeField(ref text, separator, out var value, out more))
            {
                return null;
            }

            fields.Add(value);
        }

        return fields;
    }

    // False: the quotes of the field are broken, and nothing behind it can be told apart.
    internal static bool TryTakeField(ref ReadOnlySpan<byte> rest, byte separator, out string value, out bool more)
    {
        var end = 0;
        var isQuoted = rest is [(byte)'"', ..];
        if (isQuoted)
        {
            end = 1;
            while (rest[end..].IndexOf((byte)'"') is var quote and >= 0)
            {
                end += quote + 1;
                if (end == rest.Length || rest[end] != '"')
                {
                    break;
                }

                end++;
            }

            if (end < 2 || rest[end - 1] != '"' || (end < rest.Length && rest[end] != separator))
            {
                (value, more) = ("", false);
                return false;
            }
        }
        else
        {
            end = rest.IndexOf(separator) is var next and >= 0 ? next : rest.Length;
        }

        value = isQuoted
            ? Encoding.UTF8.GetString(rest[1..(end - 1)]).Replace("\"\"", "\"", StringComparison.Ordinal)
            : Encoding.UTF8.GetString(rest[..end]);
        more = end < rest.Length;
        rest = more ? rest[(end + 1)..] : [];
        return true;
    }
}
