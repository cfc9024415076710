namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Makes columns from many clicks at once, such as all that a database holds. The clicks come in batches of any size and
/// order; what they have in memory meanwhile is little more than what they will have in the columns.
/// </summary>
public sealed class ClickColumnsBuilder
{
    // Runs wait here until they are worth a pass over the shards: at least this many clicks, and an eighth of all.
    // The eighth bounds both the memory beyond the columns and how often a click is moved.
    private readonly int _fewestToMerge = 1 << 20;
    private const int ShareToMerge = 8;

    // Each run is at least twice as large as the next, so a click is merged a logarithmic number of times before it merges.
    private readonly Stack<ClickRun> _waiting = new();
    private ClickColumns _columns;
    private int _waitingClicks;

    public ClickColumnsBuilder(int profileAttributes, int sourceAttributes) =>
        _columns = ClickColumns.Empty(profileAttributes, sourceAttributes);

    internal ClickColumnsBuilder(ClickColumns empty, int fewestToMerge) => (_columns, _fewestToMerge) = (empty, fewestToMerge);

    /// <summary>May be given to the batches to spare a translation.</summary>
    public AttributeTable Sources => _columns.Sources;

    public void Add(ClickArrays batch)
    {
        var run = _columns.Sort(batch);
        _waitingClicks += run.Count;
        while (_waiting.TryPeek(out var last) && last.Count < run.Count * 2)
        {
            run = ClickRun.Merge(_waiting.Pop(), run);
        }

        _waiting.Push(run);
        if (_waitingClicks >= Math.Max(_fewestToMerge, _columns.Count / ShareToMerge))
        {
            Merge();
        }
    }

    /// <summary>The columns of all clicks added so far, with nothing unmerged.</summary>
    public ClickColumns Build()
    {
        Merge();
        return _columns;
    }

    private void Merge()
    {
        if (_waiting.Count > 0)
        {
            var run = _waiting.Pop();
            while (_waiting.TryPop(out var larger))
            {
                run = ClickRun.Merge(larger, run);
            }

            _columns = _columns.WithMerged(run);
            _waitingClicks = 0;
        }
    }
}
