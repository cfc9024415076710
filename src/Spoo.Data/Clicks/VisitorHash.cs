using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks;

/// <summary>
/// Tells visitors apart without keeping who they are: a keyed 64-bit hash, whose key never leaves the installation. Two of ten
/// million visitors share a number with a probability of one in 370,000.
/// </summary>
public sealed class VisitorHash(byte[] key)
{
    /// <summary>The visitor at this address with this User-Agent.</summary>
    public long Of(string address, string? userAgent) => ContentKey.Keyed(key, "address", address, userAgent);

    /// <summary>The visitor that an import calls by this name.</summary>
    public long OfName(string name) => ContentKey.Keyed(key, "name", name);

    /// <summary>The visitor of an import that has no addresses: all it has is what the browser said and where it was.</summary>
    public long OfTraits(string? userAgent, string? language, string? country, string? region, string? city) =>
        ContentKey.Keyed(key, "traits", userAgent, language, country, region, city);

    /// <summary>A key for another purpose, from which neither this one nor that of a third purpose can be found out.</summary>
    public byte[] KeyFor(string purpose, string? context) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{context}"));
}
