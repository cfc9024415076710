using System.Text;

namespace Spoo.Data.Transfer;

/// <summary>
/// The rows that the statements of a database's dump insert into one table: <c>INSERT INTO `t` (`a`,`b`) VALUES (1,'x'),(2,'y');</c>. A
/// statement may have millions of them. Counted from 1.
/// </summary>
/// <param name="defaultColumns">The columns of a table that the dump does not describe. Null: it is none of these.</param>
internal sealed class SqlRows(Stream stream, Func<string, IReadOnlyList<string>, bool> isWanted, Func<string, IReadOnlyList<string>?> defaultColumns) : Records
{
    private const int MaxLength = LineReader.MaxLength;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _piece = new byte[MaxLength];
    private readonly Dictionary<string, IReadOnlyList<string>> _tables = [];
    private int _at;
    private int _end;
    private int _length;
    private State _state;
    private byte _quote;

    // Whether the byte before changes what this one means: \ in a text, * in a long comment.
    private bool _isEscaped;
    private int _depth;
    private long _count;
    private bool _isWanted;

    private enum State
    {
        Statement,
        Comment,
        LongComment,
        Values,
        Row,
    }

    /// <summary>The names of the columns of the current row.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_at < _end)
            {
                if (Take(_buffer[_at++]))
                {
                    (Number, IsTooLong) = (++_count, _length > MaxLength);
                    Line = _piece.AsMemory(0, Math.Min(_length, MaxLength));
                    _length = 0;
                    return true;
                }
            }

            (_at, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
            if (_end == 0)
            {
                return false;
            }
        }
    }

    /// <summary>The values of a row; null where there is none. Null altogether: it cannot be read.</summary>
    public static List<string?>? ValuesOf(string row)
    {
        var values = new List<string?>();
        for (var at = 0; ;)
        {
            while (at < row.Length && char.IsWhiteSpace(row[at]))
            {
                at++;
            }

            string? value;
            if (at < row.Length && row[at] is '\'' or '"')
            {
                (value, at) = Quoted(row, at);
                if (value is null)
                {
                    return null;
                }
            }
            else
            {
                var end = row.IndexOf(',', at) is var comma and >= 0 ? comma : row.Length;
                value = row[at..end].Trim();
                value = value.Equals("NULL", StringComparison.OrdinalIgnoreCase) ? null : value;
                at = end;
            }

            values.Add(value);
            while (at < row.Length && char.IsWhiteSpace(row[at]))
            {
                at++;
            }

            if (at >= row.Length)
            {
                return values;
            }

            if (row[at++] != ',')
            {
                return null;
            }
        }
    }

    private static (string? Value, int End) Quoted(string row, int at)
    {
        var (value, quote) = (new StringBuilder(), row[at]);
        for (at++; at < row.Length; at++)
        {
            if (row[at] == '\\' && at + 1 < row.Length)
            {
                at++;
                value.Append(row[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '0' => '\0', 'Z' => '\u001A', var other => other });
            }
            else if (row[at] == quote)
            {
                if (at + 1 == row.Length || row[at + 1] != quote)
                {
                    return (value.ToString(), at + 1);
                }

                value.Append(row[at++]);
            }
            else
            {
                value.Append(row[at]);
            }
        }

        return (null, at);
    }

    // True: a row is complete.
    private bool Take(byte c)
    {
        if (_state == State.Comment)
        {
            _state = c == '\n' ? State.Statement : State.Comment;
            return false;
        }

        if (_state == State.LongComment)
        {
            (_state, _isEscaped) = (_isEscaped && c == '/' ? State.Statement : State.LongComment, c == '*');
            return false;
        }

        if (_quote != 0)
        {
            Keep(c);
            (_quote, _isEscaped) = (!_isEscaped && c == _quote ? (byte)0 : _quote, !_isEscaped && c == '\\' && _quote != '`');
            return false;
        }

        _quote = _state != State.Values && c is (byte)'\'' or (byte)'"' or (byte)'`' ? c : (byte)0;
        switch (_state)
        {
            case State.Values:
                _state = c == '(' ? State.Row : c == ';' ? State.Statement : State.Values;
                (_depth, _length) = (1, 0);
                return false;
            case State.Row:
                _depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (_depth > 0)
                {
                    Keep(c);
                    return false;
                }

                _state = State.Values;
                return _isWanted;
            default:
                TakeOfStatement(c);
                return false;
        }
    }

    private void TakeOfStatement(byte c)
    {
        if (c == ';')
        {
            EndStatement();
            return;
        }

        if (_length == 0 && c is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t')
        {
            return;
        }

        Keep(c);
        if (_length == 1 && c == '#' || _length == 2 && _piece.AsSpan(0, 2).SequenceEqual("--"u8))
        {
            (_state, _length) = (State.Comment, 0);
        }
        else if (_length == 2 && _piece.AsSpan(0, 2).SequenceEqual("/*"u8))
        {
            // Also one that some servers carry out: none of these inserts anything.
            (_state, _length, _isEscaped) = (State.LongComment, 0, false);
        }
        else if (c is (byte)'S' or (byte)'s' && _length <= MaxLength && Ascii.EqualsIgnoreCase(_piece.AsSpan(Math.Max(0, _length - 6), Math.Min(6, _length)), "VALUES"u8))
        {
            BeginRows();
        }
    }

    private void Keep(byte c)
    {
        if (_length < MaxLength)
        {
            _piece[_length] = c;
        }

        _length++;
    }

    private void EndStatement()
    {
        var text = Text();
        _length = 0;
        if (text.StartsWith("CREATE TABLE", StringComparison.OrdinalIgnoreCase) && text.IndexOf('(', StringComparison.Ordinal) is var start and > 0 && _tables.Count < 1_000)
        {
            // A line for each column, and further ones for keys, which do not begin with a name in quotes.
            _tables[NameIn(text[..start])] =
            [
                .. text[(start + 1)..].Split('\n', StringSplitOptions.TrimEntries).Where(line => line is ['`' or '"', ..]).Select(line => line.Split(line[0])[1]),
            ];
        }
    }

    private void BeginRows()
    {
        var text = Text();
        if (!text.StartsWith("INSERT", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("REPLACE", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var list = text.IndexOf('(', StringComparison.Ordinal);
        var table = NameIn(list < 0 ? text[..^6] : text[..list]);
        var end = text.LastIndexOf(')');
        Columns = list > 0 && end > list
            ? [.. text[(list + 1)..end].Split(',').Select(name => name.Trim(' ', '`', '"', '\r', '\n', '\t'))]
            : _tables.GetValueOrDefault(table) ?? defaultColumns(table) ?? [];
        _isWanted = isWanted(table, Columns);
        (_state, _length) = (State.Values, 0);
    }

    private string Text() => Encoding.UTF8.GetString(_piece, 0, Math.Min(_length, MaxLength));

    private static string NameIn(string text) => text.TrimEnd().Split(' ', '\n', '.')[^1].Trim('`', '"', '\r');
}
