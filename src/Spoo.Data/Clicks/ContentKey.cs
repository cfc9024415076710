using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks;

/// <summary>
/// A 64-bit key made from texts: the first bytes of SHA-256 over them. A null text and an empty one differ. With a million
/// different entries the chance that any two share a key is below one in thirty million.
/// </summary>
public static class ContentKey
{
    public static long Of(params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, parts);
        return Finish(hash);
    }

    /// <summary>As <see cref="Of"/>, but not to be found out by trying values: the result depends on a secret, too.</summary>
    public static long Keyed(ReadOnlySpan<byte> secret, params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        Append(hash, parts);
        return Finish(hash);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<string?> parts)
    {
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // The length before each text keeps ("ab", "c") apart from ("a", "bc").
            var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }

    private static long Finish(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64LittleEndian(digest);
    }
}
