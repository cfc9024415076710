using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>Looks every second for what is to be delivered, and every hour for what is old enough to be forgotten.</summary>
public sealed partial class WebhookRounds(
    IDbContextFactory<SpooDbContext> contexts, SpooDatabase database, WebhookQueue queue, TimeProvider clock, ILogger<WebhookRounds> logger)
    : Rounds(clock, logger)
{
    /// <summary>Older deliveries are deleted, whatever came of them.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Endpoints that are delivered to at the same time.</summary>
    private const int MostAtOnce = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenClearances = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, Task> _running = new();
    private readonly ILogger _logger = logger;
    private DateTimeOffset _cleared;

    protected override TimeSpan FirstPause => Pause;

    protected override TimeSpan PauseAfterFailure => TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return Pause;
        }

        if (Clock.GetUtcNow() - _cleared > BetweenClearances)
        {
            await ForgetOldAsync(cancellationToken);
            _cleared = Clock.GetUtcNow();
        }

        foreach (var (done, _) in _running.Where(work => work.Value.IsCompleted))
        {
            _running.TryRemove(done, out _);
        }

        // One that takes its time keeps none of the others waiting.
        foreach (var endpoint in await queue.DueAsync(MostAtOnce * 2, cancellationToken))
        {
            if (_running.Count < MostAtOnce && !_running.ContainsKey(endpoint))
            {
                _running[endpoint] = DeliverAsync(endpoint, cancellationToken);
            }
        }

        return Pause;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_running.Values);
    }

    /// <summary>Deletes what is older than anybody looks back, and what is older than its account keeps clicks.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var old = now - Kept;
        var gone = await DeleteAsync(context.WebhookDeliveries.Where(delivery => delivery.CreatedAt < old), cancellationToken);
        var shorter = await context.Users.Where(user => user.RetentionDays != null && user.RetentionDays < Kept.Days && context.WebhookEndpoints.Any(endpoint => endpoint.OwnerId == user.Id))
            .Select(user => new { user.Id, user.RetentionDays }).ToListAsync(cancellationToken);
        foreach (var user in shorter)
        {
            var start = now.AddDays(-user.RetentionDays!.Value);
            var own = context.WebhookEndpoints.Where(endpoint => endpoint.OwnerId == user.Id).Select(endpoint => endpoint.Id);
            gone += await DeleteAsync(context.WebhookDeliveries.Where(delivery => delivery.CreatedAt < start && own.Contains(delivery.EndpointId)), cancellationToken);
        }

        if (gone > 0)
        {
            await context.NoteDeletionAsync(cancellationToken);
        }
    }

    // Looks first: one that writes waits for others who do.
    private static async Task<int> DeleteAsync(IQueryable<WebhookDelivery> deliveries, CancellationToken cancellationToken) =>
        await deliveries.AnyAsync(cancellationToken) ? await deliveries.ExecuteDeleteAsync(cancellationToken) : 0;

    private async Task DeliverAsync(long endpoint, CancellationToken cancellationToken)
    {
        try
        {
            await queue.DeliverAsync(endpoint, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops. What was being sent is sent again by the next one.
        }
        catch (Exception exception)
        {
            NotDelivered(exception, endpoint);
        }
    }

    [LoggerMessage(LogLevel.Error, "Delivering to the webhook with the key {Endpoint} broke off; it is tried again.")]
    private partial void NotDelivered(Exception exception, long endpoint);
}
