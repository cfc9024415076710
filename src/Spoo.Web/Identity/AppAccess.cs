using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>
/// The tokens with which programs call that an account has let in. They look like JSON Web Tokens, because programs read from them when they
/// end; what makes one genuine is a seal that only this installation makes and knows, and that the account has not shut the program out since.
/// </summary>
internal sealed class AppAccess(IDataProtectionProvider protection, AppGrants grants, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"spoo","typ":"JWT"}"""u8);

    private readonly IDataProtector _seals = protection.CreateProtector("AppAccess");

    /// <summary>Whether this could be such a token: keys of the API have no dots.</summary>
    public static bool LooksLikeOne(string token) => token.Count(letter => letter == '.') == 2;

    public string TokenFor(AppGrant grant, SpooUser user)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = "spoo",
            ["aud"] = "spoo.api",
            ["sub"] = grant.UserId,
            ["jti"] = grant.Id,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
            ["amr"] = new[] { "ext" },
            ["email"] = user.Email ?? "",
            ["email_verified"] = user.EmailConfirmed,
            ["plan"] = "free",
            ["app_id"] = grant.AppId,
            ["scp"] = grant.Scopes,
        };
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(_seals.Protect(SHA256.HashData(Encoding.ASCII.GetBytes(signed))))}";
    }

    /// <summary>What the program with this token may do. Null: the token is not genuine, has ended, or the account has shut the program out.</summary>
    public async Task<AppGrant?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var dot = token.LastIndexOf('.');
        if (dot < 0 || !IsSealed(token[..dot], token[(dot + 1)..]))
        {
            return null;
        }

        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(token[..dot].Split('.')[1]));
        return claims.GetProperty("exp").GetInt64() > clock.GetUtcNow().ToUnixTimeSeconds()
            ? await grants.UseAsync(claims.GetProperty("sub").GetString()!, claims.GetProperty("jti").GetString()!, cancellationToken)
            : null;
    }

    private bool IsSealed(string signed, string seal)
    {
        try
        {
            return CryptographicOperations.FixedTimeEquals(_seals.Unprotect(Base64Url.DecodeFromChars(seal)), SHA256.HashData(Encoding.ASCII.GetBytes(signed)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
