using System.Globalization;
using Spoo.Data.Stats.Report;

namespace Spoo.Web.Api.ShortIo;

/// <summary>Changes and ratios as Short.io writes them: as texts with two decimals.</summary>
internal static class ShortIoChange
{
    public const string None = "0";

    /// <summary>What Short.io says where there was nothing to compare with, and now there is something.</summary>
    public const string FromNothing = "999.00";

    /// <summary>In percent of what there was before.</summary>
    public static string Of(double now, double before) =>
        now == before ? None
        : before == 0 ? FromNothing
        : Text((now - before) / before * 100);

    /// <summary>Clicks per link, or any other ratio; zero of nothing.</summary>
    public static string Ratio(long part, long whole) => Text(whole == 0 ? 0 : (double)part / whole);

    private static string Text(double value) => Rounded.Two(value).ToString("F2", CultureInfo.InvariantCulture);
}
