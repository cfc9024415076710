namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// The labels of clicks without a value. They are put on where a report is drawn and never stored: a client that sends one as a value, a file
/// made from a report or a campaign named so, says that there is none.
/// </summary>
public static class NoValue
{
    public const string Unknown = "Unknown";
    public const string Direct = "Direct";
    public const string None = "(none)";
    public const string Country = "XX";

    /// <summary>The value, made fit to be stored as a name; null if it is none, or one of these labels.</summary>
    public static string? Strip(string? value, int longest, params ReadOnlySpan<string> labels)
    {
        var name = OutsideText.Name(value, longest);
        foreach (var label in labels)
        {
            if (label.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return name;
    }
}
