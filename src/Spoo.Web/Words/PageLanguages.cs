using System.Globalization;

namespace Spoo.Web.Words;

/// <summary>How a page finds the language of who looks: as their cookie says, or else their browser, or else English.</summary>
internal static class PageLanguages
{
    /// <summary>For pages, whose answers name their language.</summary>
    public static RequestLocalizationOptions OfPages { get; } = Make(isNamed: true);

    /// <summary>For answers of which only some are pages.</summary>
    public static RequestLocalizationOptions OfVisitors { get; } = Make(isNamed: false);

    private static RequestLocalizationOptions Make(bool isNamed)
    {
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new(Texts.Languages[0]),

            // Numbers and dates as in the reader's region, words in one of the languages that there are.
            SupportedCultures =
            [
                .. Texts.Languages,
                .. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => Texts.Languages.Any(language => language.Name == culture.TwoLetterISOLanguageName)),
            ],
            SupportedUICultures = [.. Texts.Languages],
            ApplyCurrentCultureToResponseHeaders = isNamed,
        };
        options.RequestCultureProviders.RemoveAt(0);      // not from the query: an address says what is asked, not how it is told
        return options;
    }
}
