using System.Globalization;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// By what a line is recognised when it comes again. The index of keys is the largest of a full database, and keys that are hashes lie all over it, so that each row of a batch would change
/// another of its pages. Lines that stand together in a file therefore have keys that lie together: the first bits of a key say in which neighbourhood it is.
/// </summary>
/// <param name="Content">A hash of what makes the line the one it is. By itself it is the key under which versions before neighbourhoods stored the click.</param>
/// <param name="Neighbourhood">Below 1,024. It follows from the same texts as the hash, so that equal lines are in the same one, whatever was said about the file.</param>
internal readonly record struct LineKey(long Content, int Neighbourhood)
{
    // A batch of 20,000 lines changes a thousandth of the index for each neighbourhood that it is of. 54 bits of hash are left: that any two of ten million clicks
    // of one year share a key has a chance of one in a hundred thousand.
    private const int Bits = 10;

    /// <summary>Digits of a Unix time, in seconds or finer, that stay the same for a day; as many of a spreadsheet's date are its day.</summary>
    private const int DigitsOfDay = 5;

    /// <summary>Digits of a day without anything between them.</summary>
    private const int DigitsOfDate = 8;

    /// <summary>Characters of a written time that say the day, or an hour of it: <c>2025-11-20</c>.</summary>
    private const int CharactersOfDay = 10;

    /// <summary>Numbers that are counted up go on for ten thousand before what stands in front of these digits changes.</summary>
    private const int LastOfId = 4;

    /// <summary>What is stored as <see cref="Click.ImportKey"/>.</summary>
    public long Value => (long)(((ulong)Neighbourhood << (64 - Bits)) | ((ulong)Content >> Bits));

    /// <summary>The key of a line with an id, which is recognised by that alone.</summary>
    public static LineKey OfId(string ownerId, string id) =>
        new(ContentKey.Of(ownerId, "id", id), NeighbourhoodOf(id.AsSpan(0, Math.Max(id.Length - LastOfId, 0))));

    /// <summary>The key of a line that is recognised by everything that it says.</summary>
    /// <param name="time">As it is written in the file.</param>
    public static LineKey OfContent(long content, ReadOnlySpan<char> time) => new(content, NeighbourhoodOf(DayOf(time)));

    /// <summary>The key of a line that has come several times in this file.</summary>
    /// <param name="times">This time included, from 2.</param>
    public LineKey Again(string ownerId, long times) => this with
    {
        Content = ContentKey.Of(ownerId, "again", Content.ToString(CultureInfo.InvariantCulture), times.ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>The key of the same line on a domain: two links of one code on two domains may be clicked by the same person in the same second.</summary>
    public LineKey At(string ownerId, string domain) => this with
    {
        Content = ContentKey.Of(ownerId, "at", domain, Content.ToString(CultureInfo.InvariantCulture)),
    };

    // Not the instant: of a time without a zone it would be another when another zone is said, and the line is the same.
    private static ReadOnlySpan<char> DayOf(ReadOnlySpan<char> time)
    {
        var digits = time.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : time.Length;
        return time[..Math.Min(time.Length, digits < DigitsOfDay ? CharactersOfDay : digits == DigitsOfDate ? DigitsOfDate : DigitsOfDay)];
    }

    // FNV-1a, mixed once more because only its first bits are used.
    private static int NeighbourhoodOf(ReadOnlySpan<char> text)
    {
        var hash = 2166136261;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 16777619;
        }

        return (int)((hash * 2654435761) >> (32 - Bits));
    }
}
