using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity;

/// <summary>Who people are: cookies for pages, API keys for programs.</summary>
internal static class AccountServices
{
    /// <summary>
    /// Chooses, request by request, between the key in the Authorization header and the cookie. A key has scopes, which only the doors
    /// for programs ask about; so it opens no page.
    /// </summary>
    private const string KeyOrCookie = "KeyOrCookie";

    public static void AddSpooAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
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
            .AddEntityFrameworkStores<SpooDbContext>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddSignInManager()
            .AddDefaultTokenProviders();

        services.AddAuthentication(options =>
            {
                options.DefaultScheme = KeyOrCookie;
                options.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
                options.DefaultChallengeScheme = IdentityConstants.ApplicationScheme;
            })
            .AddPolicyScheme(KeyOrCookie, null, options => options.ForwardDefaultSelector = context =>
                ApiPaths.IsApi(context.Request) && ApiKeyAuthentication.TokenIn(context.Request) is not null
                    ? ApiKeyAuthentication.Scheme
                    : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = "spoo";
            options.LoginPath = "/account/login";
            options.LogoutPath = "/account/logout";
            options.AccessDeniedPath = "/account/login";
            options.ReturnUrlParameter = "returnUrl";
            options.ExpireTimeSpan = TimeSpan.FromDays(30);
        });
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = SessionRevalidation.Interval);
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<OwnerSetup>();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();

        // Sessions outlive a restart.
        services.AddDataProtection().SetApplicationName("Spoo");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<IOptions<DataOptions>, ILoggerFactory>((keys, data, loggers) => keys.XmlRepository =
                new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(
                    new DirectoryInfo(data.Value.PathOf("keys")), loggers));
    }

    public static void MapAccountEndpoints(this WebApplication app)
    {
        app.MapPost("/account/logout", async (SignInManager<SpooUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("~/");
        });
    }
}
