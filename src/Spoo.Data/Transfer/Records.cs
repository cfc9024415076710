
namespace Spoo.Data.Transfer;

/// <summary>Cuts a file into the pieces that each tell one thing: lines, objects, rows. Never holds more of it than two of the longest.</summary>
internal abstract class Records
{
    /// <summary>The current piece; the beginning of one that <see cref="IsTooLong"/>.</summary>
    public ReadOnlyMemory<byte> Line { get; protected set; }

    /// <summary>Where it is in the file, from 1: the number of its first line, or which one it is where lines mean nothing.</summary>
    public long Number { get; protected set; }

    public bool IsTooLong { get; protected set; }

    /// <summary>Goes on to the next piece; false at the end of the file.</summary>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);
}
