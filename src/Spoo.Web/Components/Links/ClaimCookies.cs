using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;

namespace Spoo.Web.Components.Links;

/// <summary>
/// Remembers, in the browser of a visitor who is not signed in, which links they made; when they sign in there, the links become
/// theirs.
/// </summary>
internal static class ClaimCookies
{
    private const string Name = "spoo-made";
    private const char Separator = '.';

    /// <summary>A cookie has to fit into a header; the latest are kept.</summary>
    private const int MaxTokens = 20;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How many links wait in this browser for a sign-in.</summary>
    public static int Count(HttpContext context) => Tokens(context.Request).Length;

    public static void Add(HttpContext context, string token) => context.Response.Cookies.Append(
        Name,
        string.Join(Separator, Tokens(context.Request).TakeLast(MaxTokens - 1).Append(token)),
        new CookieOptions { Path = ServerPaths.CookiePath(context), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = Lifetime, IsEssential = true });

    /// <summary>Gives the links of this browser to the account that is signed in there now.</summary>
    public static void UseClaims(this WebApplication app) => app.Use(async (context, next) =>
    {
        var viewer = context.User.Viewer();
        if (viewer is { UserId: not null, IsKey: false }
            && HttpMethods.IsGet(context.Request.Method)
            && !ApiPaths.IsForPrograms(context.Request)
            && Tokens(context.Request) is { Length: > 0 } tokens)
        {
            try
            {
                var owners = context.RequestServices.GetRequiredService<LinkOwners>();
                foreach (var token in tokens)
                {
                    await owners.ClaimAsync(null, token, viewer, context.RequestAborted);
                }

                context.Response.Cookies.Delete(Name, new CookieOptions { Path = ServerPaths.CookiePath(context) });
            }
            catch (Exception exception) when (StoreFailure.Is(exception))
            {
                // The cookie stays, and the next page tries again; this one says itself that the database does not answer.
            }
        }

        await next(context);
    });

    private static string[] Tokens(HttpRequest request) =>
        request.Cookies[Name]?.Split(Separator, MaxTokens + 1, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 and <= MaxTokens } tokens ? tokens : [];
}
