using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Export;

/// <summary>The addresses of files that people download: their links as CSV, QR codes, everything of an account.</summary>
internal static class Downloads
{
    public static void MapDownloads(this WebApplication app)
    {
        app.MapGet("/" + SpooUrls.DownloadAccount, AccountDownload.WriteAsync).RequireAuthorization().WithMetadata(new IsExport()).AnswerHead();
        app.MapGet("/" + SpooUrls.LinksExport, Export).RequireAuthorization().WithMetadata(new IsExport()).ExcludeFromDescription().AnswerHead();
        app.MapGet("/" + AdminAddress.AuditExport, Audit).RequireAuthorization(policy => policy.RequireRole(Administrators.Role)).ExcludeFromDescription().AnswerHead();
        app.MapQrFiles();
        app.MapPictureFiles();
    }

    /// <summary>The links that the page shows with the same filters, on all pages.</summary>
    private static IResult Export(HttpRequest request, LinkList list, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var selection = LinksAddress.Parse(request.QueryString.Value ?? "").Selection(request.HttpContext.User.Viewer().UserId!, now);

        // What is kept as a file is to be complete: archived links are in it, and say so.
        selection = selection with { IsArchived = selection.IsArchived == true ? true : null };
        var cancellation = request.HttpContext.RequestAborted;
        return Results.Stream(
            body => LinkCsv.WriteAsync(list.AllAsync(selection, cancellation), now, request.Query["bom"] != "false", body, cancellation),
            "text/csv; charset=utf-8",
            FormattableString.Invariant($"spoo-links-{now:yyyy-MM-dd}.csv"));
    }

    /// <summary>The acts that the page of the audit log shows with the same filters, on all pages.</summary>
    private static IResult Audit(HttpRequest request, AuditTrail trail, TimeProvider clock)
    {
        var address = AdminAddress.Parse(AdminAddress.Audit, request.QueryString.Value ?? "");
        var selection = new AuditSelection { Search = address.Search, Act = Enum.TryParse<AuditAct>(address.Show, out var act) ? act : null };
        var cancellation = request.HttpContext.RequestAborted;
        return Results.Stream(
            body => LinkCsv.WriteAuditAsync(trail.AllAsync(selection, cancellation), body, cancellation),
            "text/csv; charset=utf-8",
            FormattableString.Invariant($"spoo-audit-{clock.GetUtcNow():yyyy-MM-dd}.csv"));
    }
}
