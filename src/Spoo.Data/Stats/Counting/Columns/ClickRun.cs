namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Clicks as parallel columns, sorted by visitor, then by profile, then by time. Never changes.
/// <code>
/// visitors         17a0…                     │ 2b91…       │ …      one hash per visitor
/// visitor starts   1    0    0    0    0     │ 1    0      │ …      one bit per click
/// profile starts   1    0    0  │ 1    0     │ 1    0      │ …      one bit per click
/// profiles         Firefox, DE  │ Chrome, DE │ Safari, FR  │ …      codes, one row per profile
/// clicks           t    t    t    t    t       t    t        …      time, link, source, redirect: one row per click
/// </code>
/// While this is read from front to back, a visitor is new to a group exactly when the last one seen in it is another.
/// That makes exact unique visitors a matter of one comparison, and what belongs to the visitor is read once per profile.
/// </summary>
internal sealed class ClickRun
{
    /// <summary>
    /// In place of a visitor's hash, where it is not known whose clicks these are. It is the smallest number there is, so they come first; they count as
    /// clicks and as no visitor.
    /// </summary>
    public const long NoVisitor = long.MinValue;

    /// <summary>Where the visitors' hashes begin in what <see cref="Write"/> writes.</summary>
    public const int BytesBeforeVisitors = 3 * sizeof(int);

    private readonly ReadOnlyMemory<long> _visitors;
    private readonly long _bytesOfColumns;
    private readonly Lazy<LinkPostings> _postings;
    private readonly Lazy<ClickRun> _ofNoVisitor;

    /// <param name="table">The clicks in order, with one profile row per profile start.</param>
    /// <param name="visitors">The visitors' hashes, ascending, one per visitor start.</param>
    /// <param name="visitorStarts">Where a visitor's clicks begin.</param>
    /// <param name="profileStarts">Where a profile's clicks begin; at every visitor start, and wherever an attribute changes.</param>
    public ClickRun(ClickTable table, ReadOnlyMemory<long> visitors, BoundaryBits visitorStarts, BoundaryBits profileStarts)
    {
        Table = table;
        _visitors = visitors;
        VisitorStarts = visitorStarts;
        ProfileStarts = profileStarts;
        _bytesOfColumns = table.Bytes + ((long)visitors.Length * sizeof(long)) + visitorStarts.Bytes + profileStarts.Bytes;
        _postings = new Lazy<LinkPostings>(() => new LinkPostings(table.Links, table.Count));
        _ofNoVisitor = new Lazy<ClickRun>(() => Slice(0..1));
        Span<int> redirects = stackalloc int[256];
        for (var click = 0; click < table.Count; click += redirects.Length)
        {
            var some = redirects[..Math.Min(redirects.Length, table.Count - click)];
            table.Redirects.Read(click, some);
            foreach (var redirect in some)
            {
                RedirectTotal += Math.Max(0, redirect - 1);
                RedirectCount += Math.Min(1, redirect);
            }
        }
    }

    public ClickTable Table { get; }

    public int Count => Table.Count;

    public ReadOnlySpan<long> Visitors => _visitors.Span;

    public BoundaryBits VisitorStarts { get; }

    public BoundaryBits ProfileStarts { get; }

    /// <summary>Milliseconds that all redirects took together, where known.</summary>
    public long RedirectTotal { get; }

    /// <summary>Clicks whose redirect time is known.</summary>
    public long RedirectCount { get; }

    /// <summary>Where each link's clicks lie; made when a question first wants to know.</summary>
    public LinkPostings Postings => _postings.Value;

    /// <summary>The clicks of no known visitor, which a scan counts once more to take them out of the unique visitors. Null: there are none.</summary>
    public ClickRun? OfNoVisitor => _visitors.Length > 0 && Visitors[0] == NoVisitor ? _ofNoVisitor.Value : null;

    public long Bytes => _bytesOfColumns
        + (_postings.IsValueCreated ? _postings.Value.Bytes : 0)
        + (_ofNoVisitor.IsValueCreated && _ofNoVisitor.Value != this ? _ofNoVisitor.Value.Bytes : 0);

    public static ClickRun Empty(int profileWidth) =>
        new RunOrder(0).Take(new ClickTable
        {
            Count = 0,
            ProfileCount = 0,
            Times = new TimeColumn([]),
            Links = NarrowColumn.Of([]),
            Sources = NarrowColumn.Of([]),
            Redirects = NarrowColumn.Of([]),
            Profiles = [.. Enumerable.Repeat(NarrowColumn.Of([]), profileWidth)],
        });

    /// <param name="reader">Stands where <see cref="Write"/> began.</param>
    /// <param name="links">How many links have a number.</param>
    /// <param name="sources">How many sources there are.</param>
    /// <param name="profileCodes">How many codes each of the visitor's attributes has.</param>
    public static ClickRun Read(IndexReader reader, int links, int sources, IReadOnlyList<int> profileCodes)
    {
        var clicks = reader.ReadCount(sizeof(uint));
        var profileCount = reader.ReadInt32();
        var visitorCount = reader.ReadInt32();
        var visitors = reader.Read<long>(visitorCount).AsMemory(0, Math.Max(0, visitorCount));
        var visitorStarts = BoundaryBits.Read(reader, clicks, visitors.Length);
        var profileStarts = BoundaryBits.Read(reader, clicks, profileCount);
        var table = new ClickTable
        {
            Count = clicks,
            ProfileCount = profileCount,
            Times = TimeColumn.Read(reader, clicks),
            Links = NarrowColumn.Read(reader, clicks, links),
            Sources = NarrowColumn.Read(reader, clicks, sources),
            Redirects = NarrowColumn.Read(reader, clicks, int.MaxValue),
            Profiles = [.. profileCodes.Select(codes => NarrowColumn.Read(reader, profileCount, codes))],
        };
        reader.EndSection();
        var ordered = visitors.Span;
        for (var visitor = 1; visitor < ordered.Length; visitor++)
        {
            IndexReader.Require(ordered[visitor - 1] < ordered[visitor], "the visitors are not in order");
        }

        for (var word = 0; word < visitorStarts.Words.Length; word++)
        {
            IndexReader.Require((visitorStarts.Words[word] & ~profileStarts.Words[word]) == 0, "a visitor begins within a profile");
        }

        return new ClickRun(table, visitors, visitorStarts, profileStarts);
    }

    public void Write(IndexWriter writer)
    {
        writer.Write(Count);
        writer.Write(Table.ProfileCount);
        writer.Write(_visitors.Length);
        writer.Write(Visitors);
        VisitorStarts.Write(writer);
        ProfileStarts.Write(writer);
        Table.Times.Write(writer);
        foreach (var column in (NarrowColumn[])[Table.Links, Table.Sources, Table.Redirects])
        {
            column.Write(writer, Count);
        }

        foreach (var column in Table.Profiles)
        {
            column.Write(writer, Table.ProfileCount);
        }

        writer.EndSection();
    }

    /// <summary>The clicks of both.</summary>
    public static ClickRun Merge(ClickRun one, ClickRun other) => RunMerge.Of([one, other]);

    /// <summary>The clicks of runs that follow each other in the order of visitors and share none.</summary>
    public static ClickRun Concatenate(IReadOnlyList<ClickRun> runs)
    {
        var order = new RunOrder(runs.Sum(run => run.Count));
        var (clicks, profiles) = (0, 0);
        foreach (var run in runs)
        {
            for (var reader = run.Read(0, clicks, profiles); !reader.AtEnd;)
            {
                reader.AddVisitorTo(order);
            }

            clicks += run.Count;
            profiles += run.ProfileStarts.Count;
        }

        return order.Take([.. runs.Select(run => run.Table)]);
    }

    /// <summary>The clicks of a range of visitors.</summary>
    public ClickRun Slice(Range visitors) => visitors.Equals(0.._visitors.Length) ? this : Take(visitors);

    /// <summary>The clicks of all visitors outside a range.</summary>
    public ClickRun Without(Range visitors) =>
        visitors.Start.Equals(visitors.End) ? this : Take(0..visitors.Start, visitors.End.._visitors.Length);

    /// <summary>The clicks of some visitors, given by ascending number. Costs nothing for the others.</summary>
    public ClickRun Take(IEnumerable<int> visitorNumbers)
    {
        var order = new RunOrder(64);
        foreach (var number in visitorNumbers)
        {
            var (click, end) = (VisitorStarts.ClickOf(number), VisitorStarts.ClickOf(number + 1));
            order.StartVisitor(Visitors[number]);
            for (var profile = ProfileStarts.CountBefore(click); click < end; profile++)
            {
                var next = ProfileStarts.ClickOf(profile + 1);
                order.StartProfile(profile);
                order.Add(click, next - click);
                click = next;
            }
        }

        return order.Take(Table);
    }

    /// <summary>This run's clicks but for those of the other's visitors, and the other's. Those of no visitor are not replaced, but added.</summary>
    public ClickRun ReplaceVisitors(ClickRun other)
    {
        var order = new RunOrder(Count + other.Count);
        var left = Read();
        var right = other.Read(1, Count, ProfileStarts.Count);
        while (!left.AtEnd || !right.AtEnd)
        {
            var comparison = RunReader.Compare(left, right);
            if (comparison < 0)
            {
                left.AddVisitorTo(order);
                continue;
            }

            if (comparison == 0 && left.Visitor == NoVisitor)
            {
                new RunMerge(order).AddShared([left, right]);
                continue;
            }

            right.AddVisitorTo(order);
            if (comparison == 0)
            {
                left.SkipVisitor();
            }
        }

        return order.Take(Table, other.Table);
    }

    /// <summary>The clicks through other links than these; this very run if that is all of them.</summary>
    public ClickRun WithoutLinks(IReadOnlySet<int> links)
    {
        var order = new RunOrder(Count);
        for (var reader = Read(); !reader.AtEnd;)
        {
            reader.AddVisitorTo(order, click => !links.Contains(Table.Links[click]));
        }

        return order.Count == Count ? this : order.Take(Table);
    }

    /// <summary>Visitor number of a hash; if it is not here, the complement of where it would be.</summary>
    public int Find(long visitor) => Visitors.BinarySearch(visitor);

    internal static int CompareProfiles(ClickTable oneTable, int one, ClickTable otherTable, int other)
    {
        for (var column = 0; column < oneTable.Profiles.Length; column++)
        {
            var difference = oneTable.Profiles[column][one].CompareTo(otherTable.Profiles[column][other]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return 0;
    }

    private ClickRun Take(params ReadOnlySpan<Range> visitors)
    {
        var order = new RunOrder(64);
        foreach (var range in visitors)
        {
            for (var reader = new RunReader(this, range); !reader.AtEnd;)
            {
                reader.AddVisitorTo(order);
            }
        }

        return order.Take(Table);
    }

    /// <summary>Goes through all visitors.</summary>
    /// <param name="number">Which of several readers it is.</param>
    /// <param name="clickOffset">What a new order adds to the run's click numbers.</param>
    /// <param name="profileOffset">What a new order adds to the run's profile numbers.</param>
    public RunReader Read(int number = 0, int clickOffset = 0, int profileOffset = 0) => new(this, 0.._visitors.Length, number, clickOffset, profileOffset);
}
