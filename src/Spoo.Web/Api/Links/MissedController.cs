using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Missed;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>Codes that visitors asked for and that are not there.</summary>
[ApiController]
[Tags("Links")]
[Route("api/v1/missed")]
[NeedsAccount]
public sealed class MissedController(MissedCodes missed, ShorteningOptions options) : ControllerBase
{
    private const int MaxPage = 1000;
    private const int MaxPageSize = 100;

    [EndpointSummary("Aliases that visitors asked for and that are not there, the most wanted first: on the caller's own domains, and for an administrator on the server's")]
    [HttpGet]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead)]
    [Parameter("domain", "Only on this domain.")]
    [Parameter("page", "1 to 1000. Default: 1.", IsWhole = true)]
    [Parameter("pageSize", "1 to 100. Default: 20.", OtherName = "page_size", IsWhole = true)]
    [ProducesResponseType<MissedPageBody>(200, "application/json", Description = "A page of aliases.")]
    [Refuses(404)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var page = query.Whole("page", 1, MaxPage, 1);
        var pageSize = query.Whole("pageSize", 1, MaxPageSize, 20, olderName: "page_size");
        var domain = query.Text("domain", LinkFields.MaxDomainLength);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var host = domain is null ? null : OwnDomain.OtherIn(domain, Request, options) ?? "";
        if (await missed.ListAsync(User.Viewer(), host, (page - 1) * pageSize, pageSize, cancellationToken) is not var (codes, total))
        {
            return ApiProblem.Of(new Refusal(RefusalKind.NotFound, $"the caller looks after no domain {domain}") { Fields = [new FieldError("domain", "is not known")] });
        }

        return Ok(new MissedPageBody(
            [.. codes.Select(code => new MissedItem(code.Host ?? OwnDomain.NameOf(Request, options), code.Code, code.Times, code.FirstAt, code.LastAt))],
            page,
            pageSize,
            total,
            page * pageSize < total));
    }
}

internal sealed record MissedPageBody(
    IReadOnlyList<MissedItem> Items,
    int Page,
    [property: JsonPropertyName("pageSize")] int PageSize,
    int Total,
    [property: JsonPropertyName("hasNext")] bool HasNext);

internal sealed record MissedItem(
    string Domain,
    string Alias,
    [property: Description("How often it was asked for.")] long Times,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt);
