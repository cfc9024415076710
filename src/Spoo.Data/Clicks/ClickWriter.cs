using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Spoo.Data.Clicks;

/// <summary>
/// Takes clicks from the journal to the database, batch by batch and off the visitor's time. While the database is away the journal
/// grows; when it is back the backlog drains; what is left when the process ends is stored by the next one.
/// </summary>
public sealed partial class ClickWriter(
    ClickJournal journal, ClickReader reader, ClickStore store, ClickOptions options, TimeProvider clock, ILogger<ClickWriter> logger)
    : BackgroundService
{
    private readonly StoreRetry _retry = new(clock);

    // A batch stays here until it is stored, however often that is tried.
    private readonly ClickBatch _batch = new();
    private List<ClickJournalRecord> _records = [];

    /// <summary>What an operator should know about the clicks on their way.</summary>
    public ClickHealth Health => new()
    {
        LostClicks = journal.Lost,
        LastLoss = journal.LastLoss,
        IsLosing = journal.IsFailing,
        Unstored = Math.Max(0, journal.LastSequence - journal.StoredSequence),
        JournalBytes = journal.Bytes,
        IsJournalLarge = journal.Bytes > options.JournalWarningSize,
        StoreFailingSince = _retry.FailingSince,
    };

    /// <summary>Opens the journal, before the first visitor can come.</summary>
    /// <exception cref="Data.SettingException">The journal is another process's, another database's, or cannot be written to.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var owner = journal.Claim();
        var stored = owner is null ? null : await store.LastSequenceAsync(owner.Number, owner.Name, cancellationToken);
        if (owner is null || (stored is null && journal.IsEmpty))
        {
            var name = $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
            owner = new ClickJournalOwner(await store.NewWriterAsync(name, null, cancellationToken), name);
            stored = 0;
        }

        journal.Open(owner, stored ?? throw new SettingException(
            $"the journal in the data folder belongs to another database, which knows it as writer {owner}: put that database back, or move the journal away"));
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Stores what is left, when the last visitor has been answered.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            while (await StoreNextAsync(cancellationToken) > 0)
            {
            }
        }
        catch (Exception exception)
        {
            LeftInJournal(exception, journal.LastSequence - journal.StoredSequence);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = await StoreOrRetryAsync(stoppingToken);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TimeSpan> StoreOrRetryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await StoreNextAsync(cancellationToken);
            if (stored > 0 && _retry.Succeeded())
            {
                StoresAgain(journal.LastSequence - journal.StoredSequence);
            }

            return stored == options.BatchSize ? TimeSpan.Zero : options.BatchDelay;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Whatever it was, the clicks are safe in the journal and the only thing to do is to try again.
            if (_retry.FailingSince is null)
            {
                CannotStore(exception, journal.LastSequence - journal.StoredSequence);
            }

            return _retry.Failed();
        }
    }

    private async Task<int> StoreNextAsync(CancellationToken cancellationToken)
    {
        if (_records.Count == 0)
        {
            _records = Gather();
        }

        if (_records.Count == 0)
        {
            return 0;
        }

        await store.StoreAsync(_batch, cancellationToken);
        var count = _records.Count;
        journal.Stored(_records);
        _records = [];
        _batch.Clear();
        return count;
    }

    private List<ClickJournalRecord> Gather()
    {
        var records = journal.Read(options.BatchSize);
        foreach (var record in records)
        {
            var id = new ClickId(journal.Writer, record.Sequence);
            if (record.IsBlocked)
            {
                _batch.AddBlocked(id, record.Click.LinkId);
            }
            else
            {
                reader.Read(record.Click, id, _batch);
            }
        }

        return records;
    }

    [LoggerMessage(LogLevel.Error, "Clicks cannot be stored and wait in the journal: {Waiting} so far. Visitors do not notice.")]
    private partial void CannotStore(Exception exception, long waiting);

    [LoggerMessage(LogLevel.Warning, "Clicks are stored again; {Waiting} still wait in the journal.")]
    private partial void StoresAgain(long waiting);

    [LoggerMessage(LogLevel.Warning, "{Waiting} clicks stay in the journal; the next start stores them.")]
    private partial void LeftInJournal(Exception exception, long waiting);
}

/// <summary>How clicks fare between the visitor's answer and the database.</summary>
public sealed record ClickHealth
{
    /// <summary>Clicks that were answered but could not be written down, since the process started.</summary>
    public required long LostClicks { get; init; }

    /// <summary>Null: none was lost.</summary>
    public required DateTimeOffset? LastLoss { get; init; }

    /// <summary>Whether the click answered last was lost: the journal's disk is full or broken.</summary>
    public required bool IsLosing { get; init; }

    /// <summary>Clicks that wait to be stored. Some always do, while there are visitors.</summary>
    public required long Unstored { get; init; }

    public required long JournalBytes { get; init; }

    /// <summary>Whether that is more than <see cref="ClickOptions.JournalWarningSize"/>.</summary>
    public required bool IsJournalLarge { get; init; }

    /// <summary>Null: clicks are being stored.</summary>
    public required DateTimeOffset? StoreFailingSince { get; init; }

    public bool IsGood => !IsLosing && !IsJournalLarge && StoreFailingSince is null;
}
