using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>The links of an account. The wire says "urls".</summary>
[ApiController]
[Tags("Links")]
[Route("api/v1/urls")]
[NeedsAccount]
public sealed class LinksController(LinkService links, LinkOwners owners, LinkList list, DomainService domains, ClickLimits limits, ShorteningOptions options, TimeProvider clock) : ControllerBase
{
    private const int MaxPageSize = 100;
    private const int MaxFilterLength = 10_000;
    private const int MaxSearchLength = 500;
    private const int MaxClaims = 16;
    private const int MaxClaimTokenLength = 256;

    private const string AsInFilter = "As in filter, which then has none of it.";
    private const string DomainOfList = "Only links on this domain.";

    private static readonly ApiProblem NoSuchLink = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "URL not found"));

    private static readonly Dictionary<string, LinkOrder> Orders = new()
    {
        ["created_at"] = LinkOrder.CreatedAt,
        ["last_click"] = LinkOrder.LastClick,
        ["total_clicks"] = LinkOrder.TotalClicks,
    };

    /// <summary>What the parameter <c>filter</c> may have.</summary>
    private static readonly string[] FilterNames = ["status", "createdAfter", "createdBefore", "passwordSet", "maxClicksSet", "tag", "search"];

    private static readonly Dictionary<string, bool> Directions = new()
    {
        ["ascending"] = false,
        ["asc"] = false,
        ["1"] = false,
        ["descending"] = true,
        ["desc"] = true,
        ["-1"] = true,
    };

    private static readonly Dictionary<string, bool?> Archived = new() { ["false"] = false, ["true"] = true, ["any"] = null };

    [EndpointSummary("The links of an account, page by page")]
    [HttpGet]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead)]
    [Parameter("page", "From 1 on. Default: 1.", IsWhole = true)]
    [Parameter("pageSize", "1 to 100. Default: 20.", OtherName = "page_size", IsWhole = true)]
    [Parameter("sortBy", "Default: created_at.", OtherName = "sort_by", Choices = "created_at,last_click,total_clicks")]
    [Parameter("sortOrder", "Default: descending.", OtherName = "sort_order", Choices = "ascending,asc,1,descending,desc,-1")]
    [Parameter("filter", """A JSON object with any of status, createdAfter, createdBefore, passwordSet, maxClicksSet, tag, search.""", OtherName = "filterBy", Example = """{"status":"ACTIVE","search":"launch"}""")]
    [Parameter("status", AsInFilter, Choices = "ACTIVE,INACTIVE,EXPIRED,BLOCKED")]
    [Parameter("createdAfter", AsInFilter)]
    [Parameter("createdBefore", AsInFilter)]
    [Parameter("passwordSet", AsInFilter, Choices = "true,false")]
    [Parameter("maxClicksSet", AsInFilter, Choices = "true,false")]
    [Parameter("tag", AsInFilter)]
    [Parameter("search", AsInFilter, Example = "launch")]
    [Parameter("domain", DomainOfList)]
    [Parameter("archived", "Whether links are listed that were archived: true, those alone; any, all. Default: false.", Choices = "false,true,any")]
    [Parameter("long_url", "Only links with exactly this destination.")]
    [ProducesResponseType<LinkPage>(200, "application/json", Description = "A page of links.")]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var page = query.Whole("page", 1, int.MaxValue, 1);
        var pageSize = query.Whole("pageSize", 1, MaxPageSize, 20, olderName: "page_size");
        var order = query.Choice("sortBy", Orders, LinkOrder.CreatedAt, olderName: "sort_by");
        var descending = query.Choice("sortOrder", Directions, otherwise: true, olderName: "sort_order");
        var skip = (page - 1L) * pageSize;
        var selection = new LinkSelection
        {
            OwnerId = User.Viewer().UserId!,
            Order = order,
            Descending = descending,

            // Beyond any list that fits into a database, the page is empty.
            Skip = (int)Math.Min(skip, int.MaxValue),
            Take = pageSize,
            IsArchived = query.Choice("archived", Archived, otherwise: false),
            LongUrl = query.Text("long_url", Link.MaxLongUrlLength),
        };
        if (query.Text("domain", LinkFields.MaxDomainLength) is { } domain)
        {
            selection = selection with { Domain = OwnDomain.OtherIn(domain, Request, options) ?? "" };
        }

        var refusal = Filter(query, ref selection) ?? query.Refusal;
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        await limits.SettleAsync(cancellationToken);
        var (found, total) = await list.SelectAsync(selection, cancellationToken);
        var now = clock.GetUtcNow();
        return Ok(new LinkPage(
            [.. found.Select(link => LinkItem.Of(link, OwnDomain.Of(link, Request, options), now))],
            page,
            pageSize,
            total,
            HasNext: skip + found.Count < total && found.Count > 0,
            Orders.First(entry => entry.Value == order).Key,
            descending ? "descending" : "ascending"));
    }

    [EndpointSummary("One link")]
    [HttpGet("{id}")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead)]
    [ProducesResponseType<LinkItem>(200, "application/json", Description = "The link.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Get(string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "id"));
        }

        await limits.SettleAsync(cancellationToken);
        return await links.FindOwnAsync(id, User.Viewer(), cancellationToken) switch
        {
            LinkOutcome.Done(var link) => Ok(LinkItem.Of(link, OwnDomain.Of(link, Request, options), clock.GetUtcNow())),
            LinkOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    [EndpointSummary("One link by its address: its domain, and the alias")]
    [HttpGet("{domain}/{alias}")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead)]
    [ProducesResponseType<LinkItem>(200, "application/json", Description = "The link.")]
    [Refuses(404)]
    public async Task<IActionResult> GetByAddress(string domain, string alias, CancellationToken cancellationToken)
    {
        var name = new LinkName(OwnDomain.OtherIn(domain, Request, options), alias).ToString();
        await limits.SettleAsync(cancellationToken);
        return await links.FindOwnByNameAsync(name, User.Viewer(), cancellationToken) is { } link ? Ok(LinkItem.Of(link, OwnDomain.Of(link, Request, options), clock.GetUtcNow())) : NoSuchLink;
    }

    [EndpointSummary("Changes what is named in the body, and nothing else")]
    [HttpPatch("{id}")]
    [Limited(RateLimits.UrlEdit)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(EditBody), """{"long_url":"https://example.com/elsewhere","max_clicks":null}""")]
    [ProducesResponseType<ChangedLink>(200, "application/json", Description = "The link as it is now.")]
    [Refuses(400, 403, 404, 409)]
    public async Task<IActionResult> Edit(string id, CancellationToken cancellationToken) =>
        await EditAsync(
            id,
            fields =>
            {
                var edit = LinkEditFields.All(fields, Request, options, User.Viewer());
                fields.RefuseOtherLinkFields();
                return edit;
            },
            cancellationToken);

    [EndpointSummary("Switches a link on or off; other fields of the body are not looked at")]
    [HttpPatch("{id}/status")]
    [Limited(RateLimits.UrlEdit)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(StatusBody), """{"status":"INACTIVE"}""")]
    [ProducesResponseType<ChangedLink>(200, "application/json", Description = "The link as it is now.")]
    [Refuses(403, 404)]
    public async Task<IActionResult> EditStatus(string id, CancellationToken cancellationToken) =>
        await EditAsync(id, LinkEditFields.Status, cancellationToken);

    [EndpointSummary("Deletes a link and its clicks")]
    [HttpDelete("{id}")]
    [Limited(RateLimits.UrlDelete)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [ProducesResponseType<DeletedLink>(200, "application/json", Description = "The link and its clicks are gone.")]
    [Refuses(403, 404, 422)]
    public async Task<IActionResult> Delete(string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return MalformedId();
        }

        return await links.DeleteAsync(id, User.Viewer(), cancellationToken) switch
        {
            LinkOutcome.Done => Ok(new DeletedLink("URL deleted", id)),
            LinkOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    [EndpointSummary("Deletes all of the caller's links on a domain of their own, and the clicks of those; never those on the server's own domain")]
    [HttpDelete]
    [Limited(RateLimits.DomainDelete)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Parameter("domain", "The domain.", IsRequired = true, Example = "links.example.com")]
    [ProducesResponseType<DeletedLinks>(200, "application/json", Description = "How many links are gone.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> DeleteOnDomain(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var domain = query.RequiredText("domain", LinkFields.MaxDomainLength);
        if ((query.Refusal
            ?? (OwnDomain.Is(domain, Request, options) ? Refusal.Invalid("cannot bulk-delete URLs on the system default domain", "domain") : null)) is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var viewer = User.Viewer();
        if (await domains.FindByHostAsync(OwnDomain.OtherIn(domain, Request, options)!, viewer, cancellationToken) is not { } found)
        {
            return ApiProblem.Of(new Refusal(RefusalKind.NotFound, $"the account has no domain {domain}") { Fields = [new FieldError("domain", "is not known")] });
        }

        var count = await domains.DeleteLinksAsync(found, viewer, cancellationToken);
        return Ok(new DeletedLinks($"deleted {count} URL(s) on {found.Host}", count, found.Host));
    }

    [EndpointSummary("Takes up to 16 links that were made without an account into the caller's")]
    [HttpPost("claim")]
    [Limited(RateLimits.Claim)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    [Body(typeof(ClaimBody), """{"claims":[{"url_id":"65f0c1d2e3f4a5b6c7d8e9f0","token":"0123456789abcdef0123456789abcdef"}]}""")]
    [ProducesResponseType<ClaimAnswer>(200, "application/json", Description = "How it went with each.")]
    public async Task<IActionResult> Claim(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var claims = new List<(string Id, string Token)>();
        foreach (var (number, item) in fields.Objects("claims", 1, MaxClaims).Index())
        {
            var id = item.RequiredText("url_id", PublicId.Length);
            if (item.Refusal is null && !PublicId.IsValid(id))
            {
                item.Refuse("url_id", PublicId.Shape);
            }

            claims.Add((id, item.RequiredText(item.NameOf("token", olderName: "claim_token"), MaxClaimTokenLength)));
            fields.Adopt(item, string.Create(CultureInfo.InvariantCulture, $"claims.{number}."));
        }

        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var results = new List<ClaimResult>();
        foreach (var (id, token) in claims.Distinct())
        {
            results.Add(await owners.ClaimAsync(id, token, User.Viewer(), cancellationToken) switch
            {
                LinkOutcome.Done(var link) done => new ClaimResult(id, done.WasTheirs ? "already_yours" : "claimed", link.ShortCode, true, null, null),
                LinkOutcome.Refused(var no) => new ClaimResult(id, "invalid", null, false, ApiProblem.Of(no).Code, no.Message),
                _ => throw new UnreachableException(),
            });
        }

        var succeeded = results.Count(result => result.Ok);
        var claimed = results.Count(result => result.Status == "claimed");
        return Ok(new ClaimAnswer(claimed, results, new BulkSummary(results.Count, succeeded, results.Count - succeeded)));
    }

    private static ApiProblem MalformedId() => ApiProblem.Of(Refusal.Malformed([new FieldError("url_id", PublicId.Shape)]));

    /// <summary>Reads the parameter <c>filter</c> into the selection, and those that are called as what it may have.</summary>
    private static Refusal? Filter(QueryFields query, ref LinkSelection selection)
    {
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            if (query.Text("filter", MaxFilterLength, olderName: "filterBy") is { } text)
            {
                using var document = JsonDocument.Parse(text);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    query.Refuse("filter", "filter must be a JSON object");
                    return null;
                }

                foreach (var property in document.RootElement.EnumerateObject())
                {
                    given[property.Name] = property.Value.Clone();
                }
            }

            if (given.Keys.Except(FilterNames).ToList() is { Count: > 0 } unknown)
            {
                return Refusal.Invalid($"there is no filter by {string.Join(", ", unknown)}; there are {string.Join(", ", FilterNames)}", "filter");
            }

            foreach (var name in FilterNames)
            {
                if (query.Text(name, MaxSearchLength) is { } alone && !given.TryAdd(name, JsonSerializer.SerializeToElement(alone)))
                {
                    query.Refuse(name, "filter says it already");
                }
            }

            var fields = new JsonFields(JsonSerializer.SerializeToElement(given));
            selection = selection with
            {
                Status = fields.Choice("status", LinkWords.Statuses),
                CreatedAfter = fields.Instant("createdAfter"),
                CreatedBefore = fields.Instant("createdBefore", isEnd: true),
                HasPassword = fields.Flag("passwordSet"),
                HasMaxClicks = fields.Flag("maxClicksSet"),
                Tag = fields.Text("tag", LinkTag.MaxLength)?.Trim().ToLowerInvariant() is { Length: > 0 } tag ? tag : null,
                Search = fields.Text("search", MaxSearchLength),
            };

            // What is wrong inside of a parameter is the shape of the parameter.
            return fields.Refusal is { } no ? no with { Kind = RefusalKind.Malformed } : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second kind is text that is no text: half a surrogate pair.
            query.Refuse("filter", "filter must be valid JSON");
            return null;
        }
    }

    private async Task<IActionResult> EditAsync(string id, Func<JsonFields, LinkEdit> read, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return MalformedId();
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var edit = read(fields);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : await links.EditAsync(id, edit, User.Viewer(), Request.Host.Value, cancellationToken) switch
            {
                LinkOutcome.Done(var link) => Ok(ChangedLink.Of(link, OwnDomain.Of(link, Request, options), clock.GetUtcNow())),
                LinkOutcome.Refused(var no) => ApiProblem.Of(no),
                _ => throw new UnreachableException(),
            };
    }
}
