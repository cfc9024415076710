using System.Collections.Concurrent;

namespace Spoo.Data.Clicks;

/// <summary>
/// Remembers the answers to the texts seen lately: at least <paramref name="capacity"/> of them, at most twice as many.
/// </summary>
/// <remarks>
/// Two generations instead of a list in order of use: reading a known text takes one look-up and no lock. When the young
/// generation is full it becomes the old one, and what nobody asked for since the last time is forgotten with the old old one.
/// </remarks>
internal sealed class RecentlySeen<T>(int capacity, Func<string, T> answer)
{
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public int Count => _young.Answers.Count + _old.Answers.Count;

    public T this[string text] => _young.Answers.TryGetValue(text, out var known) ? known : Remember(text);

    private T Remember(string text)
    {
        var found = _old.Answers.TryGetValue(text, out var known) ? known : answer(text);
        var young = _young;
        if (young.Answers.TryAdd(text, found) && Interlocked.Increment(ref young.Size) == capacity)
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

        public ConcurrentDictionary<string, T> Answers { get; } = new(StringComparer.Ordinal);
    }
}
