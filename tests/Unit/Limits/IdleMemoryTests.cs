using Spoo.Web.Limits;

namespace Spoo.Tests.Limits;

public sealed class IdleMemoryTests
{
    private readonly IdleMemory _memory = new();
    private long _allocated;

    [Fact]
    public void After_a_burst_it_is_collected_a_few_times_and_then_no_more()
    {
        Assert.Equal([false, false], Look(IdleMemory.Burst, IdleMemory.Burst));

        Assert.Equal(Enumerable.Repeat(true, IdleMemory.Collections), Look([.. Enumerable.Repeat(0L, IdleMemory.Collections)]));
        Assert.Equal([false, false], Look(0, IdleMemory.Quiet));
    }

    [Fact]
    public void New_work_ends_collecting_and_a_little_work_is_not_worth_it()
    {
        Assert.Equal([false, false, false], Look(IdleMemory.Quiet, IdleMemory.Quiet, 0));
        Assert.Equal([false, true], Look(IdleMemory.Burst, 0));
        Assert.Equal([false, false], Look(IdleMemory.Quiet + 1, 0));
    }

    private List<bool> Look(params long[] taken) => [.. taken.Select(bytes => _memory.IsCollectionDue(_allocated += bytes))];
}
