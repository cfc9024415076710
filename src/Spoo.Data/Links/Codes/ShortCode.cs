using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Spoo.Data.Links.Codes;

/// <summary>What follows the slash of a short link. Case-sensitive. To hold one is to hold a valid one.</summary>
/// <remarks>
/// Codes that come with an import may be others than those that people may choose here (<see cref="AliasRules"/>),
/// because history is taken as it is.
/// </remarks>
public sealed record ShortCode
{
    public const int MaxLength = 64;
    public const int MinChosenLength = 3;

    /// <summary>Up to which people may choose, unless the settings say more.</summary>
    public const int MaxChosenLength = 16;

    /// <summary>Between the folders that a code may be in, and its own part behind them.</summary>
    public const char Slash = '/';

    /// <summary>A code and the folders that it is in. An address that goes deeper is looked for no further.</summary>
    public const int MaxParts = 8;

    /// <summary>First parts of the product's own addresses; a link with such a code could never be reached.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        ".well-known", "_blazor", "_content", "_framework", "about", "account", "admin", "api", "app", "apps", "assets", "auth", "css", "dashboard",
        "docs", "error", "export", "favicon", "flags", "health", "help", "home", "img", "import", "js", "keys", "legal", "lib", "links", "login",
        "logout", "metric", "metrics", "not-found", "oauth", "openapi", "privacy", "register", "robots", "settings", "setup",
        "shorten", "signup", "static", "statistics", "stats", "support", "terms", "welcome",
    };

    /// <summary>Ends of the names of files that a site has, our own among them, and of those that programs look for on every server.</summary>
    private static readonly HashSet<string> FileEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        "asp", "aspx", "br", "cgi", "css", "env", "gz", "html", "htm", "ico", "js", "json", "jsp", "map", "php", "png", "svg", "txt", "webmanifest", "woff2", "xml",
    };

    /// <summary>Ends of sentences, brackets and quotes, and what chats put between words without showing it.</summary>
    private static readonly char[] Glue = [.. "/.,;:!?)]}>|*'\"`´’‘“”„‚»«›‹…。、，）】》」』 \u00A0\u00AD\u200B\u200C\u200D\u200E\u200F\u2060\uFEFF"];

    private ShortCode(string value) => Value = value;

    public string Value { get; }

    /// <summary>
    /// Letters and digits of all languages, <c>_</c>, <c>-</c>, and dots between them, and slashes between folders; or emoji. Which of these people may choose is
    /// another question (<see cref="AliasRules"/>). The first folder has no dot: where a name begins with something that has one, it is a host.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ShortCode? code)
    {
        code = text is not { Length: >= 1 } ? null
            : EmojiCodes.TryRead(text, out var emoji) ? new(emoji)
            : text.Length <= MaxLength && Normalized(text, NormalizationForm.FormC) is { Length: <= MaxLength } composed && IsCode(composed) && !IsReserved(composed) ? new(composed)
            : null;
        return code is not null;
    }

    /// <summary>The text as links have it, where it is a code: emoji are written in more than one way.</summary>
    public static string Canonical(string text) => TryParse(text, out var code) ? code.Value : text;

    /// <summary>
    /// As <see cref="TryParse"/>, for what was asked for by following a link in a text: a chat or a mail takes the end of the sentence or the
    /// bracket behind a link for a part of it. None of these characters can be in a code, so it is plain which one is meant.
    /// </summary>
    public static bool TryParseGlued(string? text, [NotNullWhen(true)] out ShortCode? code) =>
        TryParse(text, out code) || TryParse(Unglued(text), out code);

    /// <summary>Whether the code is in a folder.</summary>
    public static bool IsInFolder(string code) => code.Contains(Slash);

    /// <summary>The outermost folder of a code, with the slash that ends it. Null: it is in none.</summary>
    public static string? FolderOf(string code) => code.IndexOf(Slash, StringComparison.Ordinal) is var slash and > 0 ? code[..(slash + 1)] : null;

    /// <summary>As it stands in the path of an address.</summary>
    public static string InPath(string code) => string.Join(Slash, code.Split(Slash).Select(Uri.EscapeDataString));

    /// <summary>The code as it is looked for where capital and small letters do not differ.</summary>
    public static string Fold(string code) => code.ToLowerInvariant();

    /// <summary>The text without what cannot be the end of a code.</summary>
    public static string? Unglued(string? text) => text?.TrimEnd(Glue);

    /// <summary>Whether one of the product's own addresses begins with exactly this.</summary>
    public static bool IsOurs(string firstPart) => Reserved.Contains(firstPart);

    /// <summary>
    /// Whether the product's own addresses begin like that, in whichever letters of the same look it is written and whatever follows a dot; or it is the
    /// name of a file of a site.
    /// </summary>
    public static bool IsReserved(string text)
    {
        var plain = Normalized(text, NormalizationForm.FormKC);
        return Reserved.Contains(plain.Split(Slash, 2)[0])
            || (plain.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 && (Reserved.Contains(plain[..dot]) || FileEndings.Contains(plain[(plain.LastIndexOf('.') + 1)..])));
    }

    public override string ToString() => Value;

    // The same letter may be written as one character or as two, and looks the same. Half a character is none, and stays what it is.
    private static string Normalized(string text, NormalizationForm form) => Ascii.IsValid(text) || text.EnumerateRunes().Contains(Rune.ReplacementChar) ? text : text.Normalize(form);

    private static bool IsCode(string text)
    {
        if (!IsInFolder(text))
        {
            return IsPart(text);
        }

        var parts = text.Split(Slash);
        return parts.Length <= MaxParts && !parts[0].Contains('.', StringComparison.Ordinal) && parts.All(IsPart);
    }

    private static bool IsPart(string text)
    {
        if (text.Length == 0 || text[0] == '.' || text[^1] == '.' || text.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsAllowed(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAllowed(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' or '.'
        : Rune.IsLetterOrDigit(rune) || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark && !IsVariation(rune));

    // Says how the character before it is to be drawn, and is not seen itself.
    private static bool IsVariation(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180F);
}
