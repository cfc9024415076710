using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Database;
using Spoo.Data;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Legacy;
using Spoo.Web.Api.ShortIo;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary>
/// An error as programs see it: a status, a header and a body, of one shape whatever went wrong. The only place that knows which
/// refusal is which status.
/// </summary>
internal sealed record ApiProblem(int Status, string Code, string Error) : IActionResult
{
    /// <summary>The header that repeats <see cref="Code"/>, for clients that look before they read.</summary>
    public const string CodeHeader = "X-Error-Code";

    /// <summary>The code of whatever is the caller's to correct.</summary>
    public const string ValidationError = "validation_error";

    /// <summary>How long a queue of questions takes to get shorter.</summary>
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(3);

    /// <summary>The database does not answer, so there is no answer: never a zero instead of one.</summary>
    public static ApiProblem StoreFails { get; } = new(StatusCodes.Status503ServiceUnavailable, "storage_error", "the database does not answer")
    {
        RetryAfter = StoreFailure.RetryAfter,
    };

    public static ApiProblem Crash { get; } = new(StatusCodes.Status500InternalServerError, "internal_error", "An internal server error occurred.");

    public static ApiProblem BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "Request body too large");

    public static ApiProblem EncodedBody { get; } =
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "the body should be sent as it is, without Content-Encoding");

    public static ApiProblem TooManyRequests { get; } =
        new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", "Too many requests");

    public static ApiProblem InvalidKey { get; } =
        new(StatusCodes.Status401Unauthorized, "authentication_error", "the API key is unknown, revoked or expired");

    public static ApiProblem MissingScope { get; } = Of(Refusal.MissingScope);

    /// <summary>What is wrong with which field. One stands in the body's <c>field</c>, several in its <c>details</c>.</summary>
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>When trying again makes sense. Null: the same request will get the same answer.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the request was never understood, so that nothing was done about it.</summary>
    public bool IsAboutForm => Status is StatusCodes.Status422UnprocessableEntity or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status413PayloadTooLarge;

    public static ApiProblem Of(Refusal refusal)
    {
        var (status, code) = refusal.Kind switch
        {
            RefusalKind.Malformed => (StatusCodes.Status422UnprocessableEntity, ValidationError),
            RefusalKind.Invalid => (StatusCodes.Status400BadRequest, ValidationError),
            RefusalKind.NotSignedIn => (StatusCodes.Status401Unauthorized, "authentication_error"),
            RefusalKind.Forbidden => (StatusCodes.Status403Forbidden, "forbidden"),
            RefusalKind.NotFound => (StatusCodes.Status404NotFound, "not_found"),
            RefusalKind.Conflict => (StatusCodes.Status409Conflict, "conflict"),
            RefusalKind.TooMany => (StatusCodes.Status429TooManyRequests, "rate_limit_exceeded"),
            RefusalKind.Busy => (StatusCodes.Status503ServiceUnavailable, "server_busy"),
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "No status for this kind of refusal."),
        };
        return new ApiProblem(status, refusal.Code ?? code, refusal.Message)
        {
            Fields = refusal.Fields,
            RetryAfter = refusal.RetryAfter ?? (refusal.Kind == RefusalKind.Busy ? BusyFor : null),
        };
    }

    /// <summary>The body for an answer that the framework gave without one.</summary>
    public static ApiProblem Of(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => new(response.StatusCode, "authentication_error", "Authentication required"),
        StatusCodes.Status403Forbidden => new(response.StatusCode, "forbidden", "access denied"),
        StatusCodes.Status404NotFound => new(response.StatusCode, "not_found", "there is nothing at this address; /docs lists what there is"),
        StatusCodes.Status405MethodNotAllowed =>
            new(response.StatusCode, "method_not_allowed", $"this address takes {response.Headers.Allow} only"),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType =>
            new(response.StatusCode, "unsupported_media_type", "the body should be JSON, with Content-Type: application/json"),
        >= 500 => Crash with { Status = response.StatusCode },
        _ => new(response.StatusCode, ValidationError, "the request could not be understood"),
    };

    public Task ExecuteResultAsync(ActionContext context) => WriteAsync(context.HttpContext);

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers[CodeHeader] = Code;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = RetryHeader.Of(wait);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (ApiPaths.IsShortIo(context.Request))
        {
            response.StatusCode = ShortIoProblem.StatusOf(this);
            return response.WriteAsJsonAsync(ShortIoProblem.BodyOf(this, context.Request), ShortIoJson.Options, context.RequestAborted);
        }

        return OldApiAttribute.IsOf(context)
            ? response.WriteAsJsonAsync(OldProblem.BodyOf(this), ApiJson.Options, context.RequestAborted)
            : response.WriteAsJsonAsync(Body(), ApiJson.Options, context.RequestAborted);
    }

    private ProblemBody Body() => new(
        Error,
        Code,
        Code,
        Fields is [var only] ? only.Field : null,
        Fields.Count > 1 ? [.. Fields.Select(field => new ProblemDetail(field.Field, field.Message))] : null);
}

/// <summary>The body of every error. <c>error</c> is for people; <c>code</c> and <c>error_code</c> are the same word for programs.</summary>
/// <param name="Error">What is wrong, in words.</param>
/// <param name="Code">What is wrong, as a word that does not change.</param>
/// <param name="ErrorCode">The same word, under the name that older clients look for.</param>
/// <param name="Field">The one parameter at fault.</param>
/// <param name="Details">The parameters at fault, when there are several.</param>
internal sealed record ProblemBody(
    string Error,
    string Code,
    string ErrorCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemDetail>? Details);

internal sealed record ProblemDetail(string Field, string Error);
