using System.Text;

namespace Spoo.Data.Database;

/// <summary>
/// What somebody looks for in the texts of the database, whatever the case of its letters, for <see cref="SpooDbContext.Has"/>. The databases
/// agree about the case of ASCII's letters alone; of the others they are told which ones are meant.
/// </summary>
public sealed class TextPart
{
    /// <summary>The escape of <see cref="Pattern"/>.</summary>
    /// <remarks>No backslash: whether one in a statement is one is a setting of PostgreSQL.</remarks>
    internal const string Escape = "!";

    /// <summary>By a letter, all others that are the same but for their case; those of ASCII are left to the databases.</summary>
    private static readonly Lazy<Dictionary<Rune, string>> OtherCases = new(FindOtherCases);

    public TextPart(string text)
    {
        var (pattern, capitals, smalls) = (new StringBuilder("%", text.Length + 2), new StringBuilder(), new StringBuilder());
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            if (rune.Value is '%' or '_' or '[' or '!')
            {
                pattern.Append(Escape[0]);
            }

            var small = Small(rune);
            pattern.Append(small.ToString());
            rest = rest[length..];
            if (!rune.IsAscii && OtherCases.Value.TryGetValue(small, out var others) && !smalls.ToString().Contains(small.ToString(), StringComparison.Ordinal))
            {
                capitals.Append(others);
                smalls.Insert(smalls.Length, small.ToString(), others.EnumerateRunes().Count());
            }
        }

        (Pattern, Capitals, Smalls) = (pattern.Append('%').ToString(), capitals.ToString(), smalls.ToString());
    }

    /// <summary>The pattern of <c>LIKE</c> that the texts have, once the letters of ASCII and <see cref="Capitals"/> in them are small.</summary>
    public string Pattern { get; }

    /// <summary>Letters beyond ASCII that stand for one of the text's; <see cref="Smalls"/> has the one in the same place. Empty: there are none.</summary>
    public string Capitals { get; }

    /// <summary>What each of <see cref="Capitals"/> is in <see cref="Pattern"/>.</summary>
    public string Smalls { get; }

    /// <summary>The text with each of some characters changed into another one, as the function <c>TRANSLATE</c> of the servers does.</summary>
    internal static string Translate(string text, string from, string to)
    {
        var changed = text.ToCharArray();
        for (var i = 0; i < changed.Length; i++)
        {
            if (changed[i] >= 0x80 && from.IndexOf(changed[i], StringComparison.Ordinal) is var at and >= 0)
            {
                changed[i] = to[at];
            }
        }

        return new(changed);
    }

    // Over the capital letter, for where two small ones have the same (σ, ς). What would become a letter of ASCII, such as the sign of the kelvin, stays.
    private static Rune Small(Rune rune)
    {
        var small = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
        return small.IsAscii && !rune.IsAscii ? rune : small;
    }

    private static Dictionary<Rune, string> FindOtherCases()
    {
        // Scripts with two cases end below here.
        const int Last = 0x1FFFF;

        var others = new Dictionary<Rune, string>();
        for (var value = 0x80; value <= Last; value++)
        {
            if (Rune.TryCreate(value, out var rune) && Small(rune) is var small && small != rune)
            {
                others[small] = others.GetValueOrDefault(small, "") + rune.ToString();
            }
        }

        return others;
    }
}
