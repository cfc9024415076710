using System.Globalization;
using System.Text;

namespace Spoo.Web.Components.Shared;

/// <summary>
/// How long a bar and how warm a cell is, as a class: pages for everybody may have no styles in their markup, and a hundredth is as
/// fine as eyes are.
/// </summary>
internal static class Percents
{
    private const int All = 100;

    private static readonly string[] Classes = [.. Enumerable.Range(0, All + 1).Select(percent => string.Create(CultureInfo.InvariantCulture, $"p{percent}"))];

    /// <param name="part">From 0 to 1.</param>
    public static string ClassOf(double part) => Classes[(int)Math.Round(Math.Clamp(part, 0, 1) * All)];

    /// <summary>What the classes stand for.</summary>
    public static string Rules()
    {
        var css = new StringBuilder();
        for (var percent = 0; percent <= All; percent++)
        {
            css.Append(CultureInfo.InvariantCulture, $".p{percent}{{--share:{percent}%;--heat:{percent / 100.0:0.##}}}");
        }

        return css.Append('\n').ToString();
    }
}
