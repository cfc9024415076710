
namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>What it takes to understand the lines of a file, beside the lines.</summary>
internal sealed class LineContext
{
    /// <summary>No click is of much later.</summary>
    public required DateTimeOffset Now { get; set; }

    /// <summary>Whether a link may have this destination; a click whose link may not is imported without it.</summary>
    public required Func<string, bool> MayLeadTo { get; init; }

    /// <summary>Makes the <see cref="ImportedClick.Key"/> of a line that is a click.</summary>
    public required Func<ClickLine, LineKey> KeyOf { get; init; }
}
