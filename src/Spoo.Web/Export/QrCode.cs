using System.Globalization;
using System.Text;
using QRCoder;
using SkiaSharp;

namespace Spoo.Web.Export;

/// <summary>A short link as cameras read it, in the style that was asked for: a drawing (SVG), a picture (PNG), or a page of its size (PDF).</summary>
internal sealed class QrCode
{
    /// <summary>Of a logo, in bytes: more than a sign of a few centimetres needs.</summary>
    public const int MaxLogoBytes = 256 * 1024;

    public const string Svg = "svg";
    public const string Png = "png";
    public const string Pdf = "pdf";

    private const int MaxLogoSide = 2000;

    /// <summary>Of the code's side. With the highest correction nearly a third of all modules may be missing; this covers a twentieth.</summary>
    private const double LogoPart = 0.22;

    /// <summary>Around the logo, as a part of it.</summary>
    private const double LogoRim = 0.12;

    /// <summary>What QRCoder puts around each code.</summary>
    private const int BuiltInMargin = 4;

    private readonly QrStyle _style;
    private readonly bool[][] _modules;
    private readonly byte[]? _logo;

    /// <param name="text">What cameras read.</param>
    /// <param name="style">Has to be without fault.</param>
    /// <param name="logo">What <see cref="IsLogo"/> says is one. Null: none.</param>
    public QrCode(string text, QrStyle style, byte[]? logo = null)
    {
        (_style, _logo) = (style, logo);
        using var data = QRCodeGenerator.GenerateQrCode(text, logo is null ? style.Correction : QRCodeGenerator.ECCLevel.H);
        var inner = data.ModuleMatrix.Count - (2 * BuiltInMargin);
        _modules = [.. Enumerable.Range(BuiltInMargin, inner).Select(row => Enumerable.Range(BuiltInMargin, inner).Select(column => data.ModuleMatrix[row][column]).ToArray())];
    }

    /// <summary>Modules of each side, with the rim.</summary>
    private int Side => _modules.Length + (2 * _style.Margin);

    public static string TypeOf(string format) => format switch
    {
        Svg => "image/svg+xml",
        Png => "image/png",
        _ => "application/pdf",
    };

    /// <summary>Whether these bytes are a PNG or JPEG of a size that can be drawn.</summary>
    public static bool IsLogo(byte[] bytes)
    {
        if (bytes.Length is 0 or > MaxLogoBytes || !(IsPng(bytes) || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])))
        {
            return false;
        }

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        return codec is { Info: { Width: > 0 and <= MaxLogoSide, Height: > 0 and <= MaxLogoSide } };
    }

    /// <param name="format"><see cref="Svg"/>, <see cref="Png"/> or <see cref="Pdf"/>.</param>
    public byte[] Draw(string format) => format switch
    {
        Svg => Encoding.UTF8.GetBytes(DrawSvg()),
        Png => DrawPng(),
        _ => DrawPdf(),
    };

    /// <summary>The dark modules as one path, a module a unit.</summary>
    private string Path()
    {
        var path = new StringBuilder();
        for (var row = 0; row < _modules.Length; row++)
        {
            for (var column = 0; column < _modules.Length; column++)
            {
                if (_modules[row][column])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{column + _style.Margin} {row + _style.Margin}h1v1h-1z");
                }
            }
        }

        return path.ToString();
    }

    private string DrawSvg()
    {
        var logo = "";
        if (_logo is not null)
        {
            var (plate, sign) = LogoPlaces();
            logo = string.Create(
                CultureInfo.InvariantCulture,
                $"""<rect x="{plate.Left}" y="{plate.Top}" width="{plate.Width}" height="{plate.Height}" fill="{_style.Background}"/><image x="{sign.Left}" y="{sign.Top}" width="{sign.Width}" height="{sign.Height}" href="data:image/{(IsPng(_logo) ? "png" : "jpeg")};base64,{Convert.ToBase64String(_logo)}"/>""");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{_style.Size}" height="{_style.Size}" viewBox="0 0 {Side} {Side}" shape-rendering="crispEdges"><rect width="{Side}" height="{Side}" fill="{_style.Background}"/><path d="{Path()}" fill="{_style.Color}"/>{logo}</svg>""");
    }

    private byte[] DrawPng()
    {
        using var surface = SKSurface.Create(new SKImageInfo(_style.Size, _style.Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Paint(surface.Canvas, wholePixels: true);
        using var picture = surface.Snapshot();
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private byte[] DrawPdf()
    {
        using var file = new MemoryStream();
        using (var document = SKDocument.CreatePdf(file))
        {
            Paint(document.BeginPage(_style.Size, _style.Size), wholePixels: false);
            document.EndPage();
            document.Close();
        }

        return file.ToArray();
    }

    /// <param name="canvas">As wide and high as the style says.</param>
    /// <param name="wholePixels">Whether a module has to be a whole number of pixels, so that its edges are sharp.</param>
    private void Paint(SKCanvas canvas, bool wholePixels)
    {
        canvas.Clear(SKColor.Parse(_style.Background));
        var module = (float)_style.Size / Side;
        if (wholePixels && module >= 1)
        {
            module = MathF.Floor(module);
            var offset = MathF.Floor((_style.Size - (module * Side)) / 2);
            canvas.Translate(offset, offset);
        }

        canvas.Scale(module);
        using var paint = new SKPaint { Color = SKColor.Parse(_style.Color), IsAntialias = false };
        using var path = SKPath.ParseSvgPathData(Path());
        canvas.DrawPath(path, paint);
        if (_logo is null)
        {
            return;
        }

        var (plate, sign) = LogoPlaces();
        paint.Color = SKColor.Parse(_style.Background);
        canvas.DrawRect(plate, paint);
        using var image = SKImage.FromEncodedData(_logo);
        canvas.DrawImage(image, sign, new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    /// <summary>The light plate in the middle, and the logo on it in its own proportions; in modules.</summary>
    private (SKRect Plate, SKRect Sign) LogoPlaces()
    {
        using var data = SKData.CreateCopy(_logo);
        using var codec = SKCodec.Create(data);
        var middle = Side / 2f;
        var side = (float)(_modules.Length * LogoPart);
        var scale = side * (float)(1 - (2 * LogoRim)) / Math.Max(codec.Info.Width, codec.Info.Height);
        return (Around(side, side), Around(codec.Info.Width * scale, codec.Info.Height * scale));

        SKRect Around(float width, float height) => SKRect.Create(middle - (width / 2), middle - (height / 2), width, height);
    }

    private static bool IsPng(byte[] bytes) => bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]);
}
