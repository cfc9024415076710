using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>
/// Finds the columns that a click cannot do without where names do not tell them: by their values where these are clear, and otherwise by
/// asking. A code is never made up, and never taken from a column that merely might hold codes.
/// </summary>
internal sealed class ColumnGuess(List<string> names, List<ClickColumn?> meanings, ClickColumns columns, FileDates dates, List<List<string>> rows)
{
    /// <summary>Rows that are looked at.</summary>
    public const int MostRows = 50;

    private static readonly ClickColumn ByValue = ClickColumns.Mapped(ClickField.Time);

    /// <exception cref="ClickFileException">A column is missing, and which one it could be is for people to say.</exception>
    public void Complete()
    {
        var missing = new List<string>();
        if (!Has("time"))
        {
            Find("time", ByValue, text => !IsNumber(text) && IsTime(text), IsTime, missing);
        }

        if (!Has("short_code"))
        {
            Find("short_code", ClickColumn.ShortUrl, ShortAddress.IsShort, IsCode, missing);
        }

        if (missing.Count > 0)
        {
            throw new ClickFileException(missing is [var only]
                ? new Message("The header row, which is the first line of the file, has no column '{0}'.", only)
                : new Message("The header row, which is the first line of the file, has neither a column '{0}' nor a column '{1}'.", missing[0], missing[1]));
        }
    }

    private bool Has(string field) => meanings.Any(meaning => meaning?.Into == field);

    private void Find(string field, ClickColumn meaning, Func<string, bool> isClear, Func<string, bool> isPossible, List<string> missing)
    {
        var (clear, possible) = (Columns(isClear), Columns(isPossible));
        if (clear is [var one])
        {
            meanings[one] = meaning;
        }
        else if (possible.Count > 0)
        {
            var name = names[possible[0]];
            throw new ClickFileException(
                new Message("No column is called '{0}', but the values of '{1}' look like it. If they are, say so, or name the column {0}.", field, name), $"--map '{name}={field}' says it.");
        }
        else
        {
            missing.Add(field);
        }
    }

    // Columns of which all values are such, and which nothing else has been said about; a web address may be the short one.
    private List<int> Columns(Func<string, bool> isSuch) =>
    [
        .. Enumerable.Range(0, names.Count).Where(column =>
            (meanings[column] is null || meanings[column]!.Into == "long_url") && !columns.IsMapped(names[column])
            && rows.Select(row => column < row.Count ? row[column].Trim() : "").Where(value => value.Length > 0).ToList() is { Count: > 0 } values && values.All(isSuch)),
    ];

    private bool IsTime(string text) =>
        (text.Length >= 8 && (dates.IsAmbiguous(text) || (dates.TryParse(text, out var time) && time.Year is >= 1990 and < 2100))) && OutsideText.Clean(text, 64) == text;

    // Words of a language are hardly ever distinguished from codes by anything but their number: different ones in nearly every row.
    private bool IsCode(string text) =>
        ShortAddress.IsShort(text) || (text.Length >= 3 && ShortAddress.IsPlainCode(ShortAddress.CodeIn(text, "")) && !IsNumber(text));

    // Numbers may count something else than seconds.
    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);
}
