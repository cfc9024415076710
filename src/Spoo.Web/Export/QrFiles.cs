using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Export;

/// <summary>
/// The addresses of QR codes: asked for, a code in the style of the query; with a picture sent there, the same with that logo in the middle. The
/// picture is drawn and forgotten.
/// </summary>
internal static class QrFiles
{
    private static readonly string[] LogoTypes = ["image/png", "image/jpeg"];

    public static void MapQrFiles(this WebApplication app)
    {
        foreach (var format in (string[])[QrCode.Svg, QrCode.Png, QrCode.Pdf])
        {
            var address = "/" + SpooUrls.Links + "/{code}/qr." + format;
            app.MapGet(address, (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
                DrawAsync(code, format, null, request, links, options)).ExcludeFromDescription().AnswerHead();
            app.MapPost(address, (string code, HttpRequest request, LinkService links, ShorteningOptions options) =>
                DrawWithLogoAsync(code, format, request, links, options)).ExcludeFromDescription().WithMetadata(new FormLimitAttribute(RateLimits.Export));
        }
    }

    /// <summary>The code is no secret: it says what the link itself says.</summary>
    private static async Task<IResult> DrawAsync(string code, string format, byte[]? logo, HttpRequest request, LinkService links, ShorteningOptions options)
    {
        var style = QrStyle.Read(request.Query);
        if (style.Fault is { } fault)
        {
            return Refuse(fault, StatusCodes.Status400BadRequest);
        }

        if (await links.FindByNameAsync(code, request.HttpContext.RequestAborted) is not { } link)
        {
            return logo is null ? Results.NotFound() : Refuse(T("There is no such link"), StatusCodes.Status404NotFound);
        }

        request.HttpContext.Response.Headers.CacheControl = logo is null ? "public, max-age=3600" : "no-store";
        return Results.Bytes(new QrCode(SpooUrls.ScannedLink(new Uri(SpooUrls.ShortLink(request, options, link.Name)).AbsoluteUri), style, logo).Draw(format), QrCode.TypeOf(format));
    }

    private static async Task<IResult> DrawWithLogoAsync(string code, string format, HttpRequest request, LinkService links, ShorteningOptions options)
    {
        if (!LogoTypes.Contains(request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return Refuse(T("A logo is sent as it is, a PNG or JPEG, with its type in the header Content-Type: image/png or image/jpeg."), StatusCodes.Status415UnsupportedMediaType);
        }

        // One byte more than there may be says that there are too many.
        var bytes = new byte[QrCode.MaxLogoBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > QrCode.MaxLogoBytes)
        {
            return Refuse(T("A logo has at most {0} KB.", QrCode.MaxLogoBytes / 1024), StatusCodes.Status413PayloadTooLarge);
        }

        var logo = bytes[..length];
        return QrCode.IsLogo(logo)
            ? await DrawAsync(code, format, logo, request, links, options)
            : Refuse(T("This is no PNG or JPEG that could be drawn."), StatusCodes.Status400BadRequest);
    }

    private static IResult Refuse(string text, int status) => Results.Text(text, "text/plain; charset=utf-8", statusCode: status);
}
