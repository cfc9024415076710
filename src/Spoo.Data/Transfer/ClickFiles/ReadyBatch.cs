using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>Lines of the file whose links have been found and whose clicks have been read: all that is left to do is to store them, and to count them then.</summary>
/// <param name="lines">The lines as they were understood.</param>
internal sealed class ReadyBatch(ImportBatch lines)
{
    public ImportBatch Lines => lines;

    public ClickBatch Clicks { get; } = new();

    /// <summary>Clicks that are here from before, as was found without trying to store them.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>As <see cref="ImportReport.VisitorsGuessed"/>.</summary>
    public long VisitorsGuessed { get; private set; }

    /// <summary>As <see cref="ImportReport.Ahead"/>.</summary>
    public long Ahead { get; private set; }

    public void Note(ImportedClick click, DateTimeOffset now)
    {
        VisitorsGuessed += click.IsVisitorGuessed ? 1 : 0;
        Ahead += click.Time > now ? 1 : 0;
    }
}
