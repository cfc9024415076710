namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>How a file of clicks is written; docs/import.md describes each.</summary>
public enum ClickFileFormat
{
    /// <summary>A header row with the names of <see cref="ClickField"/>, then one click a row.</summary>
    Csv,

    /// <summary>One JSON object a line, with the names of <see cref="ClickField"/>.</summary>
    Ndjson,

    /// <summary>The logs of bitly and USA.gov: one JSON object a line, with names of one or two letters.</summary>
    Bitly,
}

public static class ClickFileFormats
{
    /// <summary>The format that a file's name tells, whether compressed or not. Null: it tells none.</summary>
    public static ClickFileFormat? Guess(string fileName)
    {
        var name = fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? fileName[..^3] : fileName;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => ClickFileFormat.Csv,
            ".ndjson" or ".jsonl" or ".json" when name.Contains("bitly", StringComparison.OrdinalIgnoreCase) => ClickFileFormat.Bitly,
            ".ndjson" or ".jsonl" or ".json" => ClickFileFormat.Ndjson,
            _ => null,
        };
    }
}
