using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Codes;
using Spoo.Web.Wire;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Redirect;

/// <summary>What a visitor is told who cannot be sent on.</summary>
/// <param name="Label">In the words that other services use, for programs that look for them: the same in every language.</param>
/// <param name="Title">In the visitor's language.</param>
/// <param name="Text">In the visitor's language.</param>
internal sealed record RedirectPage(RedirectOutcome Outcome, int Status, string Label, Func<string> Title, Func<string> Text)
{
    /// <summary>What the operator adds, in their own words. Null: nothing.</summary>
    public string? Remark { get; init; }

    public static RedirectPage NotFound { get; } = new(
        RedirectOutcome.NotFound, 404, "URL NOT FOUND", () => T("There is no such link"), () => T("Perhaps a letter is missing or was copied wrongly: capital and small letters differ here."));

    public static RedirectPage Expired { get; } = new(
        RedirectOutcome.Expired, 410, "SHORT URL EXPIRED", () => T("This link has ended"), () => T("Whoever made it has switched it off, or it was made for a limited time or number of visits."));

    public static RedirectPage NotYet { get; } = new(
        RedirectOutcome.NotYet, 404, "NOT YET LIVE", () => T("This link has not begun yet"), () => T("Please come back later."));

    public static RedirectPage Blocked { get; } = new(
        RedirectOutcome.Blocked, 451, "URL BLOCKED", () => T("This link has been blocked"), () => T("The operator of this service does not lead anybody to its destination."));

    public static RedirectPage BotsBlocked { get; } = new(
        RedirectOutcome.BotBlocked, 403, "ACCESS DENIED", () => T("This link is for people"), () => T("Whoever made it does not want it to be followed by programs, and the request looks like one's."));

    public static RedirectPage TooManyAttempts { get; } = new(
        RedirectOutcome.TooManyAttempts, 429, "TOO MANY ATTEMPTS", () => T("Too many passwords tried"), () => T("Please wait a while before you try another one."));

    public static RedirectPage NothingToUnlock { get; } = new(
        RedirectOutcome.NotFound, 400, "INVALID REQUEST", () => T("There is nothing to unlock"), () => T("No link with this address asks for a password."));

    public static RedirectPage NothingToReport { get; } = new(
        RedirectOutcome.NotFound, 400, "INVALID REQUEST", () => T("There is nothing to report"), () => T("No link has this address, or the form did not say what is wrong with it."));

    public static RedirectPage TooManyReports { get; } = new(
        RedirectOutcome.TooManyAttempts, 429, "TOO MANY REPORTS", () => T("Too many reports"), () => T("Please wait a while before you report another link."));

    public static RedirectPage Reported { get; } = new(
        RedirectOutcome.Reported, 200, "REPORTED", () => T("Thank you"), () => T("Whoever runs this service will look at the link."));

    public static RedirectPage StoreFails { get; } = new(
        RedirectOutcome.StoreFailed, 503, "TEMPORARILY UNAVAILABLE", () => T("This link cannot be looked up right now"), () => T("It is not gone. Please try again in a moment."));

    public static RedirectPage PageFails { get; } = new(
        RedirectOutcome.StoreFailed, 503, "TEMPORARILY UNAVAILABLE", () => T("This page cannot be shown right now"), () => T("The database does not answer. Nothing of yours is lost; please try again in a moment."));

    public static RedirectPage ClicksAreAway { get; } = new(
        RedirectOutcome.StoreFailed, 503, "TEMPORARILY UNAVAILABLE", () => T("This page cannot be shown right now"), () => T("The server that keeps older clicks does not answer. Nothing of yours is lost; please try again in a moment."));
}

/// <summary>The pages of the redirect: each is one small response that needs nothing else.</summary>
internal static class RedirectPages
{
    // 'form-action' is not among them: browsers apply it to where a form's answer leads, which is any destination.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

    private static readonly HtmlEncoder Html = HtmlEncoder.Default;

    public static Task WriteAsync(HttpContext context, RedirectPage page)
    {
        if (page.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryHeader.Store;
        }

        return WriteAsync(
            context,
            page.Status,
            page.Title(),
            $"<p class=label lang=en>{page.Status} · {page.Label}</p><h1>{Html.Encode(page.Title())}</h1><p>{Html.Encode(page.Text())}</p>{(page.Remark is null ? "" : $"<p class=url>{Html.Encode(page.Remark)}</p>")}");
    }

    /// <summary>When a link begins, for people everywhere.</summary>
    public static string? StartOf(KnownLink link) => link.StartsAt is { } start ? T("It begins on {0}, UTC.", DateFormats.Moment(start.ToUniversalTime())) : null;

    public static Task WritePasswordFormAsync(HttpContext context, int status, string code, bool wasWrong)
    {
        var action = $"{context.Request.PathBase}/{code}/password{WithoutPassword(context.Request)}";
        var title = T("This link asks for a password");
        return WriteAsync(
            context,
            status,
            title,
            $"""
            <p class=label lang=en>PASSWORD PROTECTED</p><h1>{Html.Encode(title)}</h1>
            <form method=post action="{Html.Encode(action)}">
            <label for=password>{Html.Encode(T("Password"))}</label>
            <input id=password name=password type=password autocomplete=off required autofocus{(wasWrong ? " aria-invalid=true aria-describedby=wrong" : "")}>
            {(wasWrong ? $"<p id=wrong class=wrong role=alert>{Html.Encode(T("That is not the password of this link."))}</p>" : "")}
            <button>{Html.Encode(T("Continue"))}</button>
            </form>
            """);
    }

    public static Task WritePreviewAsync(HttpContext context, string code, KnownLink link)
    {
        var isProtected = link.PasswordHash is not null;
        var facts = new StringBuilder();
        if (isProtected)
        {
            facts.Append("<p>").Append(Html.Encode(T("It is shown to those who know the password."))).Append("</p>");
        }
        else
        {
            facts.Append("<p class=url>").Append(Html.Encode(link.LongUrl)).Append("</p><ul>");
            foreach (var remark in RemarksOn(link.LongUrl))
            {
                facts.Append("<li>").Append(Html.Encode(remark)).Append("</li>");
            }

            facts.Append("</ul>");
            foreach (var rule in link.Rules?.All ?? [])
            {
                facts.Append("<p>").Append(Html.Encode(T("Some visitors are sent elsewhere ({0}):", rule.Name))).Append("</p><p class=url>").Append(Html.Encode(rule.Url)).Append("</p>");
            }
        }

        return WriteAsync(
            context,
            StatusCodes.Status200OK,
            T("Where {0} leads", code),
            $"""
            <p class=label>{Html.Encode($"{context.Request.Host}/{code}")}</p><h1>{Html.Encode(T("Where this link leads"))}</h1>
            {facts}<p>{Html.Encode(T("Made on {0}. Nobody has checked the destination.", DateFormats.LongDay(link.CreatedAt.ToUniversalTime())))}</p>
            <a class=button href="{Html.Encode($"{context.Request.PathBase}/{code}")}" rel="nofollow noreferrer">{Html.Encode(T("Continue"))}</a>
            {ReportForm(context, code)}
            """);
    }

    private static string ReportForm(HttpContext context, string code)
    {
        var options = string.Concat(Enum.GetValues<ReportReason>().Select(reason => $"<option value={reason}>{Html.Encode(AdminWords.ReasonOf(reason))}</option>"));
        return $"""
            <details><summary>{Html.Encode(T("Report this link"))}</summary>
            <form method=post action="{Html.Encode($"{context.Request.PathBase}/{code}/report")}">
            <label for=reason>{Html.Encode(T("What is wrong with it?"))}</label><select id=reason name=reason>{options}</select>
            <label for=details>{Html.Encode(T("Details (optional)"))}</label><textarea id=details name=details rows=3 maxlength={LinkReport.MaxDetailsLength}></textarea>
            <label for=email>{Html.Encode(T("Your e-mail address, for questions (optional)"))}</label><input id=email name=email type=email autocomplete=email maxlength={LinkReport.MaxEmailLength}>
            <button>{Html.Encode(T("Report"))}</button>
            </form></details>
            """;
    }

    /// <summary>
    /// What a chat or a network may draw of a link: its owner's words; or, where the destination is not for everybody, where the link is kept, and nothing of
    /// where it leads.
    /// </summary>
    public static Task WriteCardAsync(HttpContext context, string code, KnownLink link)
    {
        var (site, address) = (context.Request.Host.Value ?? "", $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/{code}");
        if (link.Preview is { } preview)
        {
            // A person whose browser calls itself a chat finds the way on here.
            var way = link.IsOpenBesidesPreview && link.Rules is null ? link.Location : $"{context.Request.PathBase}/{ShortCode.InPath(code)}+";
            return WriteAsync(
                context,
                StatusCodes.Status200OK,
                preview.Title,
                $"""<h1>{Html.Encode(preview.Title)}</h1>{(preview.Description is { } text ? $"<p>{Html.Encode(text)}</p>" : "")}<a class=button href="{Html.Encode(way)}" rel="nofollow noreferrer">{Html.Encode(T("Continue"))}</a>""",
                Meta("og:type", "website") + Meta("og:title", preview.Title) + Meta("og:description", preview.Description) + Meta("og:image", preview.Image)
                    + Meta("og:url", address) + Meta("og:site_name", site) + Name("twitter:card", preview.Image is null ? "summary" : "summary_large_image")
                    + Name("twitter:title", preview.Title) + Name("twitter:description", preview.Description) + Name("twitter:image", preview.Image)
                    + Name("description", preview.Description) + Name("theme-color", preview.Color));
        }

        return WriteAsync(
            context,
            StatusCodes.Status200OK,
            site,
            $"<h1>{Html.Encode(site)}</h1>",
            $"""<meta property="og:type" content="website"><meta property="og:title" content="{Html.Encode(site)}"><meta property="og:url" content="{Html.Encode(address)}"><meta name="twitter:card" content="summary">""");
    }

    private static string Meta(string property, string? content) => content is null ? "" : $"""<meta property="{property}" content="{Html.Encode(content)}">""";

    private static string Name(string name, string? content) => content is null ? "" : $"""<meta name="{name}" content="{Html.Encode(content)}">""";

    /// <summary>What a cautious visitor might want to know of an address.</summary>
    internal static IEnumerable<string> RemarksOn(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            yield return T("This is not a complete address.");
            yield break;
        }

        yield return uri.Scheme switch
        {
            "https" => T("The connection is encrypted."),
            "http" => T("The connection is not encrypted: do not type in anything secret there."),
            _ => T("It opens a program for “{0}” addresses.", uri.Scheme),
        };
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out _))
        {
            yield return T("The site has a number for a name, which is unusual.");
        }
        else if (uri.IdnHost != uri.Host || uri.Host.Contains("xn--", StringComparison.Ordinal))
        {
            yield return T("The site's name has letters beyond a to z, and might look like another one: {0}.", uri.IdnHost);
        }

        if (uri.UserInfo.Length > 0)
        {
            yield return T("What stands before the @ is not the site; the site is {0}.", uri.IdnHost);
        }
    }

    // The rest of the visitor's query comes back after the form: campaign and trigger of the click are in it.
    private static string WithoutPassword(HttpRequest request) =>
        QueryString.Create(request.Query.Where(pair => pair.Key != "password")).ToString();

    private static async Task WriteAsync(HttpContext context, int status, string title, string body, string head = "")
    {
        var page = Encoding.UTF8.GetBytes(
            $$$"""
            <!DOCTYPE html>
            <html lang={{{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}}}><head><meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1"><meta name=robots content="noindex">
            <title>{{{Html.Encode(title)}}}</title>{{{head}}}<style>
            :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#f6f7f9;--card:#fff;--line:#d5dae0;--act:#2457d6;--on-act:#fff;--wrong:#b3261e}
            @media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3abb5;--paper:#101317;--card:#191d23;--line:#323944;--act:#8fb0ff;--on-act:#0b1530;--wrong:#ffb4ab}}
            *{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
            main{width:100%;max-width:30rem;padding:2.25rem;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow-wrap:anywhere}
            h1{margin:.25rem 0 .75rem;font-size:1.5rem;line-height:1.25}p{margin:0 0 .75rem}ul{margin:0 0 .75rem;padding-left:1.2rem;color:var(--soft)}
            .label{margin:0;color:var(--soft);font-size:.8125rem;letter-spacing:.06em}.url{padding:.75rem;border:1px solid var(--line);border-radius:8px}
            label{display:block;margin:.75rem 0 .25rem}details{margin-top:1.5rem;color:var(--soft)}summary{cursor:pointer}option{color:CanvasText}input,select,textarea{width:100%;padding:.6rem .75rem;border:1px solid var(--soft);border-radius:8px;background:transparent;color:inherit;font:inherit}
            .wrong{margin:.4rem 0 0;color:var(--wrong)}button,.button{display:inline-block;margin-top:1rem;padding:.6rem 1.4rem;border:0;border-radius:8px;background:var(--act);color:var(--on-act);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
            :focus-visible{outline:3px solid var(--act);outline-offset:2px}
            </style></head><body><main>{{{body}}}</main></body></html>

            """);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        response.Headers.CacheControl = "private, no-store";
        response.Headers.ContentLanguage = CultureInfo.CurrentUICulture.Name;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(page, context.RequestAborted);
        }

        // Says that the answer is complete, also to those who ask whether it has begun.
        await response.CompleteAsync();
    }
}
