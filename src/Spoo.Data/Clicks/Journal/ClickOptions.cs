using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Clicks.Journal;

/// <summary>Settings of the section <c>Clicks</c>: how clicks are kept on their way into the database. Each has its price.</summary>
public sealed class ClickOptions
{
    public const string Section = "Clicks";

    /// <summary>
    /// How often the journal is pushed through to the disk itself, which is as much as a power cut can take; a killed process never
    /// takes anything. Shorter keeps the disk busier and makes redirects wait for it now and then. 0 leaves it to the operating
    /// system, which takes half a minute or so.
    /// </summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Clicks that are stored in one transaction, at most. More is quicker while there is a backlog, but takes memory and keeps other
    /// writers out of the database for longer: 20,000 take one or two tenths of a second.
    /// </summary>
    [Range(1, 100_000)]
    public int BatchSize { get; set; } = 20_000;

    /// <summary>How long clicks gather before they are stored. Longer means fewer transactions, and charts that follow later.</summary>
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Bytes after which the journal goes on in a new file. A file is deleted once all of it is stored, so a smaller one gives its
    /// room back sooner, and a larger one is made less often.
    /// </summary>
    [Range(4096, 1 << 30)]
    public int JournalFileSize { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// For so long clicks that are stored stay in the journal, for a database that goes back to an earlier state: a replica that had
    /// not heard of them yet, a backup that is put back. Longer takes room on the disk, up to <see cref="KeptSize"/>; 0 keeps none.
    /// </summary>
    public TimeSpan KeepStored { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Bytes of clicks that are stored already and stay in the journal all the same, at most: about a million of them.</summary>
    public long KeptSize { get; set; } = 1L << 28;

    /// <summary>
    /// Referrers with their utm parameters, and as many User-Agents, that one link may add in an hour to those that are known. What a visitor
    /// sends beyond that is counted as <c>(other)</c>, because each new one takes up to some kilobytes for good.
    /// </summary>
    [Range(1, 1_000_000)]
    public int NewValuesPerHour { get; set; } = 1_000;

    /// <summary>Bytes of clicks not yet stored from which on health warns: the database is away, or cannot keep up. About 4 million clicks.</summary>
    public long JournalWarningSize { get; set; } = 1L << 30;
}
