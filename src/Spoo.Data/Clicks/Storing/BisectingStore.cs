using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Stores batches, and sees to it that one click that the database never takes does not hold up all that follow: it is looked for by
/// halves, set aside into a file, and gone past. A database that takes no click at all is away, and nothing is set aside.
/// </summary>
public sealed partial class BisectingStore(
    ClickStore store, ClickReader reader, ClickJournal journal, RefusedClicks refused, TimeProvider clock, ILogger<BisectingStore> logger)
{
    /// <summary>After so many batches in a row that the database took in time, twice as many clicks are tried at once.</summary>
    private const int InTimeBeforeMore = 50;

    private long _refusals;

    // So many clicks at once the database stores in the time that it has.
    private int _most = int.MaxValue;
    private int _inTime;

    /// <summary>Clicks set aside since the process started.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Stores a batch, but for clicks that are refused again and again while others are taken.</summary>
    /// <exception cref="Exception">The database is away, or a click cannot be set aside; what is not stored yet is to be tried again.</exception>
    public Task<StoredBatch> StoreAsync(ClickBatch batch, CancellationToken cancellationToken) => StoreAsync(batch, null, cancellationToken);

    /// <inheritdoc cref="StoreAsync(ClickBatch, CancellationToken)"/>
    internal async Task<StoredBatch> StoreAsync(ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        if (batch.Count > _most)
        {
            return await StoreHalvesAsync(batch, position, cancellationToken);
        }

        var (stored, failure) = await TryInTimeAsync(batch, position, cancellationToken);
        if (failure is null)
        {
            return stored!;
        }

        if (!await TakesOthersAsync(batch, cancellationToken))
        {
            failure.Throw();
        }

        return batch.Count > 1
            ? await StoreHalvesAsync(batch, position, cancellationToken)
            : await StoreOrSetAsideAsync(batch, position, cancellationToken);
    }

    // One that gives up because of the time is asked for less the next time: the same again would take as long again.
    private async Task<(StoredBatch? Stored, ExceptionDispatchInfo? Refusal)> TryInTimeAsync(ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        try
        {
            var tried = await TryAsync(batch, position, cancellationToken);
            if (_most < int.MaxValue && ++_inTime >= InTimeBeforeMore)
            {
                (_most, _inTime) = (_most > int.MaxValue / 2 ? int.MaxValue : _most * 2, 0);
            }

            return tried;
        }
        catch (Exception exception) when (StoreFailure.IsTimeout(exception))
        {
            (_most, _inTime) = (Math.Max(1, batch.Count / 2), 0);
            throw;
        }
    }

    private async Task<StoredBatch> StoreHalvesAsync(ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        var (first, second) = batch.Halves();
        var (one, other) = (await StoreAsync(first, position, cancellationToken), await StoreAsync(second, position, cancellationToken));
        return new StoredBatch(one.Stored + other.Stored, one.AlreadyThere + other.AlreadyThere, one.WithoutLink + other.WithoutLink);
    }

    // The database has just taken another click. If it still refuses this one, it is the click.
    private async Task<StoredBatch> StoreOrSetAsideAsync(ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        var (stored, failure) = await TryAsync(batch, position, cancellationToken);
        if (failure is null)
        {
            return stored!;
        }

        var id = batch.Last!.Value;
        var record = journal.Find(id.Sequence) ?? throw new InvalidOperationException($"Record {id.Sequence} is not stored and not in the journal.");
        var isNew = refused.Keep(new RefusedClick
        {
            Writer = id.Writer,
            Sequence = id.Sequence,
            RefusedAt = clock.GetUtcNow(),
            Reason = failure.SourceException.GetBaseException().Message,
            IsBlocked = record.IsBlocked,
            Click = record.Click,
        });

        // Only now may the writer go past it: killed before this, it comes here again and finds its file.
        var past = await store.StoreAsync(ClickBatch.Past(id), position, cancellationToken);
        if (isNew)
        {
            Interlocked.Increment(ref _refusals);
            SetAside(failure.SourceException, id.Sequence, refused.Folder);
        }

        return past;
    }

    private async Task<(StoredBatch? Stored, ExceptionDispatchInfo? Refusal)> TryAsync(
        ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.StoreAsync(batch, position, cancellationToken), null);
        }
        catch (Exception exception) when (StoreFailure.IsRefusal(exception))
        {
            return (null, ExceptionDispatchInfo.Capture(exception));
        }
    }

    // A click without any texts, on another link if there is one: whatever is wrong with those of the batch is not wrong with this one.
    private async Task<bool> TakesOthersAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.LinkOtherThanAsync(batch.FirstLinkId, cancellationToken) is not { } link)
            {
                return false;
            }

            var probe = new ClickBatch();
            reader.Read(
                new RawClick { LinkId = link, Time = clock.GetUtcNow(), Visitor = 0 },
                new ClickId(batch.Last!.Value.Writer, ClickId.MaxSequence),
                probe);
            return await store.WouldTakeAsync(probe, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The database refuses click {Sequence} and takes others: it was set aside into {Folder}. ./run retry tries such clicks again.")]
    private partial void SetAside(Exception exception, long sequence, string folder);
}
