using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using QRCoder;
using Spoo.Data.Links;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Export;

/// <summary>How a QR code looks.</summary>
internal sealed record QrStyle
{
    public const int MinSize = 100;
    public const int MaxSize = 2000;
    public const int DefaultSize = 740;
    public const int MaxMargin = 10;

    /// <summary>Modules around the code, as the standard asks for.</summary>
    public const int DefaultMargin = 4;

    /// <summary>Between the light of both colours, as WCAG measures it. Cameras want less than readers, and printers give less than screens.</summary>
    private const double LeastContrast = 4;

    private static readonly Dictionary<string, QRCodeGenerator.ECCLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["L"] = QRCodeGenerator.ECCLevel.L,
        ["M"] = QRCodeGenerator.ECCLevel.M,
        ["Q"] = QRCodeGenerator.ECCLevel.Q,
        ["H"] = QRCodeGenerator.ECCLevel.H,
    };

    /// <summary>As in <c>#1A2B3C</c>.</summary>
    public string Color { get; init; } = "#000000";

    public string Background { get; init; } = "#FFFFFF";

    /// <summary>Of each side, in pixels; a drawing without pixels has it as its natural size.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>Of the light rim, in modules.</summary>
    public int Margin { get; init; } = DefaultMargin;

    /// <summary>How much of the code may be covered or damaged: L, M, Q or H.</summary>
    public string Level { get; init; } = "M";

    public static IReadOnlyCollection<string> LevelNames => Levels.Keys;

    public QRCodeGenerator.ECCLevel Correction => Levels[Level];

    /// <summary>Why cameras could not read such a code, or none could be drawn. Null: it is good.</summary>
    public string? Fault =>
        !LinkPreview.IsColor(Color) || !LinkPreview.IsColor(Background) ? T("A colour is written like #1A2B3C.")
        : !Levels.ContainsKey(Level) ? T("The correction of errors is L, M, Q or H.")
        : Size is < MinSize or > MaxSize ? T("A QR code has {0} to {1} pixels a side.", MinSize, MaxSize)
        : Margin is < 0 or > MaxMargin ? T("The rim has 0 to {0} modules.", MaxMargin)
        : LightOf(Color) >= LightOf(Background) ? T("The code has to be darker than what is behind it, or cameras do not find it.")
        : (LightOf(Background) + 0.05) / (LightOf(Color) + 0.05) < LeastContrast ? T("These colours are too much alike for cameras: take a darker one for the code, or a lighter one behind it.")
        : null;

    /// <summary>Reads the parameters <c>color</c>, <c>background</c>, <c>size</c>, <c>margin</c> and <c>level</c>; what is no number is a fault.</summary>
    public static QrStyle Read(IQueryCollection query)
    {
        var plain = new QrStyle();
        return new QrStyle
        {
            Color = ColorIn(query["color"]) ?? plain.Color,
            Background = ColorIn(query["background"]) ?? plain.Background,
            Size = WholeIn(query["size"]) ?? plain.Size,
            Margin = WholeIn(query["margin"]) ?? plain.Margin,
            Level = query["level"].ToString() is { Length: > 0 } level ? level.ToUpperInvariant() : plain.Level,
        };
    }

    /// <summary>The address with this style; what is as it is anyway is not in it.</summary>
    public string PutOn(string address)
    {
        var plain = new QrStyle();
        var fields = new Dictionary<string, string?>
        {
            ["color"] = Color == plain.Color ? null : Color[1..],
            ["background"] = Background == plain.Background ? null : Background[1..],
            ["size"] = Size == plain.Size ? null : Size.ToString(CultureInfo.InvariantCulture),
            ["margin"] = Margin == plain.Margin ? null : Margin.ToString(CultureInfo.InvariantCulture),
            ["level"] = Level == plain.Level ? null : Level,
        };
        return QueryHelpers.AddQueryString(address, fields.Where(field => field.Value is not null));
    }

    // In an address the number sign would begin the fragment.
    private static string? ColorIn(string? text) => string.IsNullOrEmpty(text) ? null : text.StartsWith('#') ? text : "#" + text;

    private static int? WholeIn(string? text) =>
        string.IsNullOrEmpty(text) ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    /// <summary>Relative luminance, from 0 (black) to 1 (white).</summary>
    private static double LightOf(string color)
    {
        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));

        double Channel(int at)
        {
            var part = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }
}
