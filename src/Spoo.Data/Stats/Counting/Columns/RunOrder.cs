using System.Buffers;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// A run in the making: which clicks it takes from existing tables, in which order, and where visitors and profiles start.
/// Sorting, merging and leaving out are all a matter of making such an order; only then are the columns themselves copied.
/// </summary>
internal sealed class RunOrder(int capacity)
{
    // Rented and given back when the run has been made; what is never made is left to the collector.
    private long[] _visitors = ArrayPool<long>.Shared.Rent(64);
    private int[] _profiles = ArrayPool<int>.Shared.Rent(64);
    private int[] _clicks = ArrayPool<int>.Shared.Rent(capacity);
    private int _visitorCount;
    private int _profileCount;
    private ulong[] _visitorStarts = new ulong[BoundaryBits.WordsFor(capacity)];
    private ulong[] _profileStarts = new ulong[BoundaryBits.WordsFor(capacity)];

    public int Count { get; private set; }

    /// <summary>The clicks added from now on are this visitor's.</summary>
    public void StartVisitor(long visitor)
    {
        MakeRoomFor(1);
        _visitorStarts[Count >> 6] |= 1UL << (Count & 63);
        MakeRoomFor(ref _visitors, _visitorCount, 1);
        _visitors[_visitorCount++] = visitor;
    }

    /// <summary>The clicks added from now on have the attributes of this profile row.</summary>
    public void StartProfile(int profile)
    {
        MakeRoomFor(1);
        _profileStarts[Count >> 6] |= 1UL << (Count & 63);
        MakeRoomFor(ref _profiles, _profileCount, 1);
        _profiles[_profileCount++] = profile;
    }

    public void Add(int firstClick, int count)
    {
        MakeRoomFor(count);
        for (var click = firstClick; click < firstClick + count; click++)
        {
            _clicks[Count++] = click;
        }
    }

    /// <summary>The run, made from tables whose clicks and profiles are numbered through from the first table to the last. The order is of no use afterwards.</summary>
    public ClickRun Take(params ReadOnlySpan<ClickTable> tables)
    {
        var clicks = _clicks.AsSpan(0, Count);
        var table = new ClickTable
        {
            Count = Count,
            ProfileCount = _profileCount,
            Times = TakeTimes(tables, clicks),
            Links = TakeColumn(tables, table => table.Links, table => table.Count, clicks),
            Sources = TakeColumn(tables, table => table.Sources, table => table.Count, clicks),
            Redirects = TakeColumn(tables, table => table.Redirects, table => table.Count, clicks),
            Profiles = new NarrowColumn[tables[0].Profiles.Length],
        };
        var profiles = _profiles.AsSpan(0, _profileCount);
        for (var column = 0; column < table.Profiles.Length; column++)
        {
            var each = column;
            table.Profiles[column] = TakeColumn(tables, table => table.Profiles[each], table => table.ProfileCount, profiles);
        }

        var visitors = _visitors.AsSpan(0, _visitorCount).ToArray();
        ArrayPool<long>.Shared.Return(_visitors);
        ArrayPool<int>.Shared.Return(_profiles);
        ArrayPool<int>.Shared.Return(_clicks);
        (_visitors, _profiles, _clicks) = ([], [], []);
        var words = BoundaryBits.WordsFor(Count);
        return new ClickRun(
            table,
            visitors,
            new BoundaryBits(_visitorStarts.AsSpan(0, words).ToArray(), Count),
            new BoundaryBits(_profileStarts.AsSpan(0, words).ToArray(), Count));
    }

    private static NarrowColumn TakeColumn(
        ReadOnlySpan<ClickTable> tables, Func<ClickTable, NarrowColumn> columnOf, Func<ClickTable, int> rowsOf, ReadOnlySpan<int> rows)
    {
        using var taken = new Rented<int>(rows.Length);
        if (tables.Length == 1)
        {
            columnOf(tables[0]).Gather(rows, taken.Span);
            return NarrowColumn.Of(taken.Span);
        }

        var total = 0;
        foreach (var table in tables)
        {
            total += rowsOf(table);
        }

        using var all = new Rented<int>(total);
        var start = 0;
        foreach (var table in tables)
        {
            columnOf(table).Read(0, all.Span.Slice(start, rowsOf(table)));
            start += rowsOf(table);
        }

        Gather<int>(all.Span, rows, taken.Span);
        return NarrowColumn.Of(taken.Span);
    }

    private static TimeColumn TakeTimes(ReadOnlySpan<ClickTable> tables, ReadOnlySpan<int> clicks)
    {
        using var taken = new Rented<long>(clicks.Length);
        if (tables.Length == 1)
        {
            for (var click = 0; click < clicks.Length; click++)
            {
                taken.Span[click] = tables[0].Times[clicks[click]];
            }

            return new TimeColumn(taken.Span);
        }

        var total = 0;
        foreach (var table in tables)
        {
            total += table.Count;
        }

        using var all = new Rented<long>(total);
        var start = 0;
        foreach (var table in tables)
        {
            table.Times.Read(0, all.Span.Slice(start, table.Count));
            start += table.Count;
        }

        Gather<long>(all.Span, clicks, taken.Span);
        return new TimeColumn(taken.Span);
    }

    private static void Gather<T>(ReadOnlySpan<T> all, ReadOnlySpan<int> rows, Span<T> taken)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            taken[row] = all[rows[row]];
        }
    }

    /// <summary>Room that is needed for one column and then for the next. Taken anew each time, it would be most of what the collector of garbage has to do.</summary>
    private readonly ref struct Rented<T>(int count)
    {
        private readonly T[] _room = ArrayPool<T>.Shared.Rent(count);

        public Span<T> Span => _room.AsSpan(0, count);

        public void Dispose() => ArrayPool<T>.Shared.Return(_room);
    }

    private static void MakeRoomFor<T>(ref T[] room, int count, int more)
    {
        if (count + more > room.Length)
        {
            var larger = ArrayPool<T>.Shared.Rent(Math.Max(count + more, room.Length * 2));
            room.AsSpan(0, count).CopyTo(larger);
            ArrayPool<T>.Shared.Return(room);
            room = larger;
        }
    }

    private void MakeRoomFor(int clicks)
    {
        MakeRoomFor(ref _clicks, Count, clicks);
        if (BoundaryBits.WordsFor(Count + clicks) > _visitorStarts.Length)
        {
            var words = BoundaryBits.WordsFor(Math.Max(Count + clicks, _clicks.Length));
            Array.Resize(ref _visitorStarts, words);
            Array.Resize(ref _profileStarts, words);
        }
    }
}
