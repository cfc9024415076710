namespace Spoo.Data.Stats.Counting;

/// <summary>One worker's count of one breakdown.</summary>
internal sealed class BreakdownCount(ScanPlan plan, CodeList codes)
{
    private readonly Tally _tally = new(plan.SizeOf(codes.Attribute));
    private readonly int _size = plan.CodesOf(codes.Attribute);

    /// <summary>Whether clicks are counted one by one, because the attribute is not the visitor's.</summary>
    public bool PerClick => !codes.PerProfile;

    private (Tally Tally, int[] Groups) Entry => (_tally, codes.Array);

    /// <summary>Counts by three attributes at once, all of them per click.</summary>
    public static void Add(BreakdownCount first, BreakdownCount second, BreakdownCount third, ScanChunk block) =>
        Tally.Add(first.Entry, second.Entry, third.Entry, block.Visitors);

    /// <summary>Counts by two attributes at once, both of them per profile.</summary>
    public static void Add(BreakdownCount first, BreakdownCount second, ScanChunk block) =>
        Tally.Add(first.Entry, second.Entry, block.ProfileClicks, block.ProfileVisitors);

    public void Add(ScanChunk block)
    {
        if (codes.PerProfile)
        {
            _tally.Add(codes.Codes(block), block.ProfileClicks, block.ProfileVisitors);
        }
        else
        {
            _tally.Add(codes.Codes(block), block.Visitors);
        }
    }

    public void Return() => _tally.Return();

    /// <summary>All workers' counts together, each with how often its clicks and its visitors are to be added.</summary>
    public static GroupCounts Sum(IEnumerable<(BreakdownCount Count, int Clicks, int Visitors)> counts, int size)
    {
        var sum = new GroupCounts(new long[size], new long[size]);
        foreach (var (count, clicksTimes, visitorsTimes) in counts)
        {
            for (var code = 0; code < size; code++)
            {
                var (clicks, uniques) = count._tally[code];
                sum.Clicks[code] += clicksTimes * clicks;
                sum.UniqueVisitors[code] += visitorsTimes * uniques;
            }
        }

        return sum;
    }
}
