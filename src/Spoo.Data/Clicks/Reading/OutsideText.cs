using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Spoo.Data.Clicks.Reading;

/// <summary>Text that a stranger sent, made fit to be stored and shown.</summary>
public static class OutsideText
{
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

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
