using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Spoo.Data;

/// <summary>
/// A cache of what was used lately: at least <paramref name="capacity"/> entries, at most twice as many. Safe for many threads.
/// </summary>
/// <remarks>
/// Two generations instead of a list in order of use: finding an entry takes one look-up and no lock. When the young generation is
/// full it becomes the old one, and what was not added again since the last time is forgotten with the old old one.
/// </remarks>
/// <param name="comparer">Null: that of the type.</param>
internal sealed class RecentEntries<TKey, TValue>(int capacity, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private volatile Generation _young = new(comparer);
    private volatile Generation _old = new(comparer);

    public int Count => _young.Entries.Count + _old.Entries.Count;

    /// <param name="isOld">Whether it is forgotten soon unless it is added again.</param>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value, out bool isOld)
    {
        isOld = false;
        return _young.Entries.TryGetValue(key, out value) || (isOld = _old.Entries.TryGetValue(key, out value));
    }

    /// <summary>The same by what stands for a key, such as a part of a buffer; the comparer must know it.</summary>
    public bool TryGet<TAlternate>(TAlternate key, [MaybeNullWhen(false)] out TValue value, out bool isOld)
        where TAlternate : notnull, allows ref struct
    {
        isOld = false;
        return _young.Entries.GetAlternateLookup<TAlternate>().TryGetValue(key, out value)
            || (isOld = _old.Entries.GetAlternateLookup<TAlternate>().TryGetValue(key, out value));
    }

    public void Add(TKey key, TValue value)
    {
        var young = _young;
        if (!young.Entries.TryAdd(key, value))
        {
            young.Entries[key] = value;
        }
        else if (Interlocked.Increment(ref young.Size) == capacity)
        {
            _old = young;
            _young = new(comparer);
        }
    }

    /// <summary>All entries, the young ones first, while others may add some.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> All()
    {
        var (young, old) = (_young, _old);
        return young.Entries.Concat(old.Entries.Where(entry => !young.Entries.ContainsKey(entry.Key)));
    }

    public void Remove(TKey key)
    {
        _young.Entries.TryRemove(key, out _);
        _old.Entries.TryRemove(key, out _);
    }

    public void Clear()
    {
        _old = new(comparer);
        _young = new(comparer);
    }

    private sealed class Generation(IEqualityComparer<TKey>? comparer)
    {
        // Counted apart: a ConcurrentDictionary takes all its locks to count itself.
        public int Size;

        public ConcurrentDictionary<TKey, TValue> Entries { get; } = new(comparer);
    }
}
