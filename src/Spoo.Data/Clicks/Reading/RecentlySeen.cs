using System.Collections.Concurrent;

namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// Remembers the answers to the questions seen lately: at least <paramref name="capacity"/> of them, at most twice as many.
/// </summary>
/// <remarks>
/// Two generations instead of a list in order of use: reading a known answer takes one look-up and no lock. When the young
/// generation is full it becomes the old one, and what was not asked for since the last time is forgotten with the old old one.
/// </remarks>
internal class RecentlySeen<TKey, T>(int capacity, Func<TKey, T> answer)
    where TKey : notnull
{
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public int Count => _young.Answers.Count + _old.Answers.Count;

    public T this[TKey key] => _young.Answers.TryGetValue(key, out var known) ? known : Remember(key);

    private T Remember(TKey key)
    {
        var found = _old.Answers.TryGetValue(key, out var known) ? known : answer(key);
        var young = _young;
        if (young.Answers.TryAdd(key, found) && Interlocked.Increment(ref young.Size) == capacity)
        {
            _old = young;
            _young = new();
        }

        return found;
    }

    private sealed class Generation
    {
        // Counted apart: a ConcurrentDictionary takes all its locks to count itself.
        public int Size;

        public ConcurrentDictionary<TKey, T> Answers { get; } = new();
    }
}

/// <summary>The same for texts.</summary>
internal sealed class RecentlySeen<T>(int capacity, Func<string, T> answer) : RecentlySeen<string, T>(capacity, answer);
