namespace Spoo.Data.Transfer;

/// <summary>Counts what is read, and looks at the first bytes without taking them away. Leaves the stream below open.</summary>
public sealed class CountedStream(Stream stream) : Stream
{
    private readonly byte[] _first = new byte[2];
    private int _firstCount;
    private int _firstGiven;

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public async Task<bool> IsGzipAsync(CancellationToken cancellationToken)
    {
        _firstCount = await stream.ReadAtLeastAsync(_first, _first.Length, throwOnEndOfStream: false, cancellationToken);
        Count += _firstCount;
        return _firstCount == 2 && _first is [0x1F, 0x8B];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_firstGiven < _firstCount && buffer.Length > 0)
        {
            var given = Math.Min(buffer.Length, _firstCount - _firstGiven);
            _first.AsSpan(_firstGiven, given).CopyTo(buffer.Span);
            _firstGiven += given;
            return given;
        }

        var read = await stream.ReadAsync(buffer, cancellationToken);
        Count += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
