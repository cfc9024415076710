using Spoo.Data.Stats;

namespace Spoo.Tests.Stats;

public sealed class CountingQueueTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_take_turns_however_much_one_of_them_asks()
    {
        var queue = new CountingQueue(atOnce: 1, mostWaiting: 100, mostOfOne: 50);
        var order = new List<string>();
        var first = await queue.EnterAsync("greedy", Cancelled);
        List<Task> asked = [.. Enumerable.Range(0, 5).Select(_ => AskAsync("greedy")), AskAsync("modest"), AskAsync("other")];

        first!.Dispose();
        await Task.WhenAll(asked);

        Assert.Equal(["greedy", "modest", "other", "greedy", "greedy", "greedy", "greedy"], order);

        async Task AskAsync(string caller)
        {
            using var place = await queue.EnterAsync(caller, Cancelled);
            order.Add(caller);
        }
    }

    [Fact]
    public async Task No_more_are_counted_at_once_than_there_are_places()
    {
        var queue = new CountingQueue(atOnce: 3, mostWaiting: 100, mostOfOne: 100);
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(
            async () =>
            {
                using var place = await queue.EnterAsync($"caller {number % 7}", Cancelled);
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
            },
            Cancelled)));

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, running);

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = target; value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = target)
            {
            }
        }
    }

    [Fact]
    public async Task A_full_queue_turns_away_and_one_caller_cannot_fill_it()
    {
        var queue = new CountingQueue(atOnce: 1, mostWaiting: 3, mostOfOne: 2);
        var place = await queue.EnterAsync("running", Cancelled);
        List<Task<IDisposable?>> waiting = [queue.EnterAsync("one", Cancelled), queue.EnterAsync("one", Cancelled)];

        Assert.Equal((true, false), (queue.IsFullFor("one"), queue.IsFullFor("other")));
        Assert.Null(await queue.EnterAsync("one", Cancelled));
        waiting.Add(queue.EnterAsync("other", Cancelled));
        Assert.Null(await queue.EnterAsync("third", Cancelled));

        place!.Dispose();
        foreach (var turn in new[] { waiting[0], waiting[2], waiting[1] })
        {
            (await turn)!.Dispose();
        }

        Assert.NotNull(await queue.EnterAsync("third", Cancelled));
    }

    [Fact]
    public async Task A_question_that_is_given_up_gives_up_its_turn_as_well()
    {
        var queue = new CountingQueue(atOnce: 1, mostWaiting: 3, mostOfOne: 3);
        var place = await queue.EnterAsync("running", Cancelled);
        using var impatience = new CancellationTokenSource();
        var givenUp = queue.EnterAsync("impatient", impatience.Token);
        var next = queue.EnterAsync("patient", Cancelled);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        place!.Dispose();

        Assert.NotNull(await next);
    }
}
