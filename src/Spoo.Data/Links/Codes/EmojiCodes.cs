using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Links.Codes;

/// <summary>An emoji that a short code may be made of.</summary>
/// <param name="Text">One character, as codes have it.</param>
/// <param name="Name">In English, in small letters.</param>
/// <param name="Group">Unicode's, such as "Food &amp; Drink".</param>
/// <param name="IsMadeUp">Whether codes that are made up may have it, because older devices draw it as well.</param>
public sealed record CodeEmoji(string Text, string Name, string Group, bool IsMadeUp);

/// <summary>
/// Short codes of emoji, by spoo.me's rules: each is one character, perhaps with a skin tone. Flags, keycaps and what several characters are
/// joined to are not among them, because devices send those in more than one way; nor is what is drawn as a letter without a sign that says otherwise.
/// </summary>
public static class EmojiCodes
{
    public const int MaxCount = 15;

    /// <summary>The version of Unicode's emoji up to which one may be chosen. 15.1 has no new ones of one character, so the list of 15.0 is its list.</summary>
    public const double NewestVersion = 15.1;

    /// <summary>The version up to which codes are made up.</summary>
    public const double MadeUpVersion = 12.0;

    private const int MadeUpCount = 3;
    private const int AsEmoji = 0xFE0F;
    private const int FirstSkinTone = 0x1F3FB;
    private const int LastSkinTone = 0x1F3FF;

    private static readonly Lazy<Lists> Known = new(Read);

    /// <summary>All that may be chosen, in Unicode's order, without skin tones.</summary>
    public static IReadOnlyList<CodeEmoji> All => Known.Value.All;

    /// <summary>A code of emoji as it is stored. False: this is none, or of more than may be chosen.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? code)
    {
        code = null;
        var lists = Known.Value;
        var canonical = new StringBuilder(text.Length);
        var (count, before) = (0, 0);
        foreach (var rune in Decoded(text).EnumerateRunes())
        {
            switch (rune.Value)
            {
                // Says that the character before it is to be drawn as an emoji, as all of these are anyway.
                case AsEmoji when count > 0:
                    continue;

                case >= FirstSkinTone and <= LastSkinTone when lists.Toned.Contains(before):
                    before = 0;
                    break;

                // One that is an emoji with a skin tone only has to get it.
                case var point when (lists.Single.Contains(point) || lists.Toned.Contains(point)) && lists.IsWhole(before):
                    before = point;
                    count++;
                    break;

                default:
                    return false;
            }

            canonical.Append(rune);
        }

        code = count is > 0 and <= MaxCount && lists.IsWhole(before) ? canonical.ToString() : null;
        return code is not null;
    }

    /// <summary>Whether this was meant to be a code of emoji, be it one or not.</summary>
    public static bool AreMeant(string text) =>
        Decoded(text) is { Length: > 0 } decoded && decoded.EnumerateRunes().All(rune => rune.Value > 0xFF && !Rune.IsLetterOrDigit(rune));

    /// <summary>How many emoji this is, of whatever kind.</summary>
    public static int CountOf(string text) => new StringInfo(Decoded(text)).LengthInTextElements;

    /// <summary>As many of them as a code may have.</summary>
    public static string Cut(string text) => CountOf(text) <= MaxCount ? text : new StringInfo(Decoded(text)).SubstringByTextElements(0, MaxCount);

    public static string MakeUp() => string.Concat(RandomNumberGenerator.GetItems(Known.Value.MadeUp, MadeUpCount));

    // As it stands in an address that was copied from a browser.
    private static string Decoded(string text) => text.StartsWith('%') ? Uri.UnescapeDataString(text) : text;

    private static Lists Read()
    {
        using var file = new StreamReader(typeof(EmojiCodes).Assembly.GetManifestResourceStream("emoji.txt")!, Encoding.UTF8);
        var (all, toned, group) = (new List<CodeEmoji>(), new HashSet<int>(), "");
        while (file.ReadLine() is { } line)
        {
            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                group = line[2..];
            }
            else if (line.Split(';') is [var point, var version, var tone, var name] && !line.StartsWith('#'))
            {
                var character = int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (tone.Length > 0)
                {
                    toned.Add(character);
                }

                if (tone != "T")
                {
                    all.Add(new CodeEmoji(char.ConvertFromUtf32(character), name.ToLowerInvariant(), group, double.Parse(version, CultureInfo.InvariantCulture) <= MadeUpVersion));
                }
            }
        }

        return new Lists(all, [.. all.Select(emoji => char.ConvertToUtf32(emoji.Text, 0))], toned, [.. all.Where(emoji => emoji.IsMadeUp).Select(emoji => emoji.Text)]);
    }

    /// <param name="Single">What is an emoji by itself.</param>
    /// <param name="Toned">What can have a skin tone; some of it is an emoji with one only.</param>
    private sealed record Lists(IReadOnlyList<CodeEmoji> All, HashSet<int> Single, HashSet<int> Toned, string[] MadeUp)
    {
        /// <summary>Whether a code may go on, or end, behind this character. 0: there is none, or it has its skin tone.</summary>
        public bool IsWhole(int character) => character == 0 || Single.Contains(character);
    }
}
