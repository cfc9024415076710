using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity;

/// <summary>
/// Looks now and then, beside <see cref="SessionCircuit"/>, whether the person who opened a page is still signed in: a circuit lives on its
/// own and would not notice that its account was deleted, its password changed or all of its sessions ended.
/// </summary>
internal sealed class SessionRevalidation(
    ILoggerFactory loggers, IServiceScopeFactory scopes, Sessions sessions, IOptions<IdentityOptions> identity, IHostApplicationLifetime lifetime)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <summary>One small question to the database per open page, so not more often; also how long a cookie is believed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    /// <summary>From now on the page is a signed-out visitor's, and leads to where one signs in.</summary>
    public void End() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The page ends with the server, whose services may be gone already.
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        try
        {
            return await sessions.IsLiveAsync(authenticationState.User.SessionId(), authenticationState.User.Viewer().UserId, cancellationToken)
                && await users.GetUserAsync(authenticationState.User) is { } user
                && authenticationState.User.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(user);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // A database that is away says nothing about who is signed in; the next look will tell.
            return true;
        }
    }
}
