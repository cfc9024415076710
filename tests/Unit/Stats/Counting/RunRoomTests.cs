using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

public sealed class RunRoomTests
{
    [Fact]
    public void What_is_taken_together_is_apart_and_what_was_taken_before_is_used_again()
    {
        using var room = new RunRoom();
        var (numbers, others, bits) = (room.Take<int>(100), room.Take<int>(100), room.Take<ulong>(10));
        Assert.NotSame(numbers, others);

        room.Empty();

        Assert.Same(numbers, room.Take<int>(90));
        Assert.Same(others, room.Take<int>(100));
        Assert.Same(bits, room.Take<ulong>(10));
    }

    [Fact]
    public void What_is_longer_or_of_another_kind_than_before_is_made_anew()
    {
        using var room = new RunRoom();
        var (numbers, letters) = (room.Take<int>(100), room.Take<byte>(100));
        room.Empty();

        Assert.NotSame(numbers, room.Take<int>(1_000));
        Assert.True(room.Take<ushort>(100).Length >= 100);
        Assert.True(letters.Length >= 100);
    }

    [Fact]
    public void No_two_have_the_same_one_at_once()
    {
        using var one = RunRoom.Rent();
        using var other = RunRoom.Rent();

        Assert.NotSame(one, other);
        Assert.NotSame(one.Take<int>(10), other.Take<int>(10));
    }
}
