using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>Something that happened, mostly to a link.</summary>
/// <param name="LinkId">The public id of the link. Null: it did not happen to one.</param>
/// <param name="Data">What is told of it, for an endpoint whose short links begin there.</param>
internal sealed record WebhookEvent(string OwnerId, string Type, string? LinkId, Func<string, JsonObject> Data)
{
    /// <summary>What makes it the same event when it is stored again. Null: it never is.</summary>
    public string? Key { get; init; }

    /// <summary>Whether the link is deleted by it.</summary>
    public bool IsOfDeletedLink { get; init; }
}

/// <summary>
/// Puts events down for those who want to hear of them: within the transaction of the change itself, so that there is no event without its
/// change and no change without its event, whenever the process ends. Sending is for <see cref="WebhookQueue"/>.
/// </summary>
internal sealed class WebhookOutbox
{
    /// <summary>Deliveries that may wait for one endpoint; of clicks, which come quickest, a tenth of it.</summary>
    internal const int MostWaiting = 10_000;

    /// <inheritdoc cref="MostWaiting"/>
    internal const int MostClicksWaiting = MostWaiting / 10;

    private readonly SpooDbContext _context;
    private readonly List<WebhookEndpoint> _endpoints;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<long, int> _waiting = [];

    private WebhookOutbox(SpooDbContext context, List<WebhookEndpoint> endpoints, DateTimeOffset now)
    {
        _context = context;
        _endpoints = endpoints;
        _now = now;
    }

    /// <summary>The accounts of which there is an endpoint.</summary>
    public IReadOnlySet<string> Owners => _endpoints.Select(endpoint => endpoint.OwnerId).ToHashSet();

    /// <summary>Null: nobody wants to hear anything of these accounts' links.</summary>
    /// <param name="owners">Null where a link has no owner.</param>
    public static async Task<WebhookOutbox?> OpenAsync(SpooDbContext context, IEnumerable<string?> owners, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = owners.OfType<string>().Distinct().ToList();
        var endpoints = accounts.Count == 0
            ? []
            : await context.WebhookEndpoints.Where(endpoint => endpoint.Status == WebhookStatus.Active && accounts.Contains(endpoint.OwnerId)).ToListAsync(cancellationToken);
        return endpoints.Count == 0 ? null : new WebhookOutbox(context, endpoints, now);
    }

    /// <summary>As the other, for what happens with clicks. Null: nobody wants to hear of any.</summary>
    public static async Task<WebhookOutbox?> OpenForClicksAsync(SpooDbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var endpoints = await context.WebhookEndpoints.Where(endpoint => endpoint.HearsClicks && endpoint.Status == WebhookStatus.Active).ToListAsync(cancellationToken);
        return endpoints.Count == 0 ? null : new WebhookOutbox(context, endpoints, now);
    }

    /// <summary>Whether an account wants to hear of such an event about this link.</summary>
    public bool IsHeard(string? ownerId, string type, string linkId) => _endpoints.Exists(endpoint => endpoint.OwnerId == ownerId && endpoint.Hears(type, linkId));

    /// <summary>Leaves the other endpoints out.</summary>
    public void OnlyFor(long endpointId) => _endpoints.RemoveAll(endpoint => endpoint.Id != endpointId);

    /// <summary>Adds the event to what the context saves next.</summary>
    public async Task AddAsync(WebhookEvent happened, CancellationToken cancellationToken)
    {
        var eventId = happened.Key is null ? WebhookBody.NewEventId() : WebhookBody.IdOf("evt_", $"{happened.Type}\n{happened.Key}");
        foreach (var endpoint in _endpoints.Where(endpoint => endpoint.OwnerId == happened.OwnerId && endpoint.Hears(happened.Type, happened.LinkId)))
        {
            if (!_waiting.TryGetValue(endpoint.Id, out var waiting))
            {
                waiting = await _context.WebhookDeliveries.CountAsync(
                    delivery => delivery.EndpointId == endpoint.Id && delivery.Status == WebhookDeliveryStatus.Pending, cancellationToken);
            }

            if (waiting >= (WebhookEvents.OfClicks.Contains(happened.Type) ? MostClicksWaiting : MostWaiting))
            {
                _waiting[endpoint.Id] = waiting;
                endpoint.Dropped++;
                continue;
            }

            var data = happened.Data(endpoint.ShortLinksAt);
            if (endpoint.Dropped > 0)
            {
                data["dropped_since_last"] = endpoint.Dropped;
                endpoint.Dropped = 0;
            }

            var body = WebhookBody.Write(endpoint.Flavor, WebhookBody.Envelope(eventId, happened.Type, _now, data));
            var messageId = happened.Key is null ? WebhookBody.NewMessageId() : WebhookBody.IdOf("msg_", $"{endpoint.PublicId}\n{happened.Type}\n{happened.Key}");
            var delivery = New(endpoint, happened.Type, messageId, body, _now, happened.LinkId);
            delivery.IsOfDeletedLink = happened.IsOfDeletedLink;
            _context.WebhookDeliveries.Add(delivery);
            _waiting[endpoint.Id] = waiting + 1;
        }
    }

    /// <summary>A delivery that is to be tried at once, if it is not too large for that.</summary>
    internal static WebhookDelivery New(
        WebhookEndpoint endpoint, string type, string messageId, string body, DateTimeOffset now, string? linkId = null, bool isTest = false)
    {
        var fits = System.Text.Encoding.UTF8.GetByteCount(body) <= WebhookDelivery.MaxBodyLength;
        return new WebhookDelivery
        {
            PublicId = PublicId.New(now),
            EndpointId = endpoint.Id,
            MessageId = messageId,
            EventType = type,
            IsTest = isTest,
            CreatedAt = now,
            LinkId = linkId,
            Status = fits ? WebhookDeliveryStatus.Pending : WebhookDeliveryStatus.Failed,
            Body = fits ? body : null,
            NextAttemptAt = fits ? now : null,
            Attempts = fits ? [] : [new WebhookAttempt { At = now, Error = "payload_over_cap" }],
        };
    }
}
