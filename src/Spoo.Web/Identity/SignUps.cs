using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>
/// An account that a person asked for and that is not made yet: address and hash of the password travel, sealed, in the link that is
/// mailed. So a person who cannot read the mails of an address makes no account with it, and no row says that they tried.
/// </summary>
internal sealed class SignUps(IDataProtectionProvider protection, IPasswordHasher<SpooUser> hasher, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Spoo.SignUp").ToTimeLimitedDataProtector();

    public string Seal(string email, string password)
    {
        var user = SpooUser.New(email, clock.GetUtcNow());
        return _protector.Protect(JsonSerializer.Serialize(new Asked(email, hasher.HashPassword(user, password))), clock.GetUtcNow() + Life);
    }

    /// <summary>The account that this link makes, for the person who knows the password that was chosen. Null: it is too old or not complete.</summary>
    public SpooUser? Open(string? code)
    {
        try
        {
            return code is not null && JsonSerializer.Deserialize<Asked>(_protector.Unprotect(code)) is { } asked
                ? SpooUser.New(asked.Email, clock.GetUtcNow(), asked.PasswordHash)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public bool Matches(SpooUser user, string password) =>
        hasher.VerifyHashedPassword(user, user.PasswordHash!, password) != PasswordVerificationResult.Failed;

    private sealed record Asked(string Email, string PasswordHash);
}
