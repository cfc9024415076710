using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Spoo.Data;
using Spoo.Web.Addresses;

namespace Spoo.Web.Metrics;

/// <summary><c>GET /metrics</c>: what the operator's Prometheus reads. docs/operations.md lists it.</summary>
internal static class MetricsServices
{
    public const string Path = "/metrics";

    /// <summary>The runtime's own processor time, memory, garbage collections and threads; and Blazor's circuits, which are open pages.</summary>
    private static readonly string[] OfTheFramework = ["System.Runtime", "Microsoft.AspNetCore.Components.Server.Circuits"];

    /// <summary>A request with one of these is forwarded for a client that may be anywhere.</summary>
    private static readonly string[] SignsOfAProxy = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP", "X-Forwarded-Host", "X-Forwarded-Proto"];

    public static void AddSpooMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MetricsOptions>()
            .BindConfiguration(MetricsOptions.Section)
            .Validate(
                options => options.Token is null or { Length: >= MetricsOptions.ShortestToken },
                $"Metrics:Token must have at least {MetricsOptions.ShortestToken} characters; openssl rand -hex 32 makes one")
            .ValidateOnStart();
        builder.Services.AddSingleton<ServerMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter([SpooMeter.Name, .. OfTheFramework])
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;

                // Few may read, and a number that is asked for twice has perhaps changed.
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            }));

        // Instruments are heard by their names in the whole process; those of another server in it, as tests have, are not ours.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            var ours = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => instrument.Meter.Scope is { } scope && scope != ours ? MetricStreamConfiguration.Drop : null);
        });
    }

    public static void MapMetrics(this WebApplication app)
    {
        var token = app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.Token;

        // Made by the first reader, when the database is ready.
        var instruments = new Lazy<ServerMetrics>(app.Services.GetRequiredService<ServerMetrics>);
        app.MapPrometheusScrapingEndpoint(Path, null, branch => branch.Use((context, next) =>
        {
            if (Refusal(context, token) is { } refusal)
            {
                return RefuseAsync(context, refusal.Status, refusal.Text);
            }

            _ = instruments.Value;
            return next(context);
        }), null).OnlyToBeRead().ExcludeFromDescription();
    }

    private static (int Status, string Text)? Refusal(HttpContext context, string? token)
    {
        if (token is not null)
        {
            return IsToken(context.Request, token) ? null : (StatusCodes.Status401Unauthorized, "The metrics are for whoever presents the token of Metrics:Token.\n");
        }

        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Array.Exists(SignsOfAProxy, context.Request.Headers.ContainsKey)
            ? null
            : (StatusCodes.Status403Forbidden, "The metrics are for programs on the server's own machine; with the setting Metrics:Token for others, too.\n");
    }

    // In the time that hashes take, which tells nothing about the token.
    private static bool IsToken(HttpRequest request, string token) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header["Bearer ".Length..].Trim()), Hash(token));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
