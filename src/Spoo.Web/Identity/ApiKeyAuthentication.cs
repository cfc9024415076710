using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity;

/// <summary>
/// Recognises <c>Authorization: Bearer spoo_…</c>, and where Short.io's clients call also the key alone. A key that is presented but
/// not valid is refused, never ignored.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyService keys)
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

        var key = await keys.FindAsync(token, Context.RequestAborted);
        if (key is null)
        {
            return AuthenticateResult.Fail("The API key is unknown, revoked or expired.");
        }

        var identity = new ClaimsIdentity(Scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, key.OwnerId));
        identity.AddClaim(new Claim(Viewers.KeyClaim, key.Id));
        identity.AddClaims(key.Scopes.Select(scope => new Claim(Viewers.ScopeClaim, scope)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }
}
