using Spoo.Web.Addresses;

namespace Spoo.Web.Api.ShortIo;

/// <summary>What becomes of an error in Short.io's calls: its programs look for <c>error</c>, and those for links for the same in other words, too.</summary>
internal static class ShortIoProblem
{
    /// <summary>Short.io knows no difference between a wrong shape and a wrong meaning.</summary>
    public static int StatusOf(ApiProblem problem) =>
        problem.Status == StatusCodes.Status422UnprocessableEntity ? StatusCodes.Status400BadRequest : problem.Status;

    public static object BodyOf(ApiProblem problem, HttpRequest request)
    {
        var error = problem.Status == StatusCodes.Status401Unauthorized ? "Unauthorized" : problem.Error;
        return ApiPaths.IsShortIoStatistics(request) ? new ErrorBody(error) : new LinkErrorBody(error, error, StatusOf(problem), problem.Code, false);
    }
}

internal sealed record LinkErrorBody(string Error, string Message, int StatusCode, string Code, bool Success);
