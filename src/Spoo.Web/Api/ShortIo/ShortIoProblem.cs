namespace Spoo.Web.Api.ShortIo;

/// <summary>What becomes of an error below <c>/statistics</c>: Short.io's clients look for <c>error</c> and nothing else.</summary>
internal static class ShortIoProblem
{
    /// <summary>Short.io knows no difference between a wrong shape and a wrong meaning.</summary>
    public static int StatusOf(ApiProblem problem) =>
        problem.Status == StatusCodes.Status422UnprocessableEntity ? StatusCodes.Status400BadRequest : problem.Status;

    public static ErrorBody BodyOf(ApiProblem problem) =>
        new(problem.Status == StatusCodes.Status401Unauthorized ? "Unauthorized" : problem.Error);
}
