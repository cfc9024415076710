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

    /// <summary>
    /// Numbers that may be in the database already are not given again: who cannot ask it goes on from the next multiple of this. So a
    /// file that begins with one leaves no gap behind the one before.
    /// </summary>
    private const long Stride = 1L << 20;

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
    private long _nextFileAt;
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

    // Numbers that were not given.
    private long _skippedFrom;
    private long _skipped;

    // The number that comes next when none is missing, and how many were.
    private long _expected;
    private long _missing;

    // Kept in the folder, so that what was lost is known after a restart, too.
    private readonly Lock _remembering = new();
    private JournalState? _state;
    private JournalNumbers _numbers;
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

    /// <summary>Records that wait to be stored.</summary>
    public long Unstored => Math.Max(0, LastSequence - StoredSequence - (StoredSequence < _skippedFrom ? _skipped : 0));

    /// <summary>Everything up to here is stored.</summary>
    public long StoredSequence => Interlocked.Read(ref _storedSequence);

    /// <summary>Bytes on disk that wait to be stored, and the rest of the file in which they begin.</summary>
    public long Bytes
    {
        get
        {
            lock (_files)
            {
                return _inOrder.Where(file => file.LastSequence > StoredSequence || file == _current).Sum(file => file.Length);
            }
        }
    }

    /// <summary>Where it lies.</summary>
    public string Folder => _folder;

    /// <summary>Whether no file of it holds a record. To be asked between <see cref="Claim"/> and <see cref="Open"/>.</summary>
    public bool IsEmpty => ClickJournalFile.In(_folder).All(file => new FileInfo(file).Length <= ClickJournalFile.HeaderLength);

    /// <summary>Clicks that were answered and could not be written, in this process and in earlier ones.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Numbers of the sequence whose records were not there when they were to be stored, in this process and in earlier ones.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    /// <summary>Null: none has ever been lost.</summary>
    public DateTimeOffset? LastLoss => Interlocked.Read(ref _lastLoss) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether the last attempt to write failed.</summary>
    public bool IsFailing => Volatile.Read(ref _isFailing);

    /// <summary>Whether there are records that could not be read, of this process or of an earlier one. An operator should look at them and move them away.</summary>
    public bool HasSetAside
    {
        get
        {
            lock (_files)
            {
                if (_inOrder.Any(file => file.IsDamaged))
                {
                    return true;
                }
            }

            return Directory.Exists(_folder) && FilesSetAside(_folder).Any();
        }
    }

    /// <summary>Files in this folder with records, or what once were some, that could not be read.</summary>
    public static IEnumerable<string> FilesSetAside(string folder) =>
        new[] { ClickJournalFile.AsideExtension, ClickJournalFile.DamagedExtension }.SelectMany(extension => Directory.EnumerateFiles(folder, "*" + extension));

    /// <summary>What the journal in this folder has counted so far: clicks that could not be written, and records that were not there any more.</summary>
    public static (long Lost, long Missing) LossesIn(string folder) =>
        JournalState.Peek(folder) is { } numbers ? (numbers.Lost, numbers.Missing) : (0, 0);

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

        Remember(numbers => numbers);
        (_lost, _lastLoss, _missing, _storedSequence) = (_numbers.Lost, _numbers.LastLoss, _numbers.Missing, _numbers.Stored);
        var file = Path.Combine(_folder, WriterName);
        return File.Exists(file) ? ClickJournalOwner.Parse(File.ReadAllText(file), file) : null;
    }

    /// <summary>Looks through what an earlier process left, cuts off what it did not finish, and goes on from there.</summary>
    /// <param name="owner">Whose clicks these are from now on.</param>
    /// <param name="storedSequence">
    /// What the database already has of them. Null: it cannot be asked now, and the journal goes by what it remembers.
    /// </param>
    /// <exception cref="SettingException">The files are another writer's.</exception>
    public void Open(ClickJournalOwner owner, long? storedSequence)
    {
        Own(owner);
        _storedSequence = _deletedSequence = _lastSequence = Math.Max(storedSequence ?? 0, _numbers.Stored);
        _expected = _storedSequence + 1;
        foreach (var path in ClickJournalFile.In(_folder).ToList())
        {
            var file = ClickJournalFile.Open(path, owner);
            if (LookThrough(file))
            {
                _inOrder.Add(file);
            }
            else
            {
                file.Delete();
            }
        }

        if (storedSequence is null)
        {
            // A power cut may have taken the end of the journal and not what the database has of it.
            _skippedFrom = _lastSequence + 1;
            _lastSequence = (((_lastSequence / Stride) + 1) * Stride) - 1;
            _skipped = _lastSequence + 1 - _skippedFrom;
        }

        DeleteStored();
        MakeFirstFile();
        if (_options.FlushInterval > TimeSpan.Zero)
        {
            _flushes = _clock.CreateTimer(_ => FlushAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _flushes.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Hands a click to the operating system.</summary>
    /// <returns>False: it could not be written and is lost; the loss is counted.</returns>
    public bool Append(RawClick click) => Append(click, null);

    /// <param name="click">The click.</param>
    /// <param name="kind">What the record says it is. Null: what it is.</param>
    internal bool Append(RawClick click, byte? kind)
    {
        // Kept by each thread: clearing so large a piece of the stack would cost more than all that is written into it.
        Span<byte> record = _scratch ??= new byte[ClickJournalLayout.HeaderLength + ClickJournalLayout.MaxPayloadLength];
        var length = ClickJournalLayout.WriteClick(record[ClickJournalLayout.HeaderLength..], click);
        record[ClickJournalLayout.HeaderLength] = kind ?? record[ClickJournalLayout.HeaderLength];
        return Append(record[..(ClickJournalLayout.HeaderLength + length)]);
    }

    /// <summary>As <see cref="Append(RawClick)"/>, for a visit that was turned away.</summary>
    public bool AppendBlocked(long linkId, DateTimeOffset time)
    {
        Span<byte> record = stackalloc byte[64];
        var length = ClickJournalLayout.WriteBlocked(record[ClickJournalLayout.HeaderLength..], linkId, time);
        return Append(record[..(ClickJournalLayout.HeaderLength + length)]);
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
                // What is confirmed is not needed any more, and a file that nothing was written to never was.
                foreach (var file in _inOrder)
                {
                    if (file.LastSequence <= _numbers.Confirmed || file.Length == ClickJournalFile.HeaderLength)
                    {
                        file.Delete();
                    }
                    else
                    {
                        file.Dispose();
                    }
                }

                _inOrder.Clear();
                _current = null;
            }
        }

        lock (_remembering)
        {
            _state?.Dispose();
            _state = null;
        }

        _lock?.Dispose();
    }

    /// <summary>Goes on in a new file, so that the one before can go as soon as nothing in it is needed any more.</summary>
    internal void Roll()
    {
        lock (_appending)
        {
            if (_current is { } file && file.Length > ClickJournalFile.HeaderLength)
            {
                GoOnInNewFile(file, _lastSequence + 1);
            }
        }
    }

    /// <summary>Remembers another writer for the same clicks: the database that they were written for has forgotten the old one.</summary>
    internal void Own(ClickJournalOwner owner)
    {
        var file = Path.Combine(_folder, WriterName);
        if (!File.Exists(file) || ClickJournalOwner.Parse(File.ReadAllText(file), file) != owner)
        {
            // What is known of another writer's sequence says nothing about this one's.
            Remember(numbers => numbers with { Stored = 0, Confirmed = 0 });
            File.WriteAllText(file + ".new", owner.ToString());
            File.Move(file + ".new", file, overwrite: true);
        }

        Writer = owner.Number;
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
                var file = _current ?? GoOnIn(ClickJournalFile.Create(_folder, Writer, sequence));
                file.Append(record, sequence);
                Volatile.Write(ref _lastSequence, sequence);

                if (file.Length >= _nextFileAt)
                {
                    GoOnInNewFile(file, sequence + 1);
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

    // Where no other can be made, this one goes on: its room may well be there still.
    private void GoOnInNewFile(ClickJournalFile file, long sequence)
    {
        try
        {
            var next = ClickJournalFile.Create(_folder, Writer, sequence);

            // Before it has a successor: from then on it may be stored and deleted at any time.
            file.Finish();
            GoOnIn(next);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _nextFileAt = file.Length + _options.JournalFileSize;
            CannotBegin(exception, _folder);
        }
    }

    // At the start, and not when the first visitor comes: a file system that has no more files to give says so before anything is lost.
    private void MakeFirstFile()
    {
        lock (_appending)
        {
            try
            {
                GoOnIn(ClickJournalFile.Create(_folder, Writer, _lastSequence + 1));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _isFailing = true;
                CannotWrite(exception, _folder);
            }
        }
    }

    private void Remember(Func<JournalNumbers, JournalNumbers> change)
    {
        lock (_remembering)
        {
            try
            {
                if (_state is null)
                {
                    _state = JournalState.Open(_folder);
                    _numbers = _numbers == default ? _state.Now : _numbers;
                }

                _numbers = change(_numbers);
                _state.Write(_numbers);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // They are right in memory, and are written with the next change.
                _numbers = _state is null ? change(_numbers) : _numbers;
            }
        }
    }

    private void Lose(ReadOnlySpan<byte> record, Exception exception)
    {
        var lost = Interlocked.Add(ref _lost, ClickJournalLayout.Subject(record).IsClick ? 1 : 0);
        var now = _clock.GetUtcNow().UtcTicks;
        Interlocked.Exchange(ref _lastLoss, now);
        Remember(numbers => numbers with { Lost = lost, LastLoss = now });
        if (!_isFailing)
        {
            _isFailing = true;
            CannotWrite(exception, _folder);
        }
    }

    private ClickJournalFile GoOnIn(ClickJournalFile file)
    {
        lock (_files)
        {
            // In one step: a file that is not written to and that has nothing to store would be deleted.
            _current = file;
            _nextFileAt = _options.JournalFileSize;
            _inOrder.Add(file);
            return file;
        }
    }

    // False: there is no record in it, as when the process ended before anything was written.
    private bool LookThrough(ClickJournalFile file)
    {
        var length = file.Length;
        var cursor = new ClickJournalCursor(file);
        while (cursor.TryNext(out _))
        {
        }

        var headerIsDamaged = file.IsDamaged && (length >= ClickJournalFile.HeaderLength) && !(file.BeginsWithZeros && cursor is { LastSequence: 0, EndsTorn: false });
        file.IsDamaged = headerIsDamaged || cursor.DamagedBytes > 0 || cursor.EndsDamaged;
        file.EndAt(cursor.EndOfRecords, cursor.LastSequence);
        _lastSequence = Math.Max(_lastSequence, cursor.LastSequence);
        if (headerIsDamaged)
        {
            HeaderIsDamaged(file.Path, cursor.LastSequence);
        }

        if (cursor.DamagedBytes > 0)
        {
            IsDamaged(file.Path, cursor.DamagedBytes);
        }

        // Zeros are room that was taken in advance.
        if (cursor.EndsDamaged)
        {
            IsDamaged(file.Path, length - cursor.EndOfRecords);
        }
        else if (cursor.EndsTorn)
        {
            TailCut(file.Path, length - cursor.EndOfRecords, cursor.LastSequence);
        }

        return cursor.LastSequence > 0;
    }

    // A disk that takes longer than the interval has one flush at a time.
    private void FlushAgain()
    {
        Flush();
        _flushes?.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
    }

    private void Flush()
    {
        List<ClickJournalFile> files;
        lock (_files)
        {
            files = [.. _inOrder];
        }

        lock (_remembering)
        {
            _state?.Flush();
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

    [LoggerMessage(LogLevel.Error, "Clicks cannot be written to the journal {Folder} and are lost until they can; visitors are redirected all the same.")]
    private partial void CannotWrite(Exception exception, string folder);

    [LoggerMessage(LogLevel.Error, "No new file can be made in the journal {Folder}; clicks go on into the last one.")]
    private partial void CannotBegin(Exception exception, string folder);

    [LoggerMessage(LogLevel.Warning, "The journal is written again. {Lost} clicks have been lost so far.")]
    private partial void WritesAgain(long lost);

    [LoggerMessage(LogLevel.Warning, "The journal {File} could not be flushed to the disk.")]
    private partial void CannotFlush(Exception exception, string file);

    [LoggerMessage(LogLevel.Error, "The header of the journal {File} is damaged. Its records have checksums of their own and are read up to {Sequence}; the file is kept.")]
    private partial void HeaderIsDamaged(string file, long sequence);

    [LoggerMessage(LogLevel.Error, "The journal {File} is damaged: {Bytes} bytes among its records belong to none any more and were left out; the file is kept.")]
    private partial void IsDamaged(string file, long bytes);

    [LoggerMessage(LogLevel.Warning, "The journal {File} ended in {Bytes} bytes of a record that was never finished; they were cut off after record {Sequence}.")]
    private partial void TailCut(string file, long bytes, long sequence);
}
