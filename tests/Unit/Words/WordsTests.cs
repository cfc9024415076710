using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Charts;
using Spoo.Web.Words;
using Xunit;

namespace Spoo.Tests.Words;

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
        Assert.Equal("Übersicht", In("de-AT", () => Texts.T("Dashboard")));
        Assert.Equal("Dashboard", In("fr", () => Texts.T("Dashboard")));
        Assert.Equal("no such text", In("de", () => Texts.T("no such text")));
    }

    [Theory]
    [InlineData("en", 1, "1 click")]
    [InlineData("en", 0, "0 clicks")]
    [InlineData("en", 2_000, "2,000 clicks")]
    [InlineData("de", 1, "1 Klick")]
    [InlineData("de", 2_000, "2.000 Klicks")]
    public void A_counted_thing_has_the_form_of_its_number(string culture, long count, string said) =>
        Assert.Equal(said, In(culture, () => Numbers.Clicks(count)));

    [Fact]
    public void What_is_told_of_a_file_is_told_in_the_readers_language_down_to_its_parts()
    {
        var message = new Spoo.Data.Message("long_url: {0}", new Spoo.Data.Message("URL is not allowed or invalid: it leads back here"));

        Assert.Equal("long_url: URL is not allowed or invalid: it leads back here", message.ToString());
        Assert.Equal("long_url: Diese Adresse ist nicht erlaubt: Sie führt hierher zurück", In("de", () => Texts.T(message)));
    }

    [Fact]
    public void No_page_has_words_that_are_not_said_by_T()
    {
        string[] names = ["Spoo", "CSV", "NDJSON", "PNG", "SVG"];
        var written = Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web", "Components"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Written().Matches(Kept().Replace(File.ReadAllText(file).Split("@code {")[0], ""))
                .Select(match => $"{Path.GetFileName(file)}: {match.Groups["text"].Value.Trim()}"));

        Assert.Equal([], written.Where(text => text.Split(": ")[1] is var words
            && !names.Contains(words.Trim(' ', '·')) && !words.StartsWith("https://example.com/", StringComparison.Ordinal) && !words.Contains(" ? ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_country_and_every_language_has_a_German_name()
    {
        var names = Named("Names", "de");

        Assert.Equal([], Countries.All.Select(country => "country." + country.Code).Concat(Languages.All.Select(code => "language." + code)).Except(names.Keys));
        Assert.Equal([], names.Keys.Except([.. Countries.All.Select(country => "country." + country.Code), .. Languages.All.Select(code => "language." + code)]));
        Assert.All(names.Values, name => Assert.False(string.IsNullOrWhiteSpace(name)));
        Assert.Equal([], Countries.All.Where(country => In("de", () => Labels.Of(Dimension.Country, country.Code)) != names["country." + country.Code]));
    }

    [Fact]
    public void Whatever_there_is_a_list_of_is_named_in_German()
    {
        var german = Translations("de").Values.ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], In("de", () => Listed().ToList()).Where(name => !german.Any(text => Place().IsMatch(text) ? Filled(text).IsMatch(name) : text == name)));

        static Regex Filled(string text) => new("^" + string.Join(@"\d+", Place().Split(text).Select(Regex.Escape)) + "$");
    }

    /// <summary>What labels and pickers name that is in a list of ours, and not in anybody's clicks.</summary>
    private static IEnumerable<string> Listed() =>
    [
        .. Dimension.All.Select(Labels.TitleOf),
        .. Dimension.All.Select(Labels.PluralOf),
        .. Dimension.All.Where(dimension => dimension.Kind != DimensionKind.Link && dimension.NoValue.Length > 0).Select(dimension => Labels.Of(dimension, dimension.LabelOf(null))),
        .. Channels.All.Select(channel => Labels.Of(Dimension.Channel, channel)),
        .. Enum.GetValues<DeviceClass>().Select(device => Labels.Of(Dimension.Device, device.Name())),
        .. new[] { ClickSource.Qr, ClickSource.FollowedLink }.Select(trigger => Labels.Of(Dimension.Trigger, trigger)),
        .. new[] { Dimension.Human, Dimension.Bot }.Select(visitor => Labels.Of(Dimension.VisitorType, visitor)),
        .. FilterOperator.All.Select(Labels.Of),
        .. Period.All.Select(PeriodLabels.Of),
        .. TimeBucketWidth.All.Select(IntervalChoices.TitleOf),
        .. ChartMetric.All.Select(metric => metric.Title),
    ];

    private static T In<T>(string culture, Func<T> say)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return say();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    /// <summary>What the source says, and the words of dimensions, which bring their own.</summary>
    private static HashSet<string> TextsSaid() =>
    [
        .. Sources("Spoo.Web").SelectMany(source => Saying().Matches(source)).Select(match => Regex.Unescape(match.Groups["text"].Value)),
        .. Sources("Spoo.Web").SelectMany(source => Counting().Matches(source))
            .SelectMany(match => new[] { match.Groups["one"].Value, match.Groups["other"].Value }).Select(Regex.Unescape),
        .. Sources("Spoo.Data").SelectMany(source => Telling().Matches(source)).Select(match => Regex.Unescape(match.Groups["text"].Value)),
        .. Dimension.All.SelectMany(dimension => new[] { dimension.Title, dimension.Plural, dimension.NoValueTitle ?? dimension.NoValue }).Where(text => !string.IsNullOrEmpty(text)).Select(text => text!),
    ];

    private static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", project), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static Dictionary<string, string> Translations(string language) => Named("Texts", language);

    private static Dictionary<string, string> Named(string file, string language) =>
        XDocument.Load(Path.Combine(HouseRulesTests.SourceFolder("src", "Spoo.Web", "Words"), $"{file}.{language}.resx"))
            .Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> PlacesIn(string text) =>
        Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    /// <summary><c>T("…")</c>: the key is always written out, so that it can be found.</summary>
    [GeneratedRegex("""\bT\(\s*"(?<text>(?:[^"\\]|\\.)*)"[,)]""")]
    private static partial Regex Saying();

    /// <summary><c>N(count, "one", "many")</c>: both forms are written out.</summary>
    [GeneratedRegex("""\bN\([^"]*?,\s*"(?<one>(?:[^"\\]|\\.)*)",\s*"(?<other>(?:[^"\\]|\\.)*)"[,)]""")]
    private static partial Regex Counting();

    /// <summary><c>new Message("…")</c>: what the data layer tells people.</summary>
    [GeneratedRegex("""\bnew Message\("(?<text>(?:[^"\\]|\\.)*)"[,)]""")]
    private static partial Regex Telling();

    /// <summary>Text or a label in markup, and no part of an expression.</summary>
    [GeneratedRegex("""(?:>|(?:aria-label|title|placeholder|alt)=")(?<text>[^<>@{}"()=;]*[A-Za-z]{2}[^<>@{}"()=;]*)(?:<|")""")]
    private static partial Regex Written();

    /// <summary>Comments, and what is a name or a key in every language.</summary>
    [GeneratedRegex(@"@\*.*?\*@|<(?<tag>kbd|code|script|style|noscript)\b.*?</\k<tag>>|<(?:PageTitle)>Spoo</PageTitle>", RegexOptions.Singleline)]
    private static partial Regex Kept();

    [GeneratedRegex(@"\{\d[^}]*\}")]
    private static partial Regex Place();
}
