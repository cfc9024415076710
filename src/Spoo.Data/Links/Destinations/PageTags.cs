using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Spoo.Data.Links.Destinations;

/// <summary>What the head of a page says of it, for those who draw a card.</summary>
internal sealed partial record PageTags
{
    private const int MostTags = 300;
    private const int MostNames = 60;
    private const int MaxNameLength = 60;
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
        // Nothing but a template lets a head be nested deeply, for which parsing takes the square of its length.
        var template = html.IndexOf("<template", StringComparison.OrdinalIgnoreCase);
        var head = new HtmlParser().ParseHead(template < 0 ? html : html[..template]);
        var (og, twitter, plain) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var tag in head?.QuerySelectorAll("meta[content]").Take(MostTags) ?? [])
        {
            var name = (tag.GetAttribute("property") ?? tag.GetAttribute("name"))?.Trim().ToLowerInvariant();
            if (name is null || Text(tag.GetAttribute("content")) is not { } content)
            {
                continue;
            }

            var (family, key) = name.StartsWith("og:", StringComparison.Ordinal) ? (og, name[3..]) : name.StartsWith("twitter:", StringComparison.Ordinal) ? (twitter, name[8..]) : (plain, name);
            if (key.Length is > 0 and <= MaxNameLength && family.Count < MostNames)
            {
                family.TryAdd(key, content);
            }
        }

        return new PageTags
        {
            HtmlTitle = Text(head?.QuerySelector("title")?.TextContent),
            HtmlDescription = plain.GetValueOrDefault("description"),
            Color = plain.GetValueOrDefault("theme-color") is { } color && LinkPreview.IsColor(color) ? color : null,
            Favicon = Text(head?.QuerySelector("link[rel~=icon i][href]")?.GetAttribute("href")),
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

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
