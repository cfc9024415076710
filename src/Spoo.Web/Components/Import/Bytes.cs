using System.Globalization;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Components.Import;

/// <summary>Sizes of files in words.</summary>
internal static class Bytes
{
    public static string Of(double bytes) => bytes switch
    {
        < 1_000 => N((long)bytes, "{0} byte", "{0} bytes"),
        < 1_000_000 => (bytes / 1e3).ToString("0.#", CultureInfo.CurrentCulture) + " kB",
        < 1_000_000_000 => (bytes / 1e6).ToString("0.#", CultureInfo.CurrentCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.##", CultureInfo.CurrentCulture) + " GB",
    };
}
