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

    public required IReadOnlyList<CheckedClick> First { get; init; }

    /// <summary>Why the file as a whole cannot be read, as far as only its beginning was looked at. Null: it can.</summary>
    public Message? Fault { get; init; }

    /// <summary>By which the next file with the same columns is known. Null: it has none.</summary>
    public long? Header { get; init; }
}

/// <summary>A click as it would be read. Without the visitor's address.</summary>
public sealed record CheckedClick(long Line, DateTimeOffset Time, string ShortCode, string? LongUrl, string? Referrer, string? UserAgent, string? Country)
{
    internal static CheckedClick Of(ImportedClick click) => new(
        click.Line, click.Raw.Time, click.Link.ToString(), click.LongUrl, click.Raw.Referrer, click.Raw.UserAgent ?? click.Raw.Given.Browser, click.Raw.Given.Country);
}
