using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

public sealed class AttributeTableTests
{
    [Fact]
    public void Equal_combinations_share_a_row()
    {
        var random = new Random(5);
        var combinations = Enumerable.Range(0, 5_000).Select(_ => new[] { random.Next(20), random.Next(20), random.Next(3) }).ToList();
        var table = new AttributeTable(3);

        var rows = combinations.ConvertAll(codes => table.Add(codes));

        Assert.Equal(combinations.DistinctBy(codes => (codes[0], codes[1], codes[2])).Count(), table.Count);
        Assert.Equal(combinations, rows.ConvertAll(row => new[] { table[row, 0], table[row, 1], table[row, 2] }));
    }

    [Fact]
    public void A_row_needs_a_code_for_every_column() =>
        Assert.Throws<ArgumentException>(() => new AttributeTable(3).Add(1, 2));

    [Fact]
    public void A_refused_row_leaves_no_trace()
    {
        var table = new AttributeTable(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => table.Add(1, -1));

        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.Add(3, 4));
        Assert.Equal(0, table.Add(3, 4));
    }
}
