using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.ShortIo;

/// <summary>Short.io's statistics API over our own statistics. <c>docs/short-io.md</c> says what each call answers.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("statistics")]
[NeedsAccount]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class ShortIoController(StatsService stats, StatsOptions options, LinkNames links, ClickHistory history, ShortIoDomains domains, ShorteningOptions shortening, TimeProvider clock) : ControllerBase
{
    private const int DefaultTop = 10;
    private const int DefaultLastClicks = 30;

    private static readonly ApiProblem NoSuchLink = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "Link not found"));

    [HttpGet("link/{linkId}")]
    [HttpPost("link/{linkId}")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> OfLink(string linkId, CancellationToken cancellationToken)
    {
        var (call, no) = await ReadAsync();
        if (call is null)
        {
            return no!;
        }

        var link = await links.FindAsync(call.OwnerId, ShortIoId.In(linkId), cancellationToken);
        if (link is null)
        {
            return NoSuchLink;
        }

        var range = call.Question.RangeSince(link.CreatedAt, call.Now);
        var (reports, refusal) = await AskAsync(ShortIoOverview.Questions(call.Question, range, link.Name), cancellationToken);
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        var overview = new ShortIoOverview(call.Question, reports);
        return Json(new LinkAnswer
        {
            TotalClicks = overview.Clicks,
            HumanClicks = overview.HumanClicks,
            HumanClicksChange = overview.HumanClicksChange,
            TotalClicksChange = overview.ClicksChange,
            ClickStatistics = overview.Chart,
            Interval = call.Question.IntervalBody,
            Tops = overview.Tops,
        });
    }

    [HttpGet("link/{linkId}/by_interval")]
    [HttpPost("link/{linkId}/by_interval")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> OfLinkByInterval(string linkId, CancellationToken cancellationToken)
    {
        var (call, no) = await ReadAsync();
        if (call is null)
        {
            return no!;
        }

        return await links.FindAsync(call.OwnerId, ShortIoId.In(linkId), cancellationToken) is { } link
            ? await ByIntervalAsync(call, link.CreatedAt, link.Name, cancellationToken)
            : NoSuchLink;
    }

    [HttpGet("domain/{domainId}")]
    [HttpPost("domain/{domainId}")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> OfDomain(string domainId, CancellationToken cancellationToken)
    {
        var (call, no) = await ReadAsync(domainId);
        if (call is null)
        {
            return no!;
        }

        var range = await RangeOfDomainAsync(call, cancellationToken);
        var (reports, refusal) = await AskAsync(ShortIoOverview.Questions(call.Question, range, null), cancellationToken);
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        var previous = call.Question.Previous;
        var count = await links.CountAsync(call.OwnerId, call.Question.Host, range.End, cancellationToken);
        var countBefore = previous is null ? count : await links.CountAsync(call.OwnerId, call.Question.Host, previous.End, cancellationToken);
        var overview = new ShortIoOverview(call.Question, reports);
        return Json(new DomainAnswer
        {
            Clicks = overview.Clicks,
            HumanClicks = overview.HumanClicks,
            PrevClicks = overview.PreviousClicks,
            PrevHumanClicks = overview.PreviousHumanClicks,
            Links = count,
            LinksChange = ShortIoChange.Of(count, countBefore),
            LinksChangePositive = count >= countBefore,
            ClicksPerLink = ShortIoChange.Ratio(overview.Clicks, count),
            ClicksPerLinkChange = previous is null
                ? ShortIoChange.None
                : ShortIoChange.Of(PerLink(overview.Clicks, count), PerLink(overview.PreviousClicks, countBefore)),
            HumanClicksPerLink = ShortIoChange.Ratio(overview.HumanClicks, count),
            PrevClicksChange = overview.ClicksChange,
            HumanClicksChange = overview.HumanClicksChange,
            HumanClicksChangePositive = previous is null || overview.HumanClicks >= overview.PreviousHumanClicks,
            Interval = call.Question.IntervalBody,
            ClickStatistics = overview.Chart,
            Tops = overview.Tops,
        });

        static double PerLink(long clicks, int links) => links == 0 ? 0 : (double)clicks / links;
    }

    [HttpGet("domain/{domainId}/by_interval")]
    [HttpPost("domain/{domainId}/by_interval")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> OfDomainByInterval(string domainId, CancellationToken cancellationToken)
    {
        var (call, no) = await ReadAsync(domainId);
        return call is null
            ? no!
            : await ByIntervalAsync(call, await links.OldestAsync(call.OwnerId, call.Question.Host, cancellationToken), null, cancellationToken);
    }

    [HttpPost("domain/{domainId}/top")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> Top(string domainId, CancellationToken cancellationToken)
    {
        ShortIoColumn? column = null;
        string? prefix = null;
        var limit = 0;
        var (call, no) = await ReadAsync(domainId, alsoRead: fields =>
        {
            column = ColumnOf(fields);
            prefix = fields.Text("prefix");
            limit = ShortIoQuestion.LimitOf(fields, DefaultTop);
        });
        if (call is null)
        {
            return no!;
        }

        var range = await RangeOfDomainAsync(call, cancellationToken);
        var query = column!.CountsBots
            ? call.Question.All(range, null, column.Dimension)
            : call.Question.Humans(range, null, column.Dimension);
        var (reports, refusal) = await AskAsync([query with { Limit = StatsQuery.AllRows }], cancellationToken);
        return refusal is not null
            ? ApiProblem.Of(refusal)
            : Json(column.Rows(reports[0].By(column.Dimension))
                .Where(row => prefix is null || row.Value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || column.DisplayName(row.Value).StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Take(limit)
                .Select(row => new TopRow(row.Score, row.Value, column.DisplayName(row.Value))));
    }

    [HttpPost("domain/{domainId}/top_by_interval")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> TopByInterval(string domainId, CancellationToken cancellationToken)
    {
        ShortIoColumn? column = null;
        var limit = 0;
        var (call, no) = await ReadAsync(domainId, alsoRead: fields =>
        {
            column = ColumnOf(fields);
            limit = ShortIoQuestion.LimitOf(fields, DefaultTop);
        });
        if (call is null)
        {
            return no!;
        }

        var range = await RangeOfDomainAsync(call, cancellationToken);
        var query = column!.CountsBots
            ? call.Question.All(range, null, Dimension.Time, column.Dimension)
            : call.Question.Humans(range, null, Dimension.Time, column.Dimension);
        var (reports, refusal) = await AskAsync([query with { Cross = true }], cancellationToken);
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        var cells = reports[0].CrossTabs.Single().Cells
            .Where(cell => cell.SecondLabel != column.Dimension.NoValue)
            .ToLookup(cell => cell.FirstLabel, cell => ((string?)cell.SecondLabel, cell.Count.Clicks));
        return Json(reports[0].Buckets!.All.Select(bucket => new TopOfBar(
            bucket.Start, [.. column.Sorted(cells[bucket.Label]).Take(limit).Select(row => new TopOfBarRow(row.Value, $"{row.Score}"))])));
    }

    [HttpPost("domain/{domainId}/last_clicks")]
    [Limited(RateLimits.Stats)]
    public async Task<IActionResult> LastClicks(string domainId, CancellationToken cancellationToken)
    {
        DateTimeOffset? after = null;
        DateTimeOffset? before = null;
        var limit = 0;
        var (call, no) = await ReadAsync(domainId, ShortIoPeriod.Total, fields =>
        {
            after = ShortIoPeriod.DateOf(fields, "afterDate", TimeZoneInfo.Utc);
            before = ShortIoPeriod.DateOf(fields, "beforeDate", TimeZoneInfo.Utc);
            limit = ShortIoQuestion.LimitOf(fields, DefaultLastClicks);
        });
        if (call is null)
        {
            return no!;
        }

        var period = call.Question.Period.Range;
        var dates = call.Question.Filters;
        var from = new[] { period?.Start, dates.From, after?.AddMilliseconds(1) }.Max();
        var until = new[] { period?.End, dates.Until, before?.AddMilliseconds(-1) }.Min();
        var clicks = await history.LatestAsync(call.Question.Rows(call.OwnerId, from, until, limit), cancellationToken);
        return Json(clicks.Select(Row));
    }

    [HttpGet("domain/{domainId}/link_clicks")]
    [Limited(RateLimits.Stats)]
    public Task<IActionResult> LinkClicks(string domainId, CancellationToken cancellationToken) => LinkClicksAsync(
        domainId,
        fields =>
        {
            var ids = fields.Text("ids")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (ids is not { Length: > 0 and <= ShortIoQuestion.MaxRows })
            {
                fields.Refuse("ids", $"should be 1 to {ShortIoQuestion.MaxRows} ids of links with commas between them");
            }

            return ids ?? [];
        },
        cancellationToken);

    [HttpPost("domain/{domainId}/link_clicks")]
    [Limited(RateLimits.Stats)]
    public Task<IActionResult> LinkClicksByPath(string domainId, CancellationToken cancellationToken) => LinkClicksAsync(
        domainId,
        fields =>
        {
            var paths = fields.List("pathsDates") is { Count: > 0 and <= ShortIoQuestion.MaxRows } entries
                ? entries.Select(PathOf).ToList()
                : [];
            if (paths.Count == 0 || paths.Contains(null))
            {
                fields.Refuse("pathsDates", $"should be a list of 1 to {ShortIoQuestion.MaxRows} objects with a path each");
            }

            return [.. paths.OfType<string>()];
        },
        cancellationToken);

    private static string? PathOf(System.Text.Json.JsonElement entry) =>
        entry.ValueKind == System.Text.Json.JsonValueKind.Object
        && entry.TryGetProperty("path", out var path)
        && path.ValueKind == System.Text.Json.JsonValueKind.String
            ? path.GetString()
            : null;

    private static ShortIoColumn? ColumnOf(ShortIoFields fields)
    {
        var name = fields.Text("column");
        var column = ShortIoColumn.All.FirstOrDefault(column => column.Name == name);
        if (column is null)
        {
            fields.Refuse("column", name is not null && ShortIoColumn.NotStored.Contains(name)
                ? $"{name} is not stored here, so nothing can be listed by it"
                : $"should be one of {string.Join(", ", ShortIoColumn.All.Select(column => column.Name))}");
        }

        return column;
    }

    private static JsonResult Json(object answer) => new(answer, ShortIoJson.Options);

    /// <summary>The clicks of links by whatever the caller named them. Names of no link are in no answer: that is not the same as no clicks.</summary>
    private async Task<IActionResult> LinkClicksAsync(
        string domainId, Func<ShortIoFields, IReadOnlyList<string>> readNames, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = [];
        var (call, no) = await ReadAsync(domainId, ShortIoPeriod.Total, fields => names = readNames(fields));
        if (call is null)
        {
            return no!;
        }

        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = await links.FindAsync(call.OwnerId, [.. names.Select(WithoutSlash).Distinct()], cancellationToken);
        foreach (var name in names)
        {
            var link = found.FirstOrDefault(link => link.PublicId == WithoutSlash(name)) ?? found.FirstOrDefault(link => link.DomainHost == call.Question.Host && link.ShortCode == WithoutSlash(name));
            if (link is not null)
            {
                codes[name] = link.Name;
            }
        }

        if (codes.Count == 0)
        {
            return Json(new Dictionary<string, long>());
        }

        var range = call.Question.RangeSince(found.Min(link => link.CreatedAt), call.Now);
        var query = call.Question.All(range, null, Dimension.ShortCode);
        var theirs = new StatsFilter(Dimension.ShortCode, FilterOperator.Is, [.. codes.Values.Distinct()]);
        var (reports, refusal) = await AskAsync([query with { Filters = [.. query.Filters, theirs] }], cancellationToken);
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        var clicks = reports[0].By(Dimension.ShortCode).Rows.ToDictionary(row => row.Label, row => row.Count.Clicks, StringComparer.Ordinal);
        return Json(codes.ToDictionary(name => name.Key, name => clicks.GetValueOrDefault(name.Value)));

        static string WithoutSlash(string name) => ShortIoId.In(name.TrimStart('/'));
    }

    private async Task<IActionResult> ByIntervalAsync(ShortIoCall call, DateTimeOffset? made, string? code, CancellationToken cancellationToken)
    {
        var range = call.Question.RangeSince(made, call.Now);
        var (reports, refusal) = await AskAsync([call.Question.All(range, code, Dimension.Time)], cancellationToken);
        return refusal is null
            ? Json(new ByIntervalAnswer(ShortIoOverview.Points(reports[0]), call.Question.IntervalBody))
            : ApiProblem.Of(refusal);
    }

    private async Task<TimeRange> RangeOfDomainAsync(ShortIoCall call, CancellationToken cancellationToken) => call.Question.RangeSince(
        call.Question.Period.Range is null ? await links.OldestAsync(call.OwnerId, call.Question.Host, cancellationToken) : null, call.Now);

    /// <summary>Who asks what, or why that is not answered.</summary>
    /// <param name="domainId">Null: the call names none.</param>
    /// <param name="alsoRead">Reads what only this call takes.</param>
    private async Task<(ShortIoCall? Call, ApiProblem? Problem)> ReadAsync(
        string? domainId = null, string unlessGiven = ShortIoPeriod.Last30, Action<ShortIoFields>? alsoRead = null)
    {
        string? host = null;
        if (domainId is not null)
        {
            (host, var isThere) = await domains.FindAsync(domainId, User.Viewer(), Request, HttpContext.RequestAborted);
            if (!isThere)
            {
                return (null, ShortIoDomains.Unknown);
            }
        }

        var now = clock.GetUtcNow();
        var fields = await ShortIoFields.ReadAsync(Request);
        var question = ShortIoQuestion.Read(fields, now, options.MaxRangeDays, unlessGiven);
        question = question with { Filters = question.Filters.On(host), IsOnDomain = domainId is not null, Host = host };
        alsoRead?.Invoke(fields);
        fields.RefuseUnread(ShortIoQuestion.OfSomeCalls);
        return fields.Refusal is { } refusal ? (null, ApiProblem.Of(refusal)) : (new ShortIoCall(User.Viewer().UserId!, now, question), null);
    }

    /// <summary>The answers to all questions, or the first refusal.</summary>
    private async Task<(IReadOnlyList<StatsReport> Reports, Refusal? Refusal)> AskAsync(
        IReadOnlyList<StatsQuery> queries, CancellationToken cancellationToken)
    {
        var reports = new List<StatsReport>(queries.Count);
        foreach (var query in queries)
        {
            switch (await stats.AskAsync(query, User.Viewer(), cancellationToken))
            {
                case StatsOutcome.Found(var report):
                    reports.Add(report);
                    break;
                case StatsOutcome.Refused(var refusal):
                    return ([], refusal);
                default:
                    throw new UnreachableException();
            }
        }

        return (reports, null);
    }

    private LastClickRow Row(LatestClick click) => new()
    {
        Host = click.DomainHost ?? Request.Host.Value ?? "",
        Path = LinkName.Parse(click.Link)?.Code ?? click.Link,
        Lcpath = (LinkName.Parse(click.Link)?.Code ?? click.Link).ToLowerInvariant(),
        Dt = click.Time,
        Method = HttpMethods.Get,
        Url = SpooUrls.ShortLink(Request, shortening, click.Link),
        St = StatusCodes.Status302Found,
        Ip = "",
        Proto = "",
        Ref = click.ReferrerUrl ?? click.Referrer ?? "",
        Ua = click.UserAgent ?? "",
        Human = !click.IsBot,
        Browser = click.Browser ?? "",
        BrowserVersion = "",
        Country = click.Country ?? "",
        City = click.City ?? "",
        Social = SocialNetworks.Of(click.Referrer)?.Name ?? "",
        Refhost = click.Referrer ?? "",
        Os = click.Os is null ? "" : ShortIoColumn.OsName(click.Os),
        UtmSource = click.UtmSource ?? "",
        UtmMedium = click.UtmMedium ?? "",
        UtmCampaign = click.UtmCampaign ?? "",
        GoalCompleted = null,
        AbPath = null,
    };

    private sealed record ShortIoCall(string OwnerId, DateTimeOffset Now, ShortIoQuestion Question);
}
