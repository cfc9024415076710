using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity;

/// <summary>
/// Recognises <c>Authorization: Bearer spoo_…</c> and the tokens of connected apps, and where Short.io's clients call also the key alone. A key that is presented but
/// not valid is refused, never ignored.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyService keys, AppAccess apps)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    /// <summary>The token of a request. Null: none was presented.</summary>
    public static string? TokenIn(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim() is { Length: > 0 } token ? token : null;
        }

        return ApiPaths.IsShortIo(request) && header.Trim() is { Length: > 0 } alone ? alone : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenIn(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (AppAccess.LooksLikeOne(token))
        {
            return await apps.FindAsync(token, Context.RequestAborted) is { } grant
                ? Success(grant.UserId, grant.Id, grant.Scopes)
                : AuthenticateResult.Fail("The app's token is unknown, has ended, or was revoked.");
        }

        return await keys.FindAsync(token, Context.RequestAborted) is { } key
            ? Success(key.OwnerId, key.Id, key.Scopes)
            : AuthenticateResult.Fail("The API key is unknown, revoked or expired.");
    }

    /// <summary>Who acts for an account: a key, or an app that it has let in, which is treated as one.</summary>
    private static AuthenticateResult Success(string ownerId, string id, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(Scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, ownerId));
        identity.AddClaim(new Claim(Viewers.KeyClaim, id));
        identity.AddClaims(scopes.Select(scope => new Claim(Viewers.ScopeClaim, scope)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }
}
