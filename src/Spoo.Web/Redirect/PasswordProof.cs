using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Spoo.Data.Clicks;
using Spoo.Data.Links;

namespace Spoo.Web.Redirect;

/// <summary>
/// A cookie that says its bearer knew the password of one link. Signed and encrypted, good for ten minutes, and for that link and
/// that password only.
/// </summary>
internal sealed class PasswordProof(IDataProtectionProvider protection)
{
    private const string CookieName = "spoo-link";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Spoo.LinkPassword").ToTimeLimitedDataProtector();

    public void Give(HttpContext context, string code, KnownLink link) => context.Response.Cookies.Append(
        CookieName,
        _protector.Protect(Claim(link), Life),
        new CookieOptions
        {
            Path = $"{context.Request.PathBase}/{code}",
            MaxAge = Life,
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    public bool IsIn(HttpContext context, KnownLink link)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } cookie)
        {
            return false;
        }

        try
        {
            return _protector.Unprotect(cookie) == Claim(link);
        }
        catch (CryptographicException)
        {
            // Too old, made up, or from before the keys were lost.
            return false;
        }
    }

    // A new password makes the proofs of the old one worthless.
    private static string Claim(KnownLink link) =>
        string.Create(CultureInfo.InvariantCulture, $"{link.Id} {ContentKey.Of(link.PasswordHash):x16}");
}
