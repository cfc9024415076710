using System.Collections;
using System.Globalization;
using System.Resources;
using MudBlazor;
using Spoo.Web.Words;

namespace Spoo.Tests.Words;

/// <summary>What the controls' library says by itself.</summary>
public sealed class ControlTextsTests
{
    [Fact]
    public void Everything_that_the_controls_say_is_there_in_German_with_all_of_its_places()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
            var texts = new ControlTexts();
            var english = English();

            Assert.NotEmpty(english);
            Assert.Empty(english.Where(text => texts[text.Key].ResourceNotFound).Select(text => text.Key));
            Assert.All(english, text => Assert.Equal(Places(text.Value), Places(texts[text.Key].Value)));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void In_English_the_controls_speak_for_themselves() => Assert.True(new ControlTexts()["MudDialog_Close"].ResourceNotFound);

    private static Dictionary<string, string> English()
    {
        var library = typeof(MudTheme).Assembly;
        using var reader = new ResourceReader(library.GetManifestResourceStream("MudBlazor.Resources.LanguageResource.resources")!);
        return reader.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }

    private static IEnumerable<string> Places(string text) => Enumerable.Range(0, 5).Select(i => $"{{{i}}}").Where(place => text.Contains(place, StringComparison.Ordinal));
}
