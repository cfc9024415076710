using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Spoo.Data.Clicks.Journal;

/// <summary>What a journal remembers about itself, beside its records.</summary>
internal readonly record struct JournalNumbers
{
    /// <summary>Everything up to here is stored, as far as this node knows.</summary>
    public long Stored { get; init; }

    /// <summary>Everything up to here has been found in the database again, a while after it was stored.</summary>
    public long Confirmed { get; init; }

    /// <summary>Clicks that were answered and could not be written down.</summary>
    public long Lost { get; init; }

    /// <summary>When the last of them was, in ticks of UTC.</summary>
    public long LastLoss { get; init; }

    /// <summary>Numbers of the sequence whose records were not there when they were to be stored.</summary>
    public long Missing { get; init; }
}

/// <summary>
/// The file <c>state</c> of a journal, with its <see cref="JournalNumbers"/>. It has its whole size from the beginning and is written in
/// place, in two halves by turns: so it can be written while the disk is full, and a half that was torn leaves the other.
/// </summary>
internal sealed class JournalState : IDisposable
{
    private const string FileName = "state";

    /// <summary>Whatever the disk writes in one go, the halves lie in two of it.</summary>
    private const int HalfLength = 4096;

    private const int Numbers = 7;
    private const int Length = (Numbers * sizeof(long)) + sizeof(uint);

    /// <summary>"spoo-s1\n" in the order of the bytes.</summary>
    private const long Signature = 0x0A31_732D_6F6F_7073;

    private readonly SafeFileHandle _handle;
    private long _turn;

    private JournalState(SafeFileHandle handle) => _handle = handle;

    /// <summary>What was written last; all zeros in a new file.</summary>
    public JournalNumbers Now { get; private set; }

    /// <exception cref="IOException">There is no room for it, or it cannot be read.</exception>
    public static JournalState Open(string folder)
    {
        var handle = File.OpenHandle(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var state = new JournalState(handle);
            if (RandomAccess.GetLength(handle) < 2 * HalfLength)
            {
                RandomAccess.Write(handle, new byte[2 * HalfLength], 0);
            }

            state.Read();
            return state;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>What another process has written there, without taking the file; null when there is none.</summary>
    public static JournalNumbers? Peek(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using var state = new JournalState(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        state.Read();
        return state.Now;
    }

    public void Write(JournalNumbers numbers)
    {
        Span<byte> half = stackalloc byte[Length];
        Span<long> all = [Signature, ++_turn, numbers.Stored, numbers.Confirmed, numbers.Lost, numbers.LastLoss, numbers.Missing];
        for (var i = 0; i < Numbers; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(half[(i * sizeof(long))..], all[i]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(half[(Numbers * sizeof(long))..], Crc32C.Of(half[..(Numbers * sizeof(long))]));
        RandomAccess.Write(_handle, half, (_turn & 1) * HalfLength);
        Now = numbers;
    }

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    private void Read()
    {
        Span<byte> half = stackalloc byte[Length];
        Span<long> all = stackalloc long[Numbers];
        for (var offset = 0; offset <= HalfLength; offset += HalfLength)
        {
            if (RandomAccess.Read(_handle, half, offset) < Length
                || BinaryPrimitives.ReadUInt32LittleEndian(half[(Numbers * sizeof(long))..]) != Crc32C.Of(half[..(Numbers * sizeof(long))]))
            {
                continue;
            }

            for (var i = 0; i < Numbers; i++)
            {
                all[i] = BinaryPrimitives.ReadInt64LittleEndian(half[(i * sizeof(long))..]);
            }

            if (all[0] == Signature && all[1] > _turn)
            {
                _turn = all[1];
                Now = new JournalNumbers { Stored = all[2], Confirmed = all[3], Lost = all[4], LastLoss = all[5], Missing = all[6] };
            }
        }
    }
}
