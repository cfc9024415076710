using QRCoder;
using Spoo.Data.Links;

namespace Spoo.Web.Links;

/// <summary>What can be downloaded of links.</summary>
internal static class LinkFiles
{
    private const int PngDotsPerModule = 20;

    public static void MapLinkFiles(this WebApplication app)
    {
        app.MapGet(SpooUrls.Links + "/{code}/qr.{format:regex(^(svg|png)$)}", QrCodeAsync).ExcludeFromDescription();
    }

    /// <summary>The code is no secret: it says what the link itself says.</summary>
    private static async Task<IResult> QrCodeAsync(
        string code, string format, HttpRequest request, LinkService links, ShorteningOptions options, CancellationToken cancellationToken)
    {
        if (await links.FindByCodeAsync(code, cancellationToken) is null)
        {
            return Results.NotFound();
        }

        using var qr = QRCodeGenerator.GenerateQrCode(
            SpooUrls.ShortLink(request, options, code) + "?qr=1", QRCodeGenerator.ECCLevel.M);
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=3600";
        return format == "png"
            ? Results.Bytes(new PngByteQRCode(qr).GetGraphic(PngDotsPerModule), "image/png")
            : Results.Text(new SvgQRCode(qr).GetGraphic(10, "#000", "#fff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute), "image/svg+xml");
    }
}
