namespace Spoo.Data.Stats.Counting;

/// <summary>One worker's sums of redirect times by time bucket.</summary>
internal sealed class RedirectCount(ScanPlan plan, CodeList buckets)
{
    private readonly RedirectSum[] _sums = new RedirectSum[plan.SizeOf(buckets.Attribute)];

    /// <param name="redirects">As the column holds them: milliseconds plus one, and 0 where it is not known.</param>
    public void Add(ScanChunk block, ReadOnlySpan<int> redirects)
    {
        var numbers = buckets.Codes(block);
        for (var i = 0; i < redirects.Length; i++)
        {
            if (redirects[i] > 0)
            {
                ref var sum = ref _sums[numbers[i]];
                sum = new(sum.Ms + redirects[i] - 1, sum.Timed + 1);
            }
        }
    }

    /// <summary>All workers' sums together.</summary>
    public static RedirectSum[] Sum(IEnumerable<(RedirectCount Count, int Sign)> counts, int buckets)
    {
        var all = new RedirectSum[buckets];
        foreach (var (count, sign) in counts)
        {
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                var sum = count._sums[bucket];
                all[bucket] = new(all[bucket].Ms + (sign * sum.Ms), all[bucket].Timed + (sign * sum.Timed));
            }
        }

        return all;
    }
}
