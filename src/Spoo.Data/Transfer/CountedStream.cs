namespace Spoo.Data.Transfer;

/// <summary>Counts what is read. Leaves the stream below open.</summary>
public sealed class CountedStream(Stream stream) : ForwardStream
{
    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        Count += read;
        return read;
    }
}
