using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Tests.Stats.Counting;

public sealed class VisitorSortTests
{
    public static TheoryData<string, int> Cases { get; } = new MatrixTheoryData<string, int>(
        ["hashes", "small", "one", "ends", "first bits", "last bits"], [0, 1, 2, 4_095, 4_096, 50_000]);

    [Theory, MemberData(nameof(Cases))]
    public void Visitors_are_in_order_and_each_click_stays_with_its_own(string kind, int count)
    {
        var random = new Random(count);
        var visitors = Enumerable.Range(0, count).Select(_ => kind switch
        {
            "hashes" => random.NextInt64(long.MinValue, long.MaxValue),
            "small" => random.Next(-3, 60),
            "one" => 42,
            "ends" => random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => -1 },
            "first bits" => (long)random.Next() << 33,
            _ => random.NextInt64(1L << 31) - (1L << 30),
        }).ToArray();
        var (sorted, clicks) = (visitors.ToArray(), Enumerable.Range(0, count).ToArray());

        VisitorSort.Sort(sorted, clicks);

        Assert.Equal(visitors.Order(), sorted);
        Assert.Equal(sorted, clicks.Select(click => visitors[click]));
        Assert.Equal(Enumerable.Range(0, count), clicks.Order());
    }
}
