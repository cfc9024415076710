namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// How a run writes its times: whole ticks since a start in 32 bits, and the milliseconds that remain beside them. A tick is
/// as short as the run's span allows, so that the remainder is one byte in every run with sensible times.
/// </summary>
/// <param name="Start">Tick 0, in Unix milliseconds; a whole number of ticks from the Unix epoch.</param>
/// <param name="Tick">Length of a tick in milliseconds.</param>
internal sealed record TickScale(long Start, int Tick)
{
    // The starts are fixed, not each run's own, so that one table of bucket edges serves all runs of a scan.
    private static readonly TickScale[] FromFineToCoarse =
    [
        new(1_104_537_600_000, 250),                  // 2005 to 2039, in quarters of a second
        new(0, 1_000),                                // 1970 to 2106
        new(-62_135_596_800_000, 3_600_000),          // the year 1 to far beyond 9999
    ];

    /// <summary>The first instant that no longer has a tick.</summary>
    public long End => Start + ((1L << 32) * Tick);

    /// <summary>Which of the clocks this is; part of the index file's format.</summary>
    public int Number => Array.IndexOf(FromFineToCoarse, this);

    public static TickScale? Numbered(int number) => (uint)number < (uint)FromFineToCoarse.Length ? FromFineToCoarse[number] : null;

    public static TickScale For(long first, long last) =>
        FromFineToCoarse.FirstOrDefault(clock => clock.Start <= first && last < clock.End)
        ?? throw new ArgumentOutOfRangeException(nameof(first), "A click's time must lie after the year 0 and before the year 10000.");

    public long TimeOf(uint tick) => Start + ((long)tick * Tick);

    public (uint Tick, int Remainder) Split(long time)
    {
        var (ticks, remainder) = Math.DivRem(time - Start, Tick);
        return ((uint)ticks, (int)remainder);
    }
}
