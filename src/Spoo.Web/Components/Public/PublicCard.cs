using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using SkiaSharp;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Wire;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Public;

/// <summary>
/// <c>/stats/{code}/card.png</c>: the numbers of a public page as the picture that goes with its address where it is told to others. A
/// link that is private, or asks for a password, has none.
/// </summary>
internal sealed class PublicCard(
    LinkService links,
    StatsQueryParser parser,
    PublicReports reports,
    ShorteningOptions options,
    IWebHostEnvironment environment) : IDisposable
{
    /// <summary>What those who show such pictures ask for.</summary>
    public const int Width = 1200;
    public const int Height = 630;

    private const int Margin = 72;

    private static readonly SKColor Ground = new(0xFF, 0xFF, 0xFF);
    private static readonly SKColor Ink = new(0x12, 0x16, 0x1F);
    private static readonly SKColor Muted = new(0x56, 0x5E, 0x6E);
    private static readonly SKColor Brand = new(0x2B, 0x50, 0xD8);

    private readonly Lazy<SKTypeface> _plain = new(() => Load(environment, "DejaVuSans.ttf"));
    private readonly Lazy<SKTypeface> _bold = new(() => Load(environment, "DejaVuSans-Bold.ttf"));

    public async Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        var code = (string?)request.RouteValues["code"] ?? "";

        // A picture is fetched to be shown to others: it shows what an anonymous visitor may see.
        if (await links.FindWithStatsAsync(code, Spoo.Data.Accounts.Viewer.Nobody, context.RequestAborted) is not { PasswordHash: null } link
            || !DashboardAddress.TryParse(parser, new Uri($"{request.Scheme}://{request.Host}/{SpooUrls.PublicStats(code)}" + request.QueryString), TimeZones.Utc, out var address, out _))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var view = await reports.AskAsync(address with { Embedding = null }, link, SpooUrls.ShortLink(request, options, link.Name), isOwner: false);
        if (view.Refusal is { Kind: RefusalKind.Busy } busy)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryHeader.Of(busy.RetryAfter ?? StoreFailure.RetryAfter);
            return;
        }

        if (view.Answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var culture = CultureInfo.CurrentUICulture;
        var picture = await reports.SharedAsync(("card", address.Url, view.ShortUrl, culture.Name), view, () =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            return Task.FromResult(Draw(view.ShortUrl.Split("://")[^1], view.Answer.Report));
        });
        context.Response.ContentType = "image/png";
        context.Response.ContentLength = picture.Length;
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        await context.Response.Body.WriteAsync(picture, context.RequestAborted);
    }

    public void Dispose()
    {
        foreach (var face in new[] { _plain, _bold }.Where(face => face.IsValueCreated))
        {
            face.Value.Dispose();
        }
    }

    /// <returns>A PNG.</returns>
    internal byte[] Draw(string shortUrl, StatsReport report)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Ground);
        DrawChart(canvas, [.. report.By(Dimension.Time).Rows.Select(row => row.Count.Clicks)]);
        DrawBrand(canvas);
        Write(canvas, shortUrl, _bold.Value, 44, Ink, Margin, 180);
        Write(canvas, DateFormats.Of(report), _plain.Value, 28, Muted, Margin, 226);
        var right = Number(canvas, report.Summary.TotalClicks, Texts.T("Clicks"), Margin);
        Number(canvas, report.Summary.UniqueClicks, Texts.T("Unique visitors"), right + 90);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return png.ToArray();
    }

    private static SKTypeface Load(IWebHostEnvironment environment, string name)
    {
        using var file = environment.WebRootFileProvider.GetFileInfo("lib/dejavu/" + name).CreateReadStream();
        return SKTypeface.FromStream(file);
    }

    private static void DrawBrand(SKCanvas canvas)
    {
        using var fill = new SKPaint { Color = Brand, IsAntialias = true };
        canvas.DrawRoundRect(Margin, 64, 48, 48, 12, 12, fill);
        using var bar = new SKPaint { Color = SKColors.White, IsAntialias = true, StrokeWidth = 5, StrokeCap = SKStrokeCap.Round };
        foreach (var (x, top) in new[] { (12, 27), (24, 19), (36, 12) })
        {
            canvas.DrawLine(Margin + x, 64 + top, Margin + x, 64 + 34, bar);
        }
    }

    /// <summary>The clicks over time, along the lower edge.</summary>
    private static void DrawChart(SKCanvas canvas, List<long> clicks)
    {
        const float Base = Height, Top = 420;
        var peak = Math.Max(1, clicks.Max());
        var step = (float)Width / Math.Max(1, clicks.Count - 1);
        using var line = new SKPath();
        foreach (var (number, count) in clicks.Index())
        {
            var point = new SKPoint(number * step, Base - 24 - ((Base - 24 - Top) * count / peak));
            if (number == 0)
            {
                line.MoveTo(point);
            }
            else
            {
                line.LineTo(point);
            }
        }

        using var area = new SKPath(line);
        area.LineTo(Width, Base);
        area.LineTo(0, Base);
        area.Close();
        using var fill = new SKPaint { IsAntialias = true, Shader = SKShader.CreateLinearGradient(new(0, Top), new(0, Base), [Brand.WithAlpha(70), Brand.WithAlpha(8)], SKShaderTileMode.Clamp) };
        using var stroke = new SKPaint { IsAntialias = true, Color = Brand, StrokeWidth = 5, IsStroke = true, StrokeJoin = SKStrokeJoin.Round };
        canvas.DrawPath(area, fill);
        canvas.DrawPath(line, stroke);
    }

    private float Number(SKCanvas canvas, long number, string name, float left) => Math.Max(
        Write(canvas, Numbers.Headline(number), _bold.Value, 84, Ink, left, 348),
        Write(canvas, name, _plain.Value, 28, Muted, left, 392));

    /// <summary>Makes the text smaller until it fits.</summary>
    /// <returns>Where it ends.</returns>
    private static float Write(SKCanvas canvas, string text, SKTypeface face, float size, SKColor color, float left, float baseline)
    {
        using var font = new SKFont(face, size) { Subpixel = true };
        if (font.MeasureText(text) is var wide && wide > Width - left - Margin)
        {
            font.Size = Math.Max(18, size * (Width - left - Margin) / wide);
        }

        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(text, left, baseline, font, paint);
        return left + font.MeasureText(text);
    }
}
