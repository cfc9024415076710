using Spoo.Web.Components.Shared;



namespace Spoo.Tests.Shared;

public sealed class SharedAnswersTests : IDisposable
{
    private readonly SharedAnswers _answers = new();
    private int _asked;

    [Fact]
    public async Task Whoever_asks_the_same_shares_one_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _answers.GetAsync(("report", "/dashboard", 7L), AskAsync)));

        Assert.Equal(1, _asked);
        Assert.All(answers, answer => Assert.Same(answers[0], answer));
    }

    [Fact]
    public async Task A_new_click_is_a_new_question()
    {
        await _answers.GetAsync(("report", "/dashboard", 7L), AskAsync);
        await _answers.GetAsync(("report", "/dashboard", 8L), AskAsync);

        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task What_went_wrong_is_asked_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _answers.GetAsync<object>("key", () => throw new InvalidOperationException()));

        Assert.NotNull(await _answers.GetAsync("key", AskAsync));
    }

    [Fact]
    public async Task Strangers_who_ask_ever_new_questions_fill_nobodys_memory()
    {
        var kept = new List<WeakReference>();
        for (var question = 0; question < 3000; question++)
        {
            kept.Add(new WeakReference(await _answers.GetAsync(question, AskAsync)));
        }

        GC.Collect();
        Assert.Equal(3000, _asked);
        Assert.InRange(kept.Count(answer => answer.IsAlive), 1, 1100);
    }

    public void Dispose() => _answers.Dispose();

    private async Task<object> AskAsync()
    {
        Interlocked.Increment(ref _asked);
        await Task.Yield();
        return new object();
    }
}
