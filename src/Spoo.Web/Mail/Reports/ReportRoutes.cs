using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Mail.Reports;

/// <summary>The addresses of reports that are no pages of the product: what a mail will look like, and the end of one at the push of a mail program's button.</summary>
internal static class ReportRoutes
{
    // It is a page with a style sheet of its own in it, and nothing else.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>After which a question that had to wait for others may be asked again.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static void MapReports(this WebApplication app)
    {
        app.MapGet("/" + SpooUrls.ReportPreviewRoute, PreviewAsync).RequireAuthorization().ExcludeFromDescription().AnswerHead();

        // The program that sends it has no cookie and no token of a form; the code in the address is what entitles it.
        app.MapPost("/" + SpooUrls.StopReportAtOnce, StopAsync).DisableAntiforgery().WithMetadata(new FormLimitAttribute(RateLimits.MailedLink)).ExcludeFromDescription();
        app.MapGet("/" + SpooUrls.StopReportAtOnce, (HttpRequest request) => Results.Redirect(request.PathBase + "/" + SpooUrls.StopReport + request.QueryString)).ExcludeFromDescription().AnswerHead();
    }

    /// <summary>The last one that could have been due, as it would look.</summary>
    private static async Task<IResult> PreviewAsync(
        string id, HttpContext http, UserManager<SpooUser> users, MailReports reports, ReportLetters letters, TimeProvider clock)
    {
        if (await users.GetUserAsync(http.User) is not { } user || await reports.FindAsync(user.Id, id, http.RequestAborted) is not { } report)
        {
            return Results.NotFound();
        }

        // What is due next is about days that are not over yet, so the one before is shown.
        var zone = ReportLetters.ZoneOf(user);
        var now = clock.GetUtcNow();
        var due = ReportSchedule.LastUpTo(now, report.Rhythm, zone, ReportSchedule.NextAfter(report.Rhythm, zone, now.AddMonths(-2)));
        var origin = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/";
        try
        {
            if (await letters.WriteAsync(user, report, due, origin, http.RequestAborted) is not { } letter)
            {
                return Results.NotFound();
            }

            http.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(ReportPage.Of(letter), "text/html; charset=utf-8");
        }
        catch (ReportBusyException)
        {
            http.Response.Headers.RetryAfter = RetryHeader.Of(Soon);
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> StopAsync([FromQuery] string? code, MailStops stops, CancellationToken cancellationToken) =>
        await stops.StopAsync(code, cancellationToken)
            ? Results.NoContent()
            : Results.Problem("this link is not complete: copy it from the mail as a whole", statusCode: StatusCodes.Status400BadRequest);
}
