using Spoo.Data.Database;
using Spoo.Web.Identity;
using Spoo.Web.Wire;

namespace Spoo.Web.Limits;

/// <summary>
/// A limit that belongs to an endpoint. It is counted by what was matched, so no spelling of an address (a slash more, other letters)
/// gets round it.
/// </summary>
/// <param name="limit">One of the names in <see cref="RateLimits"/>.</param>
internal abstract class EndpointLimitAttribute(string limit) : Attribute
{
    public string Limit { get; } = limit;

    public abstract bool Counts(HttpRequest request);
}

/// <summary>How often the form of a page may be sent.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FormLimitAttribute(string limit) : EndpointLimitAttribute(limit)
{
    public override bool Counts(HttpRequest request) => HttpMethods.IsPost(request.Method);
}

/// <summary>How often a page may be opened.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PageLimitAttribute(string limit) : EndpointLimitAttribute(limit)
{
    public override bool Counts(HttpRequest request) => !HttpMethods.IsPost(request.Method);
}

/// <summary>Passwords and sign-ups by form, and pages that count for everybody, are limited as the API is.</summary>
internal static class EndpointLimits
{
    public static void AddSpooLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section);
        builder.Services.AddSingleton(provider =>
        {
            var database = provider.GetRequiredService<SpooDatabase>();
            return new CallCounts(provider.GetRequiredService<TimeProvider>(), () => database.Visitors.KeyFor("callers", null), isShared: !database.IsEmbedded);
        });
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<LinkPasswordAttempts>();
        builder.Services.AddSingleton<OpenConnections>();
        builder.Services.AddSingleton<CallQuotas>();
        builder.Services.AddHostedService<CallExchangeRounds>();
        builder.Services.AddHostedService<IdleMemoryRounds>();
    }

    public static void UseEndpointLimits(this WebApplication app)
    {
        // Found wanting now, and not by the first caller.
        var limits = app.Services.GetRequiredService<RateLimits>();
        var connections = app.Services.GetRequiredService<OpenConnections>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<StaysOpen>() is not null)
            {
                return CountedAsync(context, next, connections);
            }

            foreach (var limit in context.GetEndpoint()?.Metadata.GetOrderedMetadata<EndpointLimitAttribute>() ?? [])
            {
                if (limit.Counts(context.Request) && limits.Count(context, limit.Limit)?.RetryAfter is { } wait)
                {
                    return RefuseAsync(context, wait);
                }
            }

            return next(context);
        });

        static async Task CountedAsync(HttpContext context, RequestDelegate next, OpenConnections connections)
        {
            var network = ClientNetwork.Of(context.Connection.RemoteIpAddress);
            if (!connections.TryEnter(network))
            {
                await RefuseAsync(context, TimeSpan.FromMinutes(1));
                return;
            }

            try
            {
                await next(context);
            }
            finally
            {
                connections.Leave(network);
            }
        }

        // Without a body, so that it becomes a page; and as if it had been asked for, because what was sent is not looked at.
        static Task RefuseAsync(HttpContext context, TimeSpan wait)
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = RetryHeader.Of(wait);
            return Task.CompletedTask;
        }
    }
}
