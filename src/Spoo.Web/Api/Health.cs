using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Web.Addresses;
using Spoo.Web.Wire;

namespace Spoo.Web.Api;

/// <summary>
/// <c>GET /health</c>, for monitoring: how the server and what it needs are. <c>GET /health/ready</c>, for load balancers: whether it should be asked. Never limited, and open to all.
/// </summary>
internal static class Health
{
    public const string Path = "/health";

    /// <summary>200 also while the database is away: visitors are sent on without it, and another node would not have it either.</summary>
    public const string ReadyPath = "/health/ready";

    private const string Database = "database";

    private static readonly string Version = typeof(Health).Assembly.GetName().Version!.ToString(3);

    /// <summary>A database that takes longer to say anything is not well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddSpooHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks()
        .AddCheck<DatabaseCheck>(Database, timeout: Patience)
        .AddCheck<ClicksCheck>("clicks")
        .AddCheck<StatisticsCheck>("statistics");

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Path, new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                new HealthAnswer(Word(report.Status), Version, Checks(report)),
                ApiJson.Options,
                context.RequestAborted),
        }).OnlyToBeRead();
        var draining = app.Services.GetRequiredService<Draining>();
        app.MapGet(ReadyPath, () => draining.HasBegun ? Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready")).AnswerHead().ExcludeFromDescription();
    }

    /// <summary>Every part by its name; and by spoo.me's names, as its libraries check them, the database and what there is none of here.</summary>
    private static Dictionary<string, string> Checks(HealthReport report)
    {
        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status));
        checks["mongodb"] = report.Entries[Database].Status == HealthStatus.Unhealthy ? "error" : "ok";
        checks["redis"] = "not_configured";
        return checks;
    }

    private static string Word(HealthStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>Clicks are safe in the journal while the database is away; only when they wait or get lost should an operator look.</summary>
    private sealed class ClicksCheck(ClickWriter writer) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(writer.Health.IsGood ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
    }

    /// <summary>Where ClickHouse counts: without it there are no numbers, and everything else goes on.</summary>
    private sealed class StatisticsCheck(StatsOptions options, ClickHouseClicks clicks) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(options.Engine == StatsEngine.ClickHouse && clicks.Failure is not null ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
    }

    private sealed class DatabaseCheck(SpooDatabase database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await database.AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}

/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Version">Of this server.</param>
/// <param name="Checks">The same word for each part; and <c>mongodb</c> (ok or error: the database, whichever it is) and <c>redis</c> (not_configured), which spoo.me's programs look for.</param>
internal sealed record HealthAnswer(string Status, string Version, IReadOnlyDictionary<string, string> Checks);
