using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary>The controllers below <c>/api/v1</c>, the shape of their errors, and who may call them from where.</summary>
internal static class ApiServices
{
    public static void AddSpooApi(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddControllers(options => options.Filters.Add<CookieCallsNeedAntiforgery>())
            .AddJsonOptions(options => ApiJson.Configure(options.JsonSerializerOptions))
            .ConfigureApiBehaviorOptions(options =>
            {
                // An error that has no body yet gets one from ApiErrors.
                options.SuppressMapClientErrors = true;
                options.InvalidModelStateResponseFactory = context => ApiProblem.Of(Refusal.Malformed(
                    [.. from entry in context.ModelState
                        from error in entry.Value.Errors
                        select new FieldError(entry.Key.TrimStart('$', '.'), error.ErrorMessage)]));
            });
        builder.AddSpooHealth();
        builder.AddSpooReference();
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section);
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddAntiforgery(options => options.HeaderName = CookieCallsNeedAntiforgery.Header);
        builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin()
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            .WithHeaders("Authorization", "Content-Type", "Accept", ResponseHeaders.RequestId)
            .WithExposedHeaders(
                ApiProblem.CodeHeader, ResponseHeaders.RequestId, "Retry-After", "Content-Disposition",
                "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
            .SetPreflightMaxAge(TimeSpan.FromDays(1))));
    }

    /// <summary>Errors in the API's own shape, and calls from the scripts of any site, which browsers make without cookies.</summary>
    public static void UseSpooApi(this WebApplication app)
    {
        app.UseMiddleware<ApiErrors>();
        app.UseSpooReference();
        app.UseWhen(context => ApiPaths.IsApi(context.Request), api => api.UseCors());
    }

    /// <summary>The controllers, their reference, and how every part is.</summary>
    public static void MapSpooApi(this WebApplication app)
    {
        app.MapControllers();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealth();
    }

    /// <summary>Passwords and sign-ups by form, and pages that count for everybody, are limited as the API is, by network address.</summary>
    public static void UseFormLimits(this WebApplication app)
    {
        // Found wanting now, and not by the first caller.
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use((context, next) =>
        {
            var limit = (HttpMethods.IsPost(context.Request.Method), context.Request.Path.Value) switch
            {
                (true, SpooUrls.Login) => RateLimits.Login,
                (true, SpooUrls.LoginCode) => RateLimits.Login,
                (true, SpooUrls.ForgottenPassword) => RateLimits.PasswordReset,
                (true, SpooUrls.NewPassword or SpooUrls.ConfirmEmail) => RateLimits.MailedLink,
                (true, SpooUrls.Settings or SpooUrls.TwoFactor or SpooUrls.DeleteAccount) => RateLimits.Settings,
                (true, SpooUrls.Register or SpooUrls.Setup) => RateLimits.Register,
                (true, SpooUrls.Home) => RateLimits.Shorten,
                (false, { } path) when SpooUrls.IsPublicStats(path) => RateLimits.PublicPage,
                _ => null,
            };
            return limit is not null && limits.Count(context, limit)?.RetryAfter is { } wait
                ? RefuseAsync(context, wait)
                : next(context);
        });

        // Without a body, so that it becomes a page; and as if it had been asked for, because what was sent is not looked at.
        static Task RefuseAsync(HttpContext context, TimeSpan wait)
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }
    }

    /// <summary>A key that is presented and not valid is refused: never a silent step down to anonymous.</summary>
    public static void UseKeyCheck(this WebApplication app) => app.Use((context, next) =>
        ApiPaths.IsApi(context.Request)
        && ApiKeyAuthentication.TokenIn(context.Request) is not null
        && context.User.Identity?.IsAuthenticated != true
            ? ApiProblem.InvalidKey.WriteAsync(context)
            : next(context));
}
