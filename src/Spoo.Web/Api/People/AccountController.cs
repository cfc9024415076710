using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Web.Identity;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

[ApiController]
[Tags("Account")]
[NeedsAccount]
public sealed class AccountController(UserManager<SpooUser> users, SignInProviders providers, IAntiforgery antiforgery) : ControllerBase
{
    [EndpointSummary("Who is asking. A call with a cookie is also given the token that its changes have to bring")]
    [HttpGet("auth/me")]
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

        return Ok(new AccountAnswer(await AccountItem.OfAsync(user, users, providers)));
    }

    [EndpointSummary("The accounts elsewhere by which this one signs in, as far as they are such that spoo.me has too, and whether it has a password")]
    [HttpGet("oauth/providers")]
    [Limited(RateLimits.Account)]
    [ProducesResponseType<AuthProvidersAnswer>(200, "application/json", Description = "The accounts.")]
    public async Task<IActionResult> Providers() => await users.FindByIdAsync(User.Viewer().UserId!) is { } user
        ? Ok(new AuthProvidersAnswer([.. (await AuthProviderItem.OfAsync(user, users, providers)).Where(item => item.Provider is not null)], user.PasswordHash is not null))
        : ApiProblem.Of(Refusal.SignInFirst);
}

internal sealed record AuthProvidersAnswer(IReadOnlyList<AuthProviderItem> Providers, bool PasswordSet);

internal sealed record AccountAnswer(AccountItem User);

/// <param name="Plan">Always <c>free</c>: a self-hosted Spoo has everything.</param>
/// <param name="AuthProviders">Accounts elsewhere by which this one signs in.</param>
/// <param name="Pfp">A profile picture. Null: there is none.</param>
internal sealed record AccountItem(
    string Id,
    string Email,
    bool EmailVerified,
    string UserName,
    string Plan,
    bool PasswordSet,
    IReadOnlyList<AuthProviderItem> AuthProviders,
    string? Pfp)
{
    public static async Task<AccountItem> OfAsync(SpooUser user, UserManager<SpooUser> users, SignInProviders providers) => new(
        user.Id, user.Email!, user.EmailConfirmed, user.UserName!, "free", user.PasswordHash is not null, await AuthProviderItem.OfAsync(user, users, providers), null);
}

/// <param name="Provider">By its name in the settings, if that is one which spoo.me has too. Null: another one.</param>
/// <param name="Email">The address there, when it was connected.</param>
/// <param name="LinkedAt">Not kept.</param>
/// <param name="Name">What people call it.</param>
internal sealed record AuthProviderItem(string? Provider, string? Email, DateTimeOffset? LinkedAt, string Name)
{
    /// <summary>Clients of spoo.me know these and break on others.</summary>
    private static readonly string[] Official = ["google", "github", "discord"];

    public static async Task<IReadOnlyList<AuthProviderItem>> OfAsync(SpooUser user, UserManager<SpooUser> users, SignInProviders providers) =>
    [
        .. (await users.GetLoginsAsync(user)).Select(login => new AuthProviderItem(
            providers.WithIssuer(login.LoginProvider)?.Name is { } name && Official.Contains(name) ? name : null,
            login.ProviderDisplayName,
            null,
            providers.TitleOf(login.LoginProvider))),
    ];
}
