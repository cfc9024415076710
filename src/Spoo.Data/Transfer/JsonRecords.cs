using System.Text.Json;

namespace Spoo.Data.Transfer;

/// <summary>
/// The objects of a list in a JSON document, one after the other, as the answers of programs have them: <c>[{…},{…}]</c>, or
/// <c>{"visits":{"data":[{…},{…}]}}</c>, or numbered, <c>{"links":{"link_1":{…},"link_2":{…}}}</c>. Counted from 1, because such a document often has one line only.
/// </summary>
/// <param name="start">Where in the document the list begins: <see cref="StartIn"/>.</param>
internal sealed class JsonRecords(Stream stream, int start) : Records
{
    /// <summary>The longest object that is read, in bytes.</summary>
    public const int MaxLength = 256 * 1024;

    private readonly byte[] _buffer = new byte[2 * MaxLength];
    private int _at;
    private int _end;
    private int _toSkip = start + 1;
    private long _count;
    private bool _isOver;

    /// <summary>The byte at which the first list of objects begins. Null: there is none in this beginning of a document.</summary>
    public static int? StartIn(ReadOnlySpan<byte> head)
    {
        try
        {
            var json = new Utf8JsonReader(head, isFinalBlock: false, default);
            long? list = null;
            long? around = null;
            while (json.Read())
            {
                if (list is not null && json.TokenType == JsonTokenType.StartObject)
                {
                    return (int)list;
                }

                around = json.TokenType == JsonTokenType.StartObject ? json.TokenStartIndex : around;
                list = json.TokenType switch
                {
                    JsonTokenType.StartArray => json.TokenStartIndex,

                    // YOURLS numbers what others put into a list.
                    JsonTokenType.PropertyName when json.ValueTextEquals("link_1"u8) => around,
                    _ => null,
                };
            }
        }
        catch (JsonException)
        {
            // No document, whatever it is.
        }

        return null;
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Number = ++_count;
        (Line, IsTooLong) = (default, false);
        if (_isOver || !await FindObjectAsync(cancellationToken))
        {
            _isOver = true;
            return false;
        }

        var (from, depth, isText, isEscaped) = (_at, 0, false, false);
        for (var at = _at; ; at++)
        {
            if (at == _end)
            {
                if (at - from >= MaxLength)
                {
                    // Its end is still to be found, so that the next one is.
                    (Line, IsTooLong) = (IsTooLong ? Line : _buffer.AsMemory(from, 256).ToArray(), true);
                    from = at;
                }

                var moved = from;
                _at = from;
                if (!await FillAsync(cancellationToken))
                {
                    _isOver = true;
                    Line = IsTooLong ? Line : _buffer.AsMemory(_at, _end - _at);
                    return true;
                }

                (from, at) = (0, at - moved);
            }

            var here = _buffer[at];
            if (isText)
            {
                (isText, isEscaped) = (isEscaped || here != '"', !isEscaped && here == '\\');
                continue;
            }

            isText = here == '"';
            depth += here is (byte)'{' or (byte)'[' ? 1 : here is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth == 0)
            {
                IsTooLong |= at + 1 - from > MaxLength;
                Line = IsTooLong && !Line.IsEmpty ? Line : _buffer.AsMemory(from, at + 1 - from);
                _at = at + 1;
                return true;
            }
        }
    }

    // False: the list is over.
    private async ValueTask<bool> FindObjectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var skipped = Math.Min(_toSkip, _end - _at);
            (_at, _toSkip) = (_at + skipped, _toSkip - skipped);
            while (_toSkip == 0 && _at < _end)
            {
                switch (_buffer[_at])
                {
                    case (byte)'{':
                        return true;
                    case (byte)']' or (byte)'}':
                        return false;
                    default:
                        _at++;
                        break;
                }
            }

            if (!await FillAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    // Keeps what lies behind _at.
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
