using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>
/// What people call dimensions and their values, in the viewer's language. Addresses and the API keep the label of the report: a country
/// is <c>DE</c> there.
/// </summary>
internal static class Labels
{
    private const int MostValuesInWords = 2;

    /// <summary>Countries and languages, which are no texts of a page: <c>country.DE</c>, <c>language.de</c>. What is missing is English.</summary>
    private static readonly Translations Names = new("Spoo.Web.Words.Names");

    /// <summary>The dimensions whose values have names.</summary>
    private static readonly HashSet<Dimension> Named =
        [Dimension.Country, Dimension.Language, Dimension.Channel, Dimension.BotRule, Dimension.Trigger, Dimension.Device, Dimension.VisitorType];

    /// <summary>The languages that names are there in, the default first.</summary>
    public static IReadOnlyList<CultureInfo> Languages => Texts.Languages;

    public static string Of(Dimension dimension, string label)
    {
        if (!IsNamed(dimension, label))
        {
            return label;
        }

        if (label == ClickSource.Other)
        {
            return T("(other)");
        }

        return label == dimension.NoValue ? T(dimension.NoValueTitle ?? dimension.NoValue)
            : dimension == Dimension.Country ? Translated("country.", label, Countries.NameOf)
            : dimension == Dimension.Language ? Translated("language.", label, Spoo.Data.Clicks.Reading.Languages.NameOf)
            : dimension == Dimension.Channel ? OfChannel(label)
            : dimension == Dimension.BotRule ? OfBot(label)
            : dimension == Dimension.Trigger || dimension == Dimension.Device || dimension == Dimension.VisitorType ? OfOneOfOurs(label)
            : label;
    }

    /// <summary>Whether people may read something else than the label.</summary>
    public static bool IsNamed(Dimension dimension, string label) => dimension.Kind != DimensionKind.Link && label.Length > 0
        && (label == dimension.NoValue || label == ClickSource.Other || Named.Contains(dimension));

    /// <summary>A word more about a value, where its name leaves a question open. Null: there is none.</summary>
    public static string? NoteOf(Dimension dimension, string label) => label == ClickSource.Other ? T("more in an hour than are told apart") : dimension != Dimension.BotRule ? null : Bots.KindOf(label) switch
    {
        BotKind.Crawler => T("crawler"),
        BotKind.Preview => T("link preview"),
        BotKind.Tool => T("tool"),
        _ => null,
    };

    /// <summary>The whole of a value, to be read in a tooltip.</summary>
    public static string InFull(Dimension dimension, string label) =>
        dimension == Dimension.BotRule && label != dimension.NoValue ? T("{0}: found by the rule {1}", Of(dimension, label), label) : Of(dimension, label);

    /// <summary>The address of a country's flag. Null: it has none here.</summary>
    public static string? FlagOf(Dimension dimension, string label) =>
        dimension == Dimension.Country && label is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] && label != Dimension.Country.NoValue
            ? Flags.UrlOf(label)
            : null;

    /// <summary>The address of a value that is a place of its own: a referrer's site. Null: it is none, or an app or a machine without a name.</summary>
    public static string? PlaceOf(Dimension dimension, string label) =>
        dimension == Dimension.Referrer && label.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(label) == UriHostNameType.Dns ? $"https://{label}/" : null;

    /// <summary>The dimension's name, as a heading.</summary>
    public static string TitleOf(Dimension dimension) => T(dimension.Title);

    /// <summary>The name of a list of its values.</summary>
    public static string PluralOf(Dimension dimension) => T(dimension.Plural ?? dimension.Title);

    /// <summary>The values of a filter as people read them.</summary>
    /// <param name="all">Otherwise the first ones, and how many more there are.</param>
    public static string ValuesOf(StatsFilter filter, bool all)
    {
        List<string> labels = [.. filter.Values.Select(value => filter.Operator.MatchesPart
            ? value
            : Of(filter.Dimension, filter.Dimension.LabelOf(filter.Dimension.ValueOf(value))))];

        // What has a comma itself is put in quotes, so that two values are never read as three.
        var words = labels.ConvertAll(label => label.Contains(',', StringComparison.Ordinal) ? T("“{0}”", label) : label);
        return all || words.Count <= MostValuesInWords
            ? string.Join(", ", words)
            : T("{0} and {1:N0} more", string.Join(", ", words.Take(MostValuesInWords)), words.Count - MostValuesInWords);
    }

    /// <summary>How a filter compares, in words.</summary>
    public static string Of(FilterOperator op) => op.Suffix switch
    {
        "!" => T("is not"),
        "~" => T("contains"),
        "!~" => T("does not contain"),
        _ => T("is"),
    };

    private static string OfChannel(string label) => label switch
    {
        Channels.Direct => T("Direct"),
        Channels.Search => T("Search"),
        Channels.Social => T("Social networks"),
        Channels.Email => T("E-mail"),
        Channels.Ads => T("Ads"),
        Channels.Assistant => T("AI assistants"),
        Channels.Qr => T("QR code"),
        Channels.Campaign => T("Campaigns"),
        Channels.Referral => T("Other pages"),
        _ => label,
    };

    private static string OfBot(string label) => label switch
    {
        Bots.EmptyRule => T("No User-Agent"),
        Bots.ImportedRule => T("Said so by the import"),
        _ => Bots.NameOf(label),
    };

    private static string OfOneOfOurs(string label) => label switch
    {
        ClickSource.Qr => T("QR code"),
        ClickSource.FollowedLink => T("Link"),
        Dimension.Human => T("Human"),
        Dimension.Bot => T("Bot"),
        "desktop" => T("Desktop"),
        "mobile" => T("Mobile"),
        "tablet" => T("Tablet"),
        "other" => T("Other"),
        _ => char.ToUpperInvariant(label[0]) + label[1..],
    };

    private static string Translated(string kind, string label, Func<string, string> english) =>
        Names.Find(kind + label) ?? english(label);
}
