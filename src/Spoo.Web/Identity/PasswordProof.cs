using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Web.Identity;

/// <summary>
/// A cookie that says its bearer knew the password of one link. Signed and encrypted, good for ten minutes, and for that link and
/// that password only.
/// </summary>
internal sealed class PasswordProof(IDataProtectionProvider protection)
{
    private const string CookieName = "spoo-link";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Spoo.LinkPassword").ToTimeLimitedDataProtector();

    public void Give(HttpContext context, string code, KnownLink link) => Give(context, $"/{ShortCode.InPath(code)}", link.Id, link.PasswordHash);

    /// <param name="path">Where the cookie is good for, and below.</param>
    public void Give(HttpContext context, string path, long linkId, string? passwordHash) => context.Response.Cookies.Append(
        CookieName,
        _protector.Protect(Claim(linkId, passwordHash), Life),
        new CookieOptions
        {
            Path = $"{context.Request.PathBase}{path}",
            MaxAge = Life,
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    public bool IsIn(HttpContext context, KnownLink link) => IsIn(context, link.Id, link.PasswordHash);

    public bool IsIn(HttpContext context, long linkId, string? passwordHash)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } cookie)
        {
            return false;
        }

        try
        {
            return _protector.Unprotect(cookie) == Claim(linkId, passwordHash);
        }
        catch (CryptographicException)
        {
            // Too old, made up, or from before the keys were lost.
            return false;
        }
    }

    // A new password makes the proofs of the old one worthless.
    private static string Claim(long linkId, string? passwordHash) =>
        string.Create(CultureInfo.InvariantCulture, $"{linkId} {ContentKey.Of(passwordHash):x16}");
}
