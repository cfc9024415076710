using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// Lines of the file whose links have been found and whose clicks have been read: all that is left to do is to store them in one transaction, and to count them then.
/// </summary>
/// <param name="most">With so many lines it is full.</param>
internal sealed class ReadyBatch(int most = ReadyBatch.FirstLines)
{
    /// <summary>Who watches hears of the first lines at once; each batch is twice as long as the one before.</summary>
    public const int FirstLines = 500;

    // One transaction is large enough to be cheap and short enough for other writers to get between.
    private const int MaxLines = 20_000;

    private const int MaxBytes = 8 * 1024 * 1024;

    private int _bytes;

    public ClickBatch Clicks { get; } = new();

    public FirstBadLines BadLines { get; } = new(ImportReport.MaxBadLines);

    /// <summary>Lines that are no clicks, by the reason.</summary>
    public Dictionary<Message, long> NotClicks { get; } = new(ReferenceEqualityComparer.Instance);

    public int Lines { get; private set; }

    /// <summary>As <see cref="ImportBatch.BytesRead"/>.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Clicks that are here from before, as was found without trying to store them.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>As <see cref="ImportReport.VisitorsGuessed"/>.</summary>
    public long VisitorsGuessed { get; private set; }

    /// <summary>As <see cref="ImportReport.Ahead"/>.</summary>
    public long Ahead { get; private set; }

    public bool IsFull => Lines >= most || _bytes >= MaxBytes;

    /// <summary>What comes behind it.</summary>
    public ReadyBatch Next() => new(Math.Min(2 * most, MaxLines));

    /// <summary>Counts lines whose clicks are in it.</summary>
    public void Add(ImportBatch lines)
    {
        Lines += lines.Lines;
        _bytes += lines.Bytes;
        BytesRead = lines.BytesRead;
        BadLines.Add(lines.BadLines);
        foreach (var (reason, count) in lines.NotClicks)
        {
            NotClicks[reason] = NotClicks.GetValueOrDefault(reason) + count;
        }
    }

    public void Note(ImportedClick click, DateTimeOffset now)
    {
        VisitorsGuessed += click.IsVisitorGuessed ? 1 : 0;
        Ahead += click.Time > now ? 1 : 0;
    }
}
