using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

/// <summary>A range of time keeps the clicks that lie in it to the millisecond, whether they are given as rows or as bits.</summary>
public sealed class TimeColumnTests
{
    private const long Noon = 1_763_812_800_000;

    /// <summary>Whole ticks, parts of ticks, and times that only the coarsest clock can tell.</summary>
    [Theory]
    [InlineData(250, 0)]
    [InlineData(1, 0)]
    [InlineData(1, -253_402_300_799L)]
    public void Rows_and_bits_are_kept_by_their_milliseconds(int step, long earliest)
    {
        var random = new Random(step);
        long[] times = [.. Enumerable.Range(0, 2_000).Select(_ => Noon + (random.Next(1_500 / step) * step)), Noon, Noon + 1_500, .. earliest == 0 ? Array.Empty<long>() : [earliest]];
        var column = new TimeColumn(times);
        int[] rows = [.. Enumerable.Range(0, times.Length).Where(row => row % 3 > 0)];
        long[] edges = [long.MinValue, Noon - 1, Noon, Noon + 1, Noon + 249, Noon + 250, Noon + 251, Noon + 700, Noon + 1_499, Noon + 1_500, Noon + 1_501, long.MaxValue];

        foreach (var (from, to) in edges.SelectMany(from => edges.Where(to => to >= from).Select(to => (from, to))))
        {
            int[] expected = [.. rows.Where(row => from <= times[row] && times[row] <= to)];
            var kept = rows.ToArray();
            var mask = new ulong[(times.Length + 63) / 64];
            Array.ForEach(rows, row => mask[row / 64] |= 1UL << row);

            var count = column.Keep(from, to, kept);
            column.Keep(from, to, 0, mask);

            Assert.Equal(expected, kept[..count]);
            Assert.Equal(expected, rows.Where(row => (mask[row / 64] >> row & 1) != 0));
        }
    }

    [Fact]
    public void Of_no_rows_none_is_kept() => Assert.Equal(0, new TimeColumn([Noon]).Keep(Noon - 1, Noon, []));
}
