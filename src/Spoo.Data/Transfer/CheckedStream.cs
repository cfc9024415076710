namespace Spoo.Data.Transfer;

/// <summary>A file of a ZIP archive that ends only where what was read has the archive's checksum of it. Disposing it disposes the stream below.</summary>
internal sealed class CheckedStream(Stream stream, uint checksum) : ForwardStream
{
    // The polynomial of ZIP, gzip and PNG, its lowest power first.
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Remainder)];

    private uint _sum = uint.MaxValue;

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && ~_sum != checksum)
        {
            throw new InvalidDataException("the archive is damaged: the checksum of the file is another");
        }

        foreach (var single in buffer.Span[..read])
        {
            _sum = Table[(byte)(_sum ^ single)] ^ (_sum >> 8);
        }

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

    private static uint Remainder(int number)
    {
        var value = (uint)number;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        }

        return value;
    }
}
