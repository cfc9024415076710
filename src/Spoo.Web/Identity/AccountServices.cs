using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Limits;

namespace Spoo.Web.Identity;

/// <summary>Who people are: cookies for pages, API keys for programs.</summary>
internal static class AccountServices
{
    /// <summary>
    /// Chooses, request by request, between the key in the Authorization header and the cookie. A key has scopes, which only the doors
    /// for programs ask about; so it opens no page.
    /// </summary>
    private const string KeyOrCookie = "KeyOrCookie";

    private const string CircuitPath = "/_blazor";

    public static void AddSpooAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        // It has no state, and services that live as long as the program use it.
        services.AddSingleton<IPasswordHasher<SpooUser>, PasswordHasher<SpooUser>>();
        services.AddIdentityCore<SpooUser>(options =>
            {
                options.User.RequireUniqueEmail = true;

                // Length is what makes a password strong; rules about its letters make it weak and forgotten (NIST SP 800-63B).
                options.Password = new PasswordOptions
                {
                    RequiredLength = 8,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<SpooDbContext>()
            .AddUserStore<SpooUserStore>()
            .AddUserManager<SpooUsers>()
            .AddPasswordValidator<CommonPasswords>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddSignInManager<SpooSignIn>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<OnceAuthenticator>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // One takes the place of password and code, so the device makes sure of the person; and it knows whose it is, so no address is entered.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = LinkPassword.Iterations);

        var providers = SignInProviders.Read(builder.Configuration);
        var authentication = services.AddAuthentication(options =>
            {
                options.DefaultScheme = KeyOrCookie;
                options.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
                options.DefaultChallengeScheme = IdentityConstants.ApplicationScheme;
            })
            .AddPolicyScheme(KeyOrCookie, null, options => options.ForwardDefaultSelector = context =>
                ApiPaths.IsApi(context.Request) && ApiKeyAuthentication.TokenIn(context.Request) is not null
                    ? ApiKeyAuthentication.Scheme
                    : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null);
        authentication.AddIdentityCookies();
        authentication.AddProviders(providers);
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = "spoo";
            options.LoginPath = "/" + SpooUrls.Login;
            options.LogoutPath = "/" + SpooUrls.Logout;
            options.ReturnUrlParameter = ReturnUrls.Parameter;

            // Moves on with every visit; the session itself ends after Sessions.Life, however often it is used.
            options.ExpireTimeSpan = TimeSpan.FromDays(14);
            options.Events.OnValidatePrincipal = ValidateAsync;
            options.Events.OnRedirectToLogin = context =>
            {
                // The script of an open page follows no redirect to a page.
                if (context.Request.Path.StartsWithSegments(CircuitPath, StringComparison.Ordinal))
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.ContentLength = 0;
                }
                else
                {
                    var (request, asked) = (context.Request, context.Request.Path + context.Request.QueryString);
                    context.Response.Redirect($"{request.PathBase}/{SpooUrls.LoginThen(asked)}");
                }

                return Task.CompletedTask;
            };

            // Of what only administrators see, others learn no more than that it is not theirs.
            options.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = SessionRevalidation.Interval;
            options.OnRefreshingPrincipal = context =>
            {
                foreach (var claim in context.CurrentPrincipal?.Claims.Where(claim => claim.Type is Viewers.SessionClaim or Viewers.ProviderClaim) ?? [])
                {
                    context.NewPrincipal?.Identities.First().AddClaim(new Claim(claim.Type, claim.Value));
                }

                return Task.CompletedTask;
            };
        });
        services.AddSingleton(new AppOptions(builder.Configuration.GetSection(AppOptions.Section).Get<Dictionary<string, AppOptions.App>>() ?? []));
        services.AddSingleton<AppAccess>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton(providers);
        services.AddSingleton<PasswordDoor>();
        services.AddSingleton<ProviderTickets>();
        services.AddScoped<ProviderSignIn>();
        services.AddScoped<ProviderEndpoints>();
        services.AddScoped<ProviderSignOut>();
        services.AddScoped<OwnProof>();
        services.AddScoped<WaysIn>();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<CircuitHandler, SessionCircuit>();
        services.AddScoped<OwnerSetup>();
        services.AddScoped<InvitedSignUp>();
        services.AddScoped<AdminPeople>();
        services.AddSingleton<SignUps>();
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section);
        services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateDataAnnotations()
            .Validate(
                options => options.PathBase.Length == 0 || ServerOptions.IsPath(options.PathBase),
                "Server:PathBase should be a path such as /go, with a slash at its start and none at its end")
            .ValidateOnStart();
        services.AddSingleton<UnknownProxies>();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();

        // Sessions outlive a restart.
        services.AddDataProtection().SetApplicationName("Spoo");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<IOptions<DataOptions>, ILoggerFactory>((keys, data, loggers) => keys.XmlRepository =
                new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(
                    new DirectoryInfo(data.Value.PathOf("keys")), loggers));
    }

    /// <summary>Only pages of people who are signed in have a circuit; others get none.</summary>
    public static void RequireSignInForCircuits(this IEndpointConventionBuilder pages) => pages.Add(endpoint =>
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path }
            && path.Trim('/') is "_blazor" or "_blazor/negotiate" or "_blazor/disconnect")
        {
            endpoint.Metadata.Add(new AuthorizeAttribute());
            if (path.Trim('/') == "_blazor")
            {
                endpoint.Metadata.Add(new StaysOpen());
            }
        }
    });

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (await sessions.IsLiveAsync(context.Principal?.SessionId(), context.Principal?.Viewer().UserId, context.HttpContext.RequestAborted))
        {
            await SecurityStampValidator.ValidatePrincipalAsync(context);
        }
        else
        {
            context.RejectPrincipal();
        }
    }

    public static void MapAccountEndpoints(this WebApplication app)
    {
        app.MapPost("/" + SpooUrls.Logout, async (HttpContext http, SignInManager<SpooUser> signIn, ProviderSignOut elsewhere) =>
        {
            var address = await elsewhere.AddressAsync(http);
            await signIn.SignOutAsync();
            if (address is null)
            {
                return Results.LocalRedirect("~/");
            }

            elsewhere.Keep(http, address);
            return Results.LocalRedirect("~/" + SpooUrls.SignedOut);
        });
        ProviderEndpoints.Map(app);
        PasskeyEndpoints.Map(app);
    }
}
