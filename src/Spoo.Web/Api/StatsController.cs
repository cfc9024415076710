using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Accounts;
using Spoo.Data.Stats;

namespace Spoo.Web.Api;

[ApiController]
[Route("api/v1/stats")]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class StatsController(StatsQueryParser parser, StatsService stats) : ControllerBase
{
    /// <summary>Clicks and unique clicks, as a whole and by each dimension asked for.</summary>
    [HttpGet]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        if (!parser.TryParse(Request.Parameters(), out var query, out var refusal))
        {
            return ApiProblem.Of(refusal);
        }

        return await stats.AskAsync(query, User.Viewer(), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => Ok(StatsResponse.Of(report)),
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }
}
