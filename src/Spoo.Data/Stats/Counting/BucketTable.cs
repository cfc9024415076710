namespace Spoo.Data.Stats.Counting;

/// <summary>
/// Which time belongs to which bucket, as consecutive slots: a slot reaches from its start to before the next one's, the
/// last to before the end. Whatever lies outside is in no bucket.
/// </summary>
public sealed class BucketTable
{
    private readonly long[] _edges;
    private readonly int[] _bucketOfSlot;

    /// <param name="starts">The slots' starts in Unix milliseconds, ascending.</param>
    /// <param name="end">The first instant after the last slot.</param>
    /// <param name="bucketOfSlot">Bucket number of each slot, where several slots make one bucket; otherwise each slot is one.</param>
    public BucketTable(IReadOnlyList<long> starts, long end, IReadOnlyList<int>? bucketOfSlot = null)
    {
        _edges = [.. starts, end];
        _bucketOfSlot = [.. bucketOfSlot ?? [.. Enumerable.Range(0, starts.Count)]];
        if (starts.Count == 0 || _bucketOfSlot.Length != starts.Count || _edges.Zip(_edges.Skip(1)).Any(slot => slot.First >= slot.Second))
        {
            throw new ArgumentException("There must be slots, each must be longer than nothing, and each must have its bucket.", nameof(starts));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(_bucketOfSlot.Min(), nameof(bucketOfSlot));
        Count = _bucketOfSlot.Max() + 1;
    }

    /// <summary>How many buckets there are: they are numbered from 0.</summary>
    public int Count { get; }

    /// <summary>Where the time goes on to another slot: the starts of all slots, and the end.</summary>
    internal ReadOnlySpan<long> Edges => _edges;

    /// <summary>The bucket of the time after a number of edges; <see cref="Count"/> stands for none.</summary>
    internal int BucketAfter(int edges) => edges == 0 || edges == _edges.Length ? Count : _bucketOfSlot[edges - 1];

    /// <summary>The bucket of a time; <see cref="Count"/> stands for none.</summary>
    internal int BucketOf(long time)
    {
        var edge = Array.BinarySearch(_edges, time);
        return BucketAfter(edge < 0 ? ~edge : edge + 1);
    }
}
