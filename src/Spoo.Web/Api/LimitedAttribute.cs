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
        if (http.RequestServices.GetRequiredService<RateLimits>().Count(http, Limit) is not { } standing)
        {
            return;
        }

        var headers = http.Response.Headers;
        headers["X-RateLimit-Limit"] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Math.Ceiling(standing.Reset.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
        if (standing.RetryAfter is { } wait)
        {
            context.Result = ApiProblem.TooManyRequests with { RetryAfter = wait };
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
