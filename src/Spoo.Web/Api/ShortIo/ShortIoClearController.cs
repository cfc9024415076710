using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.ShortIo;

/// <summary>Short.io's way to begin again: deletes the clicks of an account's links on a domain.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("statistics/domain/{domainId}/statistics")]
[NeedsAccount]
[NeedsScope(ApiKeyScope.UrlsManage)]
public sealed class ShortIoClearController(ClickHistory history, ShortIoDomains domains) : ControllerBase
{
    [HttpDelete]
    [Limited(RateLimits.UrlDelete)]
    public async Task<IActionResult> Clear(string domainId, CancellationToken cancellationToken)
    {
        var (host, isThere) = await domains.FindAsync(domainId, User.Viewer(), Request, cancellationToken);
        if (!isThere)
        {
            return ShortIoDomains.Unknown;
        }

        await history.ClearAsync(User.Viewer().UserId!, host, cancellationToken);
        return new JsonResult(new SuccessBody(true), ShortIoJson.Options);
    }
}
