using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Redirect;

/// <summary>
/// <c>/{code}</c>: looks the link up, asks its rules, writes the click down and sends the visitor on. Everything that can wait
/// happens behind the journal.
/// </summary>
internal sealed partial class RedirectEndpoint(
    LinkLookup links,
    LinkFinder finder,
    FolderedCodes folders,
    HostDoor hosts,
    ClickLimits limits,
    ClickQuotas quotas,
    ClickJournal journal,
    ClickReader reader,
    Bots bots,
    PasswordProof proof,
    LinkPasswordAttempts attempts,
    OwnVisits ownVisits,
    RedirectMetrics metrics,
    IOptions<ProxyOptions> proxies,
    TimeProvider clock,
    ILogger<RedirectEndpoint> logger)
{
    /// <summary>Of the password's form, in bytes; passwords are far shorter.</summary>
    private const int MaxFormLength = 4096;

    private const string PasswordField = LinkRedirects.PasswordParameter;
    private const string QrField = LinkRedirects.QrParameter;

    private readonly bool _hasProxies = proxies.Value.Known.Length > 0;

    /// <summary>
    /// Sends a visitor on who asks for a link that is known and open to all, as nearly every visitor does. Everything else, which may
    /// take thought and time, is left to <see cref="FollowAsync"/>.
    /// </summary>
    public bool TryFollow(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.Request.Path.Value is not { Length: > 1 } path
            || !TryDomainOf(context.Request, out var domainId)
            || !links.TryFind(domainId, path.AsSpan(1), now, out var link)
            || !link.IsOpenToAll
            || Prefetch.Is(context.Request)
            || OwnVisits.IsMentionedIn(context.Request)
            || !quotas.TryTake(link.OwnerId, now))
        {
            return false;
        }

        SendOn(context, link, Count(context, link, now, started));
        ResponseHeaders.PutOnRedirect(context);
        metrics.Redirected(started);
        return true;
    }

    /// <summary>The key of the domain that a request came to, if that can be said at once.</summary>
    private bool TryDomainOf(HttpRequest request, out long domainId)
    {
        domainId = Domain.Default;
        if (hosts.IsOnlyOne)
        {
            return true;
        }

        var domain = hosts.DomainOf(request);
        domainId = domain?.Id ?? Domain.Default;
        return domain is not null || (hosts.IsLoaded && !hosts.IsUnknown(request));
    }

    /// <summary><c>GET|HEAD /{code}</c>, and with a plus behind the code the preview.</summary>
    public async Task FollowAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        if (!await folders.SettleAsync(context, now))
        {
            return;
        }

        var (code, isPreview) = LinkFinder.CodeIn(context);
        if (isPreview)
        {
            await PreviewAsync(context, code, now);
            return;
        }

        if (Prefetch.Is(context.Request))
        {
            Prefetch.Refuse(context);
            return;
        }

        if (await finder.FindAsync(context, code, now) is not { } link)
        {
            return;
        }

        if (context.Request.RouteValues["rest"] is not null && !link.PassesPath)
        {
            await finder.NotFoundAsync(context, hosts.DomainOf(context.Request), null);
            return;
        }

        var (isAnswered, count) = await IsRefusedAsync(context, link, now);
        if (isAnswered)
        {
            return;
        }

        if (ShowsOnlyCard(context.Request, link))
        {
            await ShowCardAsync(context, code, link, now);
            return;
        }

        if (link.PasswordHash is not null && !proof.IsIn(context, link) && !await IsPasswordInQueryAsync(context, code, link))
        {
            return;
        }

        if (link.BlocksBots && bots.Judge(context.Request.Headers.UserAgent) is not null)
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                journal.AppendBlocked(link.Id, now);
            }

            await finder.RefuseAsync(context, RedirectPage.BotsBlocked);
            return;
        }

        if (HttpMethods.IsGet(context.Request.Method) && !ownVisits.IsIn(context, link))
        {
            if (count is not null && !count.TryTake(link.MaxClicks!.Value))
            {
                await EndAsync(context, link);
                return;
            }

            if (!quotas.TryTake(link.OwnerId, now) && count is null)
            {
                SendOn(context, link, link.Rules is { } targets ? RuleFor(context, link.Id, targets, now) : null);
                metrics.Count(RedirectOutcome.OverQuota);
                return;
            }

            var rule = Count(context, link, now, started);
            if (count?.HasReached(link.MaxClicks!.Value) == true)
            {
                limits.Ended();
            }

            SendOn(context, link, rule);
            metrics.Redirected(started);
            return;
        }

        SendOn(context, link, link.Rules is { } rules ? RuleFor(context, link.Id, rules, now) : null);
        metrics.Count(RedirectOutcome.Uncounted);
    }

    /// <summary><c>POST /{code}/password</c>, where the form of a protected link is sent.</summary>
    public async Task UnlockAsync(HttpContext context)
    {
        var now = clock.GetUtcNow();
        var (code, _) = LinkFinder.CodeIn(context);
        if (await finder.FindAsync(context, code, now, RedirectPage.NothingToUnlock) is not { } link)
        {
            return;
        }

        if (link.PasswordHash is null || RefusalOf(link, null, now) is not null)
        {
            await finder.RefuseAsync(context, RedirectPage.NothingToUnlock);
        }
        else if (await TryAsync(context, link, await PasswordInFormAsync(context)) is not { } isRight)
        {
            return;
        }
        else if (!isRight)
        {
            await AskForPasswordAsync(context, StatusCodes.Status200OK, code, wasWrong: true);
        }
        else
        {
            proof.Give(context, code, link);
            metrics.Count(RedirectOutcome.Unlocked);
            context.Response.Redirect($"{context.Request.PathBase}/{ShortCode.InPath(code)}{context.Request.QueryString}");
        }
    }

    private async Task PreviewAsync(HttpContext context, string code, DateTimeOffset now)
    {
        if (await finder.FindAsync(context, code, now) is { } link && await IsRefusedAsync(context, link, now, isPreview: true) is (false, _))
        {
            await ShowPreviewAsync(context, code, link);
        }
    }

    /// <summary>Whether the link leads nowhere any more, which then has been answered; and else how often it was clicked, if it has a limit.</summary>
    private async Task<(bool IsAnswered, ClickCount? Count)> IsRefusedAsync(HttpContext context, KnownLink link, DateTimeOffset now, bool isPreview = false)
    {
        var count = link.MaxClicks is null ? null : await CountAsync(context, link);
        if (context.Response.HasStarted)
        {
            return (true, null);
        }

        if (RefusalOf(link, count, now) is not { } refusal)
        {
            return (false, count);
        }

        if (refusal == RedirectPage.NotYet)
        {
            await WaitAsync(context, link, isPreview);
            return (true, null);
        }

        if (refusal == RedirectPage.Blocked)
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                journal.AppendBlocked(link.Id, now);
            }

            await finder.RefuseAsync(context, link.BlockedReason is { } reason ? refusal with { Remark = reason } : refusal);
            return (true, null);
        }

        await (refusal == RedirectPage.Expired && !isPreview ? EndAsync(context, link) : finder.RefuseAsync(context, refusal));
        return (true, null);
    }

    /// <summary>Answers for a link that has not begun: where its owner says, or when it does. Whom a password keeps out is led nowhere.</summary>
    private Task WaitAsync(HttpContext context, KnownLink link, bool isPreview)
    {
        if (isPreview || link.PreStartUrl is not { } elsewhere || (link.PasswordHash is not null && !proof.IsIn(context, link)))
        {
            return finder.RefuseAsync(context, RedirectPage.NotYet with { Remark = RedirectPages.StartOf(link) });
        }

        metrics.Count(RedirectOutcome.NotYet);
        LinkFinder.SendElsewhere(context, LinkLocation.Of(elsewhere));
        return context.Response.CompleteAsync();
    }

    /// <summary>
    /// Answers for a link whose time or clicks are used up. What its owner, or else its domain, has said of the time after leads everybody there who would have been led on before;
    /// who switches a link off leads nobody anywhere.
    /// </summary>
    private Task EndAsync(HttpContext context, KnownLink link)
    {
        if ((link.ExpiredUrl ?? finder.EndedUrlOf(context.Request)) is not { } elsewhere || link.Status == LinkStatus.Inactive || (link.PasswordHash is not null && !proof.IsIn(context, link)))
        {
            return finder.RefuseAsync(context, RedirectPage.Expired);
        }

        metrics.Count(RedirectOutcome.Expired);
        LinkFinder.SendElsewhere(context, LinkLocation.Of(elsewhere));
        return context.Response.CompleteAsync();
    }

    /// <summary>
    /// Whether a program draws a card of a link that has one of its own, or that is not for everybody: to know its destination takes a password, or uses
    /// up a click.
    /// </summary>
    private bool ShowsOnlyCard(HttpRequest request, KnownLink link) =>
        (link.Preview is not null || (link is { MaxClicks: not null } or { PasswordHash: not null } && !link.BlocksBots))
        && bots.Judge(request.Headers.UserAgent) is { Kind: BotKind.Preview };

    private Task ShowCardAsync(HttpContext context, string code, KnownLink link, DateTimeOffset now)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            Count(context, link, now, started: null);
        }

        metrics.Count(RedirectOutcome.CardShown);
        return RedirectPages.WriteCardAsync(context, code, link);
    }

    private Task ShowPreviewAsync(HttpContext context, string code, KnownLink link)
    {
        metrics.Count(RedirectOutcome.Previewed);
        return RedirectPages.WritePreviewAsync(context, code, link);
    }

    private Task AskForPasswordAsync(HttpContext context, int status, string code, bool wasWrong)
    {
        metrics.Count(RedirectOutcome.PasswordAsked);
        return RedirectPages.WritePasswordFormAsync(context, status, code, wasWrong);
    }

    // Answers itself when it returns null.
    private async Task<ClickCount?> CountAsync(HttpContext context, KnownLink link)
    {
        try
        {
            var count = await limits.OfAsync(link.Id);
            count.AtLeast(link.UsedClicks);
            return count;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            CannotCount(link.Id, exception);
            await finder.RefuseAsync(context, RedirectPage.StoreFails);
            return null;
        }
    }

    private static RedirectPage? RefusalOf(KnownLink link, ClickCount? count, DateTimeOffset now) => link switch
    {
        { Status: LinkStatus.Blocked } => RedirectPage.Blocked,
        { Status: not LinkStatus.Active } => RedirectPage.Expired,
        { ExpireAfter: { } end } when end <= now => RedirectPage.Expired,
        { MaxClicks: { } limit } when count is not null && count.HasReached(limit) => RedirectPage.Expired,
        { StartsAt: { } start } when start > now => RedirectPage.NotYet,
        _ => null,
    };

    // Clients of other services put the password into the address. Answers itself when it returns false.
    private async Task<bool> IsPasswordInQueryAsync(HttpContext context, string code, KnownLink link)
    {
        var password = Last(context.Request.Query[PasswordField]) ?? "";
        if (password.Length > 0)
        {
            var isRight = await TryAsync(context, link, password);
            if (isRight is null)
            {
                return false;
            }

            if (isRight.Value)
            {
                proof.Give(context, code, link);
                return true;
            }
        }

        await AskForPasswordAsync(context, StatusCodes.Status401Unauthorized, code, wasWrong: password.Length > 0);
        return false;
    }

    // Answers itself when it returns null.
    private async Task<bool?> TryAsync(HttpContext context, KnownLink link, string password)
    {
        var answer = attempts.Try(link.Id, link.PasswordHash!, password, context.Connection.RemoteIpAddress);
        if (answer.RetryAfter is not { } wait)
        {
            return answer.IsRight;
        }

        context.Response.Headers.RetryAfter = RetryHeader.Of(wait);
        await finder.RefuseAsync(context, RedirectPage.TooManyAttempts);
        return null;
    }

    private static async Task<string> PasswordInFormAsync(HttpContext context)
    {
        return (await LinkFinder.FormOfAsync(context, MaxFormLength))?[PasswordField].ToString() ?? "";
    }

    // Also when it cannot be written down: losing the count is our trouble, not the visitor's. Whom a card is shown is sent nowhere, by no rule.
    private TargetRule? Count(HttpContext context, KnownLink link, DateTimeOffset now, long? started)
    {
        var request = context.Request;
        var headers = request.Headers;
        string? userAgent = headers.UserAgent;
        string? language = headers.AcceptLanguage;
        var (visitor, place) = Identify(context, userAgent, language);
        var rule = link.Rules is { } rules && started is not null ? reader.RuleFor(rules, link.Id, visitor, now, place, userAgent, language) : null;
        var query = request.QueryString.HasValue ? request.Query : QueryCollection.Empty;
        var click = new RawClick
        {
            LinkId = link.Id,
            Time = now,
            Visitor = visitor,
            UserAgent = userAgent,
            Language = language,
            Referrer = reader.ReferrerOf(Referrer(headers.Referer, request.Host)),
            UtmSource = Last(query["utm_source"]),
            UtmMedium = Last(query["utm_medium"]),
            UtmCampaign = Last(query["utm_campaign"]),
            Trigger = Last(query[QrField]) == "1" ? ClickSource.Qr : ClickSource.FollowedLink,
            RedirectMs = started is { } since ? (int)clock.GetElapsedTime(since).TotalMilliseconds : null,
            Target = rule?.Name,
            Given = place,
        };
        journal.Append(reader.HonoursDoNotTrack && AsksNotToBeFollowed(headers) ? ClickReader.Untracked(click, rule) : click);
        return rule;
    }

    // "Do Not Track" and its successor, "Global Privacy Control".
    private static bool AsksNotToBeFollowed(IHeaderDictionary headers) => headers["DNT"] == "1" || headers["Sec-GPC"] == "1";

    private TargetRule? RuleFor(HttpContext context, long linkId, TargetRules rules, DateTimeOffset now)
    {
        string? userAgent = context.Request.Headers.UserAgent;
        string? language = context.Request.Headers.AcceptLanguage;
        var (visitor, place) = Identify(context, userAgent, language);
        return reader.RuleFor(rules, linkId, visitor, now, place, userAgent, language);
    }

    private (long Visitor, GivenValues Place) Identify(HttpContext context, string? userAgent, string? language) =>
        reader.Identify(context.Connection.RemoteIpAddress, userAgent, language, _hasProxies ? Proxies.PlaceToldOf(context) : null);

    private static void SendOn(HttpContext context, KnownLink link, TargetRule? rule)
    {
        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = link.RedirectStatus;
        headers.Location = Destination(context.Request, link, rule);
        headers["X-Robots-Tag"] = LinkFinder.NoRobots;

        // A click that a cache answers is not counted.
        headers.CacheControl = link.CacheControl;
        response.ContentLength = 0;
    }

    // As everywhere, of what is said twice the last counts.
    private static string? Last(StringValues values) => values.Count > 0 ? values[^1] : null;

    // Our own pages, such as the dashboard and the form for the password, are no place that visitors come from.
    private static string? Referrer(string? referrer, HostString here) =>
        referrer is not null

        // Few referrers name us at all, and taking an address to pieces costs as much as all the rest here.
        && referrer.AsSpan().Contains(WithoutPort(here), StringComparison.OrdinalIgnoreCase)
        && Uri.TryCreate(referrer, UriKind.Absolute, out var uri)
        && uri.Host.Equals(here.Host, StringComparison.OrdinalIgnoreCase)
            ? null
            : referrer;

    private static ReadOnlySpan<char> WithoutPort(HostString host)
    {
        var text = host.Value.AsSpan();
        return text.LastIndexOf(':') is var colon and > 0 && text[colon..].IndexOf(']') < 0 ? text[..colon] : text;
    }

    private static string Destination(HttpRequest request, KnownLink link, TargetRule? rule)
    {
        var location = rule?.Location ?? link.Location;
        if (link.PassesPath && request.RouteValues["rest"] is string rest)
        {
            location = LinkRedirects.WithPath(location, new PathString("/" + rest).ToUriComponent());
        }

        return link.PassesQuery && request.QueryString.HasValue ? LinkRedirects.WithQuery(location, request.QueryString.Value!) : location;
    }

    [LoggerMessage(LogLevel.Error, "The clicks of link {Id}, which has a limit, could not be counted.")]
    private partial void CannotCount(long id, Exception exception);
}
