using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Takes clicks from the journal to the database, batch by batch and off the visitor's time. While the database is away the journal
/// grows; when it is back the backlog drains; what is left when the process ends is stored by the next one.
/// </summary>
public sealed partial class ClickWriter(
    SpooDatabase database,
    StoreGate gate,
    ClickJournal journal,
    ClickReader reader,
    ClickStore store,
    BisectingStore sieve,
    RefusedClicks refused,
    ClickOptions options,
    TimeProvider clock,
    ILogger<ClickWriter> logger)
    : BackgroundService
{
    /// <summary>How often the database is asked whether it is still the same one, in the state in which it was left.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>So much of the time that a server may take to stop is for storing what is left.</summary>
    private static readonly TimeSpan LastEffort = TimeSpan.FromSeconds(1.5);

    /// <summary>So many clicks wait only where something is wrong, if they wait for long.</summary>
    private const int ManyWaiting = 1_000;

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    private readonly RetryBackoff _retry = new(clock);

    private readonly ClickRecordReader _records = new(reader, new NewValues(options));

    private ClickJournalOwner? _owner;
    private long? _looked;
    private (long At, long Sequence)? _mark;

    // A batch stays here until it is stored, however often that is tried.
    private readonly ClickBatch _batch = new();
    private int _count;
    private long _last;

    private long _stored;
    private long _withoutLink;
    private long _failures;
    private long _oldest;
    private long _progressed = clock.GetTimestamp();

    // Said by others; the thread that reads the journal does it.
    private volatile bool _isToForget;
    private long? _forgetUpTo;

    /// <summary>What an operator should know about the clicks on their way.</summary>
    public ClickHealth Health => new()
    {
        LostClicks = journal.Lost,
        MissingRecords = journal.Missing,
        LastLoss = journal.LastLoss,
        IsLosing = journal.IsFailing,
        StoredClicks = Interlocked.Read(ref _stored),
        WithoutLink = Interlocked.Read(ref _withoutLink),
        Unstored = journal.Unstored,
        OldestWaiting = Interlocked.Read(ref _oldest) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null,
        IsBehind = journal.Unstored > ManyWaiting && clock.GetElapsedTime(Interlocked.Read(ref _progressed)) > LongWait,
        StoreIsAway = gate.ClosedBecause,
        HasUnreadable = journal.HasSetAside,
        RefusedClicks = sieve.Refusals,
        RefusedFiles = refused.Count,
        JournalBytes = journal.Bytes,
        IsJournalLarge = journal.Bytes > options.JournalWarningSize,
        StoreFailingSince = _retry.FailingSince,
        StoreFailures = Interlocked.Read(ref _failures),
    };

    /// <summary>
    /// Lets the journal go of everything that is stored, because some of it may have been deleted since. A SQLite file goes back only when
    /// an operator puts another one in its place, and so nothing is kept for that; for a server's replicas it is, as long as otherwise.
    /// </summary>
    public void ForgetStored() => _isToForget = true;

    /// <summary>Opens the journal, before the first visitor can come.</summary>
    /// <exception cref="Data.SettingException">The journal is another process's, another database's, or cannot be written to.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var owner = journal.Claim();
        if (database.IsReady)
        {
            await OpenAsync(owner, cancellationToken);
        }
        else
        {
            _owner = owner ?? throw new SettingException($"the journal '{journal.Folder}' has lost its file 'writer'; put it back from a backup, or move the journal away");
            journal.Open(_owner, null);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Stores what is left, when the last visitor has been answered.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Services that stopped before may have used up the time that there is for stopping, and a little of it is always well spent here.
        await base.StopAsync(CancellationToken.None);
        using var effort = new CancellationTokenSource(LastEffort, clock);
        try
        {
            while (database.IsReady && await StoreNextAsync(effort.Token) > 0)
            {
            }
        }
        catch (Exception exception)
        {
            LeftInJournal(exception.GetBaseException().Message, journal.Unstored);
        }
    }

    private async Task OpenAsync(ClickJournalOwner? owner, CancellationToken cancellationToken)
    {
        var stored = owner is null ? null : await store.LastSequenceAsync(owner.Number, owner.Name, cancellationToken);
        if (owner is null || (stored is null && gate.Known is null && journal.IsEmpty))
        {
            var name = $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
            owner = new ClickJournalOwner(await store.NewWriterAsync(name, null, cancellationToken), name);
            stored = 0;
        }

        if (stored is null && gate.Known is null)
        {
            throw new SettingException(
                $"the journal in the data folder belongs to another database, which knows it as writer {owner}: put that database back, or move the journal away");
        }

        // One that is ours and does not know the writer is in a state from before it: that is looked at when the first clicks are stored.
        journal.Open(_owner = owner, stored ?? 0);
        await database.RememberAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Store(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // On a thread of its own, which stands back when visitors need the processor.
    private void Store(CancellationToken stoppingToken)
    {
        BackgroundThread.StandBack();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = StoreOrRetryAsync(stoppingToken).GetAwaiter().GetResult();
            if (wait > TimeSpan.Zero)
            {
                Task.Delay(wait, clock, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
            }
        }
    }

    private async Task<TimeSpan> StoreOrRetryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var looked = await LookAsync(cancellationToken);
            var stored = await StoreNextAsync(cancellationToken);
            if ((stored > 0 || looked) && _retry.Succeeded())
            {
                StoresAgain(journal.Unstored);
            }

            Forget();
            return stored == options.BatchSize ? TimeSpan.Zero : options.BatchDelay;
        }
        catch (StoreWentBackException exception)
        {
            // Found out while storing; the look that follows does what is to be done.
            _looked = null;
            StateIsOlder(exception.Message);
            return TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Whatever it was, the clicks are safe in the journal and the only thing to do is to try again, with whatever database there is then.
            _looked = null;
            if (_retry.FailingSince is null)
            {
                CannotStore(exception, journal.Unstored);
            }

            Interlocked.Increment(ref _failures);
            return _retry.Failed();
        }
    }

    private void Forget()
    {
        if (_isToForget)
        {
            _isToForget = false;
            _forgetUpTo = journal.LastSequence;
            journal.Roll();
        }

        if (_forgetUpTo is { } upTo && (journal.StoredSequence >= upTo || journal.Unstored == 0) && journal.TryForget(upTo, database.IsEmbedded))
        {
            _forgetUpTo = null;
        }
    }

    // Whether the database is the one that it has to be, and in the state in which it was left. False: that was not to be looked at now.
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (_looked is { } last && database.IsReady && clock.GetElapsedTime(last) < LookInterval)
        {
            return false;
        }

        await database.JoinAsync(cancellationToken);
        await store.RequireKnownAsync(cancellationToken);
        var owner = _owner!;
        var stored = await store.LastSequenceAsync(owner.Number, owner.Name, cancellationToken);
        if (stored is null)
        {
            // Ours, in a state from before it knew this node. The records get another writer's number, under which nothing of them is stored.
            _owner = new ClickJournalOwner(await store.NewWriterAsync(owner.Name, null, cancellationToken), owner.Name, owner.Number);
            await GoBackAsync(0, cancellationToken);
        }
        else if (stored < journal.StoredSequence)
        {
            await GoBackAsync(stored.Value, cancellationToken);
        }

        _looked = clock.GetTimestamp();
        Mark();
        return true;
    }

    private async Task GoBackAsync(long stored, CancellationToken cancellationToken)
    {
        // First the sign for processes that keep columns: if this process ends now, the next one comes here again.
        await store.RenewEpochAsync(cancellationToken);
        WentBack(stored, journal.StoredSequence);
        journal.Own(_owner!);
        journal.GoBackTo(stored);
        _mark = null;
        _count = 0;
        _batch.Clear();
    }

    // What was stored when the mark was set, and is there still so much later, is not asked for any more.
    private void Mark()
    {
        var now = clock.GetTimestamp();
        if (_mark is { } mark && clock.GetElapsedTime(mark.At, now) < options.KeepStored)
        {
            return;
        }

        if (_mark is { } confirmed)
        {
            journal.Confirmed(confirmed.Sequence);
        }

        _mark = (now, journal.StoredSequence);
    }

    private async Task<int> StoreNextAsync(CancellationToken cancellationToken)
    {
        if (_count == 0)
        {
            journal.Read(options.BatchSize, Gather);
        }

        if (_count == 0)
        {
            Interlocked.Exchange(ref _progressed, clock.GetTimestamp());
            return 0;
        }

        Interlocked.Exchange(ref _oldest, _batch.Clicks is [var first, ..] ? first.Time.UtcTicks : 0);
        var stored = await sieve.StoreAsync(_batch, new WriterPosition(_owner!.Name, journal.StoredSequence), cancellationToken);
        Interlocked.Add(ref _stored, stored.Stored);
        Interlocked.Add(ref _withoutLink, stored.WithoutLink);
        Interlocked.Exchange(ref _oldest, 0);
        Interlocked.Exchange(ref _progressed, clock.GetTimestamp());
        var count = _count;
        journal.Stored(_last);
        _count = 0;
        _batch.Clear();
        return count;
    }

    private void Gather(ReadOnlySpan<byte> record)
    {
        (_count, _last) = (_count + 1, ClickJournalLayout.Sequence(record));
        try
        {
            _records.Read(record, journal.Writer, _batch);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with it: one that cannot be read today cannot be tomorrow either, and the others must not wait for it.
            CannotRead(exception);
            SetAside(record);
        }
    }

    private void SetAside(ReadOnlySpan<byte> record)
    {
        try
        {
            journal.SetAside(record);
        }
        catch (IOException exception)
        {
            CannotSetAside(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "A record of the journal cannot be read; its bytes are kept beside the journal, in a file that ends in .unread.")]
    private partial void CannotRead(Exception exception);

    [LoggerMessage(LogLevel.Error, "A record of the journal that cannot be read could not be kept either.")]
    private partial void CannotSetAside(Exception exception);

    [LoggerMessage(LogLevel.Error, "Clicks cannot be stored and wait in the journal: {Waiting} so far. Visitors do not notice.")]
    private partial void CannotStore(Exception exception, long waiting);

    [LoggerMessage(LogLevel.Warning, "Clicks are stored again; {Waiting} still wait in the journal.")]
    private partial void StoresAgain(long waiting);

    [LoggerMessage(LogLevel.Warning, "{Waiting} clicks stay in the journal, and the next start stores them: {Reason}")]
    private partial void LeftInJournal(string reason, long waiting);

    [LoggerMessage(LogLevel.Error, "The database is in an earlier state than it was: {Reason}")]
    private partial void StateIsOlder(string reason);

    [LoggerMessage(LogLevel.Error, "The database has gone back: it has clicks of this server up to number {Stored}, and had them up to {Before}. It gets them again from the journal, as far as they are there.")]
    private partial void WentBack(long stored, long before);
}

/// <summary>How clicks fare between the visitor's answer and the database.</summary>
public sealed record ClickHealth
{
    /// <summary>Clicks that were answered but could not be written down, by this process and earlier ones.</summary>
    public required long LostClicks { get; init; }

    /// <summary>Records that were not in the journal any more when they were to be stored, for this process and earlier ones.</summary>
    public required long MissingRecords { get; init; }

    /// <summary>Whether thousands wait, and have done so for a while: the database is slow, or another program has locked it.</summary>
    public required bool IsBehind { get; init; }

    /// <summary>Why the database is not asked at all: it has not been joined yet, or is another one. Null: it is.</summary>
    public required string? StoreIsAway { get; init; }

    /// <summary>Null: none was lost.</summary>
    public required DateTimeOffset? LastLoss { get; init; }

    /// <summary>Whether the click answered last was lost: the journal's disk is full or broken.</summary>
    public required bool IsLosing { get; init; }

    /// <summary>Clicks that wait to be stored. Some always do, while there are visitors.</summary>
    public required long Unstored { get; init; }

    /// <summary>Clicks that this process has stored.</summary>
    public required long StoredClicks { get; init; }

    /// <summary>Clicks that came to the store after their link had been deleted.</summary>
    public required long WithoutLink { get; init; }

    /// <summary>When the first of the clicks was made that the database is being asked to store. Null: it is not being asked.</summary>
    public required DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>Clicks that the database refused while it took others, since the process started; see <see cref="BisectingStore"/>.</summary>
    public required long RefusedClicks { get; init; }

    /// <summary>How many of those, of this process or of an earlier one, still wait for the operator.</summary>
    public required int RefusedFiles { get; init; }

    /// <summary>Whether records were set aside because they could not be read, and have not been moved away yet.</summary>
    public required bool HasUnreadable { get; init; }

    public required long JournalBytes { get; init; }

    /// <summary>Whether that is more than <see cref="ClickOptions.JournalWarningSize"/>.</summary>
    public required bool IsJournalLarge { get; init; }

    /// <summary>Null: clicks are being stored.</summary>
    public required DateTimeOffset? StoreFailingSince { get; init; }

    /// <summary>Attempts to store that failed, since the process started.</summary>
    public required long StoreFailures { get; init; }

    public bool IsGood => !IsLosing && !HasUnreadable && RefusedFiles == 0 && !IsJournalLarge && !IsBehind && StoreIsAway is null && StoreFailingSince is null;
}
