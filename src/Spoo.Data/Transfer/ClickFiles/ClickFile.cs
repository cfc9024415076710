using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>A file of clicks in one of the formats, read line by line.</summary>
internal abstract class ClickFile
{
    private readonly HashSet<string> _unknownFields = [];

    protected ClickFile(LineReader lines) => Lines = lines;

    /// <summary>The first names that mean nothing here.</summary>
    public IReadOnlyCollection<string> UnknownFields => _unknownFields;

    /// <summary>Bytes of the line that was read last.</summary>
    public int LineBytes => Lines.Line.Length;

    protected LineReader Lines { get; }

    public static ClickFile Open(ClickFileFormat format, Stream content) => format switch
    {
        ClickFileFormat.Csv => new CsvFile(content),
        ClickFileFormat.Ndjson => new JsonFile(content, ClickFields.ByName, null),
        ClickFileFormat.Bitly => new JsonFile(content, ClickFields.OfBitly, ClickFields.NotKeptOfBitly),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Reads the next line that is not empty; false at the end of the file.</summary>
    /// <exception cref="ClickFileException">The file as a whole is not what it should be.</exception>
    public async ValueTask<bool> ReadAsync(ClickLine line, CancellationToken cancellationToken)
    {
        while (await Lines.ReadAsync(cancellationToken))
        {
            line.Clear(Lines.Number);
            var bytes = WithoutMark(Lines.Line);
            if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0 && !Lines.IsTooLong)
            {
                continue;
            }

            if (Lines.Number == 1 && bytes.Span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                throw new ClickFileException(new Message("The file is written in UTF-16. Save it as UTF-8 and import it again."));
            }

            line.Fault = Lines.IsTooLong ? new Message("longer than {0:N0} bytes", LineReader.MaxLength)
                : Utf8.IsValid(bytes.Span) ? null
                : new Message("not valid UTF-8");
            if (line.Fault is not null || Parse(bytes.Span, line))
            {
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

    // Windows writes one at the beginning of a file.
    private ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        Lines.Number == 1 && text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
}

/// <summary>One JSON object a line.</summary>
internal sealed class JsonFile(Stream content, IReadOnlyDictionary<string, ClickField> fields, IReadOnlySet<string>? notKept)
    : ClickFile(new LineReader(content))
{
    private const string Heartbeat = "_heartbeat_";

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

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                ReadProperty(ref json, line);
            }

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

    private void ReadProperty(ref Utf8JsonReader json, ClickLine line)
    {
        var name = json.GetString()!;
        json.Read();
        if (!fields.TryGetValue(name, out var field))
        {
            if (notKept is not null && name == Heartbeat)
            {
                line.IsHeartbeat = true;
            }
            else if (notKept?.Contains(name) != true)
            {
                NoteUnknown(name);
            }

            json.Skip();
            return;
        }

        switch (json.TokenType)
        {
            case JsonTokenType.String:
                line[field] = json.GetString();
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                line[field] = Encoding.ASCII.GetString(json.ValueSpan);
                break;
            case JsonTokenType.Null:
                line[field] = null;
                break;
            default:
                line.Fault ??= new Message("'{0}' is a list or an object and not a single value", name);
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
internal sealed class CsvFile(Stream content) : ClickFile(new LineReader(content, quoted: true))
{
    private static readonly ClickField[] Required = [ClickField.Time, ClickField.ShortCode];

    /// <summary>The meaning of each column; null for one that has none. Null altogether: the header has not been read.</summary>
    private ClickField?[]? _columns;

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        if (_columns is null)
        {
            Lines.Separator = SeparatorOf(text);
            _columns = ReadHeader(text);
            return false;
        }

        var number = 0;
        for (var more = true; more; number++)
        {
            if (!TryTakeField(ref text, Lines.Separator, out var value, out more))
            {
                line.Fault = new Message("a quote is not closed, or closed too early");
                return true;
            }

            if (number < _columns.Length && _columns[number] is { } field)
            {
                line[field] = value;
            }
        }

        if (number != _columns.Length)
        {
            line.Fault = new Message("{0} fields where the header has {1}", number, _columns.Length);
        }

        return true;
    }

    private ClickField?[] ReadHeader(ReadOnlySpan<byte> text)
    {
        var columns = new List<ClickField?>();
        for (var more = true; more;)
        {
            TryTakeField(ref text, Lines.Separator, out var name, out more);
            var known = ClickFields.ByName.TryGetValue(name.Trim(), out var field);
            columns.Add(known && !columns.Contains(field) ? field : null);
            if (!known)
            {
                NoteUnknown(name);
            }
        }

        var missing = Required.Where(field => !columns.Contains(field)).Select(ClickFields.NameOf).ToList();
        return missing.Count == 0
            ? [.. columns]
            : throw new ClickFileException(missing is [var only]
                ? new Message("The header row, which is the first line of the file, has no column '{0}'.", only)
                : new Message("The header row, which is the first line of the file, has neither a column '{0}' nor a column '{1}'.", missing[0], missing[1]));
    }

    internal static byte SeparatorOf(ReadOnlySpan<byte> header)
    {
        var first = header.IndexOfAny(",;\t"u8);
        return first < 0 ? (byte)',' : header[first];
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
