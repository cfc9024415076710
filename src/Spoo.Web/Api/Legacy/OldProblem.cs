using Microsoft.AspNetCore.Mvc;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Legacy;

/// <summary>An error in the shape of the old API: a word in <c>error</c>, and what is wrong in <c>message</c>.</summary>
internal sealed record OldProblem(int Status, string Error, string Message) : IActionResult
{
    public static OldProblem NoSuchLink { get; } = new(StatusCodes.Status404NotFound, "UrlError", "The requested URL never existed");

    public static OldProblem WrongPassword { get; } = new(StatusCodes.Status400BadRequest, "PasswordError", "Invalid password");

    /// <summary>What becomes of an error that all calls have in common.</summary>
    public static OldProblemBody BodyOf(ApiProblem problem) => new OldProblemBody(WordOf(problem), problem.Error);

    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = Status;
        response.Headers[ApiProblem.CodeHeader] = Error;
        return response.WriteAsJsonAsync(new OldProblemBody(Error, Message), ApiJson.Options, context.HttpContext.RequestAborted);
    }

    private static string WordOf(ApiProblem problem) => problem.Status switch
    {
        StatusCodes.Status429TooManyRequests => "RateLimitError",
        >= 500 => "ServerError",
        _ => "RequestError",
    };
}

internal sealed record OldProblemBody(string Error, string Message);
