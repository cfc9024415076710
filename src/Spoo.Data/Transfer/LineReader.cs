
namespace Spoo.Data.Transfer;

/// <summary>
/// Cuts a stream into lines without ever holding more of it than two of the longest. What is longer is skipped, not kept.
/// </summary>
/// <param name="quoted">
/// Whether a line may go on behind a line break inside quotes, as in CSV. A quote that is never closed ends with its first line
/// instead of swallowing the rest of the file.
/// </param>
/// <param name="lineBreak">What ends a line; a carriage return before a line feed is left out.</param>
internal sealed class LineReader(Stream stream, bool quoted = false, byte lineBreak = (byte)'\n') : Records
{
    /// <summary>The longest line that is read, in bytes. The longest of a browser's fields together are a tenth of it.</summary>
    public const int MaxLength = 64 * 1024;

    private readonly byte[] _buffer = new byte[2 * MaxLength];
    private int _start;
    private int _end;
    private bool _atEnd;
    private long _next = 1;

    /// <summary>What separates the fields of a quoted line; a quote begins only after it.</summary>
    public byte Separator { get; set; } = (byte)',';

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // Mostly the line is in the buffer, whole.
        if (EndOf(_buffer.AsSpan(_start, _end - _start)) is var length and >= 0 and <= MaxLength)
        {
            (Number, IsTooLong) = (_next, false);
            Take(length);
            _start = Math.Min(_start + length + 1, _end);
            return ValueTask.FromResult(true);
        }

        return ReadFurtherAsync(cancellationToken);
    }

    private async ValueTask<bool> ReadFurtherAsync(CancellationToken cancellationToken)
    {
        Number = _next;
        IsTooLong = false;
        var length = await FindEndAsync(cancellationToken);
        if (length < 0)
        {
            return false;
        }

        Take(length);
        if (IsTooLong)
        {
            // Kept aside, because skipping the rest reads over it.
            Line = Line[..Math.Min(Line.Length, 256)].ToArray();
            _start += length;
            await SkipRestAsync(cancellationToken);
        }
        else
        {
            _start = Math.Min(_start + length + 1, _end);
        }

        return true;
    }

    private void Take(int length)
    {
        var line = _buffer.AsMemory(_start, length);
        _next += line.Span.Count(lineBreak) + 1;
        Line = line is { Length: > 0 } && line.Span[^1] == '\r' ? line[..^1] : line;
    }

    private int EndOf(ReadOnlySpan<byte> there) => quoted ? EndOfQuoted(there) : there.IndexOf(lineBreak);

    // The length of the line that begins at _start; -1 when there is none any more.
    private async ValueTask<int> FindEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var there = _buffer.AsSpan(_start, _end - _start);
            var length = EndOf(there);
            if (length >= 0 && length <= MaxLength)
            {
                return length;
            }

            if (there.Length <= MaxLength && !_atEnd)
            {
                await FillAsync(cancellationToken);
                continue;
            }

            // Either the end, a line too long, or a quote that is never closed.
            length = there.IndexOf(lineBreak);
            if (length < 0 && there.Length <= MaxLength)
            {
                return there.Length > 0 ? there.Length : -1;
            }

            IsTooLong = length is < 0 or > MaxLength;
            return IsTooLong ? MaxLength : length;
        }
    }

    // The line break behind the last field, or the end of the file; -1 where neither has been read yet or a quote is never closed.
    private int EndOfQuoted(ReadOnlySpan<byte> there)
    {
        var at = 0;
        while (there.Length > 0)
        {
            if (at < there.Length && there[at] == '"' && !TrySkipQuotes(there, ref at))
            {
                break;
            }

            var next = there[at..].IndexOfAny(Separator, lineBreak);
            if (next < 0)
            {
                return _atEnd ? there.Length : -1;
            }

            at += next;
            if (there[at] == lineBreak)
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private static bool TrySkipQuotes(ReadOnlySpan<byte> there, ref int at)
    {
        at++;
        while (there[at..].IndexOf((byte)'"') is var quote and >= 0)
        {
            at += quote + 1;
            if (at == there.Length || there[at] != '"')
            {
                return true;
            }

            at++;
        }

        return false;
    }

    private async ValueTask SkipRestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf(lineBreak);
            if (end >= 0)
            {
                _start += end + 1;
                return;
            }

            _start = _end;
            if (_atEnd)
            {
                return;
            }

            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _atEnd = read == 0;
    }
}
