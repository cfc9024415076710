namespace Spoo.Data.Stats.Counting;

/// <summary>
/// Numbers the cells of a cross-tab in the order they turn up, for when there would be far more cells than have clicks.
/// Number 0 stands for clicks that are in no cell.
/// </summary>
/// <param name="most">How many cells may be numbered; what turns up after that is given number 0.</param>
internal sealed class CellNumbers(int most)
{
    // Open addressing, at most half full. Cells by number, and the number by slot, 0 where the slot is free.
    private (int First, int Second)[] _cells = new (int, int)[64];
    private int[] _numberBySlot = new int[128];

    /// <summary>How many numbers there are, 0 included.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Whether there were more cells than may be numbered.</summary>
    public bool Overflowed { get; private set; }

    public (int First, int Second) this[int number] => _cells[number];

    /// <param name="first">Codes of the first attribute.</param>
    /// <param name="second">Codes of the second attribute.</param>
    /// <param name="noFirst">The first code that stands for none.</param>
    /// <param name="noSecond">The second code that stands for none.</param>
    /// <param name="into">Gets the cells' numbers; may be one of the two.</param>
    public void Number(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int noFirst, int noSecond, Span<int> into)
    {
        for (var i = 0; i < first.Length; i++)
        {
            into[i] = first[i] == noFirst || second[i] == noSecond ? 0 : NumberOf(first[i], second[i]);
        }
    }

    private int NumberOf(int first, int second)
    {
        var slot = SlotOf(first, second);
        if (_numberBySlot[slot] == 0)
        {
            if (Count > most)
            {
                Overflowed = true;
                return 0;
            }

            if (Count == _cells.Length)
            {
                Grow();
                slot = SlotOf(first, second);
            }

            _cells[Count] = (first, second);
            _numberBySlot[slot] = Count++;
        }

        return _numberBySlot[slot];
    }

    private int SlotOf(int first, int second)
    {
        var hash = (((ulong)(uint)first << 32) | (uint)second) * 0x9E3779B97F4A7C15;
        var mask = _numberBySlot.Length - 1;
        var slot = (int)(hash >> 32) & mask;
        while (_numberBySlot[slot] is var number and not 0 && _cells[number] != (first, second))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _cells, _cells.Length * 2);
        _numberBySlot = new int[_cells.Length * 2];
        for (var number = 1; number < Count; number++)
        {
            _numberBySlot[SlotOf(_cells[number].First, _cells[number].Second)] = number;
        }
    }
}
