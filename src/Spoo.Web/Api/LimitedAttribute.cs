using System.Globalization;
using Microsoft.AspNetCore.Mvc.Filters;
using Spoo.Web.Limits;

namespace Spoo.Web.Api;

/// <summary>Counts the calls of an action, once it is known who is calling, and says in every answer where the caller stands.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LimitedAttribute(string limit) : Attribute, IResourceFilter
{
    /// <summary>One of the names in <see cref="RateLimits"/>.</summary>
    public string Limit { get; } = limit;

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var http = context.HttpContext;
        var refused = Count(http, Limit);

        // A password in a header is a guess like any other.
        if (refused is null && Limit != RateLimits.LinkPassword && http.Request.LinkPassword() is not null
            && http.RequestServices.GetRequiredService<RateLimits>().Count(http, RateLimits.LinkPassword) is { RetryAfter: not null } guesses)
        {
            refused = guesses;
        }

        if (refused is not null)
        {
            context.Result = ApiProblem.TooManyRequests with { RetryAfter = refused.RetryAfter };
        }
    }

    /// <summary>Counts a call, or the further calls that one turned out to cost.</summary>
    /// <returns>Where the caller stands, if the call is refused.</returns>
    internal static RateStanding? Count(HttpContext http, string limit, int calls = 1)
    {
        if (http.RequestServices.GetRequiredService<RateLimits>().Count(http, limit, calls) is not { } standing)
        {
            return null;
        }

        var headers = http.Response.Headers;
        headers["X-RateLimit-Limit"] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Math.Ceiling(standing.Reset.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
        return standing.RetryAfter is null ? null : standing;
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
