using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity.Providers;

/// <summary>
/// Signing out at the provider, too. A page of ours leads there and not the answer to the form, because browsers apply the policy about where
/// forms lead to that.
/// </summary>
internal sealed class ProviderSignOut(
    SignInProviders providers, IOptionsMonitor<OpenIdConnectOptions> handlers, ShorteningOptions links, IDataProtectionProvider protection)
{
    private const string CookieName = "spoo-sign-out";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Spoo.SignOut").ToTimeLimitedDataProtector();

    /// <summary>Where the session ends at the provider with which this one began. Null: with none, or it ends none.</summary>
    public async Task<string?> AddressAsync(HttpContext http)
    {
        if (providers.Find(http.User.FindFirst(Viewers.ProviderClaim)?.Value) is not { } provider)
        {
            return null;
        }

        var options = handlers.Get(provider.Scheme);
        OpenIdConnectConfiguration known;
        try
        {
            known = await options.ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
        }
        catch (InvalidOperationException exception)
        {
            // A provider that is away keeps nobody signed in here.
            ProviderHandlers.SayItFailed(http, provider, exception);
            return null;
        }

        if (!Uri.TryCreate(known.EndSessionEndpoint, UriKind.Absolute, out var end) || (end.Scheme != Uri.UriSchemeHttps && options.RequireHttpsMetadata))
        {
            return null;
        }

        var parameters = new Dictionary<string, string?>
        {
            [OpenIdConnectParameterNames.ClientId] = options.ClientId,
            [OpenIdConnectParameterNames.PostLogoutRedirectUri] = ProviderAddress.Here(http.Request, links, SpooUrls.SignedOut),
        };
        if (await http.GetTokenAsync(IdentityConstants.ApplicationScheme, ProviderHandlers.IdToken) is { } token)
        {
            parameters[OpenIdConnectParameterNames.IdTokenHint] = token;
        }

        return QueryHelpers.AddQueryString(end.AbsoluteUri, parameters);
    }

    /// <summary>For the page that leads there.</summary>
    public void Keep(HttpContext http, string address) => http.Response.Cookies.Append(CookieName, _protector.Protect(address, Life), Options(http, Life));

    /// <summary>Where that page leads, once. Null: nowhere.</summary>
    public string? Take(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { Length: > 0 } cookie)
        {
            return null;
        }

        http.Response.Cookies.Delete(CookieName, Options(http, null));
        try
        {
            return _protector.Unprotect(cookie);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http, TimeSpan? life) => new()
    {
        Path = ServerPaths.CookiePath(http),
        MaxAge = life,
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
    };
}
