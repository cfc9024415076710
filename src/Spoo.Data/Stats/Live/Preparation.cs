namespace Spoo.Data.Stats.Live;

/// <summary>How far an owner's columns are that are being made from rows.</summary>
/// <param name="began">When, in the clock's own time stamps.</param>
/// <param name="clicks">How many clicks there are, about. 0: it is not known how many of them have been read.</param>
internal sealed class Preparation(long began, long clicks)
{
    /// <summary>Reading a click from the database and coding it takes about four times as long as putting it in order at the end.</summary>
    private const int PartsOfReading = 4;

    private long _done;

    public long Began => began;

    /// <summary>How much of the work is done, and how much there is. Null: it is not known.</summary>
    public (long Done, long All)? Progress => clicks == 0 ? null : (Math.Min(Interlocked.Read(ref _done), clicks * (PartsOfReading + 1)), clicks * (PartsOfReading + 1));

    /// <summary>So many more clicks have been read.</summary>
    public void Read(long more) => Interlocked.Add(ref _done, more * PartsOfReading);

    /// <summary>So many more clicks have been put in order.</summary>
    public void Ordered(long more) => Interlocked.Add(ref _done, more);
}
