namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Decides which shards of one account are in memory: as many as fit. The others are in a file, always the same ones: every question goes over all
/// shards, so keeping those that were used last would keep none until it is wanted again.
/// </summary>
/// <param name="limit">Bytes that the shards in memory may take together.</param>
/// <param name="folder">Where the file for the others is made.</param>
internal sealed class ShardMemory(long limit, string folder)
{
    private readonly Lock _writing = new();
    private ShardFile? _file;

    /// <summary>For columns that always fit.</summary>
    public static ShardMemory Unlimited { get; } = new(long.MaxValue, Path.GetTempPath());

    /// <summary>
    /// One with a file of its own, for shards that others are made from and that are then let go. It has half the limit, because what is let go still takes memory
    /// until it is collected.
    /// </summary>
    public ShardMemory ForParts() => new(limit / 2, folder);

    /// <summary>Whether a run's shard would stay in memory.</summary>
    /// <param name="run">Its clicks.</param>
    /// <param name="held">Bytes that the other shards take.</param>
    public bool HasRoomFor(ClickRun run, long held) => held + ClickShard.BytesOf(run) <= limit;

    /// <summary>The run as a shard: in memory if it fits there.</summary>
    /// <param name="run">Its clicks.</param>
    /// <param name="held">Bytes that the other shards take.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public ClickShard Hold(ClickRun run, long held)
    {
        if (HasRoomFor(run, held))
        {
            return new ClickShard(run);
        }

        lock (_writing)
        {
            _file ??= ShardFile.Unnamed(folder);
            return new ClickShard(run, _file.Append(run));
        }
    }

    /// <summary>Uses another file from now on, because what is in the one so far is in an index file, too.</summary>
    public void BeginAnew()
    {
        lock (_writing)
        {
            _file = null;
        }
    }
}
