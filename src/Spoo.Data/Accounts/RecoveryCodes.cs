using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Accounts;

/// <summary>
/// Recovery codes as they are kept: hashed, each with a salt. They are too long to be tried out, so a quick hash does
/// (NIST SP 800-63B, look-up secrets).
/// </summary>
public static class RecoveryCodes
{
    private const string Start = "sha256.";
    private const int SaltBytes = 16;
    private const int Groups = 4;
    private const int GroupLength = 5;

    /// <summary>No vowels, so that chance writes no words, and nothing that looks like something else.</summary>
    private const string Letters = "23456789BCDFGHJKMNPQRTVWXY";

    /// <summary>A code that has not been seen before, of 94 bits: <c>XXXXX-XXXXX-XXXXX-XXXXX</c>.</summary>
    public static string New() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));

    public static bool IsHash(string kept) => kept.StartsWith(Start, StringComparison.Ordinal);

    public static string Hash(string code) => Hash(code, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes)));

    /// <summary>Whether this is the code. What was kept by earlier versions as it is, is compared as it is.</summary>
    public static bool Matches(string kept, string code) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(kept),
        Encoding.UTF8.GetBytes(IsHash(kept) && kept.Split('.') is [_, var salt, _] ? Hash(code, salt) : code));

    private static string Hash(string code, string salt) =>
        $"{Start}{salt}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + code.ToUpperInvariant())))}";
}
