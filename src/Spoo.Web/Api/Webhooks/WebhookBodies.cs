using System.ComponentModel;
using System.Text.Json.Nodes;
using Spoo.Data.Webhooks;

namespace Spoo.Web.Api.Webhooks;

/// <summary>The wire's words for our enumerations.</summary>
internal static class WebhookWords
{
    public static IReadOnlyDictionary<string, WebhookFlavor> Flavors { get; } = Enum.GetValues<WebhookFlavor>().ToDictionary(flavor => Of(flavor));

    public static IReadOnlyDictionary<string, WebhookStatus> Statuses { get; } = Enum.GetValues<WebhookStatus>().ToDictionary(status => Of(status));

    public static IReadOnlyDictionary<string, WebhookDeliveryStatus?> DeliveryStatuses { get; } =
        Enum.GetValues<WebhookDeliveryStatus>().ToDictionary(status => Of(status), status => (WebhookDeliveryStatus?)status);

    public static string Of(Enum value) => value.ToString().ToLowerInvariant();
}

/// <summary>Fields of bodies about endpoints.</summary>
internal static class WebhookFields
{
    public static IReadOnlyList<string>? Events(JsonFields fields, bool isRequired)
    {
        if (isRequired && !fields.Has("events"))
        {
            fields.Refuse("events", "Field required");
        }

        return fields.Texts("events", 1, WebhookEndpoint.MaxEvents, text => text.Length is > 0 and <= WebhookEvents.MaxPatternLength, "a type of event, such as link.created, link.* or *")?
            .Select(text => text.Trim()).Distinct().ToList();
    }

    public static IReadOnlyList<string>? ScopeLinks(JsonFields fields) =>
        fields.Texts("scope_links", 0, WebhookEndpoint.MaxScopeLinks, _ => true, "the id of a link")?.Distinct().ToList();
}

// The fields of bodies, for the API's reference: JsonFields reads them one by one.

internal sealed record NewWebhookBody(
    [property: Description("Where deliveries are sent: an address of the public internet that begins with https://, up to 2048 characters.")] string Url,
    [property: Description("Which events: types, categories such as link.*, or * for all but click.created. Up to 32.")] IReadOnlyList<string> Events,
    [property: Description("Up to 256 characters.")] string? Description = null,
    [property: Description("Ids of up to 256 links, for events of those alone. Absent or null: all links.")] IReadOnlyList<string>? ScopeLinks = null,
    [property: Description("raw, or a line of text as channels of discord or slack show it. Default: raw.")] string? Flavor = null);

internal sealed record WebhookBody(
    [property: Description("As when it was made.")] string? Url = null,
    [property: Description("All events from now on.")] IReadOnlyList<string>? Events = null,
    [property: Description("null takes it away.")] string? Description = null,
    [property: Description("null: all links.")] IReadOnlyList<string>? ScopeLinks = null,
    [property: Description("raw, discord or slack.")] string? Flavor = null,
    [property: Description("active or paused. What happens while it is paused is not told.")] string? Status = null);

internal sealed record WebhookTestBody([property: Description("One of the types, or webhook.test, which is the default.")] string? EventType = null);

internal sealed record WebhookEndpoints(IReadOnlyList<WebhookEndpointItem> Endpoints);

/// <summary>An endpoint. Times are Unix seconds.</summary>
/// <param name="Description">Null: none.</param>
/// <param name="ScopeLinks">Null: all links, including those to come.</param>
/// <param name="Flavor">raw, discord or slack.</param>
/// <param name="Status">active, paused, or disabled, which is what this server sets.</param>
/// <param name="DisabledReason">consecutive_failures, gone or secret_unreadable. Null: it is not disabled.</param>
/// <param name="SigningSecretPrefix">The beginning of the secret, by which it is told from others.</param>
/// <param name="ConsecutiveFailures">Deliveries in a row that were given up; after 10 the endpoint is disabled.</param>
/// <param name="TotalDeliveries">Those that arrived or were given up.</param>
/// <param name="LastDeliveryAt">Null: nothing was sent yet.</param>
/// <param name="LastSuccessAt">Null: nothing has arrived yet.</param>
/// <param name="LastFailureReason">Null: no attempt has failed.</param>
internal record WebhookEndpointItem(
    string Id,
    string Url,
    string? Description,
    IReadOnlyList<string> Events,
    IReadOnlyList<string>? ScopeLinks,
    string Flavor,
    string Status,
    string? DisabledReason,
    string SigningSecretPrefix,
    int ConsecutiveFailures,
    long TotalDeliveries,
    long TotalSuccesses,
    long? LastDeliveryAt,
    long? LastSuccessAt,
    string? LastFailureReason,
    long CreatedAt)
{
    public static WebhookEndpointItem Of(WebhookEndpoint endpoint) => new(
        endpoint.PublicId,
        endpoint.Url,
        endpoint.Description,
        endpoint.Events,
        endpoint.ScopeLinks,
        WebhookWords.Of(endpoint.Flavor),
        WebhookWords.Of(endpoint.Status),
        endpoint.DisabledReason,
        endpoint.SecretPrefix,
        endpoint.ConsecutiveFailures,
        endpoint.TotalDeliveries,
        endpoint.TotalSuccesses,
        endpoint.LastDeliveryAt?.ToUnixTimeSeconds(),
        endpoint.LastSuccessAt?.ToUnixTimeSeconds(),
        endpoint.LastFailureReason,
        endpoint.CreatedAt.ToUnixTimeSeconds());
}

/// <summary>An endpoint that was just made.</summary>
internal sealed record MadeWebhookEndpoint : WebhookEndpointItem
{
    private MadeWebhookEndpoint(WebhookEndpointItem made)
        : base(made)
    {
    }

    /// <summary>What its deliveries are signed with.</summary>
    public required string SigningSecret { get; init; }

    public static MadeWebhookEndpoint Of(WebhookEndpoint endpoint, string secret) => new(WebhookEndpointItem.Of(endpoint)) { SigningSecret = secret };
}

internal sealed record WebhookSecret(string SigningSecret);

internal sealed record WebhookDeliveries(IReadOnlyList<WebhookDeliveryItem> Deliveries, int Total, int Page, int PageSize);

/// <summary>One event for one endpoint. Times are Unix seconds.</summary>
/// <param name="WebhookId">The header webhook-id, the same at every attempt.</param>
/// <param name="IsTest">Whether it was sent to try the endpoint out.</param>
/// <param name="Status">pending, success or failed.</param>
/// <param name="Attempts">The latest 20, the oldest first.</param>
/// <param name="NextAttemptAt">Null: there is none.</param>
/// <param name="RenderedBody">What is sent. Null: forgotten, because its link is deleted, or too large to be sent.</param>
internal sealed record WebhookDeliveryItem(
    string Id,
    string WebhookId,
    string EventType,
    bool IsTest,
    string Status,
    int AttemptCount,
    IReadOnlyList<WebhookAttemptItem> Attempts,
    long? NextAttemptAt,
    string? RenderedBody,
    long CreatedAt)
{
    public static WebhookDeliveryItem Of(WebhookDelivery delivery) => new(
        delivery.PublicId,
        delivery.MessageId,
        delivery.EventType,
        delivery.IsTest,
        WebhookWords.Of(delivery.Status),
        delivery.AttemptCount,
        [.. delivery.Attempts.Select(attempt => new WebhookAttemptItem(attempt.At.ToUnixTimeSeconds(), attempt.StatusCode, attempt.DurationMs, attempt.Error, attempt.Answer))],
        delivery.NextAttemptAt?.ToUnixTimeSeconds(),
        delivery.Body,
        delivery.CreatedAt.ToUnixTimeSeconds());
}

/// <param name="StatusCode">Null: there was no answer.</param>
/// <param name="DurationMs">Null: it was not sent.</param>
/// <param name="Error">Null: it arrived.</param>
/// <param name="ResponseBody">How the answer began, up to 256 bytes. Null: it was empty.</param>
internal sealed record WebhookAttemptItem(long AttemptedAt, int? StatusCode, int? DurationMs, string? Error, string? ResponseBody);

internal sealed record WebhookEventTypes(IReadOnlyList<WebhookEventTypeItem> EventTypes);

/// <param name="Type">As endpoints choose it.</param>
/// <param name="Frequency">How often it happens, in words.</param>
/// <param name="Sample">What is sent, as flavor raw has it.</param>
internal sealed record WebhookEventTypeItem(string Type, string Category, string Description, string Frequency, JsonObject Sample)
{
    private static readonly DateTimeOffset Once = new(2026, 3, 2, 10, 15, 31, TimeSpan.Zero);

    public static WebhookEventTypeItem Of(WebhookEventType known) =>
        new(known.Type, known.Category, known.Description, known.Frequency, WebhookEvents.Example(known, Once));
}
