using Spoo.Data.Stats.Counting;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

public sealed class BucketTableTests
{
    [Fact]
    public void A_slot_has_its_start_and_not_its_end()
    {
        var buckets = new BucketTable([100, 200], 300);

        Assert.Equal([2, 0, 0, 1, 1, 2], new long[] { 99, 100, 199, 200, 299, 300 }.Select(buckets.BucketOf));
    }

    [Fact]
    public void Slots_may_make_one_bucket()
    {
        var buckets = new BucketTable([0, 10, 20], 30, [0, 0, 1]);

        Assert.Equal(2, buckets.Count);
        Assert.Equal([0, 0, 1], new long[] { 5, 15, 25 }.Select(buckets.BucketOf));
    }

    [Theory]
    [InlineData(new long[] { }, 10)]
    [InlineData(new long[] { 0, 0 }, 10)]
    [InlineData(new long[] { 10 }, 10)]
    public void Slots_without_length_are_refused(long[] starts, long end) =>
        Assert.Throws<ArgumentException>(() => new BucketTable(starts, end));
}
