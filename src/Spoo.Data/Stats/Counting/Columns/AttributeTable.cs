namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Combinations of codes, numbered: one row per combination that occurs, one column per attribute. Rows are only ever
/// added, so a reader may look one up while a writer adds others.
/// </summary>
public sealed class AttributeTable
{
    private readonly Lock _adding = new();

    // Column by column, grown by copying. All columns have the same length.
    private int[][] _columns;
    private int _count;

    // Open addressing: 0 is free, otherwise the row's number plus one. At most half full.
    private int[] _rowByHash = new int[32];

    public AttributeTable(int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        _columns = new int[width][];
        for (var column = 0; column < width; column++)
        {
            _columns[column] = new int[16];
        }
    }

    /// <summary>How many attributes a row has.</summary>
    public int Width => _columns.Length;

    /// <summary>How many different rows there are.</summary>
    public int Count => Volatile.Read(ref _count);

    public int this[int row, int column] => Column(column).Span[row];

    /// <summary>The number of the row with these codes, which is a new one if the combination is.</summary>
    public int Add(params ReadOnlySpan<int> codes)
    {
        if (codes.Length != Width)
        {
            throw new ArgumentException($"A row of this table has {Width} codes, not {codes.Length}.", nameof(codes));
        }

        lock (_adding)
        {
            var row = _count;
            MakeRoomFor(row); // first, because it may move every row to another slot
            var slot = SlotOf(codes);
            if (_rowByHash[slot] != 0)
            {
                return _rowByHash[slot] - 1;
            }

            for (var column = 0; column < codes.Length; column++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(codes[column], nameof(codes));
                _columns[column][row] = codes[column];
            }

            _rowByHash[slot] = row + 1;
            Volatile.Write(ref _count, row + 1);
            return row;
        }
    }

    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="codes">How many codes each column has; all in it must be smaller.</param>
    internal static AttributeTable Read(IndexReader reader, params ReadOnlySpan<int> codes)
    {
        var width = reader.ReadInt32();
        IndexReader.Require(width == codes.Length, "the sources have other attributes");
        var rows = reader.ReadCount(width * sizeof(int));
        var columns = new int[width][];
        for (var column = 0; column < width; column++)
        {
            columns[column] = reader.Read<int>(rows);
            foreach (var code in columns[column])
            {
                IndexReader.Require((uint)code < (uint)codes[column], "a source has a value that there is no text for");
            }
        }

        var table = new AttributeTable(width);
        var rowCodes = new int[width];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                rowCodes[column] = columns[column][row];
            }

            IndexReader.Require(table.Add(rowCodes) == row, "a source occurs twice");
        }

        reader.EndSection();
        return table;
    }

    internal void Write(IndexWriter writer)
    {
        var count = Count;
        writer.Write(Width);
        writer.Write(count);
        for (var column = 0; column < Width; column++)
        {
            writer.Write(Column(column).Span[..count]);
        }

        writer.EndSection();
    }

    /// <summary>One attribute's codes by row number, for the rows there are now.</summary>
    internal ReadOnlyMemory<int> Column(int column)
    {
        var count = Count; // before the array: it may be replaced by a longer one, never by a shorter
        return Volatile.Read(ref _columns)[column].AsMemory(0, count);
    }

    private void MakeRoomFor(int row)
    {
        if (Width > 0 && row == _columns[0].Length)
        {
            Volatile.Write(ref _columns, Array.ConvertAll(_columns, column =>
            {
                Array.Resize(ref column, column.Length * 2);
                return column;
            }));
        }

        if (row * 2 >= _rowByHash.Length)
        {
            _rowByHash = new int[_rowByHash.Length * 2];
            var codes = new int[Width];
            for (var known = 0; known < row; known++)
            {
                for (var column = 0; column < codes.Length; column++)
                {
                    codes[column] = _columns[column][known];
                }

                _rowByHash[SlotOf(codes)] = known + 1;
            }
        }
    }

    private int SlotOf(ReadOnlySpan<int> codes)
    {
        var hash = 0UL;
        foreach (var code in codes)
        {
            hash = (hash ^ (uint)code) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        var slot = (int)hash & (_rowByHash.Length - 1);
        while (_rowByHash[slot] != 0 && !Holds(_rowByHash[slot] - 1, codes))
        {
            slot = (slot + 1) & (_rowByHash.Length - 1);
        }

        return slot;
    }

    private bool Holds(int row, ReadOnlySpan<int> codes)
    {
        for (var column = 0; column < codes.Length; column++)
        {
            if (_columns[column][row] != codes[column])
            {
                return false;
            }
        }

        return true;
    }
}
