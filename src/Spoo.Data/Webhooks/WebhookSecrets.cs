using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Spoo.Data.Webhooks;

/// <summary>
/// Signing secrets: made, sealed for the database, and used. A receiver checks with the secret what this server signs, so that both have
/// to know it, and it cannot be kept as a hash.
/// </summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    public const string Start = "whsec_";

    /// <summary>For so long after a change the secret before signs as well, so that receivers can be changed without missing anything.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private const int Bytes = 24;
    private const int PrefixLength = 6;

    private readonly IDataProtector _protector = protection.CreateProtector("Spoo.Webhooks.Secret");

    /// <summary>A new secret, as its owner gets it and as it is stored.</summary>
    public (string Secret, string Sealed, string Prefix) Make()
    {
        var secret = Start + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
        return (secret, _protector.Protect(secret), secret[..(Start.Length + PrefixLength)]);
    }

    /// <summary>The secret as its owner got it. Null: it was sealed with a key that this server does not have.</summary>
    public string? Open(string sealedSecret)
    {
        try
        {
            return _protector.Unprotect(sealedSecret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A signature as Standard Webhooks describes it.</summary>
    internal static string Sign(string secret, string messageId, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret[Start.Length..]);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{messageId}.{timestamp}.{body}"))));
    }
}
