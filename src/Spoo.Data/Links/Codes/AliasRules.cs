using System.Text;

namespace Spoo.Data.Links.Codes;

/// <summary>Why a code cannot be had.</summary>
public enum AliasProblem
{
    Length,
    Format,

    /// <summary>The product's own addresses begin like that.</summary>
    Reserved,

    Taken,

    /// <summary>Emoji that codes may not be made of: flags, keycaps, such that are joined of several, and the newest.</summary>
    EmojiPolicy,
}

/// <summary>Which codes people may choose here.</summary>
public static class AliasRules
{
    /// <summary>What is wrong with the text itself. Null: nothing, though the code may be taken.</summary>
    public static AliasProblem? ProblemOf(string alias, ShorteningOptions options) =>
        EmojiCodes.AreMeant(alias) ? (EmojiCodes.CountOf(alias) > EmojiCodes.MaxCount ? AliasProblem.Length : EmojiCodes.TryRead(alias, out _) ? null : AliasProblem.EmojiPolicy)
        : alias.Length < ShortCode.MinChosenLength || alias.Length > options.MaxAliasLength ? AliasProblem.Length
        : ShortCode.IsReserved(alias) ? AliasProblem.Reserved
        : !ShortCode.TryParse(alias, out var code) || !MayHave(code.Value, options) ? AliasProblem.Format
        : null;

    /// <summary>What an alias should be, for programs.</summary>
    public static string Shape(ShorteningOptions options) =>
        $"String should have {ShortCode.MinChosenLength} to {options.MaxAliasLength} characters of {(options.AliasLetters == AliasLetters.All ? "letters, digits" : "A-Z, a-z, 0-9")}, {(options.AliasDots ? "_, - and dots between them" : "_ and -")}, {(options.SlashesInCodes ? $"with a slash behind each of at most {ShortCode.MaxParts - 1} folders, of which the first has no dot, " : "")}or be of 1 to {EmojiCodes.MaxCount} emoji only";

    /// <summary>What an alias should be, where this one is not; and which settings of the server would allow what it is, for its operator.</summary>
    public static string ShapeFor(string alias, ShorteningOptions options)
    {
        List<string> settings =
        [
            .. alias.Length > options.MaxAliasLength && alias.Length <= ShortCode.MaxLength ? ["Links:MaxAliasLength"] : Array.Empty<string>(),
            .. !options.MayBeCode(alias) ? ["Links:SlashesInCodes"] : Array.Empty<string>(),
            .. options.AliasLetters == AliasLetters.Ascii && !Ascii.IsValid(alias) ? ["Links:AliasLetters"] : Array.Empty<string>(),
            .. !options.AliasDots && alias.Contains('.', StringComparison.Ordinal) ? ["Links:AliasDots"] : Array.Empty<string>(),
        ];
        return settings.Count > 0 && ShortCode.TryParse(alias, out _)
            ? $"{Shape(options)}; the operator of this server may allow this one by {string.Join(" and ", settings)}"
            : Shape(options);
    }

    internal static Refusal? Refuse(string alias, ShorteningOptions options) => ProblemOf(alias, options) switch
    {
        null => null,
        AliasProblem.EmojiPolicy => Refusal.Invalid(
            "alias contains unsupported emoji or characters: use emoji of one character each, with or without a skin tone; no flags, keycaps or joined ones", "alias"),
        AliasProblem.Length when EmojiCodes.AreMeant(alias) => Refusal.Invalid($"emoji alias must be 1-{EmojiCodes.MaxCount} emoji", "alias"),
        AliasProblem.Reserved => Refusal.Invalid("this alias is the beginning of an address of the house itself; choose another", "alias"),
        _ => Refusal.Malformed([new FieldError("alias", ShapeFor(alias, options))]),
    };

    private static bool MayHave(string code, ShorteningOptions options) =>
        (options.AliasLetters == AliasLetters.All || Ascii.IsValid(code)) && (options.AliasDots || !code.Contains('.', StringComparison.Ordinal))
        && options.MayBeCode(code);
}
