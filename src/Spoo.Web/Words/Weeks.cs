using System.Globalization;

namespace Spoo.Web.Words;

/// <summary>With which day a week begins for the reader: as in their region, and with Monday where the browser names a language only.</summary>
internal static class Weeks
{
    public static DayOfWeek FirstDay => Region.Of(CultureInfo.CurrentCulture) is null ? DayOfWeek.Monday : CultureInfo.CurrentCulture.DateTimeFormat.FirstDayOfWeek;
}

/// <summary>What a reader's language says of where they are.</summary>
internal static class Region
{
    /// <summary>Such as US of en-US. Null: the language alone is known.</summary>
    public static string? Of(CultureInfo culture) => culture is { IsNeutralCulture: false } && culture.Name.LastIndexOf('-') is > 0 and var at ? culture.Name[(at + 1)..] : null;

    /// <summary>Whether dates are written with the month first there.</summary>
    public static bool IsMonthFirst(CultureInfo culture) => Of(culture) is not null && culture.DateTimeFormat.ShortDatePattern.StartsWith('M');
}
