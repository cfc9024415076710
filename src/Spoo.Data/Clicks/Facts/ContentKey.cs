using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// A 64-bit key made from texts: the first bytes of SHA-256 over them. A null text and an empty one differ. With a million
/// different entries the chance that any two share a key is below one in thirty million.
/// </summary>
public static class ContentKey
{
    private const int LengthBytes = sizeof(int);
    private const int OnStack = 1024;

    private delegate void Digest(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> content, Span<byte> digest);

    public static long Of(params ReadOnlySpan<string?> parts) =>
        Of([], parts, static (_, content, digest) => SHA256.HashData(content, digest));

    /// <summary>As <see cref="Of(ReadOnlySpan{string?})"/>, but not to be found out by trying values: the result depends on a secret, too.</summary>
    public static long Keyed(ReadOnlySpan<byte> secret, params ReadOnlySpan<string?> parts) =>
        Of(secret, parts, static (secret, content, digest) => HMACSHA256.HashData(secret, content, digest));

    // Several keys are made for every click, so the texts are laid out in one piece and hashed in one call.
    private static long Of(ReadOnlySpan<byte> secret, ReadOnlySpan<string?> parts, Digest hash)
    {
        var size = 0;
        foreach (var part in parts)
        {
            size += LengthBytes + Encoding.UTF8.GetMaxByteCount(part?.Length ?? 0);
        }

        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var content = rented ?? stackalloc byte[OnStack];
        var length = 0;
        foreach (var part in parts)
        {
            // The length before each text keeps ("ab", "c") apart from ("a", "bc").
            var bytes = part is null ? -1 : Encoding.UTF8.GetBytes(part, content[(length + LengthBytes)..]);
            BinaryPrimitives.WriteInt32LittleEndian(content[length..], bytes);
            length += LengthBytes + Math.Max(bytes, 0);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash(secret, content[..length], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(digest);
    }
}
