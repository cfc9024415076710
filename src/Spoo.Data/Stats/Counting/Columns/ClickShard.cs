namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// The clicks of a range of visitors, as a run that is in memory, or in a file and read anew for each use. What a scan wants to know before it
/// looks at the clicks is known without reading them.
/// </summary>
internal sealed class ClickShard
{
    private readonly ClickRun? _run;
    private readonly int _links;
    private readonly int _sources;
    private readonly int[] _profileCodes;
    private readonly long _firstVisitor;
    private readonly int _visitors;

    // One bit a link, of shards in a file only: whether it has a click here. Empty where that would be more bits than clicks.
    private readonly ulong[] _linksHere = [];

    // The same bytes may come to lie in another file, when the index is saved.
    private volatile ShardPlace? _place;

    /// <summary>A shard in memory.</summary>
    public ClickShard(ClickRun run)
        : this(run, place: null)
    {
    }

    /// <param name="run">Its clicks; not kept if they are at a place.</param>
    /// <param name="place">Where they have been written. Null: they stay in memory.</param>
    public ClickShard(ClickRun run, ShardPlace? place)
    {
        Count = run.Count;
        TimesFirst = run.Table.Times.First;
        TimesLast = run.Table.Times.Last;
        _links = run.Table.Links.Max + 1;
        _sources = run.Table.Sources.Max + 1;
        _profileCodes = Array.ConvertAll(run.Table.Profiles, column => column.Max + 1);
        _visitors = run.Visitors.Length;
        (_firstVisitor, LastVisitor) = _visitors == 0 ? (0, 0) : (run.Visitors[0], run.Visitors[^1]);
        _place = place;
        if (place is null)
        {
            _run = run;
        }
        else
        {
            _linksHere = _links <= Count ? LinksIn(run) : [];
        }
    }

    public int Count { get; }

    /// <summary>The earliest time of a click, in Unix milliseconds.</summary>
    public long TimesFirst { get; }

    /// <summary>The latest time of a click, in Unix milliseconds.</summary>
    public long TimesLast { get; }

    public long FirstVisitor => _firstVisitor;

    public long LastVisitor { get; }

    /// <summary>How many codes of links there are at most: all are smaller.</summary>
    public int Links => _links;

    /// <summary>How many codes each of the visitor's attributes has at most.</summary>
    public IReadOnlyList<int> ProfileCodes => _profileCodes;

    public bool IsInMemory => _run is not null;

    /// <summary>Whether some clicks are of no known visitor. They come first.</summary>
    public bool HasNoVisitor => _visitors > 0 && _firstVisitor == ClickRun.NoVisitor;

    /// <summary>Memory that it takes.</summary>
    public long Bytes => _run?.Bytes ?? (_linksHere.LongLength * sizeof(ulong));

    /// <summary>Memory that a run takes at most: with its postings, which are made when a question first wants them.</summary>
    public static long BytesOf(ClickRun run) => run.Bytes + LinkPostings.BytesOf(run.Table.Links, run.Count);

    /// <summary>Its clicks. Those of a shard in a file are read, and should be let go soon.</summary>
    /// <param name="room">What they are read into, if they are; they are there until it is emptied. Null: into memory of their own.</param>
    /// <exception cref="ColumnsLostException">The file is damaged or cannot be read.</exception>
    public ClickRun Run(RunRoom? room = null)
    {
        if (_run is not null)
        {
            return _run;
        }

        try
        {
            var place = _place!;
            using var bytes = place.File.Open(place.Span);
            return ClickRun.Read(new IndexReader(bytes, place.Span.Section, room), _links, _sources, _profileCodes);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ColumnsLostException(exception);
        }
    }

    /// <summary>Whether a visitor has clicks here. Of a shard in a file only a few numbers are read for it.</summary>
    /// <exception cref="ColumnsLostException">The file cannot be read.</exception>
    public bool Has(long visitor)
    {
        if (_run is not null)
        {
            return _run.Find(visitor) >= 0;
        }

        if (visitor < _firstVisitor || visitor > LastVisitor)
        {
            return false;
        }

        try
        {
            var place = _place!;
            var (first, end) = (0, _visitors);
            while (first < end)
            {
                var middle = (first + end) / 2;
                var found = place.File.ReadInt64(place.Span.Offset + ClickRun.BytesBeforeVisitors + ((long)middle * sizeof(long)));
                if (found == visitor)
                {
                    return true;
                }

                (first, end) = found < visitor ? (middle + 1, end) : (first, middle);
            }

            return false;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ColumnsLostException(exception);
        }
    }

    /// <summary>Whether any of these links may have a click here, as far as that is known without reading.</summary>
    public bool MayHave(IEnumerable<int> links) =>
        _linksHere.Length == 0 || links.Any(link => link < _links && (_linksHere[link >> 6] >> (link & 63) & 1) != 0);

    /// <summary>Says where else the same bytes are. Changes nothing for a shard in memory.</summary>
    public void Move(ShardPlace place)
    {
        if (!IsInMemory)
        {
            _place = place;
        }
    }

    private static ulong[] LinksIn(ClickRun run)
    {
        var here = new ulong[(run.Table.Links.Max / 64) + 1];
        Span<int> links = stackalloc int[256];
        for (var click = 0; click < run.Count; click += links.Length)
        {
            var some = links[..Math.Min(links.Length, run.Count - click)];
            run.Table.Links.Read(click, some);
            foreach (var link in some)
            {
                here[link >> 6] |= 1UL << (link & 63);
            }
        }

        return here;
    }
}

/// <summary>Columns are no longer to be had, because the file that has them is damaged or cannot be read. They can be made from the rows.</summary>
internal sealed class ColumnsLostException(Exception inner) : Exception("Clicks in an index file could not be read: " + inner.Message, inner);
