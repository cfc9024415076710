using System.Buffers.Binary;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Journal;

/// <summary>One file of a journal: a header that says whose it is, then records in the order of their sequence.</summary>
/// <remarks>
/// Records are copied into memory that is the file's own pages in the operating system: what stands there outlives the process like
/// anything that was written to the file, and costs no call. Room on the disk is taken before it is needed, in steps, so that a full
/// disk is met by <see cref="MakeRoom"/> and by nothing else.
/// </remarks>
internal sealed class ClickJournalFile : IDisposable
{
    public const string Extension = ".clicks";

    /// <summary>Of a file with records that could not be read.</summary>
    public const string AsideExtension = ".unread";

    /// <summary>Behind the name of a file some of whose bytes are no record any more. It is kept when what could be read of it is stored.</summary>
    public const string DamagedExtension = ".damaged";

    /// <summary>The magic text, the writer's number, the checksum of both.</summary>
    public const int HeaderLength = 16;

    private const int MagicLength = 8;

    /// <summary>Room is taken in steps from this to <see cref="LongestStep"/>, the next twice the last.</summary>
    private const int ShortestStep = 1 << 12;

    private const int FirstStep = 1 << 16;
    private const int LongestStep = 1 << 20;

    private static readonly byte[] Zeros = new byte[LongestStep];

    private readonly SafeFileHandle _handle;
    private long _length;
    private int _isDirty;

    // For appending: the room there is, of which _left bytes are free, and how much to take next.
    private MemoryMappedViewStream? _room;
    private int _left;
    private int _step = FirstStep;

    private ClickJournalFile(string path, SafeFileHandle handle, long length, long lastSequence)
    {
        Path = path;
        _handle = handle;
        _length = length;
        LastSequence = lastSequence;
    }

    public string Path { get; }

    /// <summary>Bytes that hold the header and whole records. What lies beyond was never finished.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>The highest sequence number in the file; changes only while it is appended to.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Whether some of its bytes are neither records nor room for some: an operator should look at it.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether not even a header stands there.</summary>
    public bool BeginsWithZeros
    {
        get
        {
            Span<byte> header = stackalloc byte[HeaderLength];
            return header[..Read(header, 0)].IndexOfAnyExcept((byte)0) < 0;
        }
    }

    private static ReadOnlySpan<byte> Magic => "spoo-j1\n"u8;

    /// <summary>The files of a folder in the order they were written.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal);

    public static ClickJournalFile Create(string folder, int writer, long firstSequence, string extension = Extension)
    {
        // With leading zeros, so that the order of the names is the order of the records.
        var path = System.IO.Path.Combine(folder, firstSequence.ToString("D19", CultureInfo.InvariantCulture) + extension);
        var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Span<byte> header = stackalloc byte[HeaderLength];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header[MagicLength..], writer);
            BinaryPrimitives.WriteUInt32LittleEndian(header[(MagicLength + sizeof(int))..], Crc32C.Of(header[..(MagicLength + sizeof(int))]));
            RandomAccess.Write(handle, header, 0);
            return new ClickJournalFile(path, handle, HeaderLength, firstSequence - 1);
        }
        catch
        {
            // On a full disk every attempt would leave an empty file.
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens a file that an earlier process left. Its length is the file's own, whatever it is that it holds.</summary>
    /// <remarks>Records have checksums of their own, so a header that cannot be read costs none of them; the folder says whose they are.</remarks>
    /// <exception cref="SettingException">It is another writer's.</exception>
    public static ClickJournalFile Open(string path, ClickJournalOwner owner)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> header = stackalloc byte[HeaderLength];
        header = header[..RandomAccess.Read(handle, header, 0)];
        var isWhole = header.Length == HeaderLength
            && header.StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(header[(MagicLength + sizeof(int))..]) == Crc32C.Of(header[..(MagicLength + sizeof(int))]);
        if (isWhole && BinaryPrimitives.ReadInt32LittleEndian(header[MagicLength..]) is var writer && !owner.Has(writer))
        {
            handle.Dispose();
            throw new SettingException(
                $"the journal file '{path}' was written by writer {writer} and this node is writer {owner.Number}; move it to the data folder it came from");
        }

        return new ClickJournalFile(path, handle, RandomAccess.GetLength(handle), 0) { IsDamaged = !isWhole };
    }

    /// <summary>Hands a record to the operating system.</summary>
    /// <exception cref="IOException">The disk is full or fails. The file is as it was.</exception>
    public void Append(ReadOnlySpan<byte> record, long sequence)
    {
        if (record.Length > _left)
        {
            MakeRoom(record.Length);
        }

        _room!.Write(record);
        _left -= record.Length;
        LastSequence = sequence;
        Volatile.Write(ref _isDirty, 1);
        Volatile.Write(ref _length, _length + record.Length);
    }

    /// <summary>Nothing will be appended any more: gives back the room that was not used.</summary>
    public void Finish()
    {
        LeaveRoom();
        try
        {
            RandomAccess.SetLength(_handle, _length);
        }
        catch (IOException)
        {
            // Readers know that zeros at the end are no records.
        }
    }

    public int Read(Span<byte> into, long offset)
    {
        var available = Math.Min(into.Length, Length - offset);
        return available <= 0 ? 0 : RandomAccess.Read(_handle, into[..(int)available], offset);
    }

    /// <summary>Remembers where the last whole record ends, and cuts off what follows, unless an operator should look at it.</summary>
    public void EndAt(long length, long lastSequence)
    {
        if (length < _length && !IsDamaged)
        {
            RandomAccess.SetLength(_handle, length);
        }

        _length = length;
        LastSequence = lastSequence;
    }

    /// <summary>Pushes what has been appended through to the disk itself.</summary>
    public void Flush()
    {
        if (Interlocked.Exchange(ref _isDirty, 0) == 1)
        {
            RandomAccess.FlushToDisk(_handle);
        }
    }

    /// <summary>Nothing in it is needed any more. One that is damaged is kept out of the way, for an operator who wants to know what was in it.</summary>
    public void Delete()
    {
        LeaveRoom();
        _handle.Dispose();
        if (IsDamaged)
        {
            File.Move(Path, Path + DamagedExtension, overwrite: true);
        }
        else
        {
            File.Delete(Path);
        }
    }

    public void Dispose()
    {
        if (_room is not null)
        {
            Finish();
        }

        _handle.Dispose();
    }

    private void MakeRoom(int atLeast)
    {
        LeaveRoom();
        for (; ; _step /= 2)
        {
            var size = Math.Max(_step, atLeast);
            try
            {
                // Written and not only reserved: on every file system this is what makes the pages the file's own.
                RandomAccess.Write(_handle, Zeros.AsSpan(0, size), _length);
                RefuseWhenNearlyFull(size);
                using var file = MemoryMappedFile.CreateFromFile(
                    _handle, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
                _room = file.CreateViewStream(_length, size);
                _left = size;
                _step = Math.Min(_step * 2, LongestStep);
                return;
            }
            catch (IOException) when (_step > ShortestStep && size > atLeast)
            {
                // Perhaps there is still room for less.
            }
            catch
            {
                RandomAccess.SetLength(_handle, _length);
                throw;
            }
        }
    }

    // A file system that copies what it changes takes new room for old pages, and ends processes that it has none for.
    private void RefuseWhenNearlyFull(int size)
    {
        if (new DriveInfo(Path).AvailableFreeSpace < size)
        {
            throw new IOException($"There is hardly any space left on the device of '{Path}'.");
        }
    }

    private void LeaveRoom()
    {
        // The memory itself is let go of: the stream would first push all of it to the disk, and a request would wait for that.
        _room?.SafeMemoryMappedViewHandle.Dispose();
        _room?.Dispose();
        (_room, _left) = (null, 0);
    }
}

/// <summary>Goes through the records of a file that may be growing. Damage is stepped over, and counted.</summary>
internal sealed class ClickJournalCursor(ClickJournalFile file)
{
    private const int BufferLength = 1 << 18;
    private const int MaxRecordLength = ClickJournalLayout.HeaderLength + ClickJournalLayout.MaxPayloadLength;

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private long _read = ClickJournalFile.HeaderLength;

    public ClickJournalFile Of => file;

    /// <summary>Where the last whole record ended.</summary>
    public long EndOfRecords { get; private set; } = ClickJournalFile.HeaderLength;

    public long LastSequence { get; private set; }

    /// <summary>Bytes before the last whole record that belong to none.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>Whether anything but zeros follows the last whole record: one that was begun and never finished.</summary>
    public bool EndsTorn { get; private set; }

    /// <summary>Whether a record follows that was finished, by its length and its last byte, and has changed since.</summary>
    public bool EndsDamaged { get; private set; }

    /// <summary>The next whole record; false at the end of what has been written.</summary>
    /// <param name="record">Valid until the next call.</param>
    public bool TryNext(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            if (_end - _start < MaxRecordLength && _read < file.Length)
            {
                Fill();
            }

            var available = _buffer.AsSpan(_start, _end - _start);
            var length = ClickJournalLayout.RecordLength(available, out var sequence);

            // A number that is not above the last one is the rest of an attempt to write that failed.
            if (length > 0 && sequence > LastSequence)
            {
                record = available[..length];
                var position = _read - available.Length;
                DamagedBytes += position - EndOfRecords;
                EndOfRecords = position + length;
                (EndsTorn, EndsDamaged) = (false, false);
                LastSequence = sequence;
                _start += length;
                return true;
            }

            if (available.Length <= ClickJournalLayout.HeaderLength)
            {
                EndsTorn |= available.ContainsAnyExcept((byte)0);
                record = default;
                return false;
            }

            EndsTorn |= available[0] != 0;
            EndsDamaged |= _read - available.Length == EndOfRecords && ClickJournalLayout.LooksFinished(available);
            _start++;
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        for (int count; (count = file.Read(_buffer.AsSpan(_end), _read)) > 0;)
        {
            _end += count;
            _read += count;
        }
    }
}
