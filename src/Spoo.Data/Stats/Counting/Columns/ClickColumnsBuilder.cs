namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Makes columns from many clicks at once, such as all that a database holds. The clicks come in batches of any size and order. Those that have come are
/// cut into ranges of visitors, and each range becomes a shard at the end, on its own; so the memory that is needed beyond the columns is that of a range, and what does
/// not fit waits in a file.
/// </summary>
public sealed class ClickColumnsBuilder
{
    // So many clicks are put in order before they are cut: enough that a range gets some hundreds of them, few enough to take little memory.
    private readonly int _fewestToCut = 1 << 20;

    private readonly ClickColumns _columns;
    private readonly ShardMemory _memory;
    private readonly List<ClickShard>[] _ranges;
    private WaitingClicks _waiting;
    private long _held;

    /// <param name="profileAttributes">How many attributes a visitor has.</param>
    /// <param name="sourceAttributes">How many attributes a source has.</param>
    /// <param name="expectedClicks">About how many clicks will come. A wrong number costs time and memory, never a click.</param>
    public ClickColumnsBuilder(int profileAttributes, int sourceAttributes, long expectedClicks)
        : this(ClickColumns.Empty(profileAttributes, sourceAttributes), expectedClicks)
    {
    }

    internal ClickColumnsBuilder(ClickColumns empty, long expectedClicks, int? fewestToCut = null)
    {
        _columns = empty;
        _waiting = new WaitingClicks(empty.Sources, empty.ProfileWidth);
        _memory = empty.Memory.ForParts();
        _fewestToCut = fewestToCut ?? _fewestToCut;

        // Hashes are spread evenly, so ranges of the same width get much the same number of clicks: three quarters of a shard.
        var ranges = Math.Clamp((expectedClicks / Math.Max(1, empty.LargestShardClicks / 4 * 3)) + 1, 1, 1 << 16);
        _ranges = [.. Enumerable.Range(0, (int)ranges).Select(_ => new List<ClickShard>())];
    }

    /// <summary>May be given to the batches to spare a translation.</summary>
    public AttributeTable Sources => _columns.Sources;

    public void Add(ClickArrays batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        _waiting.Add(batch);
        if (_waiting.Count >= _fewestToCut)
        {
            Cut();
        }
    }

    /// <summary>The columns of all clicks added so far, with nothing unmerged. Nothing can be added afterwards.</summary>
    /// <param name="ordered">Is told of how many more clicks are in their place; on any thread.</param>
    public ClickColumns Build(Action<long>? ordered = null)
    {
        Cut();

        // The shards need the room now.
        _waiting = new WaitingClicks(_columns.Sources, _columns.ProfileWidth);
        var shards = new List<ClickShard>[_ranges.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, _ranges.Length, options, () => new RunRoom(), (range, _, room) =>
        {
            var parts = _ranges[range];
            var run = parts.Count switch
            {
                0 => ClickRun.Empty(_columns.ProfileWidth),
                1 => parts[0].Run(),
                _ => RunMerge.Of(parts.ConvertAll(part => part.Run(room))),
            };
            room.Empty();
            Interlocked.Add(ref _held, -parts.Sum(part => part.Bytes));
            parts.Clear();
            shards[range] = [];
            foreach (var cut in _columns.Split(run))
            {
                var shard = _columns.Memory.Hold(cut, Interlocked.Read(ref _held));
                Interlocked.Add(ref _held, shard.Bytes);
                shards[range].Add(shard);
            }

            ordered?.Invoke(run.Count);
            return room;
        }, _ => { });
        return _columns.WithShards(shards.SelectMany(inRange => inRange));
    }

    private void Cut()
    {
        var sorted = _waiting.Sort();
        var start = 0;
        for (var range = 0; range < _ranges.Length; range++)
        {
            var end = range == _ranges.Length - 1 ? sorted.Count : sorted.PlaceOf(FirstOf(range + 1));
            if (end > start)
            {
                _ranges[range].Add(_memory.Hold(sorted.Take(start, end), _held));
                _held += _ranges[range][^1].Bytes;
                start = end;
            }
        }

        _waiting.Clear();
    }

    /// <summary>The first visitor who is not before a range.</summary>
    private long FirstOf(int range) => unchecked(long.MinValue + (long)(ulong)(((UInt128)range << 64) / (UInt128)_ranges.Length));
}
