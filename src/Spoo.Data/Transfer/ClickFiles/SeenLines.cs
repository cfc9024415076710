
namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>How often each of a few million keys has come, in a table of two arrays. Keys are hashes, so their own bits say where they belong.</summary>
internal sealed class SeenLines
{
    /// <summary>Twelve bytes each.</summary>
    private const int MostPlaces = 1 << 22;

    private long[] _keys = new long[1 << 12];
    private int[] _times = new int[1 << 12];
    private int _count;

    /// <summary>Whether no key that has not come before is taken any more.</summary>
    public bool IsFull => _keys.Length == MostPlaces && _count >= MostPlaces / 4 * 3;

    /// <summary>How often this key has come, this time included. 0: it has not come before, and there is no room for it.</summary>
    public int Count(long key)
    {
        var place = PlaceOf(key);
        if (_times[place] == 0)
        {
            if (IsFull)
            {
                return 0;
            }

            if (_count >= _keys.Length / 4 * 3)
            {
                Grow();
                place = PlaceOf(key);
            }

            (_keys[place], _count) = (key, _count + 1);
        }

        return ++_times[place];
    }

    private int PlaceOf(long key)
    {
        var mask = _keys.Length - 1;
        var place = (int)key & mask;
        while (_times[place] != 0 && _keys[place] != key)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        var (keys, times) = (_keys, _times);
        (_keys, _times) = (new long[2 * keys.Length], new int[2 * keys.Length]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (times[i] != 0)
            {
                var place = PlaceOf(keys[i]);
                (_keys[place], _times[place]) = (keys[i], times[i]);
            }
        }
    }
}
