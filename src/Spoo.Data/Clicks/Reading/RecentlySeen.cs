namespace Spoo.Data.Clicks.Reading;

/// <summary>Remembers the answers to the questions seen lately (<see cref="RecentEntries{TKey, TValue}"/>). Safe for many threads.</summary>
internal class RecentlySeen<TKey, T>(int capacity, Func<TKey, T> answer)
    where TKey : notnull
{
    private readonly RecentEntries<TKey, T> _answers = new(capacity);

    public int Count => _answers.Count;

    public T this[TKey key]
    {
        get
        {
            var isKnown = _answers.TryGet(key, out var known, out var isOld);
            if (isKnown && !isOld)
            {
                return known!;
            }

            var found = isKnown ? known! : answer(key);
            _answers.Add(key, found);
            return found;
        }
    }
}

/// <summary>The same for texts.</summary>
internal sealed class RecentlySeen<T>(int capacity, Func<string, T> answer) : RecentlySeen<string, T>(capacity, answer);
