using System.Diagnostics.CodeAnalysis;

namespace Spoo.Data.Links.Destinations;

/// <summary>With which schemes (<c>mailto:</c>, <c>tel:</c>) a destination may begin.</summary>
public static class LinkSchemes
{
    private static readonly char[] Between = [' ', ',', ';'];

    /// <summary>What runs in the visitor's browser, reads the visitor's files, or wraps another address so that nothing of it can be checked.</summary>
    private static readonly HashSet<string> Never = new(StringComparer.Ordinal)
    {
        "about", "blob", "chrome", "data", "file", "filesystem", "jar", "javascript", "livescript", "mhtml", "mocha", "resource", "vbs", "vbscript", "view-source", "wyciwyg",
    };

    /// <summary>The scheme of an address, in small letters. False: it has none, in whichever way a browser would read it.</summary>
    public static bool TryRead(string url, [NotNullWhen(true)] out string? scheme)
    {
        var end = url.IndexOf(':', StringComparison.Ordinal);
        scheme = end > 0 && IsScheme(url.AsSpan(0, end)) ? url[..end].ToLowerInvariant() : null;
        return scheme is not null;
    }

    public static bool IsOfTheWeb(string scheme) => scheme is "http" or "https";

    /// <summary>Whether addresses with this scheme may be led to, beside those of the web.</summary>
    public static bool Allows(this ShorteningOptions options, string scheme) =>
        !Never.Contains(scheme) && Words(options.Schemes).Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this begins with a scheme beside those of the web that may be led to.</summary>
    public static bool AllowsStartOf(this ShorteningOptions options, string url) => TryRead(url, out var scheme) && options.Allows(scheme);

    /// <summary>Whether the setting names schemes, and none that may never be led to.</summary>
    public static bool AreAllowed(string setting) =>
        Words(setting).All(word => IsScheme(word) && !Never.Contains(word.ToLowerInvariant()));

    private static string[] Words(string setting) => setting.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    // As the standard has it. Browsers leave out blanks and control characters; here nothing with them is a scheme.
    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return text.Length > 0 && char.IsAsciiLetter(text[0]);
    }
}
