using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Spoo.Web.Components;
using Xunit;

namespace Spoo.Tests;

/// <summary>A page never mixes two languages: whatever it says in English, it can say in every other one.</summary>
public sealed partial class WordsTests
{
    private static readonly IReadOnlySet<string> Said = TextsSaid();

    [Fact]
    public void Every_text_of_the_pages_is_there_in_German_and_nothing_else_is()
    {
        var translated = Translations("de");

        Assert.Equal([], Said.Except(translated.Keys).Order());
        Assert.Equal([], translated.Keys.Except(Said).Order());
    }

    [Fact]
    public void A_translation_fills_in_the_same_values() =>
        Assert.All(Translations("de"), text => Assert.Equal(PlacesIn(text.Key), PlacesIn(text.Value)));

    [Fact]
    public void A_viewer_reads_their_language_and_English_where_there_is_none()
    {
        Assert.Equal("Übersicht", In("de-AT", () => Words.T("Dashboard")));
        Assert.Equal("Dashboard", In("fr", () => Words.T("Dashboard")));
        Assert.Equal("no such text", In("de", () => Words.T("no such text")));
    }

    private static string In(string culture, Func<string> say)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static HashSet<string> TextsSaid() =>
        Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Saying().Matches(File.ReadAllText(file)))
            .Select(match => Regex.Unescape(match.Groups["text"].Value))
            .ToHashSet(StringComparer.Ordinal);

    private static Dictionary<string, string> Translations(string language) =>
        XDocument.Load(Path.Combine(HouseRulesTests.SourceFolder("src", "Spoo.Web", "Components"), $"Words.{language}.resx"))
            .Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> PlacesIn(string text) =>
        Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    /// <summary><c>T("…")</c>: the key is always written out, so that it can be found.</summary>
    [GeneratedRegex("""\bT\(\s*"(?<text>(?:[^"\\]|\\.)*)"[,)]""")]
    private static partial Regex Saying();

    [GeneratedRegex(@"\{\d[^}]*\}")]
    private static partial Regex Place();
}
