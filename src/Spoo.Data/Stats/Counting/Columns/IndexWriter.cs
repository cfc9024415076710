using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Writes numbers, texts and whole arrays as bytes, in sections that each end with a checksum of their own. What is written by it
/// is read by an <see cref="IndexReader"/>, call by call.
/// </summary>
internal sealed class IndexWriter(Stream stream)
{
    private SectionChecksum _checksum = SectionChecksum.OfSection(0);
    private int _section;

    /// <summary>Number of the section that is being written.</summary>
    public int Section => _section;

    /// <summary>Where the next byte goes in the file.</summary>
    public long Position => stream.Position;

    public void Write(int number) => Write([number]);

    public void Write(long number) => Write([number]);

    public void Write(string text)
    {
        // As it is in memory: every text survives that, also one that is not well-formed Unicode.
        Write(text.Length);
        Write(MemoryMarshal.Cast<char, ushort>(text.AsSpan()));
    }

    /// <summary>Writes numbers one after the other; how many there are is the reader's to know.</summary>
    public void Write<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        _checksum.Add(bytes);
        stream.Write(bytes);
    }

    public void EndSection()
    {
        var checksum = _checksum.Value;
        stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in checksum)));
        _checksum = SectionChecksum.OfSection(++_section);
    }
}
