using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting;

/// <summary>Clicks and distinct visitors per group number. Visitors must be handed in one after the other.</summary>
internal sealed class Tally(int groups)
{
    private const int UniquesShift = 32;

    private Cell[] _cells = new Cell[groups];

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

    /// <summary>What was counted in a group.</summary>
    public (long Clicks, long Uniques) this[int group] => ((uint)_cells[group].Counts, (long)(_cells[group].Counts >> UniquesShift));

    /// <summary>Makes room for further groups.</summary>
    public void Grow(int groups)
    {
        if (groups > _cells.Length)
        {
            Array.Resize(ref _cells, Math.Max(groups, _cells.Length * 2));
        }
    }

    // Without a branch: whether a visitor is new to a group is anybody's guess, and guessing wrong costs more than counting.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ref Cell cell, int clicks, uint visitor)
    {
        cell.Counts += (uint)clicks + ((cell.LastVisitor != visitor ? 1UL : 0) << UniquesShift);
        cell.LastVisitor = visitor;
    }

    /// <summary>Everything about a group in one place of memory, because large tallies do not fit the nearest cache.</summary>
    private struct Cell
    {
        // Clicks in the lower half, unique visitors in the upper: one addition for both.
        public ulong Counts;
        public uint LastVisitor;
    }
}
