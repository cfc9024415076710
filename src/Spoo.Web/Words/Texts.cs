using System.Globalization;
using Spoo.Data;

namespace Spoo.Web.Words;

/// <summary>
/// What the pages say, in the language of who looks. The English text is the key, so pages stay readable;
/// <c>Texts.de.resx</c> holds the German one. A text that has no translation is shown in English.
/// </summary>
internal static class Texts
{
    /// <summary>The languages that are complete, the default first.</summary>
    public static readonly IReadOnlyList<CultureInfo> Languages = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("de")];

    /// <summary>The viewer's language, or the default where it is none of ours.</summary>
    public static CultureInfo Current =>
        Languages.FirstOrDefault(language => language.TwoLetterISOLanguageName == CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? Languages[0];

    private static readonly Translations Translated = new("Spoo.Web.Words.Texts");

    /// <summary>The text in the viewer's language.</summary>
    public static string T(string english) => Translated.Find(english) ?? english;

    /// <summary>The text in the viewer's language, with its <c>{0}</c>, <c>{1}</c>, … filled in; numbers and dates in the viewer's form.</summary>
    public static string T(string english, params object?[] values) =>
        string.Format(CultureInfo.CurrentCulture, T(english), values);

    /// <summary>What the data layer says about a person's file, in the viewer's language.</summary>
    public static string T(Message message) => T(message.Text, [.. message.Values.Select(value => value is Message part ? T(part) : value)]);
}
