namespace Spoo.Data.Transfer;

/// <summary>A stream whose beginning can be looked at without being taken away. Disposing it disposes the stream below.</summary>
internal sealed class PeekStream(Stream stream) : ForwardStream
{
    private byte[] _ahead = [];
    private int _start;
    private int _end;
    private Exception? _failure;

    /// <summary>Up to this many bytes from the current position; fewer only where the stream ends before.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int length, CancellationToken cancellationToken)
    {
        if (_end - _start < length)
        {
            var ahead = new byte[length];
            _ahead.AsSpan(_start, _end - _start).CopyTo(ahead);
            (_ahead, _start, _end) = (ahead, 0, _end - _start);
            try
            {
                while (_end < length && _failure is null && await stream.ReadAsync(_ahead.AsMemory(_end), cancellationToken) is var read and > 0)
                {
                    _end += read;
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException)
            {
                // What came before it is good, and is read first.
                _failure = exception;
            }
        }

        return _ahead.AsMemory(_start, Math.Min(length, _end - _start));
    }

    /// <summary>Passes over bytes that have been looked at.</summary>
    public void Skip(int length) => _start += length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            return _failure is null ? await stream.ReadAsync(buffer, cancellationToken) : throw _failure;
        }

        var given = Math.Min(buffer.Length, _end - _start);
        _ahead.AsSpan(_start, given).CopyTo(buffer.Span);
        _start += given;
        if (_start == _end)
        {
            (_ahead, _start, _end) = ([], 0, 0);
        }

        return given;
    }

    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await base.DisposeAsync();
    }
}
