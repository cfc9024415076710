using System.ComponentModel;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Numbers;

/// <summary>
/// What the list of latest clicks shows, for programs that listen. After a while the stream ends and is asked for anew, so that who has signed out, or has
/// taken a key back, is not told for long what happens.
/// </summary>
[ApiController]
[Tags("Statistics")]
[Route("api/v1/stats/live")]
[NeedsAccount]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class LiveController(
    StatsService stats, ClickHistory history, ClickSubscriptions news, LinkList links, LiveStreams streams, IHostApplicationLifetime lifetime, TimeProvider clock) : ControllerBase
{
    /// <summary>The event of one click.</summary>
    private const string ClickEvent = "click";

    /// <summary>The event that says how many people were here lately.</summary>
    private const string NowEvent = "now";

    private const int Listed = 25;
    private const int MaxLinkLength = Domain.MaxHostLength + 1 + ShortCode.MaxLength;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    [EndpointSummary("Clicks as they come, and how many people clicked in the last five minutes: a stream of server-sent events")]
    [HttpGet]
    [Limited(RateLimits.Stats)]
    [Parameter("short_code", "Only clicks on this link of one's own.")]
    [ProducesResponseType<string>(200, "text/event-stream", Description = "Events called click, with the latest 25 to begin with, and now. The stream ends after two minutes; programs that listen to such streams ask again by themselves, with Last-Event-ID, and miss and repeat nothing but what 25 clicks in a second displace.")]
    [Refuses(404, 429)]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var link = query.Text("short_code", MaxLinkLength);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var viewer = User.Viewer();
        if (link is not null && await links.FindAsync(viewer.UserId!, link, cancellationToken) is null)
        {
            return ApiProblem.Of(new Refusal(RefusalKind.NotFound, $"you have no link '{link}'"));
        }

        if (HttpMethods.IsHead(Request.Method))
        {
            Response.ContentType = "text/event-stream";
            return new EmptyResult();
        }

        if (!streams.TryOpen(viewer.UserId!))
        {
            Response.Headers.RetryAfter = RetryHeader.Of(Life);
            return ApiProblem.Of(new Refusal(RefusalKind.TooMany, $"this account listens to {LiveStreams.MostOfAccount} streams already; end one first"));
        }

        HttpContext.Response.OnCompleted(() =>
        {
            streams.Close(viewer.UserId!);
            return Task.CompletedTask;
        });
        Response.Headers["X-Accel-Buffering"] = "no";
        return new StreamAnswer(TypedResults.ServerSentEvents(FollowAsync(viewer, link, Request.Headers["Last-Event-ID"], HttpContext.RequestAborted)));
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(Viewer viewer, string? link, string? last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        life.CancelAfter(Life);
        using var pulse = new RefreshThrottle(clock);
        using var listening = news.ListenToOwner(viewer.UserId!, pulse.Beat);
        var told = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            if (await LookAsync(viewer, link, cancellationToken) is not var (clicks, now))
            {
                yield break;
            }

            foreach (var click in clicks.TakeWhile(click => NameOf(click) != last).Reverse().Where(click => told.Add(NameOf(click))))
            {
                yield return new SseItem<string>(JsonSerializer.Serialize(LiveClick.Of(click), ApiJson.Options), ClickEvent) { EventId = NameOf(click) };
            }

            // What has left the list does not come back.
            told.IntersectWith(clicks.Select(NameOf));
            yield return new SseItem<string>(JsonSerializer.Serialize(now, ApiJson.Options), NowEvent);
        }
        while (await IsNextAsync(pulse, life.Token));
    }

    private static async Task<bool> IsNextAsync(RefreshThrottle pulse, CancellationToken life)
    {
        try
        {
            await pulse.NextAsync(life);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Null: the database does not answer. The stream then ends, and who listens asks again.
    private async Task<(IReadOnlyList<LatestClick> Clicks, LiveNow Now)?> LookAsync(Viewer viewer, string? link, CancellationToken cancellationToken)
    {
        try
        {
            var query = new StatsQuery { Filters = link is null ? [] : [new StatsFilter(Dimension.ShortCode, FilterOperator.Is, [link])] };
            var clicks = await history.ArrivedLastAsync(viewer.UserId!, link, Listed, cancellationToken);
            return (clicks, new LiveNow(clock.GetUtcNow(), await stats.CountPeopleNowAsync(query, viewer, cancellationToken)));
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return null;
        }
    }

    private static string NameOf(LatestClick click) => click.Id.ToString("x", CultureInfo.InvariantCulture);

    private sealed class StreamAnswer(IResult result) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => result.ExecuteAsync(context.HttpContext);
    }

    /// <param name="People">Null: it could not be counted just now.</param>
    private sealed record LiveNow(DateTimeOffset AsOf, [property: Description("Unique visitors of the last five minutes, bots left out.")] long? People);

    private sealed record LiveClick(
        DateTimeOffset ClickedAt, string ShortCode, string? Country, string? City, string? Browser, string? Os, string? Referrer, string? UtmSource, string? UtmMedium, string? UtmCampaign, bool IsBot)
    {
        public static LiveClick Of(LatestClick click) => new(
            click.Time, click.Link, click.Country, click.City, click.Browser, click.Os, click.Referrer, click.UtmSource, click.UtmMedium, click.UtmCampaign, click.IsBot);
    }
}
