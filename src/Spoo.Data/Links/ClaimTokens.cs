using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Links;

/// <summary>Proof of having made a link without an account. Random enough that its plain hash tells nothing.</summary>
internal static class ClaimTokens
{
    private const int Length = 32;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Make() => RandomNumberGenerator.GetString(Letters, Length);

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
