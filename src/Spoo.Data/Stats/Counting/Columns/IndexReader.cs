using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Reads what an <see cref="IndexWriter"/> wrote, and believes nothing: a length is compared with what is left of the file before
/// memory is taken for it, and the readers of numbers check them, because counting does not.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="section">Number of the section that it begins with.</param>
/// <param name="room">Where the arrays are taken from. Null: they are made, and belong to whoever reads.</param>
internal sealed class IndexReader(Stream stream, int section = 0, RunRoom? room = null)
{
    private SectionChecksum _checksum = SectionChecksum.OfSection(section);
    private int _section = section;

    /// <summary>Number of the section that is being read.</summary>
    public int Section => _section;

    /// <summary>Bytes read so far.</summary>
    public long Position => stream.Position;

    public long Length => stream.Length;

    public int ReadInt32()
    {
        var number = 0;
        Fill(MemoryMarshal.AsBytes(new Span<int>(ref number)));
        return number;
    }

    public long ReadInt64()
    {
        var number = 0L;
        Fill(MemoryMarshal.AsBytes(new Span<long>(ref number)));
        return number;
    }

    /// <summary>A number of things that take at least so many bytes each.</summary>
    public int ReadCount(int bytesEach)
    {
        var count = ReadInt32();
        Require(count >= 0 && (long)count * bytesEach <= Left, "there are more things announced than the file has bytes for");
        return count;
    }

    public string ReadText()
    {
        var length = ReadCount(sizeof(char));
        return new(Read<char>(length), 0, length);
    }

    /// <param name="count">How many numbers.</param>
    /// <param name="padding">How many zeros the array gets after them.</param>
    /// <returns>At least so many. Whatever comes after the padding says nothing.</returns>
    public T[] Read<T>(int count, int padding = 0)
        where T : unmanaged
    {
        Require(count >= 0 && (long)count * Unsafe.SizeOf<T>() <= Left, "it is shorter than it says"); // before memory is taken for it
        var numbers = Take<T>(count + padding);
        Fill(MemoryMarshal.AsBytes(numbers.AsSpan(0, count)));
        numbers.AsSpan(count, padding).Clear();
        return numbers;
    }

    /// <summary>An array for what is worked out from what has been read; at least so long, and with anything in it.</summary>
    public T[] Take<T>(int length)
        where T : unmanaged => room?.Take<T>(length) ?? GC.AllocateUninitializedArray<T>(length);

    /// <summary>Compares what has been read since the last section with its checksum.</summary>
    public void EndSection()
    {
        var expected = _checksum.Value;
        Require(Left >= sizeof(uint), "it is shorter than it says");
        Span<uint> found = [0];
        stream.ReadExactly(MemoryMarshal.AsBytes(found));
        Require(found[0] == expected, $"the checksum of section {_section} is wrong");
        _checksum = SectionChecksum.OfSection(++_section);
    }

    /// <summary>Goes on elsewhere, where another section begins.</summary>
    public void GoTo(long position, int section)
    {
        stream.Position = position;
        (_section, _checksum) = (section, SectionChecksum.OfSection(section));
    }

    public void End() => Require(Left == 0, "it is longer than it says");

    /// <exception cref="InvalidDataException">The condition does not hold.</exception>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    private long Left => stream.Length - stream.Position;

    private void Fill(Span<byte> bytes)
    {
        Require(bytes.Length <= Left, "it is shorter than it says");
        stream.ReadExactly(bytes);
        _checksum.Add(bytes);
    }
}

/// <summary>The Castagnoli checksum, for which processors have an instruction.</summary>
internal struct SectionChecksum
{
    private uint _state;

    public readonly uint Value => ~_state;

    /// <summary>Each section's checksum begins differently, so that two sections cannot have changed places.</summary>
    public static SectionChecksum OfSection(int section) => new() { _state = ~(uint)section };

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, single);
        }

        _state = state;
    }
}
