using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>A file of clicks and whose they are.</summary>
public sealed record ClickFileToImport
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The file, compressed with gzip or in a ZIP archive, or not. It is read once, from where it stands, and left open.</summary>
    public required Stream Content { get; init; }

    /// <summary>Id of the user whose links these are or become.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The host at which the caller found this installation. Null: not known.</summary>
    public string? OwnHost { get; init; }

    /// <summary>Null: as the content tells.</summary>
    public ClickFileFormat? Format { get; init; }

    public ClickFileOptions Options { get; init; } = ClickFileOptions.None;

    /// <summary>Whether an operator imports it, and not the owner.</summary>
    public bool ByCommand { get; init; }
}
