using System.Globalization;

namespace Spoo.Web.Words;

/// <summary>Counted things in the form that their number asks for: 1 link, 2 links.</summary>
internal static class Plurals
{
    /// <summary>
    /// In the viewer's language. <c>{0}</c> is the number, with every digit in the viewer's form; <c>{1}</c> and so on are the further
    /// values. Both forms are always written out, so that they can be found.
    /// </summary>
    public static string N(long count, string one, string other, params object?[] values) =>
        Texts.T(IsOne(count) ? one : other, [Numbers.Long(count), .. values]);

    /// <summary>For the terminal and its logs, which speak English in every country.</summary>
    public static string InEnglish(long count, string one, string other) =>
        string.Format(CultureInfo.InvariantCulture, IsOne(count) ? one : other, count.ToString("N0", CultureInfo.InvariantCulture));

    // The same for English and German. A language with more forms than two, or with another rule, is decided here.
    private static bool IsOne(long count) => count == 1;
}
