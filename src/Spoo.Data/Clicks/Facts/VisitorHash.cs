using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// Tells visitors apart without keeping who they are: a keyed 64-bit hash, whose key never leaves the installation. Two of ten
/// million visitors share a number with a probability of one in 370,000.
/// </summary>
public sealed class VisitorHash(byte[] key)
{
    private const int LongestAddress = 16;

    private readonly SipHash _addresses = new(HMACSHA256.HashData(key, "visitors by address"u8));

    /// <summary>The visitor at this address with this User-Agent. Made while the visitor waits, so by a hash that is quick for short texts.</summary>
    public long Of(IPAddress address, string? userAgent)
    {
        // One address has one spelling, whichever way the socket was opened.
        Span<byte> bytes = stackalloc byte[LongestAddress];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
        {
            bytes = bytes[12..length];
        }
        else
        {
            bytes = bytes[..length];
        }

        return _addresses.Of(bytes, userAgent is null ? [] : MemoryMarshal.AsBytes(userAgent.AsSpan()), (byte)(userAgent is null ? 0 : 1));
    }

    /// <summary>The visitor that an import calls by this name.</summary>
    public long OfName(string name) => ContentKey.Keyed(key, "name", name);

    /// <summary>The visitor of an import that has no addresses: all it has is what the browser said and where it was.</summary>
    public long OfTraits(string? userAgent, string? language, string? country, string? region, string? city) =>
        ContentKey.Keyed(key, "traits", userAgent, language, country, region, city);

    /// <summary>A key for another purpose, from which neither this one nor that of a third purpose can be found out.</summary>
    public byte[] KeyFor(string purpose, string? context) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{context}"));
}
