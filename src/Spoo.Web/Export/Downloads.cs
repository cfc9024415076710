using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Export;

/// <summary>The addresses of files that people download: their links as CSV, a QR code, everything of an account.</summary>
internal static class Downloads
{
    public static void MapDownloads(this WebApplication app)
    {
        app.MapGet("/" + SpooUrls.DownloadAccount, AccountDownload.WriteAsync).RequireAuthorization().WithMetadata(new IsExport());
        app.MapGet("/" + SpooUrls.LinksExport, Export).RequireAuthorization().WithMetadata(new IsExport()).ExcludeFromDescription();
        app.MapGet("/" + AdminAddress.AuditExport, Audit).RequireAuthorization(policy => policy.RequireRole(Administrators.Role)).ExcludeFromDescription();
        foreach (var format in (string[])[QrCode.Svg, QrCode.Png, QrCode.Pdf])
        {
            app.MapGet("/" + SpooUrls.Links + "/{code}/qr." + format, (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
                QrCodeAsync(code, format, request, links, options)).ExcludeFromDescription().AnswerHead();
        }
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

    /// <summary>The code is no secret: it says what the link itself says.</summary>
    private static async Task<IResult> QrCodeAsync(string code, string format, HttpRequest request, LinkService links, ShorteningOptions options)
    {
        var style = QrStyle.Read(request.Query);
        if (style.Fault is { } fault)
        {
            return Results.Text(fault, "text/plain; charset=utf-8", statusCode: StatusCodes.Status400BadRequest);
        }

        if (await links.FindByNameAsync(code, request.HttpContext.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        request.HttpContext.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.Bytes(new QrCode(SpooUrls.ScannedLink(SpooUrls.ShortLink(request, options, Uri.EscapeDataString(code))), style).Draw(format), QrCode.TypeOf(format));
    }
}
