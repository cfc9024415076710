using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links.Destinations;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>What a page says of itself, to begin a card of a link with.</summary>
[ApiController]
[Tags("Links")]
[Route("api/v1/metadata")]
[NeedsAccount]
public sealed class MetadataController(DestinationPages pages) : ControllerBase
{
    [EndpointSummary("What a destination's own card would say")]
    [HttpGet]
    [Limited(RateLimits.Metadata)]
    [NeedsScope(ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead)]
    [Parameter("url", "An https:// address of up to 2048 characters.", IsRequired = true, Example = "https://example.com/article")]
    [ProducesResponseType<MetadataAnswer>(200, "application/json", Description = "Its best texts, and all of og: and twitter:. Remembered for an hour.")]
    [Refuses(400, 422, 504)]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var url = query.RequiredText("url", DestinationPages.MaxUrlLength).Trim();
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        if (!pages.IsReadable(url))
        {
            return ApiProblem.Of(Refusal.Invalid("url should be an address that begins with https:// and names a host", "url"));
        }

        return await pages.ReadAsync(url, cancellationToken) switch
        {
            ({ } page, _) => Ok(MetadataAnswer.Of(url, page)),
            (_, PageFault.Timeout) => new ApiProblem(StatusCodes.Status504GatewayTimeout, "upstream_timeout", "the destination did not answer in time"),
            _ => new ApiProblem(StatusCodes.Status422UnprocessableEntity, "unfetchable", "destination is not a fetchable HTML page"),
        };
    }
}

internal sealed record MetadataAnswer(
    string Url,
    [property: Description("After redirects.")] string FinalUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Color,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SiteName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HtmlTitle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HtmlDescription,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Favicon,
    IReadOnlyDictionary<string, string> Og,
    IReadOnlyDictionary<string, string> Twitter,
    DateTimeOffset FetchedAt)
{
    public static MetadataAnswer Of(string url, DestinationPage page) => new(
        url,
        page.FinalUrl.AbsoluteUri,
        page.Title,
        page.Description,
        page.Image,
        page.Color,
        page.SiteName,
        page.HtmlTitle,
        page.HtmlDescription,
        page.Favicon,
        page.Og,
        page.Twitter,
        page.FetchedAt);
}
