using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks;
using Spoo.Data.Stats.Counting;

namespace Spoo.Data.Stats;

/// <summary>The columns of one owner's clicks, and how far they have followed each writer.</summary>
internal sealed class OwnerClicks(IDbContextFactory<SpooDbContext> contexts, string? ownerId, TimeProvider clock) : IDisposable
{
    /// <summary>
    /// So many clicks may wait unsettled. Each new batch is merged with them, so more make a busy minute dearer and fewer make
    /// settling, which copies half a million clicks at a time, more frequent.
    /// </summary>
    private const int MostUnsettled = 1 << 15;

    /// <summary>Rows read at a time; what a batch needs besides the columns themselves is proportional to it.</summary>
    private const int RowsAtOnce = 1 << 16;

    /// <summary>From this share of all clicks on, reading the whole table in its own order beats jumping about in it.</summary>
    private const double ShareForWholeTable = 0.2;

    private readonly SemaphoreSlim _turn = new(1);

    // How far each writer has been followed, by number; and those that will never write again. Behind _turn.
    private readonly Dictionary<int, long> _followed = [];
    private readonly HashSet<int> _finished = [];
    private readonly ClickCodes _codes = new();
    private Task _settling = Task.CompletedTask;
    private bool _loaded;

    private volatile ClickMoment? _moment;
    private long _lastAsked = clock.GetTimestamp();

    /// <summary>When somebody last asked, in the clock's own time stamps.</summary>
    public long LastAsked => Volatile.Read(ref _lastAsked);

    public long Bytes => _moment?.Bytes ?? 0;

    /// <summary>All clicks that are stored now, at one moment.</summary>
    public async Task<ClickMoment> NowAsync(CancellationToken cancellationToken)
    {
        var asked = clock.GetTimestamp();
        Volatile.Write(ref _lastAsked, asked);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited for a look that began after its own question has its answer already.
            if (_moment is not { } moment || moment.Looked < asked)
            {
                _moment = moment = await LookAsync(cancellationToken);
                SettleInBackground();
            }

            return moment;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ClickMoment> LookAsync(CancellationToken cancellationToken)
    {
        var looked = clock.GetTimestamp();
        var asOf = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // First how far each writer has got, then the rows up to there: what is stored in between is the next look's.
        var writers = await ClickRows.WritersAsync(context, cancellationToken);
        var columns = _loaded
            ? await FollowAsync(context, writers, _moment!.Columns, cancellationToken)
            : await LoadAsync(context, writers, cancellationToken);
        foreach (var writer in writers)
        {
            _followed[writer.Id] = writer.LastClickId;
            if (writer.IsFinished)
            {
                _finished.Add(writer.Id);
            }
        }

        _loaded = true;
        return new ClickMoment(columns, _codes, asOf, looked);
    }

    private async Task<ClickColumns> LoadAsync(SpooDbContext context, IReadOnlyList<ClickWriterState> writers, CancellationToken cancellationToken)
    {
        var links = await context.Links.Where(link => link.OwnerId == ownerId).Select(link => new { link.Id, link.TotalClicks }).ToListAsync(cancellationToken);
        var all = await context.Links.SumAsync(link => link.TotalClicks, cancellationToken);
        var own = links.Select(link => link.Id).ToHashSet();
        var wholeTable = links.Sum(link => link.TotalClicks) > all * ShareForWholeTable;
        var until = writers.ToDictionary(writer => writer.Id, writer => writer.LastClickId);

        var builder = new ClickColumnsBuilder(ClickCodes.ProfileWidth, ClickCodes.SourceWidth);
        var rows = wholeTable ? ClickRows.AllAsync(context, cancellationToken) : ClickRows.OfOwnerAsync(context, ownerId, cancellationToken);
        var batch = new List<ClickRow>(RowsAtOnce);
        await foreach (var row in rows)
        {
            if (own.Contains(row.LinkId) && until.TryGetValue(ClickId.Unpack(row.Id).Writer, out var last) && row.Id <= last)
            {
                batch.Add(row);
                if (batch.Count == RowsAtOnce)
                {
                    builder.Add(await CodedAsync(batch, builder.Sources, cancellationToken));
                    batch.Clear();
                }
            }
        }

        builder.Add(await CodedAsync(batch, builder.Sources, cancellationToken));
        return builder.Build();
    }

    private async Task<ClickColumns> FollowAsync(
        SpooDbContext context, IReadOnlyList<ClickWriterState> writers, ClickColumns columns, CancellationToken cancellationToken)
    {
        var batch = new List<ClickRow>();
        foreach (var writer in writers.Where(writer => !_finished.Contains(writer.Id)))
        {
            var after = _followed.GetValueOrDefault(writer.Id, ClickId.FirstOf(writer.Id));
            if (writer.LastClickId <= after)
            {
                continue;
            }

            await foreach (var row in ClickRows.OfWriterAsync(context, ownerId, after, writer.LastClickId, cancellationToken))
            {
                batch.Add(row);
                if (batch.Count == RowsAtOnce)
                {
                    columns = Settled(columns.With(await CodedAsync(batch, columns.Sources, cancellationToken)));
                    batch.Clear();
                }
            }
        }

        return batch.Count == 0 ? columns : columns.With(await CodedAsync(batch, columns.Sources, cancellationToken));
    }

    private async Task<ClickArrays> CodedAsync(List<ClickRow> rows, AttributeTable sources, CancellationToken cancellationToken)
    {
        // The rows are being read over one connection; what they refer to is looked up over another.
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await _codes.LearnAsync(context, rows, cancellationToken);
        return _codes.Encode(rows, sources);
    }

    private static ClickColumns Settled(ClickColumns columns) => columns.Unsettled > MostUnsettled ? columns.Settle() : columns;

    /// <summary>Brings the columns into order step by step, giving way to questions in between.</summary>
    private void SettleInBackground()
    {
        if (_moment!.Columns.Unsettled <= MostUnsettled || !_settling.IsCompleted)
        {
            return;
        }

        _settling = Task.Run(async () =>
        {
            for (var busy = true; busy;)
            {
                await _turn.WaitAsync();
                try
                {
                    var moment = _moment!;
                    _moment = moment with { Columns = moment.Columns.SettleSome() };
                    busy = _moment.Columns.Unsettled > 0;
                }
                finally
                {
                    _turn.Release();
                }
            }
        });
    }
}
