using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Words;

namespace Spoo.Web.Redirect;

/// <summary>Short links: <c>/{code}</c>, its preview and its password.</summary>
internal static class RedirectServices
{
    public static void AddSpooRedirects(this WebApplicationBuilder builder)
    {
        builder.AddSpooJournal();
        builder.Services.AddRouting(routes => routes.SetParameterPolicy<CodeConstraint>(CodeConstraint.Name));
        builder.Services.AddSingleton<PasswordProof>();
        builder.Services.AddSingleton<OwnVisits>();
        builder.Services.AddSingleton<RedirectMetrics>();
        builder.Services.AddSingleton<HostDoor>();
        builder.Services.AddSingleton<AllowedDomains>();
        builder.Services.AddSingleton<IOptionsChangeTokenSource<HostFilteringOptions>>(services => services.GetRequiredService<AllowedDomains>());
        builder.Services.AddSingleton<IPostConfigureOptions<HostFilteringOptions>>(services => services.GetRequiredService<AllowedDomains>());
        builder.Services.AddSingleton<LinkFinder>();
        builder.Services.AddSingleton<FolderedCodes>();
        builder.Services.AddSingleton<RedirectEndpoint>();
        builder.Services.AddSingleton<VisitorReports>();
        builder.Services.AddSingleton<DomainAnswers>();
    }

    /// <summary>
    /// Answers most visitors before anything else looks at the request: what pages and programs need would take most of the time.
    /// Nothing of theirs can be hidden by that, because no code can be the first part of one of their addresses.
    /// </summary>
    public static void UseRedirects(this WebApplication app)
    {
        // Made by the first visitor, when the database is ready.
        var redirect = new Lazy<RedirectEndpoint>(app.Services.GetRequiredService<RedirectEndpoint>);
        app.Use((context, next) => redirect.Value.TryFollow(context) ? Task.CompletedTask : next(context));
    }

    /// <summary>
    /// On other domains there are short links, and nothing else of this server: no page, no sign-in, no API. Behind routing, which has
    /// answered the links by then.
    /// </summary>
    public static void UseDomains(this WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<HostDoor>();
        var answer = Speaking(app, app.Services.GetRequiredService<DomainAnswers>().AnswerAsync);
        app.Use((context, next) => hosts.IsOnlyOne || BelongsToPages(context.Request) ? next(context) : answer(context));

        bool BelongsToPages(HttpRequest request) => request.Path == "/favicon.ico"
            || (hosts.DomainOf(request) is null && (IsForMachines(request.Path) || !hosts.IsUnknown(request)));
    }

    /// <summary>What asks for these, asks at whatever name it knows.</summary>
    private static bool IsForMachines(PathString path) => path == "/health" || path == "/health/ready" || path == "/metrics" || path == "/api/v1/domains/allowed";

    /// <summary>Every literal address wins over these, and none of their first parts can be a code; a test compares the two.</summary>
    public static void MapRedirects(this WebApplication app)
    {
        // Made by the first visitor, when the database is ready.
        var redirect = new Lazy<RedirectEndpoint>(app.Services.GetRequiredService<RedirectEndpoint>);

        // Following a link needs no sign-in, so what comes after routing would only cost time. All that is needed of it is the language.
        app.MapMethods("/{code:code}", [HttpMethods.Get, HttpMethods.Head], Speaking(app, context => redirect.Value.FollowAsync(context))).ShortCircuit();
        app.MapMethods("/{code:code}/{**rest}", [HttpMethods.Get, HttpMethods.Head], Speaking(app, context => redirect.Value.FollowAsync(context))).ShortCircuit();
        var unlock = Speaking(app, context => redirect.Value.UnlockAsync(context));
        var report = Speaking(app, app.Services.GetRequiredService<VisitorReports>().ReportAsync);
        app.MapPost("/{code:code}/password", unlock).ShortCircuit();
        app.MapPost("/{code:code}/report", report).ShortCircuit();
        if (app.Services.GetRequiredService<ShorteningOptions>().SlashesInCodes)
        {
            // A route has no room for anything behind several parts.
            app.MapPost("/{code:code}/{**rest}", context => FolderedCodes.TakeEnd(context) switch
            {
                "password" => unlock(context),
                "report" => report(context),
                _ => NotFoundAsync(context),
            }).ShortCircuit();
        }

        static Task NotFoundAsync(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }

    private static RequestDelegate Speaking(IEndpointRouteBuilder app, RequestDelegate answer)
    {
        var pipeline = app.CreateApplicationBuilder();
        pipeline.UseRequestLocalization(PageLanguages.OfVisitors);
        pipeline.Run(answer);
        return pipeline.Build();
    }
}
