using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting;

/// <summary>Clicks and distinct visitors per group number. Visitors must be handed in one after the other.</summary>
internal sealed class Tally(int groups)
{
    private const int UniquesShift = 32;

    // Rented, because the cells of a large cross-tab would otherwise be fetched from the system for every question.
    private Cell[] _cells = Rent(groups);

    public int Groups => _cells.Length;

    /// <summary>Counts one click for each entry.</summary>
    /// <param name="groups">The clicks' groups, each below <see cref="Groups"/>.</param>
    /// <param name="visitors">Their visitors' numbers, from 1 and ascending.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<int> groups, ReadOnlySpan<uint> visitors)
    {
        // No bounds checks here and below: group numbers are codes, and the tally has been made for the largest of them.
        ref var cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref var visitor = ref MemoryMarshal.GetReference(visitors);
        for (var i = 0; i < groups.Length; i++)
        {
            Count(ref Unsafe.Add(ref cells, groups[i]), 1, Unsafe.Add(ref visitor, i));
        }
    }

    /// <summary>
    /// Counts one click for each entry in each of three tallies. It is quicker than one after the other, because an addition to one
    /// tally goes on while that to another waits for its memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        (Tally Tally, int[] Groups) first, (Tally Tally, int[] Groups) second, (Tally Tally, int[] Groups) third, ReadOnlySpan<uint> visitors)
    {
        ref var firstCells = ref MemoryMarshal.GetArrayDataReference(first.Tally._cells);
        ref var secondCells = ref MemoryMarshal.GetArrayDataReference(second.Tally._cells);
        ref var thirdCells = ref MemoryMarshal.GetArrayDataReference(third.Tally._cells);
        ref var firstGroup = ref MemoryMarshal.GetArrayDataReference(first.Groups);
        ref var secondGroup = ref MemoryMarshal.GetArrayDataReference(second.Groups);
        ref var thirdGroup = ref MemoryMarshal.GetArrayDataReference(third.Groups);
        for (var i = 0; i < visitors.Length; i++)
        {
            var visitor = visitors[i];
            Count(ref Unsafe.Add(ref firstCells, Unsafe.Add(ref firstGroup, i)), 1, visitor);
            Count(ref Unsafe.Add(ref secondCells, Unsafe.Add(ref secondGroup, i)), 1, visitor);
            Count(ref Unsafe.Add(ref thirdCells, Unsafe.Add(ref thirdGroup, i)), 1, visitor);
        }
    }

    /// <summary>Counts several clicks for each entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<int> groups, ReadOnlySpan<int> clicks, ReadOnlySpan<uint> visitors)
    {
        ref var cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref var weight = ref MemoryMarshal.GetReference(clicks);
        ref var visitor = ref MemoryMarshal.GetReference(visitors);
        for (var i = 0; i < groups.Length; i++)
        {
            Count(ref Unsafe.Add(ref cells, groups[i]), Unsafe.Add(ref weight, i), Unsafe.Add(ref visitor, i));
        }
    }

    /// <summary>Counts several clicks for each entry in each of two tallies, for the same reason.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add((Tally Tally, int[] Groups) first, (Tally Tally, int[] Groups) second, ReadOnlySpan<int> clicks, ReadOnlySpan<uint> visitors)
    {
        ref var firstCells = ref MemoryMarshal.GetArrayDataReference(first.Tally._cells);
        ref var secondCells = ref MemoryMarshal.GetArrayDataReference(second.Tally._cells);
        ref var firstGroup = ref MemoryMarshal.GetArrayDataReference(first.Groups);
        ref var secondGroup = ref MemoryMarshal.GetArrayDataReference(second.Groups);
        ref var weight = ref MemoryMarshal.GetReference(clicks);
        for (var i = 0; i < visitors.Length; i++)
        {
            var visitor = visitors[i];
            var count = Unsafe.Add(ref weight, i);
            Count(ref Unsafe.Add(ref firstCells, Unsafe.Add(ref firstGroup, i)), count, visitor);
            Count(ref Unsafe.Add(ref secondCells, Unsafe.Add(ref secondGroup, i)), count, visitor);
        }
    }

    /// <summary>How many groups anything was counted in.</summary>
    public int Used => _cells.Count(cell => cell.Counts != 0);

    /// <summary>What was counted in a group.</summary>
    public (long Clicks, long Uniques) this[int group] => ((uint)_cells[group].Counts, (long)(_cells[group].Counts >> UniquesShift));

    /// <summary>Makes room for further groups.</summary>
    public void Grow(int groups)
    {
        if (groups > _cells.Length)
        {
            var larger = Rent(Math.Max(groups, _cells.Length * 2));
            _cells.CopyTo(larger.AsSpan());
            Return();
            _cells = larger;
        }
    }

    /// <summary>Gives the memory back; nothing may be asked or counted after that.</summary>
    public void Return()
    {
        ArrayPool<Cell>.Shared.Return(_cells);
        _cells = [];
    }

    private static Cell[] Rent(int groups)
    {
        var cells = ArrayPool<Cell>.Shared.Rent(groups);
        Array.Clear(cells);
        return cells;
    }

    // Without a branch: whether a visitor is new to a group cannot be predicted, and a wrong prediction costs more than counting.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ref Cell cell, int clicks, uint visitor)
    {
        cell.Counts += (uint)clicks + ((cell.LastVisitor != visitor ? 1UL : 0) << UniquesShift);
        cell.LastVisitor = visitor;
    }

    /// <summary>Everything about a group in one place of memory, and packed, because large tallies do not fit the nearest cache.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Cell
    {
        // Clicks in the lower half, unique visitors in the upper: one addition for both.
        public ulong Counts;
        public uint LastVisitor;
    }
}
