using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Clicks.Journal;

// What the one thread does that reads the journal and stores what it reads, and what looks records up for others.
public sealed partial class ClickJournal
{
    /// <summary>
    /// Clicks of a link that are in the journal and not in a database that has stored everything up to
    /// <paramref name="storedSequence"/>. Reads the journal: for what is asked once a link, not once a click.
    /// </summary>
    /// <param name="counts">Which of them. Null: all.</param>
    /// <param name="takeWhatIsThere">Counts what the journal has, also when it has deleted some of what that database does not have.</param>
    /// <returns>Null: the journal has deleted meanwhile what that database did not have. Look again.</returns>
    public long? CountUnstored(long linkId, long storedSequence, Predicate<RawClick>? counts = null, bool takeWhatIsThere = false)
    {
        List<ClickJournalFile> files;
        lock (_files)
        {
            if (_deletedSequence > storedSequence && !takeWhatIsThere)
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
                    NoteMissing(cursor.LastSequence);
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

    /// <summary>Everything up to here has been stored. It stays until it is <see cref="Confirmed"/>.</summary>
    internal void Stored(long sequence)
    {
        Interlocked.Exchange(ref _storedSequence, sequence);
        Remember(numbers => numbers with { Stored = sequence, Missing = _missing });
        if (_options.KeepStored == TimeSpan.Zero)
        {
            Confirmed(sequence);
        }
        else
        {
            DeleteStored();
        }
    }

    /// <summary>Everything up to here has been found in the database again, and is not needed any more.</summary>
    internal void Confirmed(long sequence)
    {
        if (sequence > _numbers.Confirmed)
        {
            Remember(numbers => numbers with { Confirmed = sequence });
            DeleteStored();
        }
    }

    /// <summary>Deletes what is not needed any more.</summary>
    /// <param name="upTo">The last number of interest.</param>
    /// <param name="isStoredForGood">Whether what is stored is not kept for a database that goes back.</param>
    /// <returns>Whether nothing is left up to there.</returns>
    internal bool TryForget(long upTo, bool isStoredForGood)
    {
        if (isStoredForGood && StoredSequence > _numbers.Confirmed)
        {
            Remember(numbers => numbers with { Confirmed = StoredSequence });
        }

        DeleteStored();
        lock (_files)
        {
            return !_inOrder.Any(file => file != _current && file.LastSequence <= upTo);
        }
    }

    /// <summary>The database has gone back to an earlier state, and only has what was stored up to here. What follows is read again.</summary>
    internal void GoBackTo(long sequence)
    {
        lock (_files)
        {
            _cursor = null;
        }

        Interlocked.Exchange(ref _storedSequence, sequence);
        _expected = sequence + 1;
        Remember(numbers => numbers with { Stored = sequence, Confirmed = Math.Min(numbers.Confirmed, sequence) });
    }

    /// <summary>Keeps the bytes of a record that cannot be read, out of the way of those that can.</summary>
    internal void SetAside(ReadOnlySpan<byte> record)
    {
        // Named after its first record: read again after a crash, it is written again and not a second time.
        _aside ??= ClickJournalFile.Create(_folder, Writer, ClickJournalLayout.Sequence(record), ClickJournalFile.AsideExtension);
        _aside.Append(record, ClickJournalLayout.Sequence(record));
        _aside.Flush();
    }

    private void NoteMissing(long sequence)
    {
        if (sequence > _expected && sequence % Stride != 0)
        {
            Interlocked.Add(ref _missing, sequence - _expected);
            AreMissing(sequence - _expected, _expected, sequence - 1);
        }

        _expected = sequence + 1;
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
            var kept = _inOrder.Where(file => file.LastSequence <= StoredSequence).Sum(file => file.Length);
            while (_inOrder is [var oldest, ..]
                && oldest.LastSequence <= StoredSequence
                && (oldest.LastSequence <= _numbers.Confirmed || kept > _options.KeptSize)
                && oldest != _current
                && oldest != _cursor?.Of)
            {
                kept -= oldest.Length;
                _deletedSequence = Math.Max(_deletedSequence, oldest.LastSequence);
                _inOrder.RemoveAt(0);
                stored.Add(oldest);
            }
        }

        // Large files take their time to go, and the thread that begins a new one need not wait for that.
        stored.ForEach(file => file.Delete());
    }

    [LoggerMessage(LogLevel.Error, "{Count} records of the journal are missing, with the numbers {First} to {Last}: they were damaged or are not there any more.")]
    private partial void AreMissing(long count, long first, long last);
}
