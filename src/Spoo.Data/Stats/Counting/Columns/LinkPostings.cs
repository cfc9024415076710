namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Where each link's clicks lie in a run, so that a question about few of many links costs by their clicks: the rows again, sorted by link. Two bytes
/// a click, because the run is taken in pieces that a row can be named in with two; where a link's rows begin in a piece is found by searching.
/// </summary>
internal sealed class LinkPostings
{
    private const int PieceSize = 1 << 16;

    private readonly NarrowColumn _links;
    private readonly ushort[] _rows;

    /// <param name="links">The link of each click.</param>
    /// <param name="count">How many clicks there are.</param>
    public LinkPostings(NarrowColumn links, int count)
    {
        _links = links;
        _rows = GC.AllocateUninitializedArray<ushort>(count);
        var codes = new int[Math.Min(count, PieceSize)];
        var next = new int[links.Max + 2];
        for (var piece = 0; piece < Pieces; piece++)
        {
            var start = piece * PieceSize;
            var inPiece = codes.AsSpan(0, Math.Min(PieceSize, count - start));
            links.Read(start, inPiece);
            Sort(inPiece, next, _rows.AsSpan(start, inPiece.Length));
        }
    }

    public int Pieces => (_rows.Length + PieceSize - 1) / PieceSize;

    public long Bytes => (long)_rows.Length * sizeof(ushort);

    /// <summary>How many clicks these links have.</summary>
    public int CountOf(ReadOnlySpan<int> links)
    {
        var count = 0;
        for (var piece = 0; piece < Pieces; piece++)
        {
            foreach (var link in links)
            {
                count += RowsOf(link, piece).Length;
            }
        }

        return count;
    }

    /// <summary>The rows of these links' clicks in a piece, ascending.</summary>
    /// <param name="links">Their codes, each once.</param>
    /// <param name="piece">Which piece of the run.</param>
    /// <param name="into">Gets them in place of what it had.</param>
    public void Read(ReadOnlySpan<int> links, int piece, List<int> into)
    {
        into.Clear();
        foreach (var link in links)
        {
            foreach (var row in RowsOf(link, piece))
            {
                into.Add((piece * PieceSize) + row);
            }
        }

        if (links.Length > 1)
        {
            into.Sort();
        }
    }

    // Counting sort, which keeps the rows of a link in their order.
    private static void Sort(ReadOnlySpan<int> links, int[] next, Span<ushort> rows)
    {
        Array.Clear(next);
        foreach (var link in links)
        {
            next[link + 1]++;
        }

        for (var link = 1; link < next.Length; link++)
        {
            next[link] += next[link - 1];
        }

        for (var row = 0; row < links.Length; row++)
        {
            rows[next[links[row]]++] = (ushort)row;
        }
    }

    private ReadOnlySpan<ushort> RowsOf(int link, int piece)
    {
        var start = piece * PieceSize;
        var rows = _rows.AsSpan(start, Math.Min(PieceSize, _rows.Length - start));
        var first = Place(rows, start, link);
        return rows[first..][..Place(rows[first..], start, link + 1)];
    }

    /// <summary>How many of these rows are of links with a smaller code.</summary>
    private int Place(ReadOnlySpan<ushort> rows, int start, int link)
    {
        var (first, end) = (0, rows.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _links[start + rows[middle]] < link ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
