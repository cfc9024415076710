using Microsoft.Extensions.Caching.Memory;

namespace Spoo.Web.Components.Shared;

/// <summary>
/// One answer for all who ask the same at the same state of the clicks. Many people may look at one page at once, and a click is told to
/// all of them at once.
/// </summary>
internal sealed class SharedAnswers : IDisposable
{
    /// <summary>How old an answer may be while no click comes in: its range ends so much earlier than it could. It says as of when it is.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <summary>Reports are large, and strangers can think of many questions: what comes beyond this is answered and not kept.</summary>
    private const int Most = 1000;

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = Most, ExpirationScanFrequency = Moment });

    /// <param name="key">The question, who may know its answer, how it is told, and the version of the clicks.</param>
    /// <param name="ask">Belongs to no single caller, so none can cancel it: others may be waiting for the same.</param>
    public Task<T> GetAsync<T>(object key, Func<Task<T>> ask)
    {
        lock (_answers)
        {
            if (_answers.TryGetValue(key, out Task<T>? asked) && asked is { IsFaulted: false, IsCanceled: false })
            {
                return asked;
            }

            return _answers.Set(key, Task.Run(ask), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Moment, Size = 1 });
        }
    }

    public void Dispose() => _answers.Dispose();
}
