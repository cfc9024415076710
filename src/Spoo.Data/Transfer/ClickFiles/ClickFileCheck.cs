using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>How a file would be read.</summary>
public sealed record ClickFileCheck
{
    /// <summary>Clicks that are shown as they would be read.</summary>
    public const int MaxFirst = 5;

    /// <summary>What an import would say, as far as that can be known without asking the database.</summary>
    public required ImportReport Report { get; init; }

    /// <summary>Lines that are clicks, of which some may be there already.</summary>
    public required long Clicks { get; init; }

    /// <summary>Clicks of which other lines tell only how many they were.</summary>
    public long Totals { get; init; }

    public required IReadOnlyList<CheckedClick> First { get; init; }

    /// <summary>Why the file as a whole cannot be read, as far as only its beginning was looked at. Null: it can.</summary>
    public Message? Fault { get; init; }

    /// <summary>By which the next file with the same columns is known. Null: it has none.</summary>
    public long? Header { get; init; }
}

/// <summary>A click as it would be read. Without the visitor's address.</summary>
public sealed record CheckedClick(long Line, DateTimeOffset Time, string ShortCode, string? LongUrl, string? Referrer, string? UserAgent, string? Country)
{
    /// <summary>Of how many clicks the line tells. Null: of this one.</summary>
    public long? Clicks { get; init; }

    /// <summary>The day of a sum. Null: it is of no known one, or the line tells of a single click.</summary>
    public DateOnly? Day { get; init; }

    internal static CheckedClick Of(ImportedClick click) => new(
        click.Line, click.Time, click.Link.ToString(), click.LongUrl, click.Raw?.Referrer, click.Raw?.UserAgent ?? click.Raw?.Given.Browser, click.Raw?.Given.Country)
    {
        Clicks = click.Sum?.Clicks,
        Day = click.Sum is { Day: not ImportedTotal.NoDay and var day } ? DateOnly.FromDayNumber(day) : null,
    };
}
