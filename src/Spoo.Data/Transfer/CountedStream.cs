using System.Security.Cryptography;

namespace Spoo.Data.Transfer;

/// <summary>Counts and hashes what is read. Leaves the stream below open, and can be read on when a reader of a part has disposed it.</summary>
public sealed class CountedStream(Stream stream) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        Count += read;
        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    /// <summary>SHA-256 of all there is, in hexadecimal digits. What is not read yet is passed over.</summary>
    public async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        await CopyToAsync(Null, cancellationToken);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }
}
