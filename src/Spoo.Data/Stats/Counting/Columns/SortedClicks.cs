using System.Runtime.CompilerServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks in the order of a run, of which runs are taken.</summary>
internal sealed class SortedClicks
{
    // Up to so many clicks of a visitor are sorted by putting one after the other into its place; nearly all visitors have fewer.
    private const int MostInserted = 16;

    private readonly ClickTable _table;
    private readonly long[] _visitors;
    private readonly int[] _clicks;
    private readonly int[] _profiles;

    /// <param name="table">The clicks in any order.</param>
    /// <param name="visitors">Whose they are.</param>
    /// <param name="profiles">The rows of their profiles.</param>
    public SortedClicks(ClickTable table, ReadOnlySpan<long> visitors, ReadOnlySpan<int> profiles)
    {
        _table = table;
        _visitors = visitors.ToArray();
        _profiles = profiles.ToArray();
        _clicks = GC.AllocateUninitializedArray<int>(visitors.Length);
        for (var click = 0; click < _clicks.Length; click++)
        {
            _clicks[click] = click;
        }

        VisitorSort.Sort(_visitors, _clicks);
        SortWithinVisitors();
    }

    public int Count => _clicks.Length;

    /// <summary>Place of the first click of this visitor or one after them.</summary>
    public int PlaceOf(long visitor)
    {
        var (first, end) = (0, _visitors.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _visitors[middle] < visitor ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    /// <summary>The clicks from one place to before another; both are places of visitors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ClickRun Take(int start, int end)
    {
        var order = new RunOrder(end - start);
        for (var place = start; place < end; place++)
        {
            var click = _clicks[place];
            var isFirst = place == start || _visitors[place] != _visitors[place - 1];
            if (isFirst)
            {
                order.StartVisitor(_visitors[place]);
            }

            if (isFirst || CompareProfiles(click, _clicks[place - 1]) != 0)
            {
                order.StartProfile(_profiles[click]);
            }

            order.Add(click, 1);
        }

        return order.Take(_table);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortWithinVisitors()
    {
        for (int start = 0, end; start < _visitors.Length; start = end)
        {
            for (end = start + 1; end < _visitors.Length && _visitors[end] == _visitors[start]; end++)
            {
            }

            if (end > start + 1)
            {
                SortOfOne(_clicks.AsSpan(start..end));
            }
        }
    }

    private void SortOfOne(Span<int> clicks)
    {
        if (clicks.Length > MostInserted)
        {
            clicks.Sort(Compare);
            return;
        }

        for (var next = 1; next < clicks.Length; next++)
        {
            var click = clicks[next];
            var place = next;
            for (; place > 0 && Compare(clicks[place - 1], click) > 0; place--)
            {
                clicks[place] = clicks[place - 1];
            }

            clicks[place] = click;
        }
    }

    private int Compare(int one, int other) =>
        CompareProfiles(one, other) is var byProfile and not 0 ? byProfile : _table.Times[one].CompareTo(_table.Times[other]);

    private int CompareProfiles(int one, int other) =>
        _profiles[one] == _profiles[other] ? 0 : ClickRun.CompareProfiles(_table, _profiles[one], _table, _profiles[other]);
}
