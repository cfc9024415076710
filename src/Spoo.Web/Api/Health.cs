using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary><c>GET /health</c>: for load balancers and monitoring. Never limited, and open to all.</summary>
internal static class Health
{
    public const string Path = "/health";

    /// <summary>A database that takes longer to say anything is not well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddSpooHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks()
        .AddCheck<DatabaseCheck>("database", timeout: Patience)
        .AddCheck<ClicksCheck>("clicks");

    public static void MapHealth(this WebApplication app) => app.MapHealthChecks(Path, new HealthCheckOptions
    {
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
            new HealthAnswer(Word(report.Status), report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status))),
            ApiJson.Options,
            context.RequestAborted),
    });

    private static string Word(HealthStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>Clicks are safe in the journal while the database is away; only when they wait or get lost should an operator look.</summary>
    private sealed class ClicksCheck(ClickWriter writer) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(writer.Health.IsGood ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
    }

    private sealed class DatabaseCheck(SpooDatabase database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await database.AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}

/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Checks">The same word for each part.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, string> Checks);
