using Microsoft.AspNetCore.Diagnostics;

namespace Spoo.Web;

/// <summary>A page where there is no answer, with the status that the request got.</summary>
internal static class NotFoundAnswers
{
    public static void UseNotFoundPage(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);

        // A form that was sent nowhere is none of this page, which would refuse it with nothing at all.
        app.Use((context, next) =>
        {
            if (HttpMethods.IsPost(context.Request.Method) && context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            {
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
    }
}
