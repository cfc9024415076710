using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Api.Numbers;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Legacy;

/// <summary>What the old API tells everybody of a link: of those only whose statistics are not private.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[OldApi]
public sealed class OldStatsController(
    LinkService links, StatsService stats, ClickLimits limits, ShorteningOptions options, OldTotals totals, TimeProvider clock) : ControllerBase
{
    /// <summary>Days that the counter goes back: as many bars as strangers may ask for.</summary>
    private const int MostDays = 1_999;

    [HttpGet("/stats/{code}")]
    [HttpPost("/stats/{code}")]
    [Limited(RateLimits.PublicStats)]
    public async Task<IActionResult> Stats(string code, CancellationToken cancellationToken)
    {
        var (found, no) = await FindAsync(code, cancellationToken);
        return found is null ? no! : new JsonResult(found, ApiJson.Options);
    }

    [HttpGet("/export/{code}/{format}")]
    [HttpPost("/export/{code}/{format}")]
    [Limited(RateLimits.Export)]
    public async Task<IActionResult> Export(string code, string format, CancellationToken cancellationToken)
    {
        if (!OldExport.Has(format))
        {
            return new OldProblem(StatusCodes.Status400BadRequest, "FormatError", "Invalid export format: it should be json, csv, xlsx or xml");
        }

        var (found, no) = await FindAsync(code, cancellationToken);
        return found is null ? no! : OldExport.Of(format, found, clock.GetUtcNow());
    }

    [HttpGet("/metric")]
    [Limited(RateLimits.PublicStats)]
    public async Task<IActionResult> Metric(CancellationToken cancellationToken) => options.AllowAnonymous
        ? new JsonResult(await totals.GetAsync(cancellationToken), ApiJson.Options)
        : new OldProblem(StatusCodes.Status403Forbidden, "AccessError", "The totals of this server are not public, as nobody makes links here without an account");

    /// <summary>The numbers of a link, or why they are not told.</summary>
    private async Task<(Dictionary<string, object?>? Stats, IActionResult? No)> FindAsync(string code, CancellationToken cancellationToken)
    {
        var password = (await OldFields.ReadAsync(Request)).Text("password");
        await limits.SettleAsync(cancellationToken);
        if (LinkName.Parse(code) is not { } name || await links.FindWithStatsAsync(code, Viewer.Nobody, cancellationToken) is not { } link)
        {
            return (null, OldProblem.NoSuchLink);
        }

        if (link.Status == LinkStatus.Blocked)
        {
            return (null, new OldProblem(StatusCodes.Status451UnavailableForLegalReasons, "BlockedUrlError", "This link is blocked"));
        }

        if (link.PasswordHash is not null && password is null)
        {
            return (null, OldProblem.WrongPassword);
        }

        var now = clock.GetUtcNow();
        var viewer = HttpContext.StatsViewer();
        viewer = password is null ? viewer : viewer.WithLinkPassword(HttpContext.Trying(password));
        var about = new StatsQuery { Scope = StatsScope.Anon, LinkName = name };
        var (lists, no) = await AskAsync(
            about with { GroupBy = [.. OldStatistics.Lists.Select(list => list.Dimension)], Limit = StatsQuery.AllRows }, viewer, cancellationToken);
        if (lists is null)
        {
            return (null, no);
        }

        // The password has been tried.
        var first = now.AddDays(-MostDays);
        var days = about with { GroupBy = [Dimension.Time], Interval = TimeBucketWidth.Day, Start = link.CreatedAt > first ? link.CreatedAt : first };
        (var counter, no) = await AskAsync(days, password is null ? viewer : viewer.WithLinkPassword((_, _) => null), cancellationToken);
        return counter is null ? (null, no) : (OldStatistics.Of(link, lists, counter, now), null);
    }

    private async Task<(StatsReport? Report, IActionResult? No)> AskAsync(StatsQuery query, Viewer viewer, CancellationToken cancellationToken) =>
        await stats.AskAsync(query, viewer, cancellationToken) switch
        {
            StatsOutcome.Found(var report) => (report, null),
            StatsOutcome.Refused { Refusal.Kind: RefusalKind.NotSignedIn } => (null, OldProblem.WrongPassword),
            StatsOutcome.Refused(var no) => (null, ApiProblem.Of(no)),
            _ => throw new UnreachableException(),
        };
}
