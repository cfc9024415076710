using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Legacy;
using Spoo.Web.Api.Numbers;
using Spoo.Web.Api.ShortIo;
using Spoo.Web.Identity;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary>The controllers below <c>/api/v1</c>, the shape of their errors, and who may call them from where.</summary>
internal static class ApiServices
{
    /// <summary>What spoo.me's libraries say of themselves with every call.</summary>
    private const string ClientHeader = "X-Spoo-Client";

    public static void AddSpooApi(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddControllers(options =>
            {
                options.Filters.Add<CookieCallsNeedAntiforgery>();
                options.Filters.AddService<IgnoredParameters>();
            })
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
        builder.Services.AddSingleton<MatcherPolicy, SharedAddresses>();
        builder.Services.AddSingleton<IgnoredParameters>();
        builder.Services.AddSingleton<AddressMethods>();
        builder.Services.AddSingleton<OldTotals>();
        builder.Services.AddSingleton<LiveStreams>();
        builder.Services.AddSingleton<ShortIoDomains>();
        builder.AddSpooHealth();
        builder.AddSpooReference();
        builder.Services.AddAntiforgery(options => options.HeaderName = CookieCallsNeedAntiforgery.Header);
        builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin()
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            .WithHeaders("Authorization", "Content-Type", "Accept", "If-None-Match", "Last-Event-ID", ClientHeader, StatsAnswers.LinkPasswordHeader, ResponseHeaders.RequestId)
            .WithExposedHeaders(
                ApiProblem.CodeHeader, ResponseHeaders.RequestId, "Retry-After", "Content-Disposition", "ETag",
                "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
            .SetPreflightMaxAge(TimeSpan.FromDays(1))));
    }

    /// <summary>Errors in the API's own shape, and calls from the scripts of any site, which browsers make without cookies.</summary>
    public static void UseSpooApi(this WebApplication app)
    {
        // First, or a script that sent too much could not read that it did.
        app.UseWhen(context => ApiPaths.IsApi(context.Request) || OldApiAttribute.IsOf(context), api => api.UseCors());
        app.UseMiddleware<ApiErrors>();
        app.UseSpooReference();
    }

    /// <summary>The controllers, their reference, and how every part is.</summary>
    public static void MapSpooApi(this WebApplication app)
    {
        app.MapControllers().AnswerHead();
        app.MapNotOffered();
        app.MapOpenApi("/openapi/{documentName}.json").AnswerHead();
        app.MapHealth();
    }

    /// <summary>A key that is presented and not valid is refused: never a silent step down to anonymous.</summary>
    public static void UseKeyCheck(this WebApplication app) => app.Use((context, next) =>
        ApiPaths.IsApi(context.Request)
        && ApiKeyAuthentication.TokenIn(context.Request) is not null
        && context.User.Identity?.IsAuthenticated != true
            ? ApiProblem.InvalidKey.WriteAsync(context)
            : next(context));
}
