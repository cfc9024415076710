using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Numbers;

[ApiController]
[Tags("Statistics")]
[Route("api/v1/stats")]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class StatsController(StatsQueryParser parser, StatsService stats) : ControllerBase
{
    [EndpointSummary("Clicks and unique clicks, as a whole and by each dimension asked for")]
    [HttpGet]
    [Limited(RateLimits.Stats)]
    [TakesStatsQuery]
    [ProducesResponseType<StatsResponse>(200, "application/json", Description = "The numbers, exact as of quality.as_of.")]
    [Refuses(400, 404)]
    public Task<IActionResult> Get(CancellationToken cancellationToken) =>
        AnswerAsync(Request.Parameters(), query => query, cancellationToken);

    [EndpointSummary("The same for one link of one's own, by its id")]
    [HttpGet("links/{id}")]
    [NeedsAccount]
    [Limited(RateLimits.Stats)]
    [TakesStatsQuery(ChoosesLinks = false)]
    [ProducesResponseType<StatsResponse>(200, "application/json", Description = "The same, with url_id and alias.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> GetOfLink(string id, CancellationToken cancellationToken) =>
        StatsAnswers.RefuseOtherLinks(id, Request) is { } refusal
            ? ApiProblem.Of(refusal)
            : await AnswerAsync(StatsAnswers.OfLink(Request), query => query with { LinkId = id }, cancellationToken);

    private async Task<IActionResult> AnswerAsync(
        IEnumerable<KeyValuePair<string, string>> parameters, Func<StatsQuery, StatsQuery> narrow, CancellationToken cancellationToken)
    {
        if (!parser.TryParse(parameters, out var query, out var refusal))
        {
            return ApiProblem.Of(refusal);
        }

        switch (await stats.AskAsync(narrow(query) with { OwnHosts = [Request.Host.Host] }, HttpContext.StatsViewer(), cancellationToken))
        {
            case StatsOutcome.Found(var report):
                HttpContext.Charge(RateLimits.Stats, report);
                return Ok(StatsResponse.Of(report));
            case StatsOutcome.Refused(var no):
                return ApiProblem.Of(no);
            default:
                throw new UnreachableException();
        }
    }
}
