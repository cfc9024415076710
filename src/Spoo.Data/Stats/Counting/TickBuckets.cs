using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>
/// A <see cref="BucketTable"/> for the ticks of one clock, without searching: time is cut into stretches whose length is a
/// power of two and not more than a usual bucket's, so that at most one edge falls into nearly all of them. Buckets may be
/// as uneven as days and months are in a zone with summer time. Where nearly all of them are even, as hours and days are,
/// eight clicks at a time are numbered by arithmetic instead.
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

    // Null: the buckets are too uneven for it.
    private readonly EvenBuckets[]? _even;

    public TickBuckets(BucketTable buckets, TickScale clock)
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
            var end = Math.Min(clock.End, start + ((1L << _shift) * clock.Tick)); // no click of this clock comes to a later edge
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
        _even = EvenBuckets.Of(buckets, clock);
    }

    /// <summary>The buckets of some clicks.</summary>
    /// <param name="times">The run's times.</param>
    /// <param name="ticks">The clicks' ticks.</param>
    /// <param name="rows">Their rows, or nothing if they follow each other from <paramref name="firstRow"/>.</param>
    /// <param name="firstRow">The first click's row.</param>
    /// <param name="into">Gets the bucket numbers.</param>
    public void Number(TimeColumn times, ReadOnlySpan<uint> ticks, ReadOnlySpan<int> rows, int firstRow, Span<int> into)
    {
        var done = _even is not null && Avx2.IsSupported ? NumberEven(_even, ticks, into) : 0;
        NumberByStretch(times, ticks[done..], rows.IsEmpty ? rows : rows[done..], firstRow + done, into[done..ticks.Length]);
    }

    /// <summary>Numbers as many as there are whole vectors of, and says how many that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int NumberEven(EvenBuckets[] even, ReadOnlySpan<uint> ticks, Span<int> into)
    {
        ref var from = ref MemoryMarshal.GetReference(ticks);
        ref var to = ref MemoryMarshal.GetReference(into);
        var whole = ticks.Length & -Vector256<uint>.Count;
        for (var i = 0; i < whole; i += Vector256<uint>.Count)
        {
            var tick = Vector256.LoadUnsafe(ref from, (nuint)i);
            var bucket = Vector256.Create(even[0].First);
            for (var part = 1; part < even.Length; part++)
            {
                ref readonly var evens = ref even[part];
                var since = tick - Vector256.Create(evens.Start);

                // The reciprocal is a little too small, so the quotient may be one too small, which the remainder shows.
                var reciprocal = Vector256.Create(evens.Reciprocal);
                var products = Avx2.Multiply(since, reciprocal).AsUInt32();
                var oddProducts = Avx2.Multiply((since.AsUInt64() >> 32).AsUInt32(), reciprocal).AsUInt32();
                var quotient = Avx2.Blend((products.AsUInt64() >> 32).AsUInt32(), oddProducts, 0b10101010);
                var width = Vector256.Create(evens.Width);
                var isOneMore = Vector256.GreaterThanOrEqual(since - (quotient * width), width);
                var number = (quotient - isOneMore).AsInt32() + Vector256.Create(evens.First);
                bucket = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(tick, Vector256.Create(evens.Start)).AsInt32(), number, bucket);
            }

            bucket.StoreUnsafe(ref to, (nuint)i);
        }

        return whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NumberByStretch(TimeColumn times, ReadOnlySpan<uint> ticks, ReadOnlySpan<int> rows, int firstRow, Span<int> into)
    {
        // No bounds checks: the stretch is at most the last one by the comparison above it.
        ref var stretches = ref MemoryMarshal.GetArrayDataReference(_stretches);
        var (origin, shift, outside) = (_origin, _shift, (uint)_stretches.Length - 1);
        var seen = 0;
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

    /// <summary>Part of the time in which all buckets are of one width and follow each other in number.</summary>
    private readonly record struct EvenBuckets(uint Start, uint Width, int First)
    {
        // Each costs a few instructions for eight clicks; beyond this the table is quicker.
        private const int Most = 8;

        /// <summary>2^32 divided by the width, rounded down.</summary>
        public uint Reciprocal { get; } = Width < 2 ? 0 : (uint)((1L << 32) / Width);

        /// <summary>
        /// All of time in parts, of which the first is in no bucket. Null if that takes too many, if a bucket begins within a tick
        /// or if the clock cannot say when.
        /// </summary>
        public static EvenBuckets[]? Of(BucketTable buckets, TickScale clock)
        {
            var edges = buckets.Edges;
            if (edges[0] < clock.Start || edges[^1] >= clock.End)
            {
                return null;
            }

            var parts = new List<EvenBuckets> { new(0, uint.MaxValue, buckets.Count) };
            for (int edge = 0, slots; edge < edges.Length - 1; edge += slots)
            {
                var length = edges[edge + 1] - edges[edge];
                slots = 1;
                while (edge + slots < edges.Length - 1
                    && edges[edge + slots + 1] - edges[edge + slots] == length
                    && buckets.BucketAfter(edge + slots + 1) == buckets.BucketAfter(edge + 1) + slots)
                {
                    slots++;
                }

                var (tick, remainder) = clock.Split(edges[edge]);
                var (width, rest) = Math.DivRem(length, clock.Tick);
                if (remainder != 0 || rest != 0 || width < 2 || parts.Count == Most)
                {
                    return null;
                }

                parts.Add(new EvenBuckets(tick, (uint)width, buckets.BucketAfter(edge + 1)));
            }

            var (end, within) = clock.Split(edges[^1]);
            if (within != 0)
            {
                return null;
            }

            parts.Add(new EvenBuckets(end, uint.MaxValue, buckets.Count));
            return [.. parts];
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
