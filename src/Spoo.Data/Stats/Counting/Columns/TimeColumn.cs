using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>When each click of a run happened, to the millisecond: four bytes, and one more if any time is finer than a tick.</summary>
internal sealed class TimeColumn
{
    // As in NarrowColumn: Keep may look at 64 rows from any row.
    private const int Padding = 64;

    private readonly uint[] _ticks;
    private readonly NarrowColumn _remainders;
    private readonly int _count;

    public TimeColumn(ReadOnlySpan<long> times)
    {
        (First, Last) = times.IsEmpty ? (0, 0) : (long.MaxValue, long.MinValue);
        foreach (var time in times)
        {
            First = Math.Min(First, time);
            Last = Math.Max(Last, time);
        }

        TickScale = TickScale.For(First, Last);
        _count = times.Length;
        _ticks = GC.AllocateUninitializedArray<uint>(times.Length + Padding);
        _ticks.AsSpan(times.Length).Clear();
        var remainders = ArrayPool<int>.Shared.Rent(times.Length);
        for (var row = 0; row < times.Length; row++)
        {
            (_ticks[row], remainders[row]) = TickScale.Split(times[row]);
        }

        _remainders = NarrowColumn.Of(remainders.AsSpan(0, times.Length));
        ArrayPool<int>.Shared.Return(remainders);
    }

    private TimeColumn(TickScale clock, uint[] padded, int count, NarrowColumn remainders)
    {
        (TickScale, _ticks, _count, _remainders) = (clock, padded, count, remainders);
        if (count == 0)
        {
            return;
        }

        // Remainders are shorter than a tick, so only those of the first and the last tick say more.
        var (first, last) = FirstAndLast(Ticks);
        (First, Last) = (long.MaxValue, long.MinValue);
        for (var row = 0; row < count; row++)
        {
            if (_ticks[row] == first || _ticks[row] == last)
            {
                (First, Last) = (Math.Min(First, this[row]), Math.Max(Last, this[row]));
            }
        }
    }

    public TickScale TickScale { get; }

    /// <summary>The earliest time in the column, in Unix milliseconds.</summary>
    public long First { get; }

    /// <summary>The latest time in the column, in Unix milliseconds.</summary>
    public long Last { get; }

    public long Bytes => (_ticks.LongLength * sizeof(uint)) + _remainders.Bytes;

    public long this[int row] => TickScale.TimeOf(_ticks[row]) + _remainders[row];

    public ReadOnlySpan<uint> Ticks => _ticks.AsSpan(0, _count);

    /// <summary>The first and the last of some ticks; of none, the largest and the smallest number there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (uint First, uint Last) FirstAndLast(ReadOnlySpan<uint> ticks)
    {
        var (firsts, lasts) = (new Vector<uint>(uint.MaxValue), Vector<uint>.Zero);
        foreach (var several in MemoryMarshal.Cast<uint, Vector<uint>>(ticks))
        {
            (firsts, lasts) = (Vector.Min(firsts, several), Vector.Max(lasts, several));
        }

        var (first, last) = (uint.MaxValue, uint.MinValue);
        for (var lane = 0; lane < Vector<uint>.Count; lane++)
        {
            (first, last) = (Math.Min(first, firsts[lane]), Math.Max(last, lasts[lane]));
        }

        foreach (var tick in ticks[(ticks.Length - (ticks.Length % Vector<uint>.Count))..])
        {
            (first, last) = (Math.Min(first, tick), Math.Max(last, tick));
        }

        return (first, last);
    }

    public static TimeColumn Read(IndexReader reader, int rows)
    {
        var clock = TickScale.Numbered(reader.ReadInt32()) ?? throw new InvalidDataException("its times are of an unknown clock");
        var ticks = reader.Read<uint>(rows, Padding);
        return new TimeColumn(clock, ticks, rows, NarrowColumn.Read(reader, rows, clock.Tick));
    }

    public void Write(IndexWriter writer)
    {
        writer.Write(TickScale.Number);
        writer.Write(Ticks);
        _remainders.Write(writer, _count);
    }

    public void Read(int start, Span<long> into)
    {
        for (var row = 0; row < into.Length; row++)
        {
            into[row] = this[start + row];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GatherTicks(ReadOnlySpan<int> rows, Span<uint> into)
    {
        var ticks = _ticks;
        into = into[..rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            into[i] = ticks[rows[i]];
        }
    }

    /// <summary>Clears a row's bit in the mask unless its time lies from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public void Keep(long from, long to, int start, Span<ulong> mask)
    {
        if (from <= First && Last <= to)
        {
            return;
        }

        if (to < First || Last < from)
        {
            mask.Clear();
            return;
        }

        var (firstTick, firstRemainder) = TickScale.Split(Math.Max(from, First));
        var (lastTick, lastRemainder) = TickScale.Split(Math.Min(to, Last));
        KeepTicks(firstTick, lastTick, start, mask);

        // Only clicks within the range's first and last tick need their milliseconds looked at.
        if (firstRemainder > 0)
        {
            KeepWithin(firstTick, from, to, start, mask);
        }

        if (lastRemainder < TickScale.Tick - 1)
        {
            KeepWithin(lastTick, from, to, start, mask);
        }
    }

    /// <summary>Draws together the rows whose time lies from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <returns>How many there are of them.</returns>
    public int Keep(long from, long to, Span<int> rows)
    {
        if (from <= First && Last <= to)
        {
            return rows.Length;
        }

        if (to < First || Last < from)
        {
            return 0;
        }

        var (firstTick, firstRemainder) = TickScale.Split(Math.Max(from, First));
        var (lastTick, lastRemainder) = TickScale.Split(Math.Min(to, Last));
        var kept = KeepTicks(firstTick, lastTick, rows);
        return firstRemainder == 0 && lastRemainder == TickScale.Tick - 1 ? kept : KeepWithin(firstTick, lastTick, from, to, rows[..kept]);
    }

    // Without a branch, because whether a click lies in the range cannot be guessed; so the next ones are fetched from memory meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int KeepTicks(uint first, uint last, Span<int> rows)
    {
        var ticks = _ticks;
        var (kept, length) = (0, last - first);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            rows[kept] = row;
            kept += ticks[row] - first <= length ? 1 : 0;
        }

        return kept;
    }

    private int KeepWithin(uint firstTick, uint lastTick, long from, long to, Span<int> rows)
    {
        var kept = 0;
        foreach (var row in rows)
        {
            rows[kept] = row;
            kept += (_ticks[row] != firstTick && _ticks[row] != lastTick) || (this[row] is var time && time >= from && time <= to) ? 1 : 0;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepTicks(uint first, uint last, int start, Span<ulong> mask)
    {
        // One unsigned comparison for both ends: what lies before the first wraps round to far behind the last.
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ticks), start);
        var origin = Vector256.Create(first);
        var length = Vector256.Create(last - first);
        for (var word = 0; word < mask.Length; word++)
        {
            if (mask[word] == 0)
            {
                continue;
            }

            var found = 0UL;
            for (var row = 0; row < 64; row += Vector256<uint>.Count)
            {
                var ticks = Vector256.LoadUnsafe(ref from, (nuint)((word * 64) + row));
                found |= (ulong)Vector256.LessThanOrEqual(ticks - origin, length).ExtractMostSignificantBits() << row;
            }

            mask[word] &= found;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepWithin(uint tick, long from, long to, int start, Span<ulong> mask)
    {
        ref var ticks = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ticks), start);
        var wanted = Vector256.Create(tick);
        for (var word = 0; word < mask.Length; word++)
        {
            if (mask[word] == 0)
            {
                continue;
            }

            var found = 0UL;
            for (var row = 0; row < 64; row += Vector256<uint>.Count)
            {
                found |= (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref ticks, (nuint)((word * 64) + row)), wanted).ExtractMostSignificantBits() << row;
            }

            for (found &= mask[word]; found != 0; found &= found - 1)
            {
                var row = BitOperations.TrailingZeroCount(found);
                if (this[start + (word * 64) + row] is var time && (time < from || time > to))
                {
                    mask[word] &= ~(1UL << row);
                }
            }
        }
    }
}
