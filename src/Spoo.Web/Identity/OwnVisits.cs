using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity;

/// <summary>
/// A cookie that marks a browser as the owner's: its visits to that owner's links are redirected and not counted. Signed, because an
/// uncounted visit does not use up a link's limit either.
/// </summary>
internal sealed class OwnVisits(IDataProtectionProvider protection)
{
    private const string CookieName = "spoo-own";

    private readonly IDataProtector _protector = protection.CreateProtector("Spoo.OwnVisits");

    public void Mark(HttpContext context, string ownerId) => context.Response.Cookies.Append(
        CookieName,
        _protector.Protect(ownerId),
        new CookieOptions
        {
            Path = ServerPaths.CookiePath(context),
            MaxAge = TimeSpan.FromDays(400),
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });

    public static void Unmark(HttpContext context) => context.Response.Cookies.Delete(CookieName, new CookieOptions { Path = ServerPaths.CookiePath(context) });

    /// <summary>Whose browser this is. Null: not known.</summary>
    public string? OwnerIn(HttpContext context)
    {
        if (!IsMentionedIn(context.Request) || context.Request.Cookies[CookieName] is not { Length: > 0 } cookie)
        {
            return null;
        }

        try
        {
            return _protector.Unprotect(cookie);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether there is anything to look at more closely; says no at once to nearly all visitors.</summary>
    public static bool IsMentionedIn(HttpRequest request) =>
        request.Headers.Cookie is { Count: > 0 } cookies && cookies.ToString().Contains(CookieName, StringComparison.Ordinal);

    /// <summary>Whether the owner of this link looks at it.</summary>
    public bool IsIn(HttpContext context, KnownLink link) => link.OwnerId is { } owner && OwnerIn(context) == owner;
}
