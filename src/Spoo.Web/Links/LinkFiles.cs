using QRCoder;
using Spoo.Data.Links;

namespace Spoo.Web.Links;

/// <summary>What can be downloaded of links.</summary>
internal static class LinkFiles
{
    private const int PngDotsPerModule = 20;

    public static void MapLinkFiles(this WebApplication app)
    {
        app.MapGet(SpooUrls.Links + "/{code}/qr.svg", (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
            QrCodeAsync(code, request, links, options, qr => Results.Text(
                new SvgQRCode(qr).GetGraphic(10, "#000", "#fff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute), "image/svg+xml")))
            .ExcludeFromDescription();
        app.MapGet(SpooUrls.Links + "/{code}/qr.png", (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
            QrCodeAsync(code, request, links, options, qr => Results.Bytes(new PngByteQRCode(qr).GetGraphic(PngDotsPerModule), "image/png")))
            .ExcludeFromDescription();
    }

    /// <summary>The code is no secret: it says what the link itself says.</summary>
    private static async Task<IResult> QrCodeAsync(
        string code, HttpRequest request, LinkService links, ShorteningOptions options, Func<QRCodeData, IResult> draw)
    {
        if (await links.FindByCodeAsync(code, request.HttpContext.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        using var qr = QRCodeGenerator.GenerateQrCode(
            SpooUrls.ShortLink(request, options, code) + "?qr=1", QRCodeGenerator.ECCLevel.M);
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=3600";
        return draw(qr);
    }
}
