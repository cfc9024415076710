using QRCoder;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;

namespace Spoo.Web.Export;

/// <summary>The addresses of files that people download: their links as CSV, a QR code, everything of an account.</summary>
internal static class Downloads
{
    private const int PngDotsPerModule = 20;

    public static void MapDownloads(this WebApplication app)
    {
        app.MapGet("/" + SpooUrls.DownloadAccount, AccountDownload.WriteAsync).RequireAuthorization();
        app.MapGet("/" + SpooUrls.LinksExport, Export).RequireAuthorization().ExcludeFromDescription();
        app.MapGet("/" + AdminAddress.AuditExport, Audit).RequireAuthorization(policy => policy.RequireRole(Administrators.Role)).ExcludeFromDescription();
        app.MapGet("/" + SpooUrls.Links + "/{code}/qr.svg", (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
            QrCodeAsync(code, request, links, options, qr => Results.Text(
                new SvgQRCode(qr).GetGraphic(10, "#000", "#fff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute), "image/svg+xml")))
            .ExcludeFromDescription()
            .AnswerHead();
        app.MapGet("/" + SpooUrls.Links + "/{code}/qr.png", (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
            QrCodeAsync(code, request, links, options, qr => Results.Bytes(new PngByteQRCode(qr).GetGraphic(PngDotsPerModule), "image/png")))
            .ExcludeFromDescription()
            .AnswerHead();
    }

    /// <summary>The links that the page shows with the same filters, on all pages.</summary>
    private static IResult Export(HttpRequest request, LinkList list, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var selection = LinksAddress.Parse(request.QueryString.Value ?? "").Selection(request.HttpContext.User.Viewer().UserId!, now);
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
    private static async Task<IResult> QrCodeAsync(
        string code, HttpRequest request, LinkService links, ShorteningOptions options, Func<QRCodeData, IResult> draw)
    {
        if (await links.FindByNameAsync(code, request.HttpContext.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        using var qr = QRCodeGenerator.GenerateQrCode(
            SpooUrls.ShortLink(request, options, Uri.EscapeDataString(code)) + "?qr=1", QRCodeGenerator.ECCLevel.M);
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=3600";
        return draw(qr);
    }
}
