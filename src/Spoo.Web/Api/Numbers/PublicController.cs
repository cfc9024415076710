using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Targets;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Links;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Numbers;

/// <summary>What everybody may know of a link, by its code. A link whose statistics are private is answered as one that is not there.</summary>
[ApiController]
[Tags("Public")]
[Route("api/v1/public")]
public sealed class PublicController(
    ClickLimits limits, LinkService links, StatsQueryParser parser, StatsService stats, ShorteningOptions options, TimeProvider clock) : ControllerBase
{
    private const int MaxPasswordLength = 200;

    /// <summary>The generation of links, in the peer's count: all of ours are like its second.</summary>
    private const string Generation = "v2";

    /// <summary>Parameters that the caller may choose; the breakdowns are chosen here.</summary>
    private static readonly string[] Chosen = ["start_date", "end_date", "timezone"];

    private static readonly Dimension[] Breakdowns =
        [Dimension.Time, Dimension.Browser, Dimension.Os, Dimension.Device, Dimension.Country, Dimension.City, Dimension.Referrer];

    private static readonly ApiProblem NoSuchCode = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "short_code not found"));

    [EndpointSummary("A link and its clicks, for anybody")]
    [HttpGet("stats/{code}")]
    [Limited(RateLimits.PublicStats)]
    [NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
    [Parameter("start_date", "As in /api/v1/stats.")]
    [Parameter("end_date", "As in /api/v1/stats.")]
    [Parameter("timezone", "As in /api/v1/stats.")]
    [ProducesResponseType<PublicStatsAnswer>(200, "application/json", Description = "The link and its numbers.")]
    [Refuses(400, 404)]
    public Task<IActionResult> Stats(string code, CancellationToken cancellationToken) => AnswerAsync(code, null, cancellationToken);

    [EndpointSummary("The same for a link with a password, which the body brings: addresses end up in logs. There may be no body")]
    [HttpPost("stats/{code}")]
    [Limited(RateLimits.LinkPassword)]
    [NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
    [Parameter("start_date", "As in /api/v1/stats.")]
    [Parameter("end_date", "As in /api/v1/stats.")]
    [Parameter("timezone", "As in /api/v1/stats.")]
    [Body(typeof(PasswordBody), """{"password":"correct horse"}""")]
    [ProducesResponseType<PublicStatsAnswer>(200, "application/json", Description = "The link and its numbers.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> StatsBehindPassword(string code, CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request, mayBeAbsent: true);
        if (fields is null)
        {
            return problem!;
        }

        var password = fields.Text("password", MaxPasswordLength) is { Length: > 0 } given ? given : null;
        return fields.Refusal is { } refusal ? ApiProblem.Of(refusal) : await AnswerAsync(code, password, cancellationToken);
    }

    [EndpointSummary("Where a link leads, without going there")]
    [HttpGet("preview/{code}")]
    [Limited(RateLimits.Preview)]
    [ProducesResponseType<PreviewAnswer>(200, "application/json", Description = "The link.")]
    [Refuses(404)]
    public async Task<IActionResult> Preview(string code, CancellationToken cancellationToken)
    {
        await limits.SettleAsync(cancellationToken);
        if (await links.FindByNameAsync(code, cancellationToken) is not { } link)
        {
            return NoSuchCode;
        }

        var status = link.StatusAt(clock.GetUtcNow());
        var isOpen = link.PasswordHash is null && status != LinkStatus.Blocked;
        return Ok(new PreviewAnswer(
            Generation,
            link.ShortCode,
            SpooUrls.ShortLink(Request, options, link.Name),
            LinkWords.Of(status).ToLowerInvariant(),
            link.CreatedAt,
            link.PasswordHash is not null,
            isOpen && Uri.TryCreate(link.LongUrl, UriKind.Absolute, out var uri)
                ? new DestinationBody(link.LongUrl, uri.Host, uri.AbsolutePath, uri.Scheme == Uri.UriSchemeHttps)
                : null,
            isOpen && status == LinkStatus.Active ? GeoDestinationBody.Of(link) : null));
    }

    private async Task<IActionResult> AnswerAsync(string code, string? password, CancellationToken cancellationToken)
    {
        var viewer = HttpContext.StatsViewer();
        await limits.SettleAsync(cancellationToken);
        if (await links.FindWithStatsAsync(code, viewer, cancellationToken) is not { } link)
        {
            return NoSuchCode;
        }

        var parameters = Request.Parameters().Where(parameter => Chosen.Contains(parameter.Key));
        if (!parser.TryParse(parameters, out var query, out var refusal) || LinkName.Parse(code) is not { } name)
        {
            return refusal is null ? NoSuchCode : ApiProblem.Of(refusal);
        }

        query = query with { Scope = StatsScope.Anon, LinkName = name, GroupBy = Breakdowns };
        return await stats.AskAsync(query, password is null ? viewer : viewer.WithLinkPassword(HttpContext.Trying(password)), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => Ok(new PublicStatsAnswer(Generation, BodyOf(link), StatsResponse.Of(report))),
            StatsOutcome.Refused { Refusal: { Kind: RefusalKind.NotSignedIn or RefusalKind.Forbidden, Code: null } } => NoSuchCode,
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    private PublicLinkBody BodyOf(Link link) => new(
        link.ShortCode,
        SpooUrls.ShortLink(Request, options, link.Name),
        link.LongUrl,
        link.CreatedAt,
        LinkWords.Of(link.StatusAt(clock.GetUtcNow())).ToLowerInvariant(),
        link.MaxClicks,
        link.BlockBots == true,
        link.PasswordHash is not null);
}

internal sealed record PublicStatsAnswer(string Generation, PublicLinkBody Link, StatsResponse Stats);

/// <param name="Status">active, inactive, expired or blocked.</param>
/// <param name="MaxClicks">Null: unlimited.</param>
internal sealed record PublicLinkBody(
    string Alias,
    string ShortUrl,
    string? LongUrl,
    DateTimeOffset? CreatedAt,
    string Status,
    long? MaxClicks,
    bool BlockBots,
    bool PasswordProtected);

/// <param name="Status">active, inactive, expired or blocked.</param>
/// <param name="Destination">Null: the link is blocked, or asks for a password.</param>
/// <param name="GeoDestinations">Where visitors of some countries are sent. Null: nowhere else, or nobody is told the destination.</param>
internal sealed record PreviewAnswer(
    string Generation,
    string Alias,
    string ShortUrl,
    string Status,
    DateTimeOffset CreatedAt,
    bool PasswordProtected,
    DestinationBody? Destination,
    IReadOnlyList<GeoDestinationBody>? GeoDestinations);

internal sealed record DestinationBody(string Url, string Domain, string Path, bool IsHttps);

internal sealed record GeoDestinationBody(string Url, string Domain, string Path, bool IsHttps, IReadOnlyList<string> Countries)
{
    /// <summary>One for each address, in the order in which they are asked. Null: there are none.</summary>
    public static IReadOnlyList<GeoDestinationBody>? Of(Link link) =>
        link.Rules is { } rules && TargetsEdit.CountriesOf(rules.All) is { Count: > 0 } countries
            ? [.. countries.GroupBy(country => country.Url).Select(group => Of(group.Key, [.. group.Select(country => country.Country).Order(StringComparer.Ordinal)]))]
            : null;

    private static GeoDestinationBody Of(string url, IReadOnlyList<string> countries) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        ? new(url, uri.Host, uri.AbsolutePath, uri.Scheme == Uri.UriSchemeHttps, countries)
        : new(url, "", "", false, countries);
}
