namespace Spoo.Data.Stats.Counting;

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
    private readonly int _firstSize;
    private readonly int _secondSize;
    private readonly int _firstCodes;
    private readonly int _secondCodes;
    private readonly CellNumbers? _numbers;
    private readonly Tally _tally;
    private readonly int[] _cells = new int[Block.Size];

    public CrossTabCount(ScanPlan plan, CodeList first, CodeList second)
    {
        (_first, _second) = (first, second);
        (_firstSize, _secondSize) = (plan.SizeOf(first.Attribute), plan.SizeOf(second.Attribute));
        (_firstCodes, _secondCodes) = (plan.CodesOf(first.Attribute), plan.CodesOf(second.Attribute));
        var isSmall = (long)_firstSize * _secondSize <= MostCellsAtOnce;
        _numbers = isSmall ? null : new CellNumbers(plan.Question.MostCells);
        _tally = new Tally(isSmall ? _firstSize * _secondSize : 64);
    }

    /// <summary>All workers' counts together; null if there are more cells than the question allows.</summary>
    public static IReadOnlyList<CrossCell>? Sum(IReadOnlyList<(CrossTabCount Count, int Sign)> counts, int mostCells)
    {
        if (counts.Any(entry => entry.Count._numbers is { Overflowed: true }))
        {
            return null;
        }

        var cells = new Dictionary<(int First, int Second), (long Clicks, long Uniques)>();
        foreach (var (count, sign) in counts)
        {
            foreach (var cell in count.Cells())
            {
                var known = cells.GetValueOrDefault((cell.First, cell.Second));
                cells[(cell.First, cell.Second)] = (known.Clicks + (sign * cell.Clicks), known.Uniques + (sign * cell.UniqueVisitors));
            }
        }

        return cells.Count > mostCells
            ? null
            : [.. cells
                .Where(cell => cell.Value.Clicks > 0)
                .OrderBy(cell => cell.Key)
                .Select(cell => new CrossCell(cell.Key.First, cell.Key.Second, cell.Value.Clicks, cell.Value.Uniques))];
    }

    public void Add(Block block)
    {
        var cells = _cells.AsSpan(0, _first.Codes(block).Length);
        Number(_first.Codes(block), _second.Codes(block), cells);
        if (_first.PerProfile)
        {
            _tally.Add(cells, block.ProfileClicks, block.ProfileVisitors);
        }
        else
        {
            _tally.Add(cells, block.Visitors);
        }
    }

    private void Number(ReadOnlySpan<int> first, ReadOnlySpan<int> second, Span<int> cells)
    {
        if (_numbers is not null)
        {
            _numbers.Number(first, second, _firstCodes, _secondCodes, cells);
            _tally.Grow(_numbers.Count);
            return;
        }

        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = (first[i] * _secondSize) + second[i];
        }
    }

    private IEnumerable<CrossCell> Cells()
    {
        for (var number = 0; number < (_numbers?.Count ?? _tally.Groups); number++)
        {
            var (clicks, uniques) = _tally[number];
            var (first, second) = _numbers?[number] ?? (number / _secondSize, number % _secondSize);
            if (clicks > 0 && first < _firstCodes && second < _secondCodes && !(number == 0 && _numbers is not null))
            {
                yield return new CrossCell(first, second, clicks, uniques);
            }
        }
    }
}
