namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks of several batches, until there are enough of them to be put in order.</summary>
/// <param name="sources">The source table of the columns that the clicks are meant for; gets the batches' new sources.</param>
/// <param name="profileWidth">How many attributes a visitor has.</param>
internal sealed class WaitingClicks(AttributeTable sources, int profileWidth)
{
    private const int NotTranslated = -1;

    private readonly Column<int>[] _profileCodes = [.. Enumerable.Range(0, profileWidth).Select(_ => new Column<int>())];
    private readonly Column<long> _visitors = new();
    private readonly Column<long> _times = new();
    private readonly Column<int> _links = new();
    private readonly Column<int> _profiles = new();
    private readonly Column<int> _sources = new();
    private readonly Column<int> _redirects = new();
    private Translation _profileRows = new(null);
    private Translation _sourceRows = new(null);
    private int _profileCount;

    public int Count { get; private set; }

    public void Add(ClickArrays batch)
    {
        batch.Validate(profileWidth, sources.Width);
        batch.Visitors.Span.CopyTo(_visitors.More(Count, batch.Count));
        batch.Times.Span.CopyTo(_times.More(Count, batch.Count));
        batch.Links.Span.CopyTo(_links.More(Count, batch.Count));
        AddProfiles(batch);
        AddSources(batch);
        var redirects = _redirects.More(Count, batch.Count);
        for (var click = 0; click < redirects.Length; click++)
        {
            redirects[click] = checked(batch.RedirectMs.Span[click] + 1);
        }

        Count += batch.Count;
    }

    /// <summary>All of them in order. To be done once, and then they are there until they are forgotten.</summary>
    public SortedClicks Sort() => new(
        new ClickTable
        {
            Count = Count,
            ProfileCount = _profileCount,
            Times = new TimeColumn(_times.First(Count).Span),
            Links = NarrowColumn.Of(_links.First(Count).Span),
            Sources = NarrowColumn.Of(_sources.First(Count).Span),
            Redirects = NarrowColumn.Of(_redirects.First(Count).Span),
            Profiles = Array.ConvertAll(_profileCodes, codes => NarrowColumn.Of(codes.First(_profileCount).Span)),
        },
        _visitors.First(Count),
        _profiles.First(Count));

    /// <summary>Forgets them, and keeps their room for the next.</summary>
    public void Clear() => (Count, _profileCount, _profileRows) = (0, 0, new Translation(null));

    private void AddProfiles(ClickArrays batch)
    {
        _profileRows = _profileRows.For(batch.ProfileTable);
        var known = _profileRows.Rows;
        var added = _profiles.More(Count, batch.Count);
        for (var click = 0; click < added.Length; click++)
        {
            ref var profile = ref known[batch.Profiles.Span[click]];
            if (profile == NotTranslated)
            {
                profile = _profileCount++;
                for (var column = 0; column < profileWidth; column++)
                {
                    _profileCodes[column].More(profile, 1)[0] = batch.ProfileTable[batch.Profiles.Span[click], column];
                }
            }

            added[click] = profile;
        }
    }

    private void AddSources(ClickArrays batch)
    {
        var added = _sources.More(Count, batch.Count);
        if (ReferenceEquals(batch.SourceTable, sources))
        {
            batch.Sources.Span.CopyTo(added);
            return;
        }

        _sourceRows = _sourceRows.For(batch.SourceTable);
        var (known, codes) = (_sourceRows.Rows, new int[sources.Width]);
        for (var click = 0; click < added.Length; click++)
        {
            ref var source = ref known[batch.Sources.Span[click]];
            if (source == NotTranslated)
            {
                for (var column = 0; column < codes.Length; column++)
                {
                    codes[column] = batch.SourceTable[batch.Sources.Span[click], column];
                }

                source = sources.Add(codes);
            }

            added[click] = source;
        }
    }

    /// <summary>Grows as it is filled.</summary>
    private sealed class Column<T>
    {
        private T[] _values = [];

        public Memory<T> First(int count) => _values.AsMemory(0, count);

        /// <summary>Room for so many more behind those that are there.</summary>
        public Span<T> More(int count, int more)
        {
            if (count + more > _values.Length)
            {
                Array.Resize(ref _values, Math.Max(count + more, _values.Length * 2));
            }

            return _values.AsSpan(count, more);
        }
    }

    /// <summary>Which of our rows stand for those of a batch's table; the next batch may bring the same.</summary>
    private sealed class Translation(AttributeTable? table)
    {
        private int[] _rows = [];

        public int[] Rows => _rows;

        public Translation For(AttributeTable wanted)
        {
            var translation = ReferenceEquals(wanted, table) ? this : new Translation(wanted);
            var known = translation._rows.Length;
            if (known < wanted.Count)
            {
                Array.Resize(ref translation._rows, wanted.Count);
                translation._rows.AsSpan(known).Fill(NotTranslated);
            }

            return translation;
        }
    }
}
