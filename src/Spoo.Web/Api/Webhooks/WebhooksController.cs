using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Webhooks;

/// <summary>Addresses of an account that are told what happens to its links.</summary>
[ApiController]
[Tags("Webhooks")]
[Route("api/v1/webhooks")]
[NeedsAccount]
public sealed class WebhooksController(WebhookService webhooks, ShorteningOptions options) : ControllerBase
{
    private static readonly HashSet<string> FieldsOfWebhooks = JsonFields.NamesIn(typeof(NewWebhookBody), typeof(WebhookBody), typeof(WebhookTestBody));
    private static readonly ApiProblem Malformed = ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "endpoint_id"));
    private static readonly ApiProblem MalformedDelivery = ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "delivery_id"));

    [EndpointSummary("The endpoints of the account, the oldest first, without their secrets")]
    [HttpGet]
    [Limited(RateLimits.WebhookRead)]
    [NeedsScope(ApiKeyScope.WebhooksRead, ApiKeyScope.WebhooksManage)]
    [ProducesResponseType<WebhookEndpoints>(200, "application/json", Description = "The endpoints.")]
    public async Task<IActionResult> List(CancellationToken cancellationToken) =>
        Ok(new WebhookEndpoints([.. (await webhooks.ListAsync(User.Viewer(), cancellationToken)).Select(WebhookEndpointItem.Of)]));

    [EndpointSummary("Adds an endpoint. Its signing secret is in this answer")]
    [HttpPost]
    [Limited(RateLimits.WebhookCreate)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [Body(typeof(NewWebhookBody), """{"url":"https://example.com/hooks/spoo","events":["link.created","link.expired"]}""")]
    [ProducesResponseType<MadeWebhookEndpoint>(201, "application/json", Description = "The endpoint, with its secret.")]
    [Refuses(400, 403)]
    public async Task<IActionResult> Create(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var draft = new WebhookDraft
        {
            Url = fields.RequiredText("url", WebhookEndpoint.MaxUrlLength).Trim(),
            Events = WebhookFields.Events(fields, isRequired: true) ?? [],
            Description = fields.Text("description", WebhookEndpoint.MaxDescriptionLength),
            ScopeLinks = WebhookFields.ScopeLinks(fields),
            Flavor = fields.Choice("flavor", WebhookWords.Flavors) ?? WebhookFlavor.Raw,
        };
        fields.RefuseOthers(FieldsOfWebhooks);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : Answer(
                await webhooks.CreateAsync(draft, User.Viewer(), SpooUrls.Origin(Request, options), cancellationToken),
                made => StatusCode(StatusCodes.Status201Created, MadeWebhookEndpoint.Of(made.Endpoint, made.Secret!)));
    }

    [EndpointSummary("One endpoint")]
    [HttpGet("{endpoint_id}")]
    [Limited(RateLimits.WebhookRead)]
    [NeedsScope(ApiKeyScope.WebhooksRead, ApiKeyScope.WebhooksManage)]
    [ProducesResponseType<WebhookEndpointItem>(200, "application/json", Description = "The endpoint.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Get([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await webhooks.FindAsync(id, User.Viewer(), cancellationToken), Item) : Malformed;

    [EndpointSummary("Changes an endpoint, pauses it, or lets it go on")]
    [HttpPatch("{endpoint_id}")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [Body(typeof(WebhookBody), """{"status":"paused"}""")]
    [ProducesResponseType<WebhookEndpointItem>(200, "application/json", Description = "The endpoint as it is now.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Edit([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return Malformed;
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var edit = new WebhookEdit
        {
            Url = fields.Text("url", WebhookEndpoint.MaxUrlLength, minLength: 1)?.Trim(),
            Events = WebhookFields.Events(fields, isRequired: false),
            Description = fields.Has("description") ? new(fields.Text("description", WebhookEndpoint.MaxDescriptionLength)) : null,
            ScopeLinks = fields.Has("scope_links") ? new(WebhookFields.ScopeLinks(fields)) : null,
            Flavor = fields.Choice("flavor", WebhookWords.Flavors),
            Status = fields.Choice("status", WebhookWords.Statuses),
        };
        fields.RefuseOthers(FieldsOfWebhooks);
        return fields.Refusal is { } refusal ? ApiProblem.Of(refusal) : Answer(await webhooks.EditAsync(id, edit, User.Viewer(), cancellationToken), Item);
    }

    [EndpointSummary("Deletes an endpoint, and what was or was to be delivered to it")]
    [HttpDelete("{endpoint_id}")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [ProducesResponseType(204, Description = "The endpoint is gone.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Delete([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await webhooks.DeleteAsync(id, User.Viewer(), cancellationToken), _ => NoContent()) : Malformed;

    [EndpointSummary("Sends an event of a made-up link at once, and tells what came of it")]
    [HttpPost("{endpoint_id}/test")]
    [Limited(RateLimits.WebhookTest)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [Body(typeof(WebhookTestBody), """{"event_type":"link.clicked"}""")]
    [ProducesResponseType<WebhookDeliveryItem>(200, "application/json", Description = "The delivery, whether it arrived or not.")]
    [Refuses(400, 404, 409)]
    public async Task<IActionResult> Test([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return Malformed;
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request, mayBeAbsent: true);
        if (fields is null)
        {
            return problem!;
        }

        var type = fields.Text("event_type", WebhookEvents.MaxPatternLength) ?? WebhookEvents.Test;
        fields.RefuseOthers(FieldsOfWebhooks);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : Answer(await webhooks.TestAsync(id, type, User.Viewer(), cancellationToken), sent => Ok(WebhookDeliveryItem.Of(sent.Delivery!)));
    }

    [EndpointSummary("What was delivered to an endpoint or waits for it, the newest first; kept for 30 days")]
    [HttpGet("{endpoint_id}/deliveries")]
    [Limited(RateLimits.WebhookRead)]
    [NeedsScope(ApiKeyScope.WebhooksRead, ApiKeyScope.WebhooksManage)]
    [Parameter("page", "1 to 1000. Default: 1.", IsWhole = true)]
    [Parameter("page_size", "1 to 100. Default: 25.", OtherName = "pageSize", IsWhole = true)]
    [Parameter("status", "What came of it. Default: whatever did.", Choices = "pending,success,failed")]
    [ProducesResponseType<WebhookDeliveries>(200, "application/json", Description = "A page of deliveries.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Deliveries([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return Malformed;
        }

        var query = new QueryFields(Request);
        var page = query.Whole("page", 1, 1000, 1);
        var pageSize = query.Whole("page_size", 1, 100, 25, olderName: "pageSize");
        var status = query.Choice("status", WebhookWords.DeliveryStatuses, null);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        return await webhooks.DeliveriesAsync(id, status, (page - 1) * pageSize, pageSize, User.Viewer(), cancellationToken) is var (deliveries, total)
            ? Ok(new WebhookDeliveries([.. deliveries.Select(WebhookDeliveryItem.Of)], total, page, pageSize))
            : ApiProblem.Of(WebhookService.NoSuchEndpoint);
    }

    [EndpointSummary("Sends once more what has arrived or was given up, under the same webhook-id, and tells what came of it")]
    [HttpPost("{endpoint_id}/deliveries/{delivery_id}/retry")]
    [Limited(RateLimits.WebhookRetry)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [ProducesResponseType<WebhookDeliveryItem>(200, "application/json", Description = "The delivery, with one attempt more.")]
    [Refuses(400, 404, 409)]
    public async Task<IActionResult> Retry(
        [FromRoute(Name = "endpoint_id")] string id, [FromRoute(Name = "delivery_id")] string deliveryId, CancellationToken cancellationToken) =>
        !PublicId.IsValid(id) ? Malformed
        : !PublicId.IsValid(deliveryId) ? MalformedDelivery
        : Answer(await webhooks.RetryAsync(id, deliveryId, User.Viewer(), cancellationToken), sent => Ok(WebhookDeliveryItem.Of(sent.Delivery!)));

    private OkObjectResult Item(WebhookOutcome.Done done) => Ok(WebhookEndpointItem.Of(done.Endpoint));

    internal static IActionResult Answer(WebhookOutcome outcome, Func<WebhookOutcome.Done, IActionResult> answer) => outcome switch
    {
        WebhookOutcome.Done done => answer(done),
        WebhookOutcome.Refused(var no) => ApiProblem.Of(no),
        _ => throw new UnreachableException(),
    };
}

/// <summary>What signs the deliveries of an endpoint. For people alone, as is everything that opens something.</summary>
[ApiController]
[Tags("Webhooks")]
[Route("api/v1/webhooks/{endpoint_id}/secret")]
[NeedsAccount(RefusesKeys = "API keys cannot be used to read or change signing secrets")]
public sealed class WebhookSecretController(WebhookService webhooks) : ControllerBase
{
    private static readonly ApiProblem Malformed = ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "endpoint_id"));

    [EndpointSummary("The signing secret of an endpoint")]
    [HttpGet]
    [Limited(RateLimits.WebhookRead)]
    [ProducesResponseType<WebhookSecret>(200, "application/json", Description = "The secret.")]
    [Refuses(400, 403, 404, 409)]
    public async Task<IActionResult> Get([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? WebhooksController.Answer(await webhooks.RevealAsync(id, User.Viewer(), cancellationToken), Secret) : Malformed;

    [EndpointSummary("Gives an endpoint another signing secret. For 24 hours the one before signs as well")]
    [HttpPost]
    [Limited(RateLimits.WebhookEdit)]
    [ProducesResponseType<WebhookSecret>(200, "application/json", Description = "The new secret.")]
    [Refuses(400, 403, 404)]
    public async Task<IActionResult> Rotate([FromRoute(Name = "endpoint_id")] string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? WebhooksController.Answer(await webhooks.RotateAsync(id, User.Viewer(), cancellationToken), Secret) : Malformed;

    private OkObjectResult Secret(WebhookOutcome.Done done)
    {
        Response.Headers.CacheControl = "no-store";
        return Ok(new WebhookSecret(done.Secret!));
    }
}

/// <summary>The kinds of events, for everybody.</summary>
[ApiController]
[Tags("Webhooks")]
[Route("api/v1/webhooks/event-types")]
public sealed class WebhookEventTypesController : ControllerBase
{
    [EndpointSummary("What an endpoint can be told of, each with an example of what is sent")]
    [HttpGet]
    [Limited(RateLimits.EmojiSet)]
    [ProducesResponseType<WebhookEventTypes>(200, "application/json", Description = "The kinds of events.")]
    public IActionResult Get() => Ok(new WebhookEventTypes([.. WebhookEvents.All.Select(WebhookEventTypeItem.Of)]));
}
