using System.Globalization;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Journal;

/// <summary>
/// Clicks on this node's own disk, between the answer to the visitor and the database: files that are only appended to. Once
/// <see cref="Append"/> has returned, no end of this process can lose the click. docs/journal.md describes the files.
/// </summary>
/// <remarks>
/// Appending is for many threads, reading for one. Those who append wait for each other, because copying a click into the file's
/// pages takes a tenth of a microsecond; they never wait for the threads that read, store, delete or flush.
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

    // Touched by the appending threads.
    private readonly Lock _appending = new();
    private ClickJournalFile? _current;
    private long _lastSequence;
    private bool _isFailing;
    private volatile bool _isClosed;

    // Touched by the threads that read, delete or flush.
    private readonly Lock _files = new();
    private readonly List<ClickJournalFile> _inOrder = [];
    private ClickJournalCursor? _cursor;
    private ClickJournalFile? _aside;
    private ITimer? _flushes;
    private FileStream? _lock;

    private long _storedSequence;
    private long _deletedSequence;

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
    public long LastSequence => Volatile.Read(ref _lastSequence);

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

    /// <summary>Whether there are records that could not be read, of this process or of an earlier one. The operator should look at them and move them away.</summary>
    public bool HasSetAside => Directory.Exists(_folder) && FilesSetAside(_folder).Any();

    /// <summary>Files of records in this folder that could not be read.</summary>
    public static IEnumerable<string> FilesSetAside(string folder) => Directory.EnumerateFiles(folder, "*" + ClickJournalFile.AsideExtension);

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
        _storedSequence = _deletedSequence = _lastSequence = storedSequence;
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
    public bool Append(RawClick click) => Append(click, ClickJournalLayout.ClickKind);

    internal bool Append(RawClick click, byte kind)
    {
        // Kept by each thread: clearing so large a piece of the stack would cost more than all that is written into it.
        Span<byte> record = _scratch ??= new byte[ClickJournalLayout.HeaderLength + ClickJournalLayout.MaxPayloadLength];
        var length = ClickJournalLayout.WriteClick(record[ClickJournalLayout.HeaderLength..], click);
        record[ClickJournalLayout.HeaderLength] = kind;
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
    /// <paramref name="storedSequence"/>. Reads the journal: for what is asked once a link, not once a click.
    /// </summary>
    /// <param name="counts">Which of them. Null: all.</param>
    /// <returns>Null: the journal has deleted meanwhile what that database did not have. Look again.</returns>
    public long? CountUnstored(long linkId, long storedSequence, Predicate<RawClick>? counts = null)
    {
        List<ClickJournalFile> files;
        lock (_files)
        {
            if (_deletedSequence > storedSequence)
            {
                return null;
            }

            files = [.. _inOrder];
        }

        var count = 0L;
        try
        {
            foreach (var cursor in files.Where(file => file.LastSequence > storedSequence).Select(file => new ClickJournalCursor(file)))
            {
                while (cursor.TryNext(out var record))
                {
                    count += cursor.LastSequence > storedSequence && ClickJournalLayout.Subject(record) == (linkId, true)
                        && (counts is null || counts(ClickJournalLayout.Read(record).Click)) ? 1 : 0;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return null;
        }

        return count;
    }

    /// <summary>The record with this number; reads the journal to where it stands. Null: it is not there any more.</summary>
    internal ClickJournalRecord? Find(long sequence)
    {
        ClickJournalFile? file;
        lock (_files)
        {
            file = _inOrder.Find(file => file.LastSequence >= sequence);
        }

        var cursor = file is null ? null : new ClickJournalCursor(file);
        while (cursor is not null && cursor.TryNext(out var record))
        {
            if (cursor.LastSequence == sequence)
            {
                return ClickJournalLayout.Read(record);
            }
        }

        return null;
    }

    public void Dispose()
    {
        _flushes?.Dispose();
        lock (_appending)
        {
            _isClosed = true;
            _current?.Finish();
            _aside?.Dispose();
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

    /// <summary>Goes through the records that follow those read last, in order, at most <paramref name="most"/> of them.</summary>
    /// <param name="each">Gets the bytes of a record, which are valid until it returns.</param>
    /// <returns>How many there were.</returns>
    internal int Read(int most, Action<ReadOnlySpan<byte>> each)
    {
        var count = 0;
        while (count < most && NextCursor(out var isLast) is { } cursor)
        {
            while (count < most && cursor.TryNext(out var record))
            {
                if (cursor.LastSequence > _storedSequence)
                {
                    each(record);
                    count++;
                }
            }

            if (count < most)
            {
                // A file that has a successor was complete before the cursor came to its end.
                if (isLast)
                {
                    break;
                }

                MoveOn();
            }
        }

        return count;
    }

    /// <summary>Everything up to here has been stored and is not needed any more.</summary>
    internal void Stored(long sequence)
    {
        Interlocked.Exchange(ref _storedSequence, sequence);
        DeleteStored();
    }

    /// <summary>Keeps the bytes of a record that cannot be read, out of the way of those that can.</summary>
    internal void SetAside(ReadOnlySpan<byte> record)
    {
        // Named after its first record: read again after a crash, it is written again and not a second time.
        _aside ??= ClickJournalFile.Create(_folder, Writer, ClickJournalLayout.Sequence(record), ClickJournalFile.AsideExtension);
        _aside.Append(record, ClickJournalLayout.Sequence(record));
        _aside.Flush();
    }

    private bool Append(Span<byte> record)
    {
        lock (_appending)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var sequence = _lastSequence + 1;
            ClickJournalLayout.Seal(record, sequence);
            try
            {
                var file = _current ?? NewFile(sequence);
                file.Append(record, sequence);
                Volatile.Write(ref _lastSequence, sequence);

                // The next to come makes a new file, so that a failure to make one fails no click that is already written.
                if (file.Length >= _options.JournalFileSize)
                {
                    file.Finish();
                    _current = null;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Lose(record, exception);
                return false;
            }

            if (_isFailing)
            {
                _isFailing = false;
                WritesAgain(Lost);
            }

            return true;
        }
    }

    private void Lose(ReadOnlySpan<byte> record, Exception exception)
    {
        Interlocked.Add(ref _lost, ClickJournalLayout.Subject(record).IsClick ? 1 : 0);
        Interlocked.Exchange(ref _lastLoss, _clock.GetUtcNow().UtcTicks);
        if (!_isFailing)
        {
            _isFailing = true;
            CannotWrite(exception, _folder);
        }
    }

    private ClickJournalFile NewFile(long firstSequence)
    {
        lock (_files)
        {
            // In one step: a file without a writer that has nothing to store would be deleted.
            var file = ClickJournalFile.Create(_folder, Writer, firstSequence);
            _current = file;
            _inOrder.Add(file);
            return file;
        }
    }

    private void LookThrough(ClickJournalFile file)
    {
        var length = file.Length;
        var cursor = new ClickJournalCursor(file);
        while (cursor.TryNext(out _))
        {
        }

        file.EndAt(cursor.EndOfRecords, cursor.LastSequence);
        _lastSequence = Math.Max(_lastSequence, cursor.LastSequence);
        if (cursor.DamagedBytes > 0)
        {
            IsDamaged(file.Path, cursor.DamagedBytes);
        }

        // Zeros are room that was taken in advance.
        if (cursor.EndsTorn)
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
        var stored = new List<ClickJournalFile>();
        lock (_files)
        {
            // What is written to is the last one; what is read from may only go once the cursor has left it.
            while (_inOrder is [var oldest, ..] && oldest.LastSequence <= StoredSequence && oldest != _current && oldest != _cursor?.Of)
            {
                _deletedSequence = Math.Max(_deletedSequence, oldest.LastSequence);
                _inOrder.RemoveAt(0);
                stored.Add(oldest);
            }
        }

        // Large files take their time to go, and the thread that begins a new one need not wait for that.
        stored.ForEach(file => file.Delete());
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
