using Spoo.Data.Database;
using Spoo.Web.Addresses;
using Spoo.Web.Redirect;

namespace Spoo.Web;

/// <summary>
/// Answers 503 where a page, a picture or a file could not be made because the database does not answer: with a page that needs nothing of
/// it. What programs get instead is said by <see cref="Api.ApiErrors"/>.
/// </summary>
internal sealed partial class StoreErrors(RequestDelegate next, ILogger<StoreErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !context.Response.HasStarted && !ApiPaths.IsForPrograms(context.Request))
        {
            Failed(context.TraceIdentifier, StoreFailure.InWords(exception));
            context.Response.Clear();
            await RedirectPages.WriteAsync(context, StoreFailure.OfClickHouse(exception) is null ? RedirectPage.PageFails : RedirectPage.ClicksAreAway);
        }
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} could not be answered: {Reason}")]
    private partial void Failed(string requestId, string reason);
}

internal static class StoreErrorsServices
{
    public static void UseStoreErrors(this WebApplication app) => app.UseMiddleware<StoreErrors>();
}
