using Microsoft.AspNetCore.Diagnostics;
using Spoo.Web.Api;

namespace Spoo.Web;

/// <summary>A page where there is no answer, with the status that the request got.</summary>
internal static class NotFoundAnswers
{
    public static void UseNotFoundPage(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);

        var methods = app.Services.GetRequiredService<AddressMethods>();
        app.Use(async (context, next) =>
        {
            var isDrawnForAnother = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
            var path = context.Request.Path;
            await next(context);
            if (isDrawnForAnother)
            {
                return;
            }

            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } && context.GetEndpoint() is not RouteEndpoint)
            {
                // Where no page and no call is, a short link may be.
                context.Response.Headers.Allow = methods.Of(path) is { Count: > 0 } taken ? string.Join(", ", taken) : $"{HttpMethods.Get}, {HttpMethods.Head}";
            }

            if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null, ContentType: null or "" } && !HttpMethods.IsHead(context.Request.Method))
            {
                // The page is looked for next, and what was sent here is none of it: it would be refused there, with nothing at all.
                context.Request.Method = HttpMethods.Get;
            }
        });
    }
}
