using Spoo.Data;
using Spoo.Web.Components.Shared;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Report.Cards;

/// <summary>Asks for one part of a page, keeps its answer, and fails alone. A new question cancels the one before it.</summary>
public sealed class CardQuery<T>(ILogger logger) : IDisposable
    where T : class
{
    private readonly CancellationSeries _questions = new();
    private Func<CancellationToken, Task<(T? Answer, Refusal? Refusal)>>? _ask;
    private string? _url;

    /// <summary>There is something new to see.</summary>
    public event Action? Changed;

    /// <summary>The last answer. Null: there has been none.</summary>
    public CardResult<T>? Part { get; private set; }

    /// <summary>Whether a newer answer is on its way.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Takes an answer that another page has waited for.</summary>
    public void Take(CardResult<T>? part) => (Part, _url) = (part, part?.Url);

    /// <summary>Asks, unless this is what has been asked already.</summary>
    /// <param name="url">The address that stands for the question.</param>
    public Task AskAsync(string url, Func<CancellationToken, Task<(T? Answer, Refusal? Refusal)>> ask)
    {
        _ask = ask;
        if (url == _url && Part is not { Answer: null, Refusal: null })
        {
            return Task.CompletedTask;
        }

        _url = url;
        return AgainAsync();
    }

    /// <summary>Asks the last question once more.</summary>
    public async Task AgainAsync()
    {
        if (_ask is not { } ask || _url is not { } url)
        {
            return;
        }

        var cancellation = _questions.Next();
        IsAsking = true;
        Changed?.Invoke();
        try
        {
            // Counting keeps a processor busy, and the circuit has to stay free to draw and to listen.
            var (answer, refusal) = await Task.Run(() => ask(cancellation), cancellation);
            if (!cancellation.IsCancellationRequested)
            {
                (Part, IsAsking) = (new CardResult<T>(url, answer, refusal is null ? null : CountingWords.Of(refusal)), false);
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // A newer question is on its way; whatever became of this one no longer matters.
        }
        catch (Exception exception)
        {
            PageLog.NotCounted(logger, exception);
            (Part, IsAsking) = (new CardResult<T>(url, null), false);
        }

        if (!cancellation.IsCancellationRequested)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>
    /// Looks again, because there may be new clicks. The numbers change where they stand, and what goes wrong leaves them as they are.
    /// </summary>
    /// <param name="url">The address of the question that <paramref name="ask"/> answers; nothing happens if it is another one by now.</param>
    public async Task FollowAsync(string url, Func<Task<(T? Answer, Refusal? Refusal)>> ask)
    {
        if (IsAsking || Part is not { Answer: not null } shown || url != _url)
        {
            return;
        }

        try
        {
            var (answer, _) = await ask();
            if (answer is not null && answer != shown.Answer && Part == shown && !IsAsking)
            {
                Part = new CardResult<T>(url, answer);
                Changed?.Invoke();
            }
        }
        catch (Exception exception)
        {
            PageLog.NotCounted(logger, exception);
        }
    }

    public void Dispose() => _questions.Dispose();
}
