using System.Runtime.ExceptionServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Reads an account's shards from its file, on all processors.</summary>
/// <param name="file">The file.</param>
/// <param name="memory">Which shards stay in memory: the first ones, until one does not fit.</param>
/// <param name="gone">Links whose clicks are left out.</param>
/// <param name="profileColumns">How many attributes a visitor has.</param>
internal sealed class ShardReading(ShardFile file, ShardMemory memory, IReadOnlySet<int>? gone, int profileColumns)
{
    // Milliseconds beyond the tick, link, source and redirect.
    private const int ColumnsOfClicks = 4;

    private readonly List<ClickShard> _shards = [];
    private long _held;
    private bool _isFull;
    private long? _before;

    /// <param name="reader">Stands where the first shard begins; stands behind the last one afterwards.</param>
    /// <param name="count">How many shards there are.</param>
    /// <param name="read">Reads one, into a room or else into memory of its own.</param>
    /// <exception cref="InvalidDataException">This is not what was written.</exception>
    public ClickShard[] Read(IndexReader reader, int count, Func<ShardSpan, RunRoom?, ClickRun> read)
    {
        var (position, section) = (reader.Position, reader.Section);
        var spans = new List<ShardSpan>();
        for (var shard = 0; shard < count; shard++)
        {
            spans.Add(new ShardSpan(position, LengthAt(position), section + shard));
            position += spans[^1].Length;
            IndexReader.Require(position <= reader.Length, "it is shorter than it says");
        }

        var rooms = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => RunRoom.Rent()).ToArray();
        foreach (var some in spans.Chunk(rooms.Length))
        {
            // What is not kept is read into the same memory again and again.
            var runs = new ClickRun[some.Length];
            InParallel(some.Length, shard => runs[shard] = read(some[shard], _isFull ? rooms[shard] : null));
            for (var shard = 0; shard < some.Length; shard++)
            {
                Add(runs[shard], some[shard]);
                rooms[shard].Empty();
            }
        }

        Array.ForEach(rooms, room => room.Dispose());
        reader.GoTo(position, section + count);
        return [.. _shards];
    }

    private static void InParallel(int count, Action<int> action)
    {
        try
        {
            Parallel.For(0, count, action);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    /// <summary>How many bytes a run takes, from the numbers that say how long its parts are; nothing else is read, or checked.</summary>
    private long LengthAt(long start)
    {
        var (clicks, profiles, visitors) = (file.ReadInt32(start), file.ReadInt32(start + 4), file.ReadInt32(start + 8));
        IndexReader.Require(clicks >= 0 && profiles >= 0 && visitors >= 0, "there are fewer than no clicks in it");
        var position = start + ClickRun.BytesBeforeVisitors + ((long)visitors * sizeof(long)) + (2L * BoundaryBits.WordsFor(clicks) * sizeof(ulong));
        position += sizeof(int) + ((long)clicks * sizeof(uint)); // the clock, and the ticks
        for (var column = 0; column < ColumnsOfClicks + profileColumns; column++)
        {
            var width = file.ReadInt32(position);
            IndexReader.Require(width is >= 0 and <= sizeof(int), "a column has numbers of another width");
            position += sizeof(int) + (width == 0 ? sizeof(int) : (long)width * (column < ColumnsOfClicks ? clicks : profiles));
        }

        return position + sizeof(uint) - start;
    }

    private void Add(ClickRun run, ShardSpan span)
    {
        IndexReader.Require(run.Count > 0 && (_before is null || _before < run.Visitors[0]), "the shards are not in order");
        _before = run.Visitors[^1];
        var kept = gone is { Count: > 0 } ? run.WithoutLinks(gone) : run;
        if (kept.Count == 0)
        {
            return;
        }

        var isInFile = kept == run && (_isFull || !memory.HasRoomFor(kept, _held));
        _shards.Add(isInFile ? new ClickShard(kept, new ShardPlace(file, span)) : memory.Hold(kept, _held));
        _isFull |= isInFile;
        _held += _shards[^1].Bytes;
    }
}
