using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>
/// Delivers what waits, endpoint by endpoint and in the order in which it happened. One process at a time is at an endpoint, which it holds for
/// a short while; if that process ends, another one goes on, and what had arrived without being noted arrives a second time under the same id.
/// </summary>
public sealed partial class WebhookQueue(
    IDbContextFactory<SpooDbContext> contexts,
    WebhookSender sender,
    WebhookSecrets secrets,
    SecurityLog security,
    WebhookOptions options,
    TimeProvider clock,
    ILogger<WebhookQueue> logger)
{
    /// <summary>Deliveries in a row that are given up before the endpoint is.</summary>
    public const int MostFailures = 10;

    /// <summary>How long after one attempt the next one is made. After the last there is none.</summary>
    internal static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
    ];

    /// <summary>So many are delivered before other endpoints get their turn.</summary>
    private const int MostInATurn = 200;

    private readonly Lease _lease = new(clock);
    private readonly ILogger _logger = logger;

    private long _arrived;
    private long _failed;

    /// <summary>Deliveries that this process has brought to their endpoints.</summary>
    public long Arrived => Interlocked.Read(ref _arrived);

    /// <summary>Attempts of this process that came to nothing.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Longer than any attempt takes.</summary>
    private TimeSpan HeldFor => options.Timeout + TimeSpan.FromSeconds(30);

    /// <summary>Endpoints for which something is due, and that no process is at.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<long>> DueAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.WebhookDeliveries.Where(delivery => delivery.NextAttemptAt <= now)
            .Join(
                Lease.Free(context.WebhookEndpoints, now).Where(endpoint => endpoint.Status == WebhookStatus.Active),
                delivery => delivery.EndpointId,
                endpoint => endpoint.Id,
                (_, endpoint) => endpoint.Id)
            .Distinct().OrderBy(id => id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Delivers what is due for one endpoint, until something fails.</summary>
    /// <returns>How many arrived.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was sent is noted up to the last.</exception>
    public async Task<int> DeliverAsync(long endpointId, CancellationToken cancellationToken)
    {
        var delivered = 0;
        try
        {
            while (delivered < MostInATurn && await HoldAsync(endpointId, cancellationToken) && await DeliverNextAsync(endpointId, cancellationToken))
            {
                delivered++;
            }
        }
        finally
        {
            // Also when this process is told to end, so that the next one need not wait.
            await ReleaseAsync(endpointId, CancellationToken.None);
        }

        return delivered;
    }

    // From the start to the end of every attempt nobody else is at this endpoint.
    private async Task<bool> HoldAsync(long endpointId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await _lease.KeepAsync(
            context.WebhookEndpoints.Where(endpoint => endpoint.Id == endpointId && endpoint.Status == WebhookStatus.Active), HeldFor, cancellationToken) > 0;
    }

    private async Task ReleaseAsync(long endpointId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await _lease.GiveBackAsync(context.WebhookEndpoints.Where(endpoint => endpoint.Id == endpointId), until: null, cancellationToken);
    }

    // False: nothing is due, or the endpoint is to be left alone for now, and held until then.
    private async Task<bool> DeliverNextAsync(long endpointId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var endpoint = await context.WebhookEndpoints.AsNoTracking().SingleOrDefaultAsync(row => row.Id == endpointId, cancellationToken);
        var delivery = await context.WebhookDeliveries.AsNoTracking()
            .Where(row => row.EndpointId == endpointId && row.Status == WebhookDeliveryStatus.Pending && row.NextAttemptAt <= now)
            .OrderBy(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        if (endpoint is null || delivery?.Body is null)
        {
            return false;
        }

        if (SigningSecrets(endpoint, now) is not { Count: > 0 } signing)
        {
            await DisableAsync(context, endpoint, WebhookEndpoint.SecretUnreadableReason, cancellationToken);
            return false;
        }

        var answer = await sender.SendAsync(endpoint.Url, delivery.MessageId, delivery.Body, signing, cancellationToken);
        Interlocked.Increment(ref answer.IsSuccess ? ref _arrived : ref _failed);
        if (answer.Wait is { } wait)
        {
            // Not looked at, and so no attempt: it keeps its place at the head of the queue.
            await LeaveAloneAsync(context, endpoint, wait, answer.Attempt.Error, cancellationToken);
            return false;
        }

        await NoteAsync(context, endpoint, delivery, answer, cancellationToken);
        return answer.IsSuccess;
    }

    /// <summary>What signs for an endpoint. Null: the secret cannot be read.</summary>
    internal IReadOnlyList<string>? SigningSecrets(WebhookEndpoint endpoint, DateTimeOffset now)
    {
        if (secrets.Open(endpoint.Secret) is not { } secret)
        {
            return null;
        }

        return endpoint.FormerSecret is { } former && endpoint.FormerSecretUntil > now && secrets.Open(former) is { } old ? [secret, old] : [secret];
    }

    private async Task LeaveAloneAsync(SpooDbContext context, WebhookEndpoint endpoint, TimeSpan wait, string? why, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + wait;
        var rows = context.WebhookEndpoints.Where(row => row.Id == endpoint.Id);
        await _lease.Held(rows).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastFailureReason, why), cancellationToken);
        await _lease.GiveBackAsync(rows, until, cancellationToken);
    }

    private async Task NoteAsync(SpooDbContext context, WebhookEndpoint endpoint, WebhookDelivery delivery, WebhookAnswer answer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var count = delivery.AttemptCount + 1;
        var isLast = answer.IsGone || count > Pauses.Count;
        var status = answer.IsSuccess ? WebhookDeliveryStatus.Success : isLast ? WebhookDeliveryStatus.Failed : WebhookDeliveryStatus.Pending;
        await context.InTransactionAsync(
            async _ =>
            {
                if (await context.WebhookDeliveries.SingleOrDefaultAsync(row => row.Id == delivery.Id, cancellationToken) is not { } row)
                {
                    return false;
                }

                row.Add(answer.Attempt);
                (row.AttemptCount, row.Status) = (count, status);
                row.NextAttemptAt = status == WebhookDeliveryStatus.Pending ? now + Pauses[count - 1] : null;
                if (answer.IsSuccess && row.IsOfDeletedLink)
                {
                    row.Body = null;
                    await context.NoteDeletionAsync(cancellationToken);
                }

                await context.SaveChangesAsync(cancellationToken);
                await CountAsync(context, endpoint.Id, status, answer, now, cancellationToken);
                return true;
            },
            cancellationToken);

        if (answer.IsGone)
        {
            await DisableAsync(context, endpoint, WebhookEndpoint.GoneReason, cancellationToken);
        }
        else if (status == WebhookDeliveryStatus.Failed)
        {
            var failures = await context.WebhookEndpoints.Where(row => row.Id == endpoint.Id).Select(row => row.ConsecutiveFailures).SingleOrDefaultAsync(cancellationToken);
            if (failures >= MostFailures)
            {
                await DisableAsync(context, endpoint, WebhookEndpoint.ConsecutiveFailuresReason, cancellationToken);
            }
        }
    }

    // Behind one that failed the others wait for a moment, so that after a short absence they still arrive in their order.
    private static async Task CountAsync(
        SpooDbContext context, long endpointId, WebhookDeliveryStatus status, WebhookAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (ended, arrived) = (status == WebhookDeliveryStatus.Pending ? 0 : 1, answer.IsSuccess ? 1 : 0);
        var row = context.WebhookEndpoints.Where(endpoint => endpoint.Id == endpointId);
        await row.ExecuteUpdateAsync(
            set => set.SetProperty(endpoint => endpoint.LastDeliveryAt, now)
                .SetProperty(endpoint => endpoint.TotalDeliveries, endpoint => endpoint.TotalDeliveries + ended)
                .SetProperty(endpoint => endpoint.TotalSuccesses, endpoint => endpoint.TotalSuccesses + arrived),
            cancellationToken);
        await (answer.IsSuccess
            ? row.ExecuteUpdateAsync(set => set.SetProperty(endpoint => endpoint.ConsecutiveFailures, 0).SetProperty(endpoint => endpoint.LastSuccessAt, now), cancellationToken)
            : row.ExecuteUpdateAsync(
                set => set.SetProperty(endpoint => endpoint.ConsecutiveFailures, endpoint => endpoint.ConsecutiveFailures + ended)
                    .SetProperty(endpoint => endpoint.LastFailureReason, answer.Attempt.Error)
                    .SetProperty(endpoint => endpoint.HeldUntil, (DateTimeOffset?)(now + Pauses[0]))
                    .SetProperty(endpoint => endpoint.HeldBy, (string?)null),
                cancellationToken));
    }

    private async Task DisableAsync(SpooDbContext context, WebhookEndpoint endpoint, string reason, CancellationToken cancellationToken)
    {
        if (await context.WebhookEndpoints.Where(row => row.Id == endpoint.Id && row.Status != WebhookStatus.Disabled).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, WebhookStatus.Disabled).SetProperty(row => row.DisabledReason, reason), cancellationToken) > 0)
        {
            Disabled(endpoint.PublicId, reason);
            await security.RecordAsync(endpoint.OwnerId, SecurityEventKind.WebhookStopped, detail: new Uri(endpoint.Url).Host, cancellationToken: cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Webhook {Endpoint} was switched off: {Reason}.")]
    private partial void Disabled(string endpoint, string reason);
}
