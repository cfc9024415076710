using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>What one worker counted in a cross-tab, and how often its clicks and its visitors are to be added.</summary>
internal readonly record struct CountedCells(CrossTabCount Count, int Clicks, int Visitors);

/// <summary>
/// One worker's count of one cross-tab. While the table of all cells is small it is simply counted into; a larger one would
/// mostly be empty, so its cells are numbered as they turn up.
/// </summary>
internal sealed class CrossTabCount
{
    // Four megabytes of cells, which is about what stays in a cache near one core.
    private const long MostCellsAtOnce = 1 << 18;

    private readonly CodeList _first;
    private readonly CodeList _second;
    private readonly int _firstCodes;
    private readonly int _secondCodes;
    private readonly Tally _tally;
    private readonly int[] _cells = new int[ScanChunk.Size];

    // Set if cells are numbered as they turn up; otherwise a cell's number is the sum of its codes times these.
    private readonly CellNumbers? _numbers;
    private readonly int _firstStride;
    private readonly int _secondStride;

    public CrossTabCount(ScanPlan plan, CodeList first, CodeList second)
    {
        (_first, _second) = (first, second);
        (_firstCodes, _secondCodes) = (plan.CodesOf(first.Attribute), plan.CodesOf(second.Attribute));
        var (firstSize, secondSize) = (plan.SizeOf(first.Attribute), plan.SizeOf(second.Attribute));
        if ((long)firstSize * secondSize > MostCellsAtOnce)
        {
            _numbers = new CellNumbers(plan.Question.MostCells);
            _tally = new Tally(64);
            return;
        }

        // Clicks of one profile follow each other, so cells that share a profile's code should lie together.
        (_firstStride, _secondStride) = second.Attribute.Level == AttributeLevel.Profile ? (1, firstSize) : (secondSize, 1);
        _tally = new Tally(firstSize * secondSize);
    }

    /// <summary>All workers' counts together; null if there are more cells than the question allows.</summary>
    public static IReadOnlyList<CrossCell>? Sum(IReadOnlyList<CountedCells> counts, int mostCells)
    {
        if (counts.Count == 0)
        {
            return [];
        }

        if (counts.Any(entry => entry.Count._numbers is { Overflowed: true }))
        {
            return null;
        }

        var cells = counts[0].Count._numbers is null ? SumOfTables(counts) : SumOfNumbered(counts);
        return cells.Count > mostCells ? null : cells;
    }

    public void Add(ScanChunk block)
    {
        var cells = _cells.AsSpan(0, _first.Codes(block).Length);
        if (_numbers is null)
        {
            Number(_first.Codes(block), _second.Codes(block), cells);
        }
        else
        {
            _numbers.Number(_first.Codes(block), _second.Codes(block), _firstCodes, _secondCodes, cells);
            _tally.Grow(_numbers.Count);
        }

        if (_first.PerProfile)
        {
            _tally.Add(cells, block.ProfileClicks, block.ProfileVisitors);
        }
        else
        {
            _tally.Add(cells, block.Visitors);
        }
    }

    public void Return() => _tally.Return();

    private static List<CrossCell> SumOfTables(IReadOnlyList<CountedCells> counts)
    {
        var layout = counts[0].Count;
        var sums = new List<CrossCell>(counts.Max(count => count.Count._tally.Used));
        for (var first = 0; first < layout._firstCodes; first++)
        {
            for (var second = 0; second < layout._secondCodes; second++)
            {
                var (clicks, uniques) = (0L, 0L);
                foreach (var (count, clicksTimes, visitorsTimes) in counts)
                {
                    var counted = count._tally[(first * layout._firstStride) + (second * layout._secondStride)];
                    clicks += clicksTimes * counted.Clicks;
                    uniques += visitorsTimes * counted.Uniques;
                }

                if (clicks > 0)
                {
                    sums.Add(new CrossCell(first, second, clicks, uniques));
                }
            }
        }

        return sums;
    }

    private static List<CrossCell> SumOfNumbered(IReadOnlyList<CountedCells> counts)
    {
        var cells = new List<CrossCell>(counts.Sum(entry => entry.Count._numbers!.Count));
        foreach (var (count, clicksTimes, visitorsTimes) in counts)
        {
            for (var number = 1; number < count._numbers!.Count; number++)
            {
                var (first, second) = count._numbers[number];
                var (clicks, uniques) = count._tally[number];
                cells.Add(new CrossCell(first, second, clicksTimes * clicks, visitorsTimes * uniques));
            }
        }

        cells.Sort((one, other) => (one.First, one.Second).CompareTo((other.First, other.Second)));
        var sums = new List<CrossCell>(cells.Count);
        foreach (var cell in cells)
        {
            if (sums.Count > 0 && sums[^1] is var last && (last.First, last.Second) == (cell.First, cell.Second))
            {
                sums[^1] = last with { Clicks = last.Clicks + cell.Clicks, UniqueVisitors = last.UniqueVisitors + cell.UniqueVisitors };
            }
            else
            {
                sums.Add(cell);
            }
        }

        sums.RemoveAll(cell => cell.Clicks == 0);
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Number(ReadOnlySpan<int> first, ReadOnlySpan<int> second, Span<int> cells)
    {
        var firstVectors = MemoryMarshal.Cast<int, Vector<int>>(first);
        var secondVectors = MemoryMarshal.Cast<int, Vector<int>>(second);
        var cellVectors = MemoryMarshal.Cast<int, Vector<int>>(cells);
        for (var i = 0; i < cellVectors.Length; i++)
        {
            cellVectors[i] = (firstVectors[i] * _firstStride) + (secondVectors[i] * _secondStride);
        }

        for (var i = cellVectors.Length * Vector<int>.Count; i < cells.Length; i++)
        {
            cells[i] = (first[i] * _firstStride) + (second[i] * _secondStride);
        }
    }
}
