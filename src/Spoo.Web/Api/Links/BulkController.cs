using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>The same for many links of an account, with an answer for each.</summary>
[ApiController]
[Tags("Links")]
[Route("api/v1/urls/bulk")]
[NeedsAccount]
public sealed class BulkController(LinkService links, ShorteningOptions options, TimeProvider clock) : ControllerBase
{
    private const int MaxBulk = 100;

    private static readonly ApiProblem NoSuchLink = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "URL not found"));

    [EndpointSummary("Deletes up to a hundred links and their clicks, each by itself")]
    [HttpPost("delete")]
    [Limited(RateLimits.Bulk)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(BulkBody), """{"ids":["65f0c1d2e3f4a5b6c7d8e9f0"]}""")]
    [ProducesResponseType<BulkAnswer>(200, "application/json", Description = "How it went with each.")]
    public Task<IActionResult> DeleteMany(CancellationToken cancellationToken) =>
        ForEachAsync(_ => { }, (id, _) => links.DeleteAsync(id, User.Viewer(), cancellationToken));

    [EndpointSummary("Switches up to a hundred links on or off")]
    [HttpPost("status")]
    [Limited(RateLimits.Bulk)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(BulkStatusBody), """{"ids":["65f0c1d2e3f4a5b6c7d8e9f0"],"status":"INACTIVE"}""")]
    [ProducesResponseType<BulkAnswer>(200, "application/json", Description = "How it went with each.")]
    public Task<IActionResult> EditStatusOfMany(CancellationToken cancellationToken) =>
        EditManyAsync(LinkEditFields.Status, cancellationToken);

    [EndpointSummary("Gives up to a hundred links an end, or takes it away")]
    [HttpPost("expiry")]
    [Limited(RateLimits.Bulk)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(BulkExpiryBody), """{"ids":["65f0c1d2e3f4a5b6c7d8e9f0"],"expire_after":"2030-01-01T00:00:00Z"}""")]
    [ProducesResponseType<BulkAnswer>(200, "application/json", Description = "How it went with each.")]
    public Task<IActionResult> EditExpiryOfMany(CancellationToken cancellationToken) => EditManyAsync(
        fields =>
        {
            if (!fields.Has("expire_after"))
            {
                fields.Refuse("expire_after", "Field required; null means never");
            }

            var end = fields.Instant("expire_after");
            if (end <= clock.GetUtcNow())
            {
                fields.Refuse(Refusal.Invalid("expire_after must be in the future", "expire_after"));
            }

            return new LinkEdit { ExpireAfter = new(end) };
        },
        cancellationToken);

    [EndpointSummary("Moves up to a hundred links to another domain, with their clicks")]
    [HttpPost("domain")]
    [Limited(RateLimits.Bulk)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(BulkDomainBody), """{"ids":["65f0c1d2e3f4a5b6c7d8e9f0"],"domain":"links.example.com"}""")]
    [ProducesResponseType<BulkAnswer>(200, "application/json", Description = "How it went with each.")]
    [Refuses(403, 404)]
    public Task<IActionResult> MoveMany(CancellationToken cancellationToken) => ForEachAsync(
        fields =>
        {
            if (!fields.Has("domain"))
            {
                fields.Refuse("domain", "Field required; null means the server's own domain");
            }

            return new LinkEdit { Domain = new(fields.Domain(Request, options)) };
        },
        async (id, edit) => await links.FindOwnAsync(id, User.Viewer(), cancellationToken) is LinkOutcome.Done(var link) found && link.DomainHost == edit.Domain!.Value.To
            ? link.Status == LinkStatus.Blocked ? new LinkOutcome.Refused(new Refusal(RefusalKind.Forbidden, "Cannot modify a blocked URL")) : found
            : await links.EditAsync(id, edit, User.Viewer(), Request.Host.Value, cancellationToken),
        edit => links.RefuseDomainAsync(edit.Domain!.Value.To, User.Viewer(), cancellationToken));

    [EndpointSummary("Changes the same about up to a hundred links, each by itself")]
    [HttpPost("edit")]
    [Limited(RateLimits.Bulk)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(BulkEditBody), """{"ids":["65f0c1d2e3f4a5b6c7d8e9f0"],"max_clicks":100,"archived":true}""")]
    [ProducesResponseType<BulkAnswer>(200, "application/json", Description = "How it went with each.")]
    [Refuses(403, 404)]
    public Task<IActionResult> EditEachOfMany(CancellationToken cancellationToken) => EditManyAsync(
        fields =>
        {
            if (fields.Has("alias"))
            {
                fields.Refuse("alias", "An alias is each link's own: change it with PATCH /api/v1/urls/{id}");
            }

            if (fields.Names.All(name => name == "ids"))
            {
                fields.Refuse("ids", "Nothing is said of what shall be different");
            }

            return LinkEditFields.All(fields, Request, options, User.Viewer());
        },
        cancellationToken);

    private Task<IActionResult> EditManyAsync(Func<JsonFields, LinkEdit> read, CancellationToken cancellationToken) =>
        ForEachAsync(read, (id, edit) => links.EditAsync(id, edit, User.Viewer(), Request.Host.Value, cancellationToken));

    private Task<IActionResult> ForEachAsync(Action<JsonFields> read, Func<string, LinkEdit, Task<LinkOutcome>> act) => ForEachAsync(
        fields =>
        {
            read(fields);
            return new LinkEdit();
        },
        act);

    /// <summary>Does the same to each link named in the body; what does not work for one does not keep the others from it.</summary>
    /// <param name="refuseAll">What is wrong for every link. Null: nothing can be.</param>
    private async Task<IActionResult> ForEachAsync(
        Func<JsonFields, LinkEdit> read, Func<string, LinkEdit, Task<LinkOutcome>> act, Func<LinkEdit, Task<Refusal?>>? refuseAll = null)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        if (!fields.Has("ids"))
        {
            fields.Refuse("ids", "Field required");
        }

        var ids = fields.Texts("ids", 1, MaxBulk, PublicId.IsValid, PublicId.Shape);
        var edit = read(fields);
        fields.RefuseOtherLinkFields();
        if ((fields.Refusal ?? (refuseAll is null ? null : await refuseAll(edit))) is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var results = new List<BulkResult>();
        foreach (var id in ids!.Distinct())
        {
            results.Add(await act(id, edit) switch
            {
                LinkOutcome.Done(var link) => new BulkResult(id, link.ShortCode, true, null, null),
                LinkOutcome.Refused(var no) when no == LinkService.NotTheirs => new BulkResult(id, null, false, NoSuchLink.Code, NoSuchLink.Error),
                LinkOutcome.Refused(var no) => new BulkResult(id, null, false, ApiProblem.Of(no).Code, no.Message),
                _ => throw new UnreachableException(),
            });
        }

        var succeeded = results.Count(result => result.Ok);
        return Ok(new BulkAnswer(new BulkSummary(results.Count, succeeded, results.Count - succeeded), results));
    }
}
