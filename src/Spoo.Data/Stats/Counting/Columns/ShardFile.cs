using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Where a run was written within a file.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Section">The number of the section, which its checksum begins with.</param>
internal readonly record struct ShardSpan(long Offset, long Length, int Section);

/// <summary>Where a shard's clicks are, if not in memory.</summary>
internal sealed record ShardPlace(ShardFile File, ShardSpan Span);

/// <summary>
/// A file with runs, which any number of threads read at once. It is closed when the last shard in it is let go and the memory is collected: nobody else knows when
/// the last question has been answered that was counting in it.
/// </summary>
internal sealed class ShardFile
{
    private readonly FileStream _stream;
    private readonly SafeFileHandle _handle;

    public ShardFile(FileStream stream)
    {
        _stream = stream;
        _handle = stream.SafeFileHandle;
    }

    /// <summary>A file for shards that are in no index file yet. It has no name, so nothing of it outlives the process.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static ShardFile Unnamed(string folder)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Guid.NewGuid():N}.new");
        var file = new ShardFile(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16));
        File.Delete(path);
        return file;
    }

    /// <summary>Writes a run behind those that are there. One thread at a time.</summary>
    /// <exception cref="IOException">It cannot be written, such as on a full disk.</exception>
    public ShardPlace Append(ClickRun run)
    {
        var start = _stream.Length;
        _stream.Position = start;
        run.Write(new IndexWriter(_stream));
        _stream.Flush();
        return new ShardPlace(this, new ShardSpan(start, _stream.Length - start, Section: 0));
    }

    public Stream Open(ShardSpan span) => new Part(_handle, span);

    public long ReadInt64(long offset)
    {
        var number = 0L;
        Read(offset, MemoryMarshal.AsBytes(new Span<long>(ref number)));
        return number;
    }

    public int ReadInt32(long offset)
    {
        var number = 0;
        Read(offset, MemoryMarshal.AsBytes(new Span<int>(ref number)));
        return number;
    }

    private void Read(long offset, Span<byte> bytes)
    {
        if (RandomAccess.Read(_handle, bytes, offset) != bytes.Length)
        {
            throw new InvalidDataException("it is shorter than it says");
        }
    }

    /// <summary>A few of a file's bytes, with a position of their own.</summary>
    private sealed class Part(SafeFileHandle handle, ShardSpan span) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => span.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var wanted = buffer[..(int)Math.Min(buffer.Length, Length - Position)];
            var read = RandomAccess.Read(handle, wanted, span.Offset + Position);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
