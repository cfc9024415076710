using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Spoo.Data.Clicks.Reading;

/// <summary>Text that a stranger sent, made fit to be stored and shown.</summary>
public static class OutsideText
{
    private const int BrailleBlank = 0x2800;

    /// <summary>
    /// The text without what no reader sees (control characters, marks that turn the direction of writing, halves of
    /// characters), without blanks around it, and cut to a length. Null if nothing is left.
    /// </summary>
    public static string? Clean(string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var rest = text.AsSpan().Trim();
        rest = rest[..Math.Min(rest.Length, longest)].TrimEnd();
        if (!rest.ContainsAnyExceptInRange(' ', '~'))
        {
            return rest.Length == text.Length ? text : rest.ToString();
        }

        var clean = new StringBuilder(rest.Length);
        while (Rune.DecodeFromUtf16(rest, out var rune, out var length) is var status && length > 0)
        {
            if (status == System.Buffers.OperationStatus.Done && IsVisible(rune))
            {
                clean.Append(rest[..length]);
            }

            rest = rest[length..];
        }

        return clean.ToString().Trim() is { Length: > 0 } left ? left : null;
    }

    /// <summary>
    /// A cleaned text for things that are told apart by it, so that two that print alike are one: letters in one spelling, any kind of
    /// blanks as a single one, and nothing that takes no room.
    /// </summary>
    public static string? Name(string? text, int longest)
    {
        if (Clean(text, longest) is not { } clean)
        {
            return null;
        }

        if (Ascii.IsValid(clean) && !clean.Contains("  ", StringComparison.Ordinal))
        {
            return clean;
        }

        var name = new StringBuilder(clean.Length);
        foreach (var rune in clean.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator || rune.Value == BrailleBlank)
            {
                name.Append(name.Length > 0 && name[^1] != ' ' ? " " : "");
            }
            else if (!TakesNoRoom(rune.Value))
            {
                name.Append(rune.ToString());
            }
        }

        var normal = name.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
        return normal.Length == 0 ? null : normal.Length <= longest ? normal : Clean(normal, longest);
    }

    // What Unicode calls ignorable and does not count among the format characters, fillers of Hangul, selectors of variants, joiners, and
    // the code points that are no characters and never will be, which nothing can be normalised with.
    private static bool TakesNoRoom(int rune) => (rune & 0xFFFE) == 0xFFFE || rune is (>= 0xFDD0 and <= 0xFDEF) or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0
        or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
