using System.Globalization;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Journal;

/// <summary>The writer that a journal belongs to. The name, which no other writer of any database has, tells when a journal meets the wrong database.</summary>
/// <param name="Former">The number that older files of the journal have; see <see cref="ClickJournal.Own"/>.</param>
public sealed record ClickJournalOwner(int Number, string Name, int? Former = null)
{
    /// <exception cref="SettingException">The file holds something else.</exception>
    public static ClickJournalOwner Parse(string text, string file) =>
        text.Trim().Split(' ') is [var number, { Length: > 0 } name, .. var former]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var writer)
            ? new(writer, name, former is [var other] && int.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null)
            : throw new SettingException($"'{file}' does not hold the number and the name of a writer; put it back from a backup, or move the journal away");

    /// <summary>Whether files with this number are its own.</summary>
    public bool Has(int writer) => writer == Number || writer == Former;

    public override string ToString() => Former is { } former
        ? string.Create(CultureInfo.InvariantCulture, $"{Number} {Name} {former}\n")
        : string.Create(CultureInfo.InvariantCulture, $"{Number} {Name}\n");
}
