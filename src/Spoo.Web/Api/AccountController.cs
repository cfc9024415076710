using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api;

[ApiController]
[Tags("Account")]
[Route("auth")]
[NeedsAccount]
public sealed class AccountController(UserManager<SpooUser> users, IAntiforgery antiforgery) : ControllerBase
{
    [EndpointSummary("Who is asking. A call with a cookie is also given the token that its changes have to bring")]
    [HttpGet("me")]
    [Limited(RateLimits.Account)]
    [ProducesResponseType<AccountAnswer>(200, "application/json", Description = "The account.")]
    public async Task<IActionResult> Me()
    {
        var viewer = User.Viewer();
        if (await users.FindByIdAsync(viewer.UserId!) is not { } user)
        {
            // The account was deleted while its cookie lived on.
            return ApiProblem.Of(Refusal.SignInFirst);
        }

        if (!viewer.IsKey)
        {
            Response.Headers[CookieCallsNeedAntiforgery.Header] = antiforgery.GetAndStoreTokens(HttpContext).RequestToken;
        }

        return Ok(new AccountAnswer(new AccountItem(
            user.Id,
            user.Email!,
            user.EmailConfirmed,
            user.UserName!,
            "free",
            user.PasswordHash is not null,
            user.PasswordHash is null ? [] : ["password"],
            null)));
    }
}

internal sealed record AccountAnswer(AccountItem User);

/// <param name="Plan">Always <c>free</c>: a self-hosted Spoo has everything.</param>
/// <param name="AuthProviders">How the account signs in.</param>
/// <param name="Pfp">A profile picture. Null: there is none.</param>
internal sealed record AccountItem(
    string Id,
    string Email,
    bool EmailVerified,
    string UserName,
    string Plan,
    bool PasswordSet,
    IReadOnlyList<string> AuthProviders,
    string? Pfp);
