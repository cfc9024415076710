using System.Text;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

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
    private RepeatedTexts[] _texts = [];
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
            if (!TryTakeField(ref text, Reader.Separator, out var value, out var isQuoted, out more))
            {
                line.Fault = new Message("a quote is not closed, or closed too early");
                return true;
            }

            if (number < _meanings.Length && _meanings[number] is { } column && value.Length > 0)
            {
                column.Put(line, isQuoted && value.Contains((byte)'"') ? TextOf(value, isQuoted) : _texts[number].Of(value));
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
            TryTakeField(ref text, Reader.Separator, out var field, out var isQuoted, out more);
            var name = TextOf(field, isQuoted);
            names.Add(OutsideText.Clean(name, 64) ?? "");
            var column = _columns.Find(name);
            meanings.Add(column is not null && (column.Into.Length == 0 || !meanings.Contains(column)) ? column : null);
        }

        _names = [.. names];
        _texts = [.. names.Select(_ => new RepeatedTexts())];

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
            if (!TryTakeField(ref text, separator, out var value, out var isQuoted, out more))
            {
                return null;
            }

            fields.Add(TextOf(value, isQuoted));
        }

        return fields;
    }

    // False: the quotes of the field are broken, and nothing behind it can be told apart.
    private static bool TryTakeField(ref ReadOnlySpan<byte> rest, byte separator, out ReadOnlySpan<byte> value, out bool isQuoted, out bool more)
    {
        var end = 0;
        isQuoted = rest is [(byte)'"', ..];
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
                value = default;
                more = false;
                return false;
            }
        }
        else
        {
            end = rest.IndexOf(separator) is var next and >= 0 ? next : rest.Length;
        }

        value = isQuoted ? rest[1..(end - 1)] : rest[..end];
        more = end < rest.Length;
        rest = more ? rest[(end + 1)..] : [];
        return true;
    }

    private static string TextOf(ReadOnlySpan<byte> field, bool isQuoted) =>
        isQuoted ? Encoding.UTF8.GetString(field).Replace("\"\"", "\"", StringComparison.Ordinal) : Encoding.UTF8.GetString(field);
}
