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

/// <summary>Which codes people may choose.</summary>
public static class AliasRules
{
    /// <summary>What is wrong with the text itself. Null: nothing, though the code may be taken.</summary>
    public static AliasProblem? ProblemOf(string alias) =>
        EmojiCodes.AreMeant(alias) ? (EmojiCodes.CountOf(alias) > EmojiCodes.MaxCount ? AliasProblem.Length : EmojiCodes.TryRead(alias, out _) ? null : AliasProblem.EmojiPolicy)
        : alias.Length is < ShortCode.MinChosenLength or > ShortCode.MaxChosenLength ? AliasProblem.Length
        : ShortCode.IsReserved(alias) ? AliasProblem.Reserved
        : !ShortCode.IsChoosable(alias) ? AliasProblem.Format
        : null;

    internal static Refusal? Refuse(string alias) => ProblemOf(alias) switch
    {
        null => null,
        AliasProblem.EmojiPolicy => Refusal.Invalid(
            "alias contains unsupported emoji or characters: use emoji of one character each, with or without a skin tone; no flags, keycaps or joined ones", "alias"),
        AliasProblem.Length when EmojiCodes.AreMeant(alias) => Refusal.Invalid($"emoji alias must be 1-{EmojiCodes.MaxCount} emoji", "alias"),
        AliasProblem.Reserved => Refusal.Invalid("this alias is the beginning of an address of the house itself; choose another", "alias"),
        _ => Refusal.Malformed([new FieldError(
            "alias", $"String should have {ShortCode.MinChosenLength} to {ShortCode.MaxChosenLength} characters of A-Z, a-z, 0-9, _ and -, or be of 1 to {EmojiCodes.MaxCount} emoji only")]),
    };
}
