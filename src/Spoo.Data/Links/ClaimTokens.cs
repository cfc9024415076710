using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Links;

/// <summary>Proof of having made a link without an account. Random enough that its plain hash tells nothing.</summary>
internal static class ClaimTokens
{
    /// <summary>As long as spoo.me's, which its libraries check.</summary>
    private const int Length = 43;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Make() => RandomNumberGenerator.GetString(Letters, Length);

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
