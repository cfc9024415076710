using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.ShortIo;

/// <summary>Short.io's way to begin again: deletes the clicks of all links of an account.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("statistics/domain/{domainId}/statistics")]
[NeedsAccount]
[NeedsScope(ApiKeyScope.UrlsManage)]
public sealed class ShortIoClearController(ClickHistory history) : ControllerBase
{
    [HttpDelete]
    [Limited(RateLimits.UrlDelete)]
    public async Task<IActionResult> Clear(string domainId, CancellationToken cancellationToken)
    {
        if (!ShortIoDomain.IsHere(domainId, Request))
        {
            return ShortIoDomain.Unknown;
        }

        await history.ClearAsync(User.Viewer().UserId!, cancellationToken);
        return new JsonResult(new SuccessBody(true), ShortIoJson.Options);
    }
}
