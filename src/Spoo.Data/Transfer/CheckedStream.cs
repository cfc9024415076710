using System.IO.Hashing;

namespace Spoo.Data.Transfer;

/// <summary>A file of a ZIP archive that ends only where what was read has the archive's checksum of it. Disposing it disposes the stream below.</summary>
internal sealed class CheckedStream(Stream stream, uint checksum) : ForwardStream
{
    private readonly Crc32 _sum = new();

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && _sum.GetCurrentHashAsUInt32() != checksum)
        {
            throw new InvalidDataException("the archive is damaged: the checksum of the file is another");
        }

        _sum.Append(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
