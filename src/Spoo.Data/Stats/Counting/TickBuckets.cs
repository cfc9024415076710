using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting;

/// <summary>
/// A <see cref="BucketTable"/> for the ticks of one clock, without searching: time is cut into stretches whose length is a
/// power of two and not more than a usual bucket's, so that at most one edge falls into nearly all of them. Buckets may be
/// as uneven as days and months are in a zone with summer time.
/// </summary>
internal sealed class TickBuckets
{
    // A stretch with two edges, or with one that no tick begins at: its clicks are looked up by their milliseconds.
    private const int Crowded = -1;

    private readonly BucketTable _buckets;
    private readonly uint _origin;
    private readonly int _shift;

    // The last one stands for all time outside.
    private readonly Stretch[] _stretches;

    public TickBuckets(BucketTable buckets, Clock clock)
    {
        _buckets = buckets;
        var edges = buckets.Edges;
        var outside = new Stretch(uint.MaxValue, buckets.Count, buckets.Count);
        var first = Math.Max(edges[0], clock.Start);
        var last = Math.Min(edges[^1], clock.End - 1);
        if (first > last)
        {
            _stretches = [outside];
            return;
        }

        _origin = clock.Split(first).Tick;
        var ticks = (long)clock.Split(last).Tick - _origin;
        _shift = BitOperations.Log2((ulong)Math.Max(1, ticks / (edges.Length - 1)));
        _stretches = new Stretch[(ticks >> _shift) + 2];
        var passed = 0;
        for (var i = 0; i < _stretches.Length - 1; i++)
        {
            var start = clock.TimeOf(_origin) + (((long)i << _shift) * clock.Tick);
            var end = start + ((1L << _shift) * clock.Tick);
            while (passed < edges.Length && edges[passed] <= start)
            {
                passed++;
            }

            var within = 0;
            while (passed + within < edges.Length && edges[passed + within] < end)
            {
                within++;
            }

            _stretches[i] = within switch
            {
                0 => new Stretch(uint.MaxValue, buckets.BucketAfter(passed), buckets.BucketAfter(passed)),
                1 when clock.Split(edges[passed]) is (var tick, 0) => new Stretch(tick, buckets.BucketAfter(passed), buckets.BucketAfter(passed + 1)),
                _ => new Stretch(uint.MaxValue, Crowded, Crowded),
            };
        }

        _stretches[^1] = outside;
    }

    /// <summary>The buckets of some clicks.</summary>
    /// <param name="times">The run's times.</param>
    /// <param name="ticks">The clicks' ticks.</param>
    /// <param name="rows">Their rows, or nothing if they follow each other from <paramref name="firstRow"/>.</param>
    /// <param name="firstRow">The first click's row.</param>
    /// <param name="into">Gets the bucket numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Number(TimeColumn times, ReadOnlySpan<uint> ticks, ReadOnlySpan<int> rows, int firstRow, Span<int> into)
    {
        // No bounds checks: the stretch is at most the last one by the comparison above it.
        ref var stretches = ref MemoryMarshal.GetArrayDataReference(_stretches);
        var (origin, shift, outside) = (_origin, _shift, (uint)_stretches.Length - 1);
        var seen = 0;
        into = into[..ticks.Length];
        for (var i = 0; i < ticks.Length; i++)
        {
            var tick = ticks[i];
            var stretch = (tick - origin) >> shift;
            stretch = tick < origin || stretch > outside ? outside : stretch;
            ref var found = ref Unsafe.Add(ref stretches, (nint)stretch);

            // Without a branch: on which side of midnight a click lies cannot be guessed.
            var bucket = found.Before + (found.Step & -(tick >= found.Edge ? 1 : 0));
            into[i] = bucket;
            seen |= bucket;
        }

        for (var i = 0; seen < 0 && i < ticks.Length; i++)
        {
            if (into[i] == Crowded)
            {
                into[i] = _buckets.BucketOf(times[rows.IsEmpty ? firstRow + i : rows[i]]);
            }
        }
    }

    /// <summary>Part of the time with at most one edge.</summary>
    private readonly struct Stretch(uint edge, int before, int after)
    {
        /// <summary>The first tick after the edge.</summary>
        public readonly uint Edge = edge;

        /// <summary>The bucket of the ticks before the edge.</summary>
        public readonly int Before = before;

        /// <summary>How much further the number of the bucket after the edge is.</summary>
        public readonly int Step = after - before;
    }
}
