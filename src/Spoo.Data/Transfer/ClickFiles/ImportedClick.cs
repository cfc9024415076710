using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>A line that has been understood; only its link has still to be found.</summary>
internal sealed record ImportedClick(long Line, LinkName Link, string? LongUrl, DateTimeOffset? LinkCreated, DateTimeOffset Time)
{
    /// <summary>The text that makes the click recognisable. Null: the line has none.</summary>
    public string? Id { get; init; }

    /// <summary>What the line says of the click. Null: it is a sum.</summary>
    public RawClick? Raw { get; init; }

    /// <summary>By what the click is recognised when it comes again. Null: it is a sum.</summary>
    public LineKey? Key { get; init; }

    /// <summary>What the line says besides and means nothing; the click is imported without it.</summary>
    public IReadOnlyList<(ClickField Field, string Text)> NotUnderstood { get; init; } = [];

    /// <summary>The host of the address that the code was taken from. Null: the code stood alone, or the <see cref="Link"/> has it.</summary>
    public string? Host { get; init; }

    /// <summary>As which click it was recognised before the host of its link counted. Null: as the same.</summary>
    public LineKey? KeyWithoutHost { get; init; }

    /// <summary>Of how many clicks the line tells. Null: of this one.</summary>
    public ImportedSum? Sum { get; init; }

    /// <summary>Whether the line names neither the visitor nor an address.</summary>
    public bool IsVisitorGuessed { get; init; }
}
