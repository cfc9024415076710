using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Live;

/// <summary>The columns of one owner's clicks, and how far they have followed each writer.</summary>
/// <param name="limit">Bytes that the columns may take in memory; what does not fit is read from the index file for each question.</param>
/// <param name="fewestAnnounced">From so many clicks on it is said how far the columns are while they are made.</param>
/// <param name="rowsAtOnce">Rows read at a time; what a batch needs besides the columns themselves is proportional to it.</param>
/// <param name="beginsAnew">Whether the columns are made from the rows also where there is an index.</param>
internal sealed class OwnerClicks(
    IDbContextFactory<SpooDbContext> contexts, StoreGate gate, ClickIndex index, string? ownerId, TimeProvider clock, long limit, long fewestAnnounced, int rowsAtOnce, bool beginsAnew = false) : IDisposable
{
    /// <summary>
    /// So many clicks may wait unmerged. Each new batch is merged with them, so more make a busy minute dearer and fewer make
    /// merging, which copies half a million clicks at a time, more frequent.
    /// </summary>
    private const int MostUnmerged = 1 << 15;

    /// <summary>Where clicks are in a file, merging writes nearly all of them again; so this share of all may wait.</summary>
    private const int ShareUnmergedInFile = 256;

    /// <summary>From this share of all clicks on, reading the whole table in its own order beats jumping about in it.</summary>
    private const double ShareForWholeTable = 0.2;

    /// <summary>
    /// The index is saved when so many clicks are missing in it, or this share of all. After a restart they are read from the rows,
    /// some 300,000 a second.
    /// </summary>
    private const int MostUnsaved = 1 << 17;
    private const int ShareUnsaved = 64;

    // Who holds the turn may make the next moment.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _saving = new();
    private readonly ShardMemory _memory = index.MemoryOf(limit);
    private Task _merging = Task.CompletedTask;
    private Task _savingInBackground = Task.CompletedTask;

    // What the file has, as far as is known.
    private volatile Saved _saved = new("", FollowedWriters.None, 0);

    private volatile ClickSnapshot? _moment;
    private volatile Preparation? _preparing;
    private bool _isGone;
    private long _lastAsked = clock.GetTimestamp();

    /// <summary>When the last question came, in the clock's own time stamps.</summary>
    public long LastAsked => Volatile.Read(ref _lastAsked);

    public long Bytes => _moment?.Bytes ?? 0;

    public long Clicks => _moment?.Columns.Count ?? 0;

    /// <summary>How far the columns are that are being made now, or read from the index. Null: nothing of that kind is going on.</summary>
    public Preparation? Preparing => _preparing;

    /// <summary>The epoch and the links of the clicks that are in the columns, deleted links included. Null: there are no columns yet.</summary>
    public (string Epoch, long[] Links)? MadeFrom => _moment is { } moment ? (moment.Epoch, moment.Codes.LinkIds()) : null;

    /// <summary>All clicks that had been stored when it was asked, at one moment.</summary>
    /// <param name="asked">In the clock's own time stamps.</param>
    /// <remarks>
    /// A caller that gives up waiting does not stop the reading: the rows of a large account take long, and the next question, perhaps the
    /// same person who has loaded the page again, would have to begin anew.
    /// </remarks>
    public Task<ClickSnapshot> NowAsync(long asked, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastAsked, clock.GetTimestamp());
        return NowAsync(asked).WaitAsync(cancellationToken);
    }

    /// <summary>Deletes the index, and never saves it again: its owner is gone.</summary>
    public void DeleteIndex()
    {
        lock (_saving)
        {
            _isGone = true;
            index.Delete(ownerId);
        }
    }

    /// <summary>Never saves the index again: it is another one's now.</summary>
    public void Retire()
    {
        lock (_saving)
        {
            _isGone = true;
        }
    }

    /// <summary>Saves the index unless the file has everything already.</summary>
    public void Save()
    {
        lock (_saving)
        {
            if (!_isGone && _moment is { } moment && !_saved.HasAllOf(moment))
            {
                index.Save(ownerId, moment, _memory);
                _saved = Saved.From(moment);
            }
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        Save();
    }

    private async Task<ClickSnapshot> NowAsync(long asked)
    {
        await _turn.WaitAsync(_ended.Token);
        try
        {
            // A reading that began after the question has its answer already.
            if (_moment is not { } moment || moment.Looked <= asked)
            {
                try
                {
                    _moment = moment = await DeadlockRetry.DoAsync(() => LookAsync(_ended.Token), _ended.Token);
                }
                finally
                {
                    _preparing = null;
                }

                MergeInBackground();
                SaveInBackground(moment);
            }

            return moment;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ClickSnapshot> LookAsync(CancellationToken cancellationToken)
    {
        var looked = clock.GetTimestamp();
        var asOf = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);

        // First the epoch and how far each writer has got, then the rows up to there: what changes in between is the next look's.
        var (epoch, identity) = await ClickEpoch.OfOwnerAsync(context, ownerId, cancellationToken);
        gate.Require(identity);
        var known = _moment is { } moment && moment.Epoch == epoch ? moment : null;
        var writers = await FollowedWriters.NowAsync(context, known?.Writers, cancellationToken);
        known = known is not null && writers.HaveAllOf(known.Writers) ? known : await LoadIndexAsync(context, epoch, writers, cancellationToken);
        writers = await writers.WithFingerprintsAsync(context, known?.Writers ?? FollowedWriters.None, cancellationToken);

        // From here on it may be millions of rows.
        context.Database.SetCommandTimeout(null);
        var codes = known?.Codes ?? new ClickCodes();
        var columns = known is null
            ? await LoadRowsAsync(context, codes, writers, cancellationToken)
            : await FollowAsync(context, known, writers, cancellationToken);
        return new ClickSnapshot(columns, codes, epoch, writers, asOf, looked);
    }

    private async Task<ClickSnapshot?> LoadIndexAsync(
        SpooDbContext context, string epoch, FollowedWriters writers, CancellationToken cancellationToken)
    {
        var links = (await context.Links.Where(link => link.OwnerId == ownerId).Select(link => link.Id).ToListAsync(cancellationToken)).ToHashSet();
        Announce(clicks: index.ClicksIn(ownerId), isKnown: false);
        var saved = beginsAnew ? null : await Task.Run(() => index.Load(ownerId, epoch, writers, links, _memory), cancellationToken);
        if (saved is null)
        {
            return null;
        }

        if (await saved.Writers.FirstChangedAsync(context, cancellationToken) is { } changed)
        {
            index.Refuse(ownerId, $"the database has other clicks of writer {changed} than are in it");
            return null;
        }

        _saved = Saved.From(saved);
        return saved;
    }

    private async Task<ClickColumns> LoadRowsAsync(
        SpooDbContext context, ClickCodes codes, FollowedWriters writers, CancellationToken cancellationToken)
    {
        var links = await context.Links.Where(link => link.OwnerId == ownerId).Select(link => new { link.Id, link.TotalClicks }).ToListAsync(cancellationToken);
        var all = await context.Links.SumAsync(link => link.TotalClicks, cancellationToken);
        var wanted = new StoredRows(links.Select(link => link.Id).ToHashSet(), writers);
        var wholeTable = links.Sum(link => link.TotalClicks) > all * ShareForWholeTable;

        var builder = new ClickColumnsBuilder(
            ClickColumns.Empty(ClickCodes.ProfileWidth, ClickCodes.SourceWidth, ClickColumns.LargestShard, _memory), links.Sum(link => link.TotalClicks));
        await using var rows = await (wholeTable ? ClickRows.AllAsync(context, cancellationToken) : ClickRows.OfOwnerAsync(context, ownerId, cancellationToken));
        var preparing = Announce(links.Sum(link => link.TotalClicks), isKnown: true);

        // While one batch is put in order, the next is read.
        var (batch, next) = (new List<ClickRow>(), new List<ClickRow>());
        var encoder = new ClickEncoder(codes, builder.Sources);
        var adding = Task.CompletedTask;
        try
        {
            for (var isMore = true; isMore;)
            {
                isMore = await rows.ReadAsync(next, rowsAtOnce, cancellationToken);
                wanted.Keep(next);
                await adding;
                (batch, next) = (next, batch);
                next.Clear();
                adding = AddInBackground(batch);
            }
        }
        finally
        {
            // What reads has ended, however it did; so must what is being added, which uses the same builder.
            await adding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await adding;
        return await Task.Run(() => builder.Build(preparing.Ordered), cancellationToken);

        Task AddInBackground(List<ClickRow> read) => Task.Run(
            async () =>
            {
                builder.Add(await CodedAsync(codes, encoder, read, cancellationToken));
                preparing.Read(read.Count);
            },
            cancellationToken);
    }

    private async Task<ClickColumns> FollowAsync(
        SpooDbContext context, ClickSnapshot known, FollowedWriters writers, CancellationToken cancellationToken)
    {
        var (columns, codes) = (known.Columns, known.Codes);
        var batch = new List<ClickRow>();
        var encoder = new ClickEncoder(codes, columns.Sources);
        var followed = 0L;
        foreach (var (after, until) in writers.Since(known.Writers))
        {
            await using var rows = await ClickRows.OfWriterAsync(context, ownerId, after, until, cancellationToken);
            while (await rows.ReadAsync(batch, rowsAtOnce, cancellationToken))
            {
                columns = Merged(columns.With(await CodedAsync(codes, encoder, batch, cancellationToken)));
                batch.Clear();
                Announce(followed += rowsAtOnce, isKnown: false);
            }
        }

        return batch.Count == 0 ? columns : columns.With(await CodedAsync(codes, encoder, batch, cancellationToken));
    }

    private async Task<ClickArrays> CodedAsync(ClickCodes codes, ClickEncoder encoder, List<ClickRow> rows, CancellationToken cancellationToken)
    {
        // The rows are being read over one connection; what they refer to is looked up over another.
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await codes.LearnAsync(context, rows, cancellationToken);
        return encoder.Encode(rows);
    }

    /// <summary>Lets those who wait know what they wait for, if it is much.</summary>
    /// <param name="clicks">How many clicks there are to be read.</param>
    /// <param name="isKnown">Whether it will be said how many have been.</param>
    private Preparation Announce(long clicks, bool isKnown)
    {
        var preparation = new Preparation(_preparing?.Began ?? clock.GetTimestamp(), isKnown ? clicks : 0);
        if (clicks >= fewestAnnounced)
        {
            _preparing = preparation;
        }

        return preparation;
    }

    private static ClickColumns Merged(ClickColumns columns) => columns.Unmerged > MostUnmergedOf(columns) ? columns.Merge() : columns;

    private static long MostUnmergedOf(ClickColumns columns) => columns.InFile == 0 ? MostUnmerged : Math.Max(MostUnmerged, columns.Count / ShareUnmergedInFile);

    private void SaveInBackground(ClickSnapshot moment)
    {
        var unsaved = Math.Abs(moment.Columns.Count - (_saved.Epoch == moment.Epoch ? _saved.Count : 0));
        if (_savingInBackground.IsCompleted && unsaved > Math.Max(MostUnsaved, moment.Columns.Count / ShareUnsaved))
        {
            _savingInBackground = Task.Run(Save);
        }
    }

    /// <summary>Brings the columns into order step by step, giving way to questions in between.</summary>
    private void MergeInBackground()
    {
        if (_moment!.Columns.Unmerged <= MostUnmergedOf(_moment.Columns) || !_merging.IsCompleted)
        {
            return;
        }

        _merging = Task.Run(async () =>
        {
            for (var busy = true; busy;)
            {
                await _turn.WaitAsync();
                try
                {
                    var moment = _moment!;
                    _moment = moment with { Columns = moment.Columns.MergeSome() };
                    busy = _moment.Columns.Unmerged > 0;
                }
                finally
                {
                    _turn.Release();
                }
            }

            if (_moment!.Columns.InFile > 0)
            {
                // What was merged has been written to a file of its own, which only grows. In the index it is written once.
                Save();
            }
        });
    }

    private sealed record Saved(string Epoch, FollowedWriters Writers, long Count)
    {
        public static Saved From(ClickSnapshot moment) => new(moment.Epoch, moment.Writers, moment.Columns.Count);

        public bool HasAllOf(ClickSnapshot moment) => Epoch == moment.Epoch && Writers.IsSameAs(moment.Writers);
    }
}
