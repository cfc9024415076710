using System.Globalization;
using Microsoft.AspNetCore.Mvc.Filters;
using Spoo.Web.Api.Numbers;
using Spoo.Web.Limits;

namespace Spoo.Web.Api;

/// <summary>
/// Counts the calls of an action, once it is known who is calling, and says in every answer where the caller stands. A call that is
/// refused for its form has cost nothing and does not count.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LimitedAttribute(string limit) : Attribute, IActionFilter
{
    private static readonly object Counted = new();

    /// <summary>One of the names in <see cref="RateLimits"/>.</summary>
    public string Limit { get; } = limit;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var http = context.HttpContext;
        var standing = Standing(http, Limit, 1);
        http.Items[Counted] = standing;
        var refused = standing is { RetryAfter: not null } ? standing : null;

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
        var standing = Standing(http, limit, calls);
        return standing is { RetryAfter: not null } ? standing : null;
    }

    private static RateStanding? Standing(HttpContext http, string limit, int calls)
    {
        if (http.RequestServices.GetRequiredService<RateLimits>().Count(http, limit, calls) is not { } standing)
        {
            return null;
        }

        Tell(http, standing);
        return standing;
    }

    private static void Tell(HttpContext http, RateStanding standing)
    {
        var headers = http.Response.Headers;
        headers["X-RateLimit-Limit"] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Math.Ceiling(standing.Reset.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
        if (context.Result is ApiProblem { IsAboutForm: true }
            && context.HttpContext.Items[Counted] is RateStanding { RetryAfter: null, GiveBack: { } giveBack })
        {
            Tell(context.HttpContext, giveBack());
        }
    }
}
