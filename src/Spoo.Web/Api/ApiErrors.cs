using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Legacy;

namespace Spoo.Web.Api;

/// <summary>
/// Sees to it that programs get their errors in the API's shape, wherever the error was found: routing, authentication, a controller or
/// the database.
/// </summary>
internal sealed partial class ApiErrors(RequestDelegate next, AddressMethods methods, ILogger<ApiErrors> logger)
{
    /// <summary>Longer bodies are refused, in bytes; a hundred links with the longest destinations fit.</summary>
    public const long MaxBodyLength = 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!ApiPaths.IsForPrograms(context.Request) && !OldApiAttribute.IsOf(context))
        {
            await next(context);
            return;
        }

        if (await AnswerAsync(context) is { } problem && !context.Response.HasStarted)
        {
            await problem.WriteAsync(context);
        }
    }

    private async Task<ApiProblem?> AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBodyLength)
        {
            return ApiProblem.BodyTooLarge;
        }

        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyLength;
        }

        try
        {
            await next(context);
            if (!IsErrorWithoutBody(context.Response))
            {
                return null;
            }

            TellMethods(context);
            return ApiProblem.Of(context.Response);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
            return null;
        }
        catch (BadHttpRequestException exception)
        {
            context.Response.StatusCode = exception.StatusCode;
            return ApiProblem.Of(context.Response);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !context.Response.HasStarted)
        {
            StoreFailed(StoreFailure.IsAbsence(exception) ? null : exception, context.TraceIdentifier, StoreFailure.InWords(exception));
            return StoreFailure.OfClickHouse(exception) is { } away ? ApiProblem.Of(CountingRefusals.HomeAway(away.Server)) : ApiProblem.StoreFails;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Crashed(exception, context.TraceIdentifier);
            return ApiProblem.Crash;
        }
    }

    /// <summary>Where nothing was found to answer: whether that is for the address or for the method.</summary>
    private void TellMethods(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode is not (StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
            || context.GetEndpoint() is RouteEndpoint || !ApiPaths.IsApi(context.Request))
        {
            return;
        }

        var taken = methods.Of(context.Request.Path);
        response.StatusCode = taken.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = taken.Count == 0 ? default : string.Join(", ", taken);
    }

    private static bool IsErrorWithoutBody(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} could not be answered: {Reason}")]
    private partial void StoreFailed(Exception? exception, string requestId, string reason);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed.")]
    private partial void Crashed(Exception exception, string requestId);
}
