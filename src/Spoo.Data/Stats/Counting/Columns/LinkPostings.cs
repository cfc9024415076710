namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Where each link's clicks lie in a run, so that a question about few of many links costs by their clicks: the rows again, sorted by link. Two bytes
/// a click, because the run is taken in pieces that a row can be named in with two, and at most an eighth of a byte more for where the links begin.
/// </summary>
internal sealed class LinkPostings
{
    // The number of clicks before any link of a piece fits two bytes, too.
    private const int PieceSize = 1 << 15;

    // More places than this in a piece would take too much memory, so of more links only every second, fourth … has one.
    private const int MostPlaces = PieceSize / 16;

    private readonly NarrowColumn _links;
    private readonly ushort[] _rows;

    // For each piece, how many of its clicks are of links before each block of links; and behind the last block, all.
    private readonly ushort[] _starts;
    private readonly int _startsInPiece;
    private readonly int _linksInBlock;

    /// <param name="links">The link of each click.</param>
    /// <param name="count">How many clicks there are.</param>
    public LinkPostings(NarrowColumn links, int count)
    {
        _links = links;
        _rows = GC.AllocateUninitializedArray<ushort>(count);
        _linksInBlock = LinksInBlock(links.Max);
        _startsInPiece = (links.Max / _linksInBlock) + 2;
        _starts = GC.AllocateUninitializedArray<ushort>(Pieces * _startsInPiece);
        var codes = new int[Math.Min(count, PieceSize)];
        var next = new int[links.Max + 2];
        for (var piece = 0; piece < Pieces; piece++)
        {
            var start = piece * PieceSize;
            var inPiece = codes.AsSpan(0, Math.Min(PieceSize, count - start));
            links.Read(start, inPiece);
            Sort(inPiece, next, _rows.AsSpan(start, inPiece.Length), _starts.AsSpan(piece * _startsInPiece, _startsInPiece));
        }
    }

    public int Pieces => PiecesOf(_rows.Length);

    public long Bytes => (_rows.LongLength + _starts.LongLength) * sizeof(ushort);

    /// <summary>Memory that a run's postings take.</summary>
    /// <param name="links">The link of each click.</param>
    /// <param name="count">How many clicks there are.</param>
    public static long BytesOf(NarrowColumn links, int count) =>
        (count + ((long)PiecesOf(count) * ((links.Max / LinksInBlock(links.Max)) + 2))) * sizeof(ushort);

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

    /// <summary>The rows of these links' clicks in a piece, ascending, each counted from the piece's first.</summary>
    /// <param name="links">Their codes, each once.</param>
    /// <param name="piece">Which piece of the run.</param>
    /// <param name="into">Gets them in place of what it had.</param>
    /// <returns>The piece's first row.</returns>
    public int Read(ReadOnlySpan<int> links, int piece, List<ushort> into)
    {
        into.Clear();
        foreach (var link in links)
        {
            into.AddRange(RowsOf(link, piece));
        }

        if (links.Length > 1)
        {
            into.Sort();
        }

        return piece * PieceSize;
    }

    private static int PiecesOf(int count) => (count + PieceSize - 1) / PieceSize;

    private static int LinksInBlock(int largestLink)
    {
        var links = 1;
        while ((largestLink / links) + 2 > MostPlaces)
        {
            links *= 2;
        }

        return links;
    }

    // Counting sort, which keeps the rows of a link in their order.
    private void Sort(ReadOnlySpan<int> links, int[] next, Span<ushort> rows, Span<ushort> starts)
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

        for (var block = 0; block < starts.Length; block++)
        {
            starts[block] = (ushort)next[(int)Math.Min((long)block * _linksInBlock, next.Length - 1)];
        }

        for (var row = 0; row < links.Length; row++)
        {
            rows[next[links[row]]++] = (ushort)row;
        }
    }

    private ReadOnlySpan<ushort> RowsOf(int link, int piece)
    {
        if (link > _links.Max)
        {
            return [];
        }

        var block = (piece * _startsInPiece) + (link / _linksInBlock);
        var first = (piece * PieceSize) + _starts[block];
        var rows = _rows.AsSpan(first, _starts[block + 1] - _starts[block]);
        if (_linksInBlock == 1)
        {
            return rows;
        }

        rows = rows[Place(rows, piece * PieceSize, link)..];
        return rows[..Place(rows, piece * PieceSize, link + 1)];
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
