namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Memory that one run after the other is read into, for runs that are soon let go: taken anew for each, it would be garbage of many times the size of what stays in memory
/// before it is collected. One thread at a time.
/// </summary>
internal sealed class RunRoom : IDisposable
{
    // Each is as large as a shard, some eight megabytes; more threads than this take theirs anew.
    private const int MostKept = 8;

    private static readonly Stack<RunRoom> Kept = [];

    private readonly List<Array> _arrays = [];
    private int _taken;

    public static RunRoom Rent()
    {
        lock (Kept)
        {
            return Kept.TryPop(out var room) ? room : new RunRoom();
        }
    }

    /// <summary>Gives everything free that was taken; nobody may look at it any more.</summary>
    public void Empty() => _taken = 0;

    /// <summary>An array that is at least so long. What is in it is left from before.</summary>
    public T[] Take<T>(int length)
        where T : unmanaged
    {
        // The parts of a run come in the same order and in much the same size each time, so what was taken then mostly fits.
        var place = _taken++;
        if (place < _arrays.Count && _arrays[place] is T[] fitting && fitting.Length >= length)
        {
            return fitting;
        }

        var array = GC.AllocateUninitializedArray<T>(length + (length / 8));
        if (place < _arrays.Count)
        {
            _arrays[place] = array;
        }
        else
        {
            _arrays.Add(array);
        }

        return array;
    }

    /// <summary>Keeps it for whoever rents one next.</summary>
    public void Dispose()
    {
        Empty();
        lock (Kept)
        {
            if (Kept.Count < MostKept)
            {
                Kept.Push(this);
            }
        }
    }
}
