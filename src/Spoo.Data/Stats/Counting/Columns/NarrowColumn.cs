using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>A column of whole numbers from 0, each held in as few bytes as the largest of them needs: none, one, two or four.</summary>
internal abstract class NarrowColumn
{
    /// <summary>The largest number in the column; 0 if it is empty.</summary>
    public abstract int Max { get; }

    /// <summary>Memory that the numbers take.</summary>
    public abstract long Bytes { get; }

    public abstract int this[int row] { get; }

    public static NarrowColumn Of(ReadOnlySpan<int> numbers)
    {
        var (min, max) = numbers.IsEmpty ? (0, 0) : (Smallest(numbers), Largest(numbers));
        ArgumentOutOfRangeException.ThrowIfNegative(min, nameof(numbers));
        return max switch
        {
            _ when min == max => new ConstantColumn(max),
            <= byte.MaxValue => new NarrowColumn<byte>(numbers, max),
            <= ushort.MaxValue => new NarrowColumn<ushort>(numbers, max),
            _ => new NarrowColumn<int>(numbers, max),
        };
    }

    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="rows">How many numbers there are.</param>
    /// <param name="end">All of them must be smaller.</param>
    public static NarrowColumn Read(IndexReader reader, int rows, int end)
    {
        NarrowColumn column = reader.ReadInt32() switch
        {
            0 => new ConstantColumn(reader.ReadInt32()),
            sizeof(byte) => NarrowColumn<byte>.Read(reader, rows),
            sizeof(ushort) => NarrowColumn<ushort>.Read(reader, rows),
            sizeof(int) => NarrowColumn<int>.Read(reader, rows),
            var width => throw new InvalidDataException($"a column has numbers of {width} bytes"),
        };
        IndexReader.Require(rows == 0 || (uint)column.Max < (uint)end, "a column has a number that is too large");
        return column;
    }

    public abstract void Write(IndexWriter writer, int rows);

    /// <summary>The numbers from a row on, as many as fit.</summary>
    public abstract void Read(int start, Span<int> into);

    /// <summary>The numbers of some rows.</summary>
    public abstract void Gather(ReadOnlySpan<int> rows, Span<int> into);

    /// <summary>
    /// Clears a row's bit in the mask unless the set lets its number pass. Bit 0 of the mask is row <paramref name="start"/>;
    /// whatever it says of rows after the last one is meaningless.
    /// </summary>
    public abstract void Keep(CodeSet set, int start, Span<ulong> mask);

    private static int Smallest(ReadOnlySpan<int> numbers)
    {
        var min = int.MaxValue;
        foreach (var number in numbers)
        {
            min = Math.Min(min, number);
        }

        return min;
    }

    private static int Largest(ReadOnlySpan<int> numbers)
    {
        var max = 0;
        foreach (var number in numbers)
        {
            max = Math.Max(max, number);
        }

        return max;
    }
}

/// <summary>A column that says the same in every row, such as the link of an owner who has only one.</summary>
internal sealed class ConstantColumn(int number) : NarrowColumn
{
    public override int Max => number;

    public override long Bytes => 0;

    public override int this[int row] => number;

    public override void Write(IndexWriter writer, int rows)
    {
        writer.Write(0);
        writer.Write(number);
    }

    public override void Read(int start, Span<int> into) => into.Fill(number);

    public override void Gather(ReadOnlySpan<int> rows, Span<int> into) => into[..rows.Length].Fill(number);

    public override void Keep(CodeSet set, int start, Span<ulong> mask)
    {
        if (!set.Passes[number])
        {
            mask.Clear();
        }
    }
}

internal sealed class NarrowColumn<T> : NarrowColumn
    where T : unmanaged, IBinaryInteger<T>
{
    // Longer than the column by one word of a mask, so that Keep may look at 64 rows from any row.
    private const int Padding = 64;

    private readonly T[] _numbers;

    public NarrowColumn(ReadOnlySpan<int> numbers, int max)
    {
        Max = max;
        _numbers = GC.AllocateUninitializedArray<T>(numbers.Length + Padding);
        for (var row = 0; row < numbers.Length; row++)
        {
            _numbers[row] = T.CreateTruncating(numbers[row]);
        }

        _numbers.AsSpan(numbers.Length).Clear();
    }

    private NarrowColumn(T[] padded, int max) => (_numbers, Max) = (padded, max);

    public override int Max { get; }

    public override long Bytes => (long)_numbers.Length * Unsafe.SizeOf<T>();

    public override int this[int row] => int.CreateTruncating(_numbers[row]);

    public static NarrowColumn<T> Read(IndexReader reader, int rows)
    {
        var padded = reader.Read<T>(rows, Padding);
        var (most, least) = (Vector<T>.Zero, Vector<T>.Zero);
        var numbers = padded.AsSpan(0, rows + Padding);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(numbers);
        foreach (var vector in vectors)
        {
            most = Vector.Max(most, vector);
            least = Vector.Min(least, vector);
        }

        var (min, max) = (T.Zero, T.Zero);
        for (var i = 0; i < Vector<T>.Count; i++)
        {
            (min, max) = (T.Min(min, least[i]), T.Max(max, most[i]));
        }

        foreach (var number in numbers[(vectors.Length * Vector<T>.Count)..])
        {
            (min, max) = (T.Min(min, number), T.Max(max, number));
        }

        IndexReader.Require(!T.IsNegative(min), "a column has a number below 0");
        return new NarrowColumn<T>(padded, int.CreateTruncating(max));
    }

    public override void Write(IndexWriter writer, int rows)
    {
        writer.Write(Unsafe.SizeOf<T>());
        writer.Write<T>(_numbers.AsSpan(0, rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Read(int start, Span<int> into)
    {
        var numbers = _numbers.AsSpan(start, into.Length);
        var row = 0;
        if (typeof(T) == typeof(int))
        {
            MemoryMarshal.Cast<T, int>(numbers).CopyTo(into);
            return;
        }

        if (typeof(T) == typeof(ushort))
        {
            ref var from = ref Unsafe.As<T, ushort>(ref MemoryMarshal.GetReference(numbers));
            ref var to = ref Unsafe.As<int, uint>(ref MemoryMarshal.GetReference(into));
            for (; row <= into.Length - Vector256<ushort>.Count; row += Vector256<ushort>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)row));
                low.StoreUnsafe(ref to, (nuint)row);
                high.StoreUnsafe(ref to, (nuint)(row + Vector256<uint>.Count));
            }
        }

        if (typeof(T) == typeof(byte))
        {
            ref var from = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(numbers));
            ref var to = ref Unsafe.As<int, uint>(ref MemoryMarshal.GetReference(into));
            for (; row <= into.Length - Vector128<byte>.Count; row += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)row));
                var (first, second) = Vector128.Widen(low);
                var (third, fourth) = Vector128.Widen(high);
                first.StoreUnsafe(ref to, (nuint)row);
                second.StoreUnsafe(ref to, (nuint)(row + 4));
                third.StoreUnsafe(ref to, (nuint)(row + 8));
                fourth.StoreUnsafe(ref to, (nuint)(row + 12));
            }
        }

        for (; row < into.Length; row++)
        {
            into[row] = int.CreateTruncating(numbers[row]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gather(ReadOnlySpan<int> rows, Span<int> into)
    {
        var numbers = _numbers;
        into = into[..rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            into[i] = int.CreateTruncating(numbers[rows[i]]);
        }
    }

    public override void Keep(CodeSet set, int start, Span<ulong> mask)
    {
        if (set.Only > Max)
        {
            mask.Clear(); // the code is another run's, and would not even fit here
        }
        else if (set.Only is { } only)
        {
            KeepOnly(T.CreateTruncating(only), start, mask);
        }
        else
        {
            KeepAny(set.Passes, start, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepOnly(T only, int start, Span<ulong> mask)
    {
        Debug.Assert(start + ((mask.Length - 1) * 64) + 64 <= _numbers.Length, "The mask reaches beyond the padding.");
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_numbers), start);
        var wanted = Vector256.Create(only);
        for (var word = 0; word < mask.Length; word++)
        {
            var found = 0UL;
            for (var row = 0; row < 64; row += Vector256<T>.Count)
            {
                var numbers = Vector256.LoadUnsafe(ref from, (nuint)((word * 64) + row));
                found |= (ulong)Vector256.Equals(numbers, wanted).ExtractMostSignificantBits() << row;
            }

            mask[word] &= found;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepAny(ReadOnlySpan<bool> passes, int start, Span<ulong> mask)
    {
        for (var word = 0; word < mask.Length; word++)
        {
            if (mask[word] == 0)
            {
                continue;
            }

            var found = 0UL;
            var numbers = _numbers.AsSpan(start + (word * 64), 64);
            for (var row = 0; row < numbers.Length; row++)
            {
                found |= (passes[int.CreateTruncating(numbers[row])] ? 1UL : 0) << row;
            }

            mask[word] &= found;
        }
    }
}
