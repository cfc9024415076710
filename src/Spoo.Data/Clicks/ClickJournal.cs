using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Spoo.Data.Clicks;

/// <summary>
/// Clicks on this node's own disk, between the answer to the visitor and the database: files that are only appended to. Once
/// <see cref="Append"/> has returned, no end of this process can lose the click. docs/journal.md describes the files.
/// </summary>
/// <remarks>
/// Appending is for many threads, reading for one. Requests that meet here are written together: the first to come writes for
/// all that wait behind it. They block meanwhile, because handing some kilobytes to the operating system takes a few
/// microseconds, which is less than it takes to come back to a thread that was given away.
/// </remarks>
public sealed partial class ClickJournal : IDisposable
{
    private const string LockName = "lock";
    private const string WriterName = "writer";

    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly string _folder;
    private readonly ClickOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<ClickJournal> _logger;

    // Whoever appends, in this order: gather, then write.
    private readonly Lock _gathering = new();
    private readonly Lock _writing = new();
    private readonly Stack<Group> _spare = [];
    private Group _group = new();
    private ClickJournalFile? _current;
    private long _lastSequence;
    private bool _isFailing;
    private volatile bool _isClosed;

    // Whoever reads, deletes or flushes.
    private readonly Lock _files = new();
    private readonly List<ClickJournalFile> _inOrder = [];
    private ClickJournalCursor? _cursor;
    private ITimer? _flushes;
    private FileStream? _lock;

    // What is appended and not yet stored, by link.
    private readonly Lock _counting = new();
    private readonly Dictionary<long, long> _unstored = [];
    private long _storedSequence;

    private long _lost;
    private long _lastLoss;

    public ClickJournal(string folder, ClickOptions options, TimeProvider clock, ILogger<ClickJournal> logger)
    {
        _folder = folder;
        _options = options;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>The number of the writer whose clicks these are.</summary>
    public int Writer { get; private set; }

    /// <summary>The number of the record appended last.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gathering)
            {
                return _lastSequence;
            }
        }
    }

    /// <summary>Everything up to here is stored.</summary>
    public long StoredSequence => Interlocked.Read(ref _storedSequence);

    /// <summary>Bytes on disk, of which at most one file's are stored already.</summary>
    public long Bytes
    {
        get
        {
            lock (_files)
            {
                return _inOrder.Sum(file => file.Length);
            }
        }
    }

    /// <summary>Whether no file of it holds a record. To be asked between <see cref="Claim"/> and <see cref="Open"/>.</summary>
    public bool IsEmpty => ClickJournalFile.In(_folder).All(file => new FileInfo(file).Length <= ClickJournalFile.HeaderLength);

    /// <summary>Clicks that were answered and could not be written, since the process started.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Null: none has been lost since the process started.</summary>
    public DateTimeOffset? LastLoss => Interlocked.Read(ref _lastLoss) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether the last attempt to write failed.</summary>
    public bool IsFailing => Volatile.Read(ref _isFailing);

    /// <summary>Takes the journal for this process.</summary>
    /// <returns>The writer it belongs to; null when it is new.</returns>
    /// <exception cref="SettingException">Another process has it, or the folder cannot be written to.</exception>
    public ClickJournalOwner? Claim()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            _lock = new FileStream(Path.Combine(_folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new SettingException(
                $"the journal '{_folder}' is in use: {exception.Message} Two servers cannot share one data folder; give each its own with --data.",
                exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SettingException($"the journal '{_folder}' cannot be written to: {exception.Message}", exception);
        }

        var file = Path.Combine(_folder, WriterName);
        return File.Exists(file) ? ClickJournalOwner.Parse(File.ReadAllText(file), file) : null;
    }

    /// <summary>Looks through what an earlier process left, cuts off what it did not finish, and goes on from there.</summary>
    /// <param name="owner">Whose clicks these are from now on.</param>
    /// <param name="storedSequence">What the database already has of them.</param>
    /// <exception cref="SettingException">The files are another writer's.</exception>
    public void Open(ClickJournalOwner owner, long storedSequence)
    {
        Remember(owner);
        Writer = owner.Number;
        _storedSequence = storedSequence;
        _lastSequence = storedSequence;
        foreach (var path in ClickJournalFile.In(_folder).ToList())
        {
            if (ClickJournalFile.Open(path, owner.Number) is { } file)
            {
                LookThrough(file);
                _inOrder.Add(file);
            }
            else
            {
                File.Delete(path);
            }
        }

        DeleteStored();
        if (_options.FlushInterval > TimeSpan.Zero)
        {
            _flushes = _clock.CreateTimer(_ => Flush(), null, _options.FlushInterval, _options.FlushInterval);
        }
    }

    /// <summary>Hands a click to the operating system.</summary>
    /// <returns>False: it could not be written and is lost; the loss is counted.</returns>
    public bool Append(RawClick click)
    {
        // Kept by each thread: clearing so large a piece of the stack would cost more than all that is written into it.
        Span<byte> record = _scratch ??= new byte[ClickJournalLayout.HeaderLength + ClickJournalLayout.MaxPayloadLength];
        var length = ClickJournalLayout.WriteClick(record[ClickJournalLayout.HeaderLength..], click);
        return Append(record[..(ClickJournalLayout.HeaderLength + length)]);
    }

    /// <summary>As <see cref="Append(RawClick)"/>, for a visit that was turned away.</summary>
    public bool AppendBlocked(long linkId, DateTimeOffset time)
    {
        Span<byte> record = stackalloc byte[64];
        var length = ClickJournalLayout.WriteBlocked(record[ClickJournalLayout.HeaderLength..], linkId, time);
        return Append(record[..(ClickJournalLayout.HeaderLength + length)]);
    }

    /// <summary>
    /// Clicks of a link that are in the journal and not in a database that has stored everything up to
    /// <paramref name="storedSequence"/>.
    /// </summary>
    /// <returns>Null: the journal does not know yet, or no longer, what that database knows. Look again.</returns>
    public long? CountUnstored(long linkId, long storedSequence)
    {
        lock (_counting)
        {
            return storedSequence == _storedSequence ? _unstored.GetValueOrDefault(linkId) : null;
        }
    }

    public void Dispose()
    {
        _flushes?.Dispose();
        lock (_writing)
        {
            _isClosed = true;
            Flush();
            lock (_files)
            {
                // A journal that has done its work leaves nothing but the writer's number.
                var isDone = LastSequence == StoredSequence;
                _inOrder.ForEach(isDone ? file => file.Delete() : file => file.Dispose());
                _inOrder.Clear();
                _current = null;
            }
        }

        _lock?.Dispose();
    }

    /// <summary>The records that follow those read last, in order, at most <paramref name="most"/> of them.</summary>
    internal List<ClickJournalRecord> Read(int most)
    {
        var records = new List<ClickJournalRecord>();
        while (records.Count < most && NextCursor(out var isLast) is { } cursor)
        {
            while (records.Count < most && cursor.TryNext(out var record))
            {
                var read = ClickJournalLayout.Read(record);
                if (read.Sequence > _storedSequence)
                {
                    records.Add(read);
                }
            }

            if (records.Count < most)
            {
                // A file that has a successor was complete before the cursor came to its end.
                if (isLast)
                {
                    break;
                }

                MoveOn();
            }
        }

        return records;
    }

    /// <summary>Records that have been stored are not needed any more.</summary>
    internal void Stored(List<ClickJournalRecord> records)
    {
        var clicks = records.Where(record => !record.IsBlocked).CountBy(record => record.Click.LinkId).ToList();
        lock (_counting)
        {
            foreach (var (link, count) in clicks)
            {
                AddWaiting(link, -count);
            }

            Interlocked.Exchange(ref _storedSequence, records[^1].Sequence);
        }

        DeleteStored();
    }

    private bool Append(Span<byte> record)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Group group;
        lock (_gathering)
        {
            group = _group;
            group.Add(record, ++_lastSequence);
        }

        lock (_writing)
        {
            if (!group.IsDone)
            {
                lock (_gathering)
                {
                    _group = _spare.TryPop(out var spare) ? spare : new Group();
                }

                Write(group);
                group.IsDone = true;
            }

            var isWritten = !group.IsLost;
            if (group.Leave())
            {
                group.Clear();
                _spare.Push(group);
            }

            return isWritten;
        }
    }

    private void Write(Group group)
    {
        // Before they can be read, and so before they can be stored and counted off.
        AddWaiting(group, 1);
        try
        {
            var file = _current ?? NewFile(group.FirstSequence);
            file.Append(group.Records, group.LastSequence);

            // The next to come makes a new file, so that failing to make one fails nobody whose click is written.
            _current = file.Length < _options.JournalFileSize ? file : null;
            if (_isFailing)
            {
                Volatile.Write(ref _isFailing, false);
                WritesAgain(Lost);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            group.IsLost = true;
            AddWaiting(group, -1);
            Interlocked.Add(ref _lost, group.Clicks);
            Interlocked.Exchange(ref _lastLoss, _clock.GetUtcNow().UtcTicks);
            if (!_isFailing)
            {
                Volatile.Write(ref _isFailing, true);
                CannotWrite(exception, _folder);
            }
        }
    }

    private ClickJournalFile NewFile(long firstSequence)
    {
        lock (_files)
        {
            // In one step: a file that nobody writes to and that has nothing to store would be deleted.
            var file = ClickJournalFile.Create(_folder, Writer, firstSequence);
            _current = file;
            _inOrder.Add(file);
            return file;
        }
    }

    private void AddWaiting(Group group, int by)
    {
        lock (_counting)
        {
            foreach (var link in group.Links)
            {
                AddWaiting(link, by);
            }
        }
    }

    private void AddWaiting(long link, long by)
    {
        ref var waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_unstored, link, out _);
        waiting += by;
        if (waiting == 0)
        {
            _unstored.Remove(link);
        }
    }

    private void LookThrough(ClickJournalFile file)
    {
        var length = file.Length;
        var cursor = new ClickJournalCursor(file);
        while (cursor.TryNext(out var record))
        {
            if (cursor.LastSequence > _storedSequence && ClickJournalLayout.Subject(record) is (var link, true))
            {
                AddWaiting(link, 1);
            }
        }

        file.EndAt(cursor.EndOfRecords, cursor.LastSequence);
        _lastSequence = Math.Max(_lastSequence, cursor.LastSequence);
        if (cursor.DamagedBytes > 0)
        {
            IsDamaged(file.Path, cursor.DamagedBytes);
        }

        if (cursor.EndOfRecords < length)
        {
            TailCut(file.Path, length - cursor.EndOfRecords, cursor.LastSequence);
        }
    }

    private ClickJournalCursor? NextCursor(out bool isLast)
    {
        lock (_files)
        {
            isLast = true;
            if (_inOrder.Count == 0)
            {
                return null;
            }

            _cursor ??= new ClickJournalCursor(_inOrder[0]);
            isLast = _cursor.Of == _inOrder[^1];
            return _cursor;
        }
    }

    private void MoveOn()
    {
        lock (_files)
        {
            _cursor = new ClickJournalCursor(_inOrder[_inOrder.IndexOf(_cursor!.Of) + 1]);
        }
    }

    private void DeleteStored()
    {
        lock (_files)
        {
            // What is written to is the last one; what is read from may only go once the cursor has left it.
            while (_inOrder is [var oldest, ..] && oldest.LastSequence <= StoredSequence && oldest != _current && oldest != _cursor?.Of)
            {
                oldest.Delete();
                _inOrder.RemoveAt(0);
            }
        }
    }

    private void Flush()
    {
        List<ClickJournalFile> files;
        lock (_files)
        {
            files = [.. _inOrder];
        }

        foreach (var file in files)
        {
            try
            {
                file.Flush();
            }
            catch (ObjectDisposedException)
            {
                // Stored and deleted meanwhile.
            }
            catch (IOException exception)
            {
                CannotFlush(exception, file.Path);
            }
        }
    }

    private void Remember(ClickJournalOwner owner)
    {
        var file = Path.Combine(_folder, WriterName);
        File.WriteAllText(file + ".new", owner.ToString());
        File.Move(file + ".new", file, overwrite: true);
    }

    [LoggerMessage(LogLevel.Error, "Clicks cannot be written to the journal {Folder} and are lost until they can; visitors are redirected all the same.")]
    private partial void CannotWrite(Exception exception, string folder);

    [LoggerMessage(LogLevel.Warning, "The journal is written again. {Lost} clicks have been lost since the server started.")]
    private partial void WritesAgain(long lost);

    [LoggerMessage(LogLevel.Warning, "The journal {File} could not be flushed to the disk.")]
    private partial void CannotFlush(Exception exception, string file);

    [LoggerMessage(LogLevel.Error, "The journal {File} is damaged: {Bytes} bytes among its records belong to none and were left out.")]
    private partial void IsDamaged(string file, long bytes);

    [LoggerMessage(LogLevel.Warning, "The journal {File} ended in {Bytes} bytes of a record that was never finished; they were cut off after record {Sequence}.")]
    private partial void TailCut(string file, long bytes, long sequence);

    /// <summary>Records of requests that came while another was writing; they are written in one piece.</summary>
    private sealed class Group
    {
        private byte[] _records = new byte[4096];
        private int _length;
        private int _waiting;

        public ReadOnlySpan<byte> Records => _records.AsSpan(0, _length);

        /// <summary>The link of each click.</summary>
        public List<long> Links { get; } = [];

        public int Clicks => Links.Count;

        public long FirstSequence { get; private set; }

        public long LastSequence { get; private set; }

        public bool IsDone { get; set; }

        public bool IsLost { get; set; }

        public void Add(Span<byte> record, long sequence)
        {
            ClickJournalLayout.Seal(record, sequence);
            if (_length + record.Length > _records.Length)
            {
                Array.Resize(ref _records, Math.Max(_records.Length * 2, _length + record.Length));
            }

            record.CopyTo(_records.AsSpan(_length));
            _length += record.Length;
            _waiting++;
            FirstSequence = FirstSequence == 0 ? sequence : FirstSequence;
            LastSequence = sequence;
            if (ClickJournalLayout.Subject(record) is (var link, true))
            {
                Links.Add(link);
            }
        }

        /// <returns>Whether nobody waits for it any more.</returns>
        public bool Leave() => --_waiting == 0;

        public void Clear()
        {
            (_length, FirstSequence, LastSequence, IsDone, IsLost) = (0, 0, 0, false, false);
            Links.Clear();
        }
    }
}

/// <summary>The writer that a journal belongs to. The name, which no other writer of any database has, tells when a journal meets the wrong database.</summary>
public sealed record ClickJournalOwner(int Number, string Name)
{
    /// <exception cref="SettingException">The file holds something else.</exception>
    public static ClickJournalOwner Parse(string text, string file) =>
        text.Trim().Split(' ', 2) is [var number, { Length: > 0 } name]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var writer)
            ? new(writer, name)
            : throw new SettingException($"'{file}' does not hold the number and the name of a writer; put it back from a backup, or move the journal away");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Name}\n");
}
