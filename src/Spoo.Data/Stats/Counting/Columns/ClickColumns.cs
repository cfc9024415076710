namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// All clicks of an owner at one moment, ready to be counted. Never changes: adding, merging and removing make the next
/// moment, which shares with this one whatever stayed the same. Readers keep the moment they took; one writer makes the next.
/// </summary>
/// <remarks>
/// Nearly all clicks are <em>merged</em>: sorted by visitor, in shards that each hold a range of the visitors. New clicks
/// are <em>fresh</em>: a small sorted run beside the shards, so that adding a batch costs what the batch and that run cost.
/// A visitor who comes back would be in both and counted twice. Every count is a sum over visitors, so the visitor is
/// taken out and put in again: the clicks that are merged already join the fresh run <em>and</em> the returning run, and
/// a scan counts shards − returning + fresh. The shards need not be touched for it. Clicks of no visitor (<see cref="ClickRun.NoVisitor"/>) are in both
/// and stay there: they add up, and no unique visitors are counted among them.
/// <para>
/// Shards that do not fit into memory are in a file, and read one by one when they are needed. They share no visitor, so whatever goes over all clicks needs no more than one
/// of them at a time for each thread.
/// </para>
/// </remarks>
public sealed class ClickColumns
{
    // Small enough to be shared out evenly among threads and to be rewritten in passing, large enough to be few.
    internal const int LargestShard = 1 << 19;

    private readonly ClickShard[] _shards;
    private readonly ClickRun _fresh;
    private readonly ClickRun _returning;

    private readonly int _largestShard;
    private readonly ShardMemory _memory;

    private ClickColumns(AttributeTable sources, int largestShard, ShardMemory memory, ClickShard[] shards, ClickRun fresh, ClickRun returning)
    {
        Sources = sources;
        _largestShard = largestShard;
        _memory = memory;
        _shards = shards;
        _fresh = fresh;
        _returning = returning;
    }

    /// <summary>How many clicks there are.</summary>
    public long Count => _shards.Sum(shard => (long)shard.Count) - _returning.Count + _fresh.Count;

    /// <summary>How many clicks wait to be merged, those that are merged already but whose visitor came back included.</summary>
    public int Unmerged => _fresh.Count;

    /// <summary>Memory that the clicks take.</summary>
    public long Bytes => BytesOfShards + _fresh.Bytes + _returning.Bytes;

    /// <summary>How many clicks are in a file, because they do not fit into memory.</summary>
    public long InFile => _shards.Where(shard => !shard.IsInMemory).Sum(shard => (long)shard.Count);

    /// <summary>The combinations of source attributes. Shared by all moments; may be given to a batch to spare a translation.</summary>
    public AttributeTable Sources { get; }

    internal ReadOnlySpan<ClickShard> Shards => _shards;

    internal ClickRun Fresh => _fresh;

    internal ClickRun Returning => _returning;

    internal int ProfileWidth => _fresh.Table.Profiles.Length;

    internal int LargestShardClicks => _largestShard;

    internal ShardMemory Memory => _memory;

    private long BytesOfShards => _shards.Sum(shard => shard.Bytes);

    /// <summary>No clicks yet.</summary>
    /// <param name="profileAttributes">How many attributes a visitor has.</param>
    /// <param name="sourceAttributes">How many attributes a source has.</param>
    public static ClickColumns Empty(int profileAttributes, int sourceAttributes) =>
        Empty(profileAttributes, sourceAttributes, LargestShard);

    internal static ClickColumns Empty(int profileAttributes, int sourceAttributes, int largestShard, ShardMemory? memory = null)
    {
        var nothing = ClickRun.Empty(profileAttributes);
        return new ClickColumns(new AttributeTable(sourceAttributes), largestShard, memory ?? ShardMemory.Unlimited, [], nothing, nothing);
    }

    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="file">What the reader reads. Shards are read from it side by side, and those that do not fit into memory are read again.</param>
    /// <param name="links">How many links have a number.</param>
    /// <param name="profileCodes">How many codes each of the visitor's attributes has.</param>
    /// <param name="sourceCodes">How many codes each attribute of a source has.</param>
    /// <param name="memory">Which shards stay in memory. Null: all.</param>
    /// <param name="gone">Links whose clicks are left out.</param>
    /// <exception cref="InvalidDataException">This is not what was written.</exception>
    internal static ClickColumns Read(
        IndexReader reader, ShardFile file, int links, IReadOnlyList<int> profileCodes, IReadOnlyList<int> sourceCodes,
        ShardMemory? memory = null, IReadOnlySet<int>? gone = null)
    {
        memory ??= ShardMemory.Unlimited;
        var sources = AttributeTable.Read(reader, [.. sourceCodes]);
        var announced = reader.ReadCount(sizeof(int));
        reader.EndSection();
        var shards = new ShardReading(file, memory, gone, profileCodes.Count).Read(reader, announced, (some, room) => Run(new IndexReader(file.Open(some), some.Section, room)));
        return new ClickColumns(sources, LargestShard, memory, shards, fresh: Kept(Run(reader)), returning: Kept(Run(reader)));

        ClickRun Run(IndexReader from) => ClickRun.Read(from, links, sources.Count, profileCodes);

        ClickRun Kept(ClickRun run) => gone is { Count: > 0 } ? run.WithoutLinks(gone) : run;
    }

    /// <returns>Where each shard was written.</returns>
    internal ShardSpan[] Write(IndexWriter writer)
    {
        Sources.Write(writer);
        writer.Write(_shards.Length);
        writer.EndSection();
        var spans = new ShardSpan[_shards.Length];
        using var room = RunRoom.Rent();
        for (var shard = 0; shard < spans.Length; shard++)
        {
            var (start, section) = (writer.Position, writer.Section);
            _shards[shard].Run(room).Write(writer);
            room.Empty();
            spans[shard] = new ShardSpan(start, writer.Position - start, section);
        }

        _fresh.Write(writer);
        _returning.Write(writer);
        return spans;
    }

    /// <summary>Reads the shards that are not in memory from this file from now on, to which <see cref="Write"/> has written them.</summary>
    internal void MoveTo(ShardFile file, ReadOnlySpan<ShardSpan> spans)
    {
        for (var shard = 0; shard < spans.Length; shard++)
        {
            _shards[shard].Move(new ShardPlace(file, spans[shard]));
        }
    }

    /// <summary>These clicks and the batch's, at the price of the batch and of what is unmerged.</summary>
    public ClickColumns With(ClickArrays batch)
    {
        if (batch.Count == 0)
        {
            return this;
        }

        var added = Sort(batch);
        var back = MergedClicksOf(added);
        return With(_shards, ClickRun.Merge(ClickRun.Merge(_fresh, back), added), ClickRun.Merge(_returning, back));
    }

    /// <summary>
    /// The same clicks with one shard brought up to date, the one that most fresh clicks wait for; at the price of that shard
    /// and of what is unmerged. To be repeated, with batches in between as they come, until nothing is unmerged.
    /// </summary>
    public ClickColumns MergeSome()
    {
        if (_fresh.Count == 0)
        {
            return this;
        }

        if (_shards.Length == 0)
        {
            return WithShards(Held(Split(_fresh), 0));
        }

        var shard = ShardThatMostWaitFor();
        var waiting = VisitorsOf(_fresh, shard);
        var known = VisitorsOf(_returning, shard);
        using var room = RunRoom.Rent();
        var merged = Held(Split(_shards[shard].Run(room).ReplaceVisitors(_fresh.Slice(waiting))), BytesOfShards - _shards[shard].Bytes);
        return With([.. _shards[..shard], .. merged, .. _shards[(shard + 1)..]], _fresh.Without(waiting), _returning.Without(known));
    }

    /// <summary>The same clicks with nothing unmerged.</summary>
    public ClickColumns Merge()
    {
        var columns = this;
        while (columns.Unmerged > 0)
        {
            columns = columns.MergeSome();
        }

        return columns;
    }

    /// <summary>The clicks through all other links. Shards without a click through these are kept as they are.</summary>
    public ClickColumns Without(IReadOnlySet<int> links)
    {
        var shards = new List<ClickShard>();
        var held = 0L;
        using var room = RunRoom.Rent();
        foreach (var shard in _shards)
        {
            var kept = shard.MayHave(links) && shard.Run(room) is var run && run.WithoutLinks(links) is var others && others != run ? others : null;
            if (kept is null or { Count: > 0 })
            {
                shards.Add(kept is null ? shard : _memory.Hold(kept, held));
                held += shards[^1].Bytes;
            }

            room.Empty();
        }

        return With([.. shards], _fresh.WithoutLinks(links), _returning.WithoutLinks(links));
    }

    /// <summary>These shards and nothing unmerged.</summary>
    /// <param name="shards">In the order of their visitors, of whom they share none.</param>
    internal ClickColumns WithShards(IEnumerable<ClickShard> shards)
    {
        var nothing = ClickRun.Empty(ProfileWidth);
        return With([.. shards], nothing, nothing);
    }

    /// <summary>The clicks of a batch in order.</summary>
    private ClickRun Sort(ClickArrays batch)
    {
        var clicks = new WaitingClicks(Sources, ProfileWidth);
        clicks.Add(batch);
        return clicks.Sort().Take(0, clicks.Count);
    }

    /// <summary>Cuts a run that is too large for one shard at visitor boundaries, in parts of much the same size.</summary>
    internal IEnumerable<ClickRun> Split(ClickRun run)
    {
        if (run.Count <= _largestShard)
        {
            return run.Count == 0 ? [] : [run];
        }

        // Three quarters full, so that the parts are not cut again by the next few clicks.
        var parts = (run.Count / Math.Max(1, _largestShard / 4 * 3)) + 1;
        var cuts = Enumerable.Range(0, parts + 1)
            .Select(part => run.VisitorStarts.CountBefore((int)((long)run.Count * part / parts)))
            .Distinct()
            .ToArray();
        return cuts.Zip(cuts.Skip(1), (first, end) => run.Slice(first..end));
    }

    private ClickColumns With(ClickShard[] shards, ClickRun fresh, ClickRun returning) => new(Sources, _largestShard, _memory, shards, fresh, returning);

    private List<ClickShard> Held(IEnumerable<ClickRun> runs, long held)
    {
        var shards = new List<ClickShard>();
        foreach (var run in runs)
        {
            shards.Add(_memory.Hold(run, held));
            held += shards[^1].Bytes;
        }

        return shards;
    }

    private ClickRun MergedClicksOf(ClickRun added)
    {
        var found = new List<ClickRun>();
        using var room = RunRoom.Rent();
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            var visitors = new List<long>();
            foreach (var visitor in added.Visitors[VisitorsOf(added, shard)])
            {
                if (visitor != ClickRun.NoVisitor && _shards[shard].Has(visitor) && _returning.Find(visitor) < 0)
                {
                    visitors.Add(visitor);
                }
            }

            if (visitors.Count > 0)
            {
                var run = _shards[shard].Run(room);
                found.Add(run.Take(visitors.Select(run.Find)));
                room.Empty();
            }
        }

        return found.Count == 0 ? ClickRun.Empty(ProfileWidth) : ClickRun.Concatenate(found);
    }

    private int ShardThatMostWaitFor() =>
        Enumerable.Range(0, _shards.Length).MaxBy(shard =>
        {
            var waiting = VisitorsOf(_fresh, shard);
            return _fresh.VisitorStarts.ClickOf(waiting.End.Value) - _fresh.VisitorStarts.ClickOf(waiting.Start.Value);
        });

    /// <summary>
    /// Numbers of a run's visitors that belong to a shard. A shard reaches from its first visitor to before the next
    /// shard's first; the first and the last shard also take what lies outside.
    /// </summary>
    private Range VisitorsOf(ClickRun run, int shard)
    {
        var first = shard == 0 ? 0 : Place(_shards[shard].FirstVisitor);
        var end = shard == _shards.Length - 1 ? run.Visitors.Length : Place(_shards[shard + 1].FirstVisitor);
        return first..end;

        int Place(long visitor)
        {
            var number = run.Find(visitor);
            return number < 0 ? ~number : number;
        }
    }
}
