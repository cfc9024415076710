using System.Runtime.CompilerServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks in the order of a run, of which runs are taken.</summary>
internal sealed class SortedClicks
{
    // Up to so many clicks of a visitor are sorted by putting one after the other into its place; nearly all visitors have fewer.
    private const int MostInserted = 16;

    private readonly ClickTable _table;
    private readonly ReadOnlyMemory<long> _visitors;
    private readonly ReadOnlyMemory<int> _profiles;
    private readonly int[] _clicks;

    /// <param name="table">The clicks in any order.</param>
    /// <param name="visitors">Whose they are; these are put in order themselves.</param>
    /// <param name="profiles">The rows of their profiles.</param>
    public SortedClicks(ClickTable table, Memory<long> visitors, ReadOnlyMemory<int> profiles)
    {
        _table = table;
        _visitors = visitors;
        _profiles = profiles;
        _clicks = GC.AllocateUninitializedArray<int>(visitors.Length);
        for (var click = 0; click < _clicks.Length; click++)
        {
            _clicks[click] = click;
        }

        VisitorSort.Sort(visitors.Span, _clicks);
        SortWithinVisitors(visitors.Span);
    }

    public int Count => _clicks.Length;

    /// <summary>Place of the first click of this visitor or one after them.</summary>
    public int PlaceOf(long visitor)
    {
        var visitors = _visitors.Span;
        var (first, end) = (0, visitors.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = visitors[middle] < visitor ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    /// <summary>The clicks from one place to before another; both are places of visitors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ClickRun Take(int start, int end)
    {
        var order = new RunOrder(end - start);
        var visitors = _visitors.Span;
        var profiles = _profiles.Span;
        for (var place = start; place < end; place++)
        {
            var click = _clicks[place];
            var isFirst = place == start || visitors[place] != visitors[place - 1];
            if (isFirst)
            {
                order.StartVisitor(visitors[place]);
            }

            if (isFirst || CompareProfiles(profiles, click, _clicks[place - 1]) != 0)
            {
                order.StartProfile(profiles[click]);
            }

            order.Add(click, 1);
        }

        return order.Take(_table);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortWithinVisitors(ReadOnlySpan<long> visitors)
    {
        for (int start = 0, end; start < visitors.Length; start = end)
        {
            for (end = start + 1; end < visitors.Length && visitors[end] == visitors[start]; end++)
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
            clicks.Sort((one, other) => Compare(_profiles.Span, one, other));
            return;
        }

        var profiles = _profiles.Span;
        for (var next = 1; next < clicks.Length; next++)
        {
            var click = clicks[next];
            var place = next;
            for (; place > 0 && Compare(profiles, clicks[place - 1], click) > 0; place--)
            {
                clicks[place] = clicks[place - 1];
            }

            clicks[place] = click;
        }
    }

    private int Compare(ReadOnlySpan<int> profiles, int one, int other) =>
        CompareProfiles(profiles, one, other) is var byProfile and not 0 ? byProfile : _table.Times[one].CompareTo(_table.Times[other]);

    private int CompareProfiles(ReadOnlySpan<int> profiles, int one, int other) =>
        profiles[one] == profiles[other] ? 0 : ClickRun.CompareProfiles(_table, profiles[one], _table, profiles[other]);
}
