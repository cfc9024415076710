using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Puts batches of clicks into the database: rows, shared tables and the links' counters in one transaction, so that they are one
/// truth. Storing a batch a second time changes nothing.
/// </summary>
public sealed class ClickStore(IDbContextFactory<SpooDbContext> contexts, StoreGate gate, TimeProvider clock, ClickPublisher feed)
{
    /// <summary>An import that takes longer is opened again by its next batch, which costs every reader a look at all rows.</summary>
    private static readonly TimeSpan LongestImport = TimeSpan.FromDays(1);

    private readonly KnownKeys _agents = new();
    private readonly KnownKeys _places = new();
    private readonly KnownKeys _sources = new();

    // Of the database in which those keys are, and of what has been removed from it.
    private string? _epoch;

    /// <summary>Makes a writer, with a sequence of its own that begins at 1.</summary>
    /// <param name="name">For people: the node's name, or the imported file's.</param>
    /// <param name="ownerId">Whose clicks an import brings; null for a node.</param>
    public Task<int> NewWriterAsync(string name, string? ownerId, CancellationToken cancellationToken) => NewWriterAsync(name, ownerId, null, cancellationToken);

    /// <inheritdoc cref="NewWriterAsync(string, string?, CancellationToken)"/>
    /// <param name="importId">As <see cref="ClickWriterNode.ImportId"/>.</param>
    internal async Task<int> NewWriterAsync(string name, string? ownerId, int? importId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var writer = new ClickWriterNode
        {
            Name = name.Length <= ClickWriterNode.MaxNameLength ? name : name[..ClickWriterNode.MaxNameLength],
            OwnerId = ownerId,
            ImportId = importId,
            HasNearKeys = ownerId is not null,
            CreatedAt = clock.GetUtcNow(),
        };
        context.ClickWriters.Add(writer);
        await context.SaveChangesAsync(cancellationToken);
        return writer.Id;
    }

    /// <summary>
    /// Says that this writer will not write again, so that no reader needs to look for more. One that does all the same is open
    /// again from then on.
    /// </summary>
    public async Task FinishWriterAsync(int writer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.ClickWriters.Where(row => row.Id == writer && row.FinishedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FinishedAt, now), cancellationToken);
    }

    /// <summary>Finishes the imports that were killed before they could say that they were over.</summary>
    /// <returns>How many that were.</returns>
    public async Task<int> FinishAbandonedAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var longAgo = now - LongestImport;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ClickWriters.Where(row => row.OwnerId != null && row.FinishedAt == null && row.CreatedAt < longAgo)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FinishedAt, now), cancellationToken);
    }

    /// <summary>How far this writer has stored its sequence: 0 at its beginning, null when this database does not know it.</summary>
    public async Task<long?> LastSequenceAsync(int writer, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ClickWriters
            .Where(row => row.Id == writer && row.Name == name)
            .Select(row => (long?)row.LastSequence)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <exception cref="DbException">The database is away, or not the one that it has to be.</exception>
    public async Task RequireKnownAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await gate.RequireKnownAsync(context, cancellationToken);
    }

    /// <summary>Says that stored clicks have changed, because the database is in an earlier state than it was.</summary>
    public async Task RenewEpochAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await ClickEpoch.RenewAsync(context, cancellationToken);
    }

    /// <summary>Stores a batch of one writer, whose clicks are in the order of their keys.</summary>
    /// <exception cref="DbException">The database does not answer; nothing of the batch is stored.</exception>
    public Task<StoredBatch> StoreAsync(ClickBatch batch, CancellationToken cancellationToken) => StoreAsync(batch, null, cancellationToken);

    /// <summary>As the other, for a node, which remembers in its own folder how far it had got.</summary>
    /// <exception cref="StoreWentBackException">The database knows the writer, and had more of it before.</exception>
    /// <exception cref="DbException">The database does not answer, or does not know the writer; nothing of the batch is stored.</exception>
    internal async Task<StoredBatch> StoreAsync(ClickBatch batch, WriterPosition? position, CancellationToken cancellationToken)
    {
        if (batch.Last is not { } last)
        {
            return new StoredBatch(0, 0, 0);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.OpenForManyRowsAsync(cancellationToken);
        var written = await context.InTransactionAsync(transaction => WriteAsync(context, transaction, batch, last, position, cancellationToken), cancellationToken);
        if (Volatile.Read(ref _epoch) == written.Epoch)
        {
            _agents.Know(written.Agents.Select(AgentTable.Id));
            _places.Know(written.Places.Select(PlaceTable.Id));
            _sources.Know(written.Sources.Select(SourceTable.Id));
        }

        feed.Announce(written.Added);
        return written.Batch;
    }

    /// <summary>Whether the database takes a batch of clicks on links that are there. Leaves nothing of it behind.</summary>
    /// <exception cref="DbException">It does not, or does not answer.</exception>
    public async Task<bool> WouldTakeAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.OpenForManyRowsAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var written = await WriteAsync(context, transaction, batch, batch.Last!.Value, null, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return written.Added.Count == batch.Clicks.Count;
    }

    /// <summary>Any link but this one, or this one where there is no other. Null: there are none at all.</summary>
    public async Task<long?> LinkOtherThanAsync(long linkId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Links.OrderBy(link => link.Id == linkId).ThenBy(link => link.Id).Select(link => (long?)link.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<Written> WriteAsync(
        SpooDbContext context, IDbContextTransaction transaction, ClickBatch batch, ClickId last, WriterPosition? position, CancellationToken cancellationToken)
    {
        var epoch = await ForgetKeysOfAnotherEpochAsync(context, cancellationToken);
        var (storedBefore, wasFinished) = await AdvanceWriterAsync(context, last, position, cancellationToken);
        var blocked = batch.BlockedHits.Where(hit => hit.Sequence > storedBefore).Select(hit => hit.LinkId).CountBy(link => link).ToList();
        var clicks = await WithLinkAsync(context, batch.Clicks, blocked.Select(link => link.Key), cancellationToken);
        var withoutLink = batch.Clicks.Count - clicks.Count;
        var once = OncePerKey(clicks);

        var rows = BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction());
        var agents = _agents.Missing(batch.Agents);
        var places = _places.Missing(batch.Places);
        var sources = _sources.Missing(batch.Sources);
        await rows.InsertMissingAsync(AgentTable, agents, cancellationToken);
        await rows.InsertMissingAsync(PlaceTable, places, cancellationToken);
        await rows.InsertMissingAsync(SourceTable, sources, cancellationToken);
        var fresh = await rows.InsertNewAsync(ClickTable, "ImportKey", once, cancellationToken);
        var added = fresh is null ? once : [.. once.Where(click => fresh.Contains(click.Id))];
        await rows.AdvanceLinksAsync(Advances(added, blocked, batch), cancellationToken);
        if (position is not null)
        {
            // What an import brings has not happened now.
            await ClickEvents.AddAsync(context, added, batch, clock.GetUtcNow(), cancellationToken);
        }

        if (wasFinished || added.Any(click => ClickId.Unpack(click.Id).Sequence <= storedBefore))
        {
            // Readers that follow this writer have gone past them, or have stopped to look, and would never see them.
            await ClickEpoch.RenewAsync(context, cancellationToken);
        }

        return new Written(epoch, new StoredBatch(added.Count, clicks.Count - added.Count, withoutLink), added, agents, places, sources);
    }

    // A database that has gone back to an earlier state has not all entries that were put there: the node that notices it begins a new epoch.
    // And what no click referred to may have been removed; from here on no node removes any more of it until this is stored.
    private async Task<string> ForgetKeysOfAnotherEpochAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var clearedUp = await context.HoldEntriesAsync(cancellationToken);
        var (epoch, identity) = await ClickEpoch.OfAsync(context, cancellationToken);
        gate.Require(identity);
        var now = epoch + clearedUp;
        if (Interlocked.Exchange(ref _epoch, now) != now)
        {
            _agents.Forget();
            _places.Forget();
            _sources.Forget();
        }

        return now;
    }

    // Returns how far the writer had got before. What is counted without leaving a row can be told by that to have been counted.
    private static async Task<(long Sequence, bool WasFinished)> AdvanceWriterAsync(
        SpooDbContext context, ClickId last, WriterPosition? position, CancellationToken cancellationToken)
    {
        // The row is written before the links' counters: a reader that reads it, then a counter, then it again, has seen one moment of both.
        var writer = context.ClickWriters.Where(row => row.Id == last.Writer);
        var before = await writer.Select(row => new { row.Name, row.LastSequence, row.FinishedAt }).SingleOrDefaultAsync(cancellationToken);
        if (position is not null)
        {
            // In the transaction itself: whatever answers, nothing is stored in it that does not belong there.
            if (before?.Name != position.Name)
            {
                throw new StoreAwayException("the database that answers does not know this server");
            }

            if (before.LastSequence < position.Stored)
            {
                throw new StoreWentBackException(before.LastSequence, position.Stored);
            }
        }

        var isNew = (before?.LastSequence ?? 0) < last.Sequence;
        if (isNew)
        {
            await writer.ExecuteUpdateAsync(
                set => set.SetProperty(row => row.LastSequence, last.Sequence).SetProperty(row => row.FinishedAt, (DateTimeOffset?)null),
                cancellationToken);
        }

        return (before?.LastSequence ?? 0, isNew && before?.FinishedAt is not null);
    }

    private static async Task<List<Click>> WithLinkAsync(
        SpooDbContext context, List<Click> clicks, IEnumerable<long> blocked, CancellationToken cancellationToken)
    {
        var wanted = clicks.Select(click => click.LinkId).ToHashSet();
        var there = await context.HoldLinksAsync(wanted.Concat(blocked), LinkHold.ToRefer, cancellationToken);
        return wanted.IsSubsetOf(there) ? clicks : [.. clicks.Where(click => there.Contains(click.LinkId))];
    }

    // Two lines of one batch may name the same click, and a batch the same key twice.
    private static List<Click> OncePerKey(List<Click> clicks)
    {
        var (isInOrder, isImported) = LookAt(clicks);
        if (isInOrder && !isImported)
        {
            return clicks;
        }

        var ids = isInOrder ? null : new HashSet<long>(clicks.Count);
        var importKeys = new HashSet<long>(clicks.Count);
        var once = new List<Click>(clicks.Count);
        foreach (var click in clicks)
        {
            if (ids?.Add(click.Id) != false && (click.ImportKey is not { } key || importKeys.Add(key)))
            {
                once.Add(click);
            }
        }

        return once;
    }

    // All are in order that come from a journal or from one file, and then no two of them have the same key.
    private static (bool IsInOrder, bool IsImported) LookAt(List<Click> clicks)
    {
        var (isInOrder, isImported, last) = (true, false, long.MinValue);
        foreach (var click in clicks)
        {
            isInOrder &= click.Id > last;
            isImported |= click.ImportKey is not null;
            last = click.Id;
        }

        return (isInOrder, isImported);
    }

    private static Dictionary<long, LinkAdvance>.ValueCollection Advances(List<Click> clicks, List<KeyValuePair<long, int>> blocked, ClickBatch batch)
    {
        var previews = batch.Agents.Values.Where(Bots.IsPreview).Select(agent => agent.Id).ToHashSet();
        var advances = blocked.ToDictionary(link => link.Key, link => new LinkAdvance(link.Key, 0, 0, link.Value, null, null));
        foreach (var click in clicks)
        {
            var time = click.Time.ToUnixTimeMilliseconds();
            ref var link = ref CollectionsMarshal.GetValueRefOrAddDefault(advances, click.LinkId, out _);
            link = new LinkAdvance(
                click.LinkId,
                link.Clicks + 1,
                link.Previews + (previews.Contains(click.AgentId) ? 1 : 0),
                link.Blocked,
                Math.Min(link.First ?? time, time),
                Math.Max(link.Last ?? time, time));
        }

        return advances.Values;
    }

    internal static readonly BulkTable<Click> ClickTable = new(
        "Clicks",
        ["Id", "LinkId", "Time", "Visitor", "AgentId", "PlaceId", "SourceId", "Language", "RedirectMs", "ImportKey"],
        click => click.Id,
        (click, row) =>
        {
            row.Number((long?)click.Id);
            row.Number((long?)click.LinkId);
            row.Number((long?)click.Time.ToUnixTimeMilliseconds());
            row.Number((long?)click.Visitor);
            row.Number((long?)click.AgentId);
            row.Number((long?)click.PlaceId);
            row.Number((long?)click.SourceId);
            row.Text(click.Language);
            row.Number(click.RedirectMs);
            row.Number(click.ImportKey);
        });

    private static readonly BulkTable<ClickAgent> AgentTable = new(
        "ClickAgents",
        ["Id", "UserAgent", "Browser", "Os", "Device", "IsBot", "BotRule", "Rules", "Given"],
        agent => agent.Id,
        (agent, row) =>
        {
            row.Number((long?)agent.Id);
            row.Text(agent.UserAgent);
            row.Text(agent.Browser);
            row.Text(agent.Os);
            row.Text(agent.Device);
            row.Flag(agent.IsBot);
            row.Text(agent.BotRule);
            row.Text(agent.Rules);
            row.Number((int?)agent.Given);
        });

    private static readonly BulkTable<ClickPlace> PlaceTable = new(
        "ClickPlaces",
        ["Id", "Country", "Region", "City"],
        place => place.Id,
        (place, row) =>
        {
            row.Number((long?)place.Id);
            row.Text(place.Country);
            row.Text(place.Region);
            row.Text(place.City);
        });

    private static readonly BulkTable<ClickSource> SourceTable = new(
        "ClickSources",
        ["Id", "Referrer", "ReferrerUrl", "UtmSource", "UtmMedium", "UtmCampaign", "Trigger", "Target"],
        source => source.Id,
        (source, row) =>
        {
            row.Number((long?)source.Id);
            row.Text(source.Referrer);
            row.Text(source.ReferrerUrl);
            row.Text(source.UtmSource);
            row.Text(source.UtmMedium);
            row.Text(source.UtmCampaign);
            row.Text(source.Trigger);
            row.Text(source.Target);
        });

    /// <summary>What a transaction has done, once it is committed.</summary>
    /// <param name="Epoch">Of the database and of what has been removed from it.</param>
    private sealed record Written(
        string Epoch, StoredBatch Batch, IReadOnlyList<Click> Added, List<ClickAgent> Agents, List<ClickPlace> Places, List<ClickSource> Sources);

    /// <summary>
    /// Keys of a shared table that this process has put there, or has found there: until entries are removed, which is told, they need not be
    /// offered again. Safe for many threads.
    /// </summary>
    private sealed class KnownKeys
    {
        private const int Remembered = 100_000;

        private readonly Lock _lock = new();
        private readonly HashSet<long> _keys = [];

        public List<T> Missing<T>(Dictionary<long, T> entries)
        {
            lock (_lock)
            {
                return [.. entries.Where(entry => !_keys.Contains(entry.Key)).Select(entry => entry.Value)];
            }
        }

        public void Forget()
        {
            lock (_lock)
            {
                _keys.Clear();
            }
        }

        /// <summary>To be told after the commit: what is rolled back is not there.</summary>
        public void Know(IEnumerable<long> keys)
        {
            lock (_lock)
            {
                if (_keys.Count > Remembered)
                {
                    _keys.Clear();
                }

                _keys.UnionWith(keys);
            }
        }
    }
}

/// <summary>How far a node knows its writer to have got.</summary>
internal sealed record WriterPosition(string Name, long Stored);

/// <summary>The database knows a writer, and is in an earlier state than one that it was in before.</summary>
internal sealed class StoreWentBackException(long stored, long before)
    : DbException($"the database has clicks of this server up to {stored}, and had them up to {before}")
{
    public override bool IsTransient => true;
}
