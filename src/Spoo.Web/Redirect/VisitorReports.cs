using Spoo.Data.Database;
using Spoo.Data.Links.Blocks;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Redirect;

/// <summary>Takes what visitors have to say of a link, in the form below its preview.</summary>
internal sealed partial class VisitorReports(
    LinkFinder finder, HostDoor hosts, LinkReports reports, RateLimits rateLimits, TimeProvider clock, ILogger<VisitorReports> logger)
{
    /// <summary>Of the form, in bytes: its longest text, each character written as several.</summary>
    private const int MaxLength = 32 * 1024;

    /// <summary><c>POST /{code}/report</c>, where the form of the preview is sent.</summary>
    public async Task ReportAsync(HttpContext context)
    {
        var now = clock.GetUtcNow();
        var (code, _) = LinkFinder.CodeIn(context);
        if (rateLimits.Count(context, RateLimits.Report) is { RetryAfter: { } wait })
        {
            context.Response.Headers.RetryAfter = RetryHeader.Of(wait);
            await finder.RefuseAsync(context, RedirectPage.TooManyReports);
            return;
        }

        if (await finder.FindAsync(context, code, now, RedirectPage.NothingToReport) is null)
        {
            return;
        }

        var form = await LinkFinder.FormOfAsync(context, MaxLength);
        if (form is null || !Enum.TryParse<ReportReason>(form["reason"], ignoreCase: true, out var reason) || !Enum.IsDefined(reason))
        {
            await finder.RefuseAsync(context, RedirectPage.NothingToReport);
            return;
        }

        string? details = form["details"], email = form["email"];
        try
        {
            await reports.SubmitAsync([new LinkToReport(new(hosts.DomainOf(context.Request)?.Host, code), reason, Cut(details, LinkReport.MaxDetailsLength), null)], Cut(email, LinkReport.MaxEmailLength), null, context.RequestAborted);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            CannotKeep(code, exception);
            await finder.RefuseAsync(context, RedirectPage.StoreFails);
            return;
        }

        await finder.RefuseAsync(context, RedirectPage.Reported);

        static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
    }

    [LoggerMessage(LogLevel.Error, "A report of the link {Code} could not be kept.")]
    private partial void CannotKeep(string code, Exception exception);
}
