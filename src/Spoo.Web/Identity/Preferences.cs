using Microsoft.AspNetCore.Localization;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity;

/// <summary>How an account wants its pages, where a browser has to be told.</summary>
internal static class Preferences
{
    /// <summary>Lets this browser ask for the account's language from now on, or for its own again.</summary>
    public static void Keep(HttpContext context, SpooUser? user)
    {
        var cookie = CookieRequestCultureProvider.DefaultCookieName;
        if (user?.Language is { } language)
        {
            context.Response.Cookies.Append(
                cookie,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
                new CookieOptions
                {
                    Path = ServerPaths.CookiePath(context),
                    MaxAge = TimeSpan.FromDays(400),
                    HttpOnly = true,
                    IsEssential = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = context.Request.IsHttps,
                });
        }
        else
        {
            context.Response.Cookies.Delete(cookie, new CookieOptions { Path = ServerPaths.CookiePath(context) });
        }
    }
}
