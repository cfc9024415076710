using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity.Providers;

/// <summary>The framework's handler of OpenID Connect, once for each provider: code flow with PKCE, state and nonce.</summary>
internal static partial class ProviderHandlers
{
    /// <summary>What is remembered of a provider's token, to name the session that is to be ended there.</summary>
    public const string IdToken = OpenIdConnectParameterNames.IdToken;

    /// <summary>Longer ones (of people with many groups) would make every request longer than servers take.</summary>
    private const int MostOfToken = 2500;

    private const int MaxSubjectLength = 255;
    private const int MostReasons = 4;
    private const int MostOfReason = 400;

    private static readonly ILookup<string, string> NoClaims = Enumerable.Empty<string>().ToLookup(_ => "");

    /// <summary>A provider that is away keeps nobody waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddProviders(this AuthenticationBuilder authentication, SignInProviders providers)
    {
        foreach (var provider in providers.All)
        {
            authentication.AddOpenIdConnect(provider.Scheme, provider.Title, options => Set(options, provider));
        }
    }

    private static void Set(OpenIdConnectOptions options, SignInProvider provider)
    {
        options.Authority = provider.Options.Authority;
        options.ClientId = provider.Options.ClientId;
        options.ClientSecret = provider.Options.ClientSecret;
        options.RequireHttpsMetadata = provider.Options.Authority!.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.CallbackPath = "/" + ProviderAddress.Callback(provider.Name);

        // Short links could be called as the framework's own addresses are; signing out leads to a page of ours.
        options.SignedOutCallbackPath = default;
        options.RemoteSignOutPath = default;

        // The answer comes in the address, so that cookies need not be sent with what other sites post here.
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.Scope.Clear();
        foreach (var scope in provider.Options.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.DisableTelemetry = true;
        options.BackchannelTimeout = Patience;
        options.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = ProviderAddress.Here(
                    context.Request, context.HttpContext.RequestServices.GetRequiredService<ShorteningOptions>(), ProviderAddress.Callback(provider.Name));
                return Task.CompletedTask;
            },
            OnTokenValidated = context => ReadTokenAsync(context, provider),
            OnUserInformationReceived = context =>
            {
                context.Principal = ProviderIdentity.Of(provider, ClaimsOf(context.Principal!), ClaimsOf(context.User.RootElement)).ToPrincipal();
                return Task.CompletedTask;
            },
            OnTicketReceived = context =>
            {
                // Of a provider without the second address, only what stood in the token is known.
                if (context.Principal?.Identity?.AuthenticationType != IdentityConstants.ExternalScheme)
                {
                    context.Principal = ProviderIdentity.Of(provider, ClaimsOf(context.Principal!), NoClaims).ToPrincipal();
                }

                return Task.CompletedTask;
            },
            OnAccessDenied = context => FailAsync(context, provider, ProviderRefusal.Cancelled),
            OnRemoteFailure = context =>
            {
                // What is too old, was used already or began in another browser has no cookie here that goes with it.
                var isOver = context.Failure is AuthenticationFailureException;
                if (!isOver)
                {
                    SayItFailed(context.HttpContext, provider, context.Failure!);
                }

                return FailAsync(context, provider, isOver ? ProviderRefusal.Expired : ProviderRefusal.Broken);
            },
        };
    }

    /// <summary>Says in the log that a provider does not answer as it should.</summary>
    public static void SayItFailed(HttpContext context, SignInProvider provider, Exception exception)
    {
        // The provider's own words may be among them, and those come through the address.
        var reasons = new List<string>();
        for (var one = exception; one is not null && reasons.Count < MostReasons; one = one.InnerException)
        {
            reasons.Add(string.Concat(one.Message.Take(MostOfReason).Select(letter => char.IsControl(letter) ? ' ' : letter)));
        }

        Failed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Spoo.Providers"), provider.Name, string.Join(" / ", reasons.Distinct()));
    }

    private static Task ReadTokenAsync(TokenValidatedContext context, SignInProvider provider)
    {
        // The discovery's own rule (4.3): whoever can be asked at an address calls themselves by it.
        if (SignInProvider.Plain(context.SecurityToken.Issuer) != provider.Issuer)
        {
            context.Fail(new InvalidDataException($"it calls itself {context.SecurityToken.Issuer}; {ProviderOptions.Section}:{provider.Name}:{nameof(ProviderOptions.Authority)} should be that"));
        }
        else if (context.SecurityToken.Subject is not { Length: > 0 and <= MaxSubjectLength })
        {
            context.Fail(new InvalidDataException("its token names no subject of up to 255 characters"));
        }
        else if (context.TokenEndpointResponse?.IdToken is { Length: <= MostOfToken } token)
        {
            context.Properties!.StoreTokens([new AuthenticationToken { Name = IdToken, Value = token }]);
        }

        return Task.CompletedTask;
    }

    private static Task FailAsync<TOptions>(HandleRequestContext<TOptions> context, SignInProvider provider, ProviderRefusal why)
        where TOptions : AuthenticationSchemeOptions
    {
        context.Response.Redirect($"{context.Request.PathBase}/{ProviderAddress.Refused(provider.Name, why)}");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static ILookup<string, string> ClaimsOf(ClaimsPrincipal principal) => principal.Claims.ToLookup(claim => claim.Type, claim => claim.Value, StringComparer.Ordinal);

    private static ILookup<string, string> ClaimsOf(JsonElement user) => user.EnumerateObject()
        .SelectMany(property => (property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().AsEnumerable() : [property.Value])
            .Select(value => (property.Name, Value: value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ToString())))
        .ToLookup(claim => claim.Name, claim => claim.Value, StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Signing in with the provider {Provider} failed: {Reason}")]
    private static partial void Failed(ILogger logger, string provider, string reason);
}
