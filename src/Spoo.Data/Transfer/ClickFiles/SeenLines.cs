
namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>How often each of a few million keys has come. Keys are hashes, so their own bits say where they belong.</summary>
internal sealed class SeenLines
{
    /// <summary>Sixteen bytes each.</summary>
    private const int MostPlaces = 1 << 22;

    private Seen[] _seen = new Seen[1 << 12];
    private int _count;

    /// <summary>Whether no key that has not come before is taken any more.</summary>
    public bool IsFull => _seen.Length == MostPlaces && _count >= MostPlaces / 4 * 3;

    /// <summary>How often this key has come, this time included. 0: it has not come before, and there is no room for it.</summary>
    public int Count(long key)
    {
        ref var seen = ref PlaceOf(key);
        if (seen.Times == 0)
        {
            if (IsFull)
            {
                return 0;
            }

            if (_count >= _seen.Length / 4 * 3)
            {
                Grow();
                seen = ref PlaceOf(key);
            }

            seen.Key = key;
            _count++;
        }

        return ++seen.Times;
    }

    private ref Seen PlaceOf(long key)
    {
        var mask = _seen.Length - 1;
        var place = (int)key & mask;
        while (_seen[place].Times != 0 && _seen[place].Key != key)
        {
            place = (place + 1) & mask;
        }

        return ref _seen[place];
    }

    private void Grow()
    {
        var before = _seen;
        _seen = new Seen[2 * before.Length];
        foreach (var seen in before)
        {
            if (seen.Times != 0)
            {
                PlaceOf(seen.Key) = seen;
            }
        }
    }

    // Side by side, because a look at either is a look into memory.
    private struct Seen
    {
        public long Key;
        public int Times;
    }
}
