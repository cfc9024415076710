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
/// </remarks>
public sealed class ClickColumns
{
    // Small enough to be shared out evenly among threads and to be rewritten in passing, large enough to be few.
    internal const int LargestShard = 1 << 19;

    private readonly ClickRun[] _shards;
    private readonly ClickRun _fresh;
    private readonly ClickRun _returning;

    private readonly int _largestShard;

    private ClickColumns(AttributeTable sources, int largestShard, ClickRun[] shards, ClickRun fresh, ClickRun returning)
    {
        Sources = sources;
        _largestShard = largestShard;
        _shards = shards;
        _fresh = fresh;
        _returning = returning;
    }

    /// <summary>How many clicks there are.</summary>
    public long Count => _shards.Sum(shard => (long)shard.Count) - _returning.Count + _fresh.Count;

    /// <summary>How many clicks wait to be merged, those that are merged already but whose visitor came back included.</summary>
    public int Unmerged => _fresh.Count;

    /// <summary>Memory that the clicks take.</summary>
    public long Bytes => Runs.Sum(run => run.Bytes);

    /// <summary>The combinations of source attributes. Shared by all moments; may be given to a batch to spare a translation.</summary>
    public AttributeTable Sources { get; }

    internal ReadOnlySpan<ClickRun> Shards => _shards;

    internal ClickRun Fresh => _fresh;

    internal ClickRun Returning => _returning;

    internal int ProfileWidth => _fresh.Table.Profiles.Length;

    private IEnumerable<ClickRun> Runs => [.. _shards, _fresh, _returning];

    /// <summary>No clicks yet.</summary>
    /// <param name="profileAttributes">How many attributes a visitor has.</param>
    /// <param name="sourceAttributes">How many attributes a source has.</param>
    public static ClickColumns Empty(int profileAttributes, int sourceAttributes) =>
        Empty(profileAttributes, sourceAttributes, LargestShard);

    internal static ClickColumns Empty(int profileAttributes, int sourceAttributes, int largestShard)
    {
        var nothing = ClickRun.Empty(profileAttributes);
        return new ClickColumns(new AttributeTable(sourceAttributes), largestShard, [], nothing, nothing);
    }

    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="links">How many links have a number.</param>
    /// <param name="profileCodes">How many codes each of the visitor's attributes has.</param>
    /// <param name="sourceCodes">How many codes each attribute of a source has.</param>
    /// <exception cref="InvalidDataException">This is not what was written.</exception>
    internal static ClickColumns Read(IndexReader reader, int links, IReadOnlyList<int> profileCodes, IReadOnlyList<int> sourceCodes)
    {
        var sources = AttributeTable.Read(reader, [.. sourceCodes]);
        var shards = new ClickRun[reader.ReadCount(sizeof(int))];
        reader.EndSection();
        for (var shard = 0; shard < shards.Length; shard++)
        {
            shards[shard] = Run();
            IndexReader.Require(
                shards[shard].Count > 0 && (shard == 0 || shards[shard - 1].Visitors[^1] < shards[shard].Visitors[0]),
                "the shards are not in order");
        }

        return new ClickColumns(sources, LargestShard, shards, fresh: Run(), returning: Run());

        ClickRun Run() => ClickRun.Read(reader, links, sources.Count, profileCodes);
    }

    internal void Write(IndexWriter writer)
    {
        Sources.Write(writer);
        writer.Write(_shards.Length);
        writer.EndSection();
        foreach (var run in Runs)
        {
            run.Write(writer);
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
        return new ClickColumns(
            Sources,
            _largestShard,
            _shards,
            ClickRun.Merge(ClickRun.Merge(_fresh, back), added),
            ClickRun.Merge(_returning, back));
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
            var nothing = ClickRun.Empty(ProfileWidth);
            return new ClickColumns(Sources, _largestShard, [.. Split(_fresh)], nothing, nothing);
        }

        var shard = ShardThatMostWaitFor();
        var waiting = VisitorsOf(_fresh, shard);
        var known = VisitorsOf(_returning, shard);
        return new ClickColumns(
            Sources,
            _largestShard,
            [.. _shards[..shard], .. Split(_shards[shard].ReplaceVisitors(_fresh.Slice(waiting))), .. _shards[(shard + 1)..]],
            _fresh.Without(waiting),
            _returning.Without(known));
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
    public ClickColumns Without(IReadOnlySet<int> links) => new(
        Sources,
        _largestShard,
        [.. _shards.Select(shard => shard.WithoutLinks(links)).Where(shard => shard.Count > 0)],
        _fresh.WithoutLinks(links),
        _returning.WithoutLinks(links));

    /// <summary>The clicks of a batch in order.</summary>
    internal ClickRun Sort(ClickArrays batch)
    {
        batch.Validate(ProfileWidth, Sources.Width);
        return ClickRun.Sort(ClickTable.Of(batch, Sources), batch.Visitors.Span);
    }

    /// <summary>These clicks and the run's, all merged; for many clicks at once.</summary>
    internal ClickColumns WithMerged(ClickRun run)
    {
        var merged = Merge();
        var shards = new List<ClickRun>();
        for (var shard = 0; shard < merged._shards.Length; shard++)
        {
            shards.AddRange(Split(ClickRun.Merge(merged._shards[shard], run.Slice(merged.VisitorsOf(run, shard)))));
        }

        return new ClickColumns(Sources, _largestShard, merged._shards.Length == 0 ? [.. Split(run)] : [.. shards], merged._fresh, merged._returning);
    }

    /// <summary>Cuts a run that is too large for one shard at visitor boundaries, in parts of much the same size.</summary>
    private IEnumerable<ClickRun> Split(ClickRun run)
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

    private ClickRun MergedClicksOf(ClickRun added)
    {
        var found = new List<ClickRun>();
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            var numbers = new List<int>();
            foreach (var visitor in added.Visitors[VisitorsOf(added, shard)])
            {
                if (visitor != ClickRun.NoVisitor && _shards[shard].Find(visitor) is var number and >= 0 && _returning.Find(visitor) < 0)
                {
                    numbers.Add(number);
                }
            }

            if (numbers.Count > 0)
            {
                found.Add(_shards[shard].Take(numbers));
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
        var first = shard == 0 ? 0 : Place(_shards[shard].Visitors[0]);
        var end = shard == _shards.Length - 1 ? run.Visitors.Length : Place(_shards[shard + 1].Visitors[0]);
        return first..end;

        int Place(long visitor)
        {
            var number = run.Find(visitor);
            return number < 0 ? ~number : number;
        }
    }
}
