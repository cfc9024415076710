using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.Filters;
using Spoo.Web.Identity;

namespace Spoo.Web.Api;

/// <summary>
/// Browsers send cookies with requests that another site made up. So a call that changes something and is signed in by cookie has to
/// bring a token as well, which only our own pages can read: <c>GET /auth/me</c> gives it out. Keys are never sent unasked and
/// need none.
/// </summary>
internal sealed class CookieCallsNeedAntiforgery(IAntiforgery antiforgery) : IAsyncAuthorizationFilter
{
    /// <summary>The header of <c>GET /auth/me</c> that has the token, and of the calls that bring it back.</summary>
    public const string Header = "X-CSRF-Token";

    private static readonly ApiProblem Refused = new(
        StatusCodes.Status403Forbidden,
        "forbidden",
        $"a call with a cookie needs the header {Header} with the value that GET /auth/me gave out; a call with an API key does not");

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        var changesNothing = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var viewer = http.User.Viewer();
        if (!changesNothing && viewer is { UserId: not null, IsKey: false } && !await antiforgery.IsRequestValidAsync(http))
        {
            context.Result = Refused;
        }
    }
}
