using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace Spoo.Web.Words;

/// <summary>
/// One file of texts, read once: the framework asks for each text in the file of the region, then of the language, then of none, which for pages of hundreds of
/// texts is a noticeable part of drawing them.
/// </summary>
/// <param name="name">The file's, with its namespace.</param>
internal sealed class Translations(string name)
{
    private readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> _byLanguage = new(() => Read(name));

    /// <summary>The text in the viewer's language. Null: it has none.</summary>
    public string? Find(string key) =>
        _byLanguage.Value.TryGetValue(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, out var texts) ? texts.GetValueOrDefault(key) : null;

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Read(string name)
    {
        var resources = new ResourceManager(name, typeof(Translations).Assembly);
        return Texts.Languages
            .Select(language => (language.TwoLetterISOLanguageName, Texts: resources.GetResourceSet(language, createIfNotExists: true, tryParents: false)))
            .Where(language => language.Texts is not null)
            .ToFrozenDictionary(
                language => language.TwoLetterISOLanguageName,
                language => language.Texts!.Cast<DictionaryEntry>().ToFrozenDictionary(entry => (string)entry.Key, entry => (string)entry.Value!));
    }
}
