using System.Net;
using System.Text.RegularExpressions;

namespace Spoo.Data.Links;

/// <summary>What the head of a page says of it, for those who draw a card.</summary>
internal sealed partial record PageTags
{
    private const int MostTags = 300;
    private const int MostNames = 60;
    private const int MaxValueLength = 2048;

    public string? HtmlTitle { get; private init; }

    public string? HtmlDescription { get; private init; }

    public string? Color { get; private init; }

    /// <summary>As it stands there.</summary>
    public string? Favicon { get; private init; }

    /// <summary>Without <c>og:</c>.</summary>
    public IReadOnlyDictionary<string, string> Og { get; private init; } = new Dictionary<string, string>();

    /// <summary>Without <c>twitter:</c>.</summary>
    public IReadOnlyDictionary<string, string> Twitter { get; private init; } = new Dictionary<string, string>();

    public static PageTags Read(string html)
    {
        var end = html.IndexOf("</head", StringComparison.OrdinalIgnoreCase);
        var head = Comments().Replace(end < 0 ? html : html[..end], "");
        var (og, twitter, plain) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        string? favicon = null;
        foreach (var tag in Tags().Matches(head).Take(MostTags))
        {
            var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var attribute in Attributes().Matches(tag.Groups["rest"].Value).Take(30))
            {
                attributes.TryAdd(attribute.Groups["name"].Value, WebUtility.HtmlDecode(attribute.Groups["value"].Value.Trim('"', '\'')));
            }

            if (tag.Groups["tag"].Value.Equals("link", StringComparison.OrdinalIgnoreCase))
            {
                if (attributes.GetValueOrDefault("rel")?.Split(' ').Contains("icon", StringComparer.OrdinalIgnoreCase) == true)
                {
                    favicon ??= Text(attributes.GetValueOrDefault("href"));
                }

                continue;
            }

            var name = (attributes.GetValueOrDefault("property") ?? attributes.GetValueOrDefault("name"))?.Trim().ToLowerInvariant();
            if (name is null || Text(attributes.GetValueOrDefault("content")) is not { } content)
            {
                continue;
            }

            var (family, key) = name.StartsWith("og:", StringComparison.Ordinal) ? (og, name[3..]) : name.StartsWith("twitter:", StringComparison.Ordinal) ? (twitter, name[8..]) : (plain, name);
            if (key.Length is > 0 and <= 60 && family.Count < MostNames)
            {
                family.TryAdd(key, content);
            }
        }

        return new PageTags
        {
            HtmlTitle = Title().Match(head) is { Success: true } title ? Text(WebUtility.HtmlDecode(title.Groups["text"].Value)) : null,
            HtmlDescription = plain.GetValueOrDefault("description"),
            Color = plain.GetValueOrDefault("theme-color") is { } color && LinkPreview.IsColor(color) ? color : null,
            Favicon = favicon,
            Og = og,
            Twitter = twitter,
        };
    }

    // On one line, as cards have it.
    private static string? Text(string? text)
    {
        var line = Blanks().Replace(text ?? "", " ").Trim();
        return line.Length == 0 ? null : line.Length <= MaxValueLength ? line : line[..MaxValueLength];
    }

    // None of these backtracks: the page may have been written to make one do so.
    [GeneratedRegex("""<(?<tag>meta|link)\b(?<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex("""(?<name>[\w:.-]+)\s*=\s*(?<value>"[^"]*"|'[^']*'|[^\s"'>]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attributes();

    [GeneratedRegex("<title[^>]*>(?<text>[^<]*)<", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Title();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comments();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
