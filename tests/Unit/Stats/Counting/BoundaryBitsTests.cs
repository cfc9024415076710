using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

/// <summary>Where things begin is what going through all bits says.</summary>
public sealed class BoundaryBitsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(63, 3)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    [InlineData(1_024, 500)]
    [InlineData(5_000, 1)]
    [InlineData(5_000, 3)]
    [InlineData(5_000, 2_000)]
    public void Every_question_is_answered_as_by_going_through_the_bits(int clicks, int clicksOfEach)
    {
        var random = new Random(clicks + clicksOfEach);
        var begins = Enumerable.Range(0, clicks).Where(click => click == 0 || random.Next(clicksOfEach) == 0).ToArray();
        var words = new ulong[(clicks / 64) + 1];
        foreach (var click in begins)
        {
            words[click >> 6] |= 1UL << (click & 63);
        }

        var bits = new BoundaryBits(words, clicks);
        var upTo = new int[clicks];
        bits.CountUpTo([.. Enumerable.Range(0, clicks)], upTo);

        Assert.Equal(begins.Length, bits.Count);
        Assert.Equal(Enumerable.Range(0, clicks + 1).Select(click => begins.Count(begin => begin < click)), Enumerable.Range(0, clicks + 1).Select(bits.CountBefore));
        Assert.Equal(Enumerable.Range(0, clicks).Select(click => begins.Count(begin => begin <= click)), upTo);
        Assert.Equal([.. begins, clicks], Enumerable.Range(0, bits.Count + 1).Select(bits.ClickOf));
        Assert.Equal([.. begins, clicks], bits.ClicksOf(0, bits.Count));
    }
}
