using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Web.Addresses;

namespace Spoo.Web.Redirect;

/// <summary>Finds the link that a request names, and answers where there is none.</summary>
internal sealed partial class LinkFinder(
    LinkLookup links, HostDoor hosts, MissedCodes missed, Bots bots, ShorteningOptions options, RedirectMetrics metrics, ILogger<LinkFinder> logger)
{
    public const string NoRobots = "noindex, nofollow";

    /// <summary>The code that the address names, as links have it where it is one; and whether a plus behind it asks for the preview.</summary>
    public static (string Code, bool IsPreview) CodeIn(HttpContext context) => CodeIn(FolderPaths.Decoded((string?)context.Request.RouteValues["code"] ?? ""));

    /// <inheritdoc cref="CodeIn(HttpContext)"/>
    public static (string Code, bool IsPreview) CodeIn(string text) =>
        ShortCode.TryParseGlued(text, out var code) ? (code.Value, false)
        : ShortCode.Unglued(text) is [.. var previewed, '+'] && ShortCode.TryParseGlued(previewed, out code) ? (code.Value, true)
        : (text, false);

    /// <summary>The link with this code at the host that was asked. Null: there is none, which then has been answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="text">The code.</param>
    /// <param name="now">When it was asked for.</param>
    /// <param name="otherwise">What is answered where there is none. Null: what the domain says of codes that it does not have.</param>
    public async ValueTask<KnownLink?> FindAsync(HttpContext context, string text, DateTimeOffset now, RedirectPage? otherwise = null)
    {
        KnownDomain? domain;
        try
        {
            await hosts.EnsureLoadedAsync(context.RequestAborted);
            domain = hosts.DomainOf(context.Request);
            if (domain is null && hosts.IsUnknown(context.Request))
            {
                await RefuseAsync(context, otherwise ?? RedirectPage.NotFound);
                return null;
            }

            if (ShortCode.TryParse(text, out var code) && options.MayBeCode(code.Value))
            {
                var link = await links.FindAsync(domain?.Id ?? Domain.Default, code.Value, now);
                if (link is { LongUrl.Length: > 0 })
                {
                    return link;
                }

                if (link is null && otherwise is null && WantedIn(context.Request, code.Value) is { } wanted && IsAskedForByPeople(context.Request))
                {
                    missed.Count(domain?.Id ?? Domain.Default, wanted, now);
                }
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            await StoreFailsAsync(context, text, exception);
            return null;
        }

        await NotFoundAsync(context, domain, otherwise);
        return null;
    }

    /// <summary>Search engines and chats ask for what they have read somewhere; whoever was told of a link by a person asks for it alone.</summary>
    private bool IsAskedForByPeople(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && bots.Judge(request.Headers.UserAgent) is not { Kind: BotKind.Crawler or BotKind.Preview };

    /// <summary>The code that would have to be made for an address to lead somewhere. Null: none; what has a path behind it may be about anything.</summary>
    private string? WantedIn(HttpRequest request, string code) =>
        request.RouteValues["rest"] is not string rest ? code
        : options.SlashesInCodes && ShortCode.TryParseGlued($"{code}{ShortCode.Slash}{rest}", out var whole) ? whole.Value
        : null;

    /// <summary>Answers that it is not known where a code leads.</summary>
    public Task StoreFailsAsync(HttpContext context, string code, Exception exception)
    {
        CannotLookUp(code, exception);
        return RefuseAsync(context, RedirectPage.StoreFails);
    }

    /// <summary>Answers that a domain has no such code.</summary>
    /// <param name="context">The request.</param>
    /// <param name="domain">Null: the installation's own.</param>
    /// <param name="otherwise">As for <see cref="FindAsync"/>.</param>
    public Task NotFoundAsync(HttpContext context, KnownDomain? domain, RedirectPage? otherwise)
    {
        if (otherwise is not null || (domain is null ? options.NotFoundUrl : domain.NotFoundUrl) is not { } elsewhere)
        {
            return RefuseAsync(context, otherwise ?? RedirectPage.NotFound);
        }

        metrics.Count(RedirectOutcome.NotFound);
        SendElsewhere(context, elsewhere);
        return context.Response.CompleteAsync();
    }

    /// <summary>Where links of the domain that was asked lead when they have ended and say nothing themselves. Null: nowhere.</summary>
    public string? EndedUrlOf(HttpRequest request) => hosts.DomainOf(request) is { } domain ? domain.EndedUrl : options.EndedUrl;

    public static void SendElsewhere(HttpContext context, string url)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = NoRobots;
        context.Response.Redirect(url);
    }

    public Task RefuseAsync(HttpContext context, RedirectPage page)
    {
        metrics.Count(page.Outcome);
        return RedirectPages.WriteAsync(context, page);
    }

    /// <summary>Null: there is none, or it is longer than any that we ask for.</summary>
    public static async Task<IFormCollection?> FormOfAsync(HttpContext context, int maxLength)
    {
        var request = context.Request;
        return request.HasFormContentType && request.ContentLength <= maxLength ? await request.ReadFormAsync(context.RequestAborted) : null;
    }

    [LoggerMessage(LogLevel.Error, "The link {Code} could not be looked up.")]
    private partial void CannotLookUp(string code, Exception exception);
}
