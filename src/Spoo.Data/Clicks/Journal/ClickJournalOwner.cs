using System.Globalization;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Journal;

/// <summary>The writer that a journal belongs to. The name, which no other writer of any database has, tells when a journal meets the wrong database.</summary>
/// <param name="Former">The numbers that older files of the journal have, the first one first; see <see cref="ClickJournal.Own"/>.</param>
public sealed record ClickJournalOwner(int Number, string Name, params IReadOnlyList<int> Former)
{
    /// <exception cref="SettingException">The file holds something else.</exception>
    public static ClickJournalOwner Parse(string text, string file)
    {
        var parts = text.Trim().Split(' ');
        int?[] numbers = [.. parts.Where((_, index) => index != 1).Select(NumberIn)];
        return parts is [_, { Length: > 0 } name, ..] && numbers.All(number => number is not null)
            ? new(numbers[0]!.Value, name, [.. numbers.Skip(1).OfType<int>()])
            : throw new SettingException($"'{file}' does not hold the number and the name of a writer; put it back from a backup, or move the journal away");

        static int? NumberIn(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The same journal under another number.</summary>
    public ClickJournalOwner Renumbered(int number) => new(number, Name, [.. Former, Number]);

    /// <summary>Whether files with this number are its own.</summary>
    public bool Has(int writer) => writer == Number || Former.Contains(writer);

    public bool Equals(ClickJournalOwner? other) => other is not null && other.ToString() == ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{string.Join(' ', [Text(Number), Name, .. Former.Select(Text)])}\n";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
