using System.Diagnostics.CodeAnalysis;

namespace Spoo.Data.Links.Codes;

/// <summary>What follows the slash of a short link. Case-sensitive. To hold one is to hold a valid one.</summary>
/// <remarks>
/// Codes that come with an import may be longer or shorter than those that people may choose here (<see cref="IsChoosable"/>),
/// because history is taken as it is.
/// </remarks>
public sealed record ShortCode
{
    public const int MaxLength = 64;
    public const int MinChosenLength = 3;
    public const int MaxChosenLength = 16;

    /// <summary>First parts of the product's own addresses; a link with such a code could never be reached.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "_blazor", "_content", "_framework", "about", "account", "admin", "api", "app", "apps", "assets", "auth", "css", "dashboard",
        "docs", "error", "export", "favicon", "flags", "health", "help", "home", "img", "import", "js", "keys", "legal", "lib", "links", "login",
        "logout", "metric", "metrics", "not-found", "oauth", "openapi", "privacy", "register", "robots", "settings", "setup",
        "shorten", "signup", "static", "statistics", "stats", "support", "terms", "welcome",
    };

    /// <summary>Ends of sentences, brackets and quotes, and what chats put between words without showing it.</summary>
    private static readonly char[] Glue = [.. "/.,;:!?)]}>|*'\"`´’‘“”„‚»«›‹…。、，）】》」』 \u00A0\u00AD\u200B\u200C\u200D\u200E\u200F\u2060\uFEFF"];

    private ShortCode(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ShortCode? code)
    {
        code = text is not { Length: >= 1 } ? null
            : EmojiCodes.TryRead(text, out var emoji) ? new(emoji)
            : text.Length <= MaxLength && text.All(IsAllowed) && !Reserved.Contains(text) ? new(text)
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

    /// <summary>The code as it is looked for where capital and small letters do not differ.</summary>
    public static string Fold(string code) => code.ToLowerInvariant();

    /// <summary>The text without what cannot be the end of a code.</summary>
    public static string? Unglued(string? text) => text?.TrimEnd(Glue);

    public static bool IsReserved(string text) => Reserved.Contains(text);

    /// <summary>Whether a person may choose this text as the code of a new link.</summary>
    public static bool IsChoosable(string text) =>
        (text.Length is >= MinChosenLength and <= MaxChosenLength || EmojiCodes.AreMeant(text)) && TryParse(text, out _);

    public override string ToString() => Value;

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
