using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Spoo.Data.Clicks;

/// <summary>
/// Puts batches of clicks into the database: rows, shared tables and the links' counters in one transaction, so that they are one
/// truth. Storing a batch a second time changes nothing.
/// </summary>
public sealed class ClickStore(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock, ClickFeed feed)
{
    /// <summary>Links in one question to the database; SQL Server takes no more than 2,100 parameters.</summary>
    private const int LinksAtOnce = 1_000;

    /// <summary>64 MB, for as long as the connection lives.</summary>
    private const string SqliteCache = "PRAGMA cache_size = -65536";

    /// <summary>Makes a writer, with a sequence of its own that begins at 1.</summary>
    /// <param name="name">For people: the node's name, or the imported file's.</param>
    /// <param name="ownerId">Whose clicks an import brings; null for a node.</param>
    public async Task<int> NewWriterAsync(string name, string? ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var writer = new ClickWriterNode
        {
            Name = name.Length <= ClickWriterNode.MaxNameLength ? name : name[..ClickWriterNode.MaxNameLength],
            OwnerId = ownerId,
            CreatedAt = clock.GetUtcNow(),
        };
        context.ClickWriters.Add(writer);
        await context.SaveChangesAsync(cancellationToken);
        return writer.Id;
    }

    /// <summary>Says that this writer will never write again, so that nobody needs to look whether it did.</summary>
    public async Task FinishWriterAsync(int writer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.ClickWriters.Where(row => row.Id == writer)
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

    /// <summary>Stores a batch of one writer, whose clicks are in the order of their keys.</summary>
    /// <exception cref="DbException">The database does not answer; nothing of the batch is stored.</exception>
    public async Task<StoredBatch> StoreAsync(ClickBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Last is not { } last)
        {
            return new StoredBatch(0, 0, 0);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        if (context.Database.IsSqlite())
        {
            // Import keys are spread over the whole of their index; with SQLite's own 2 MB of cache every batch would read and write
            // most of it again.
            await context.Database.ExecuteSqlRawAsync(SqliteCache, cancellationToken);
        }

        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        var storedBefore = await AdvanceWriterAsync(context, last, cancellationToken);
        var clicks = await WithLinkAsync(context, batch.Clicks, cancellationToken);
        var withoutLink = batch.Clicks.Count - clicks.Count;
        var once = OncePerKey(clicks);

        var rows = BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction());
        await rows.InsertMissingAsync("ClickAgents", AgentColumns, batch.Agents.Values.Select(Row), cancellationToken);
        await rows.InsertMissingAsync("ClickPlaces", PlaceColumns, batch.Places.Values.Select(Row), cancellationToken);
        await rows.InsertMissingAsync("ClickSources", SourceColumns, batch.Sources.Values.Select(Row), cancellationToken);
        var fresh = await rows.InsertNewAsync("Clicks", ClickColumns, "ImportKey", once.Select(Row), cancellationToken);
        await rows.AdvanceLinksAsync(Advances(once, fresh), cancellationToken);
        await CountBlockedAsync(context, batch.BlockedHits.Where(hit => hit.Sequence > storedBefore), cancellationToken);

        await transaction.CommitAsync(cancellationToken);
        feed.Announce(fresh.Count == once.Count ? once : [.. once.Where(click => fresh.Contains(click.Id))]);
        return new StoredBatch(fresh.Count, clicks.Count - fresh.Count, withoutLink);
    }

    // Returns how far the writer had got before. What is counted without leaving a row can be told by that to have been counted.
    private static async Task<long> AdvanceWriterAsync(SpooDbContext context, ClickId last, CancellationToken cancellationToken)
    {
        // The row is written before the links' counters: whoever reads it, then a counter, then it again, has seen one moment of both.
        var writer = context.ClickWriters.Where(row => row.Id == last.Writer);
        var before = await writer.Select(row => row.LastSequence).SingleOrDefaultAsync(cancellationToken);
        if (before < last.Sequence)
        {
            await writer.ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSequence, last.Sequence), cancellationToken);
        }

        return before;
    }

    private static async Task CountBlockedAsync(
        SpooDbContext context, IEnumerable<(long Sequence, long LinkId)> hits, CancellationToken cancellationToken)
    {
        foreach (var (link, count) in hits.CountBy(hit => hit.LinkId))
        {
            await context.Links.Where(row => row.Id == link)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.BlockedHits, row => row.BlockedHits + count), cancellationToken);
        }
    }

    private static async Task<List<Click>> WithLinkAsync(SpooDbContext context, List<Click> clicks, CancellationToken cancellationToken)
    {
        var wanted = clicks.Select(click => click.LinkId).ToHashSet();
        var there = new HashSet<long>();
        foreach (var ids in wanted.Chunk(LinksAtOnce))
        {
            there.UnionWith(await context.Links.Where(link => ids.Contains(link.Id)).Select(link => link.Id).ToListAsync(cancellationToken));
        }

        return there.Count == wanted.Count ? clicks : [.. clicks.Where(click => there.Contains(click.LinkId))];
    }

    // Two lines of one batch may name the same click, and a batch the same key twice.
    private static List<Click> OncePerKey(List<Click> clicks)
    {
        var (ids, importKeys) = (new HashSet<long>(clicks.Count), new HashSet<long>());
        return [.. clicks.Where(click => ids.Add(click.Id) && (click.ImportKey is not { } key || importKeys.Add(key)))];
    }

    private static List<LinkAdvance> Advances(List<Click> clicks, HashSet<long> fresh)
    {
        var advances = new Dictionary<long, LinkAdvance>();
        foreach (var click in clicks)
        {
            if (fresh.Contains(click.Id))
            {
                var time = click.Time.ToUnixTimeMilliseconds();
                advances[click.LinkId] = advances.TryGetValue(click.LinkId, out var link)
                    ? new LinkAdvance(link.LinkId, link.Clicks + 1, Math.Min(link.First, time), Math.Max(link.Last, time))
                    : new LinkAdvance(click.LinkId, 1, time, time);
            }
        }

        return [.. advances.Values];
    }

    private static readonly string[] ClickColumns =
        ["Id", "LinkId", "Time", "Visitor", "AgentId", "PlaceId", "SourceId", "Language", "RedirectMs", "ImportKey"];

    private static readonly string[] AgentColumns = ["Id", "UserAgent", "Browser", "Os", "Device", "IsBot", "BotRule", "Rules", "Given"];

    private static readonly string[] PlaceColumns = ["Id", "Country", "Region", "City"];

    private static readonly string[] SourceColumns =
        ["Id", "Referrer", "ReferrerUrl", "UtmSource", "UtmMedium", "UtmCampaign", "Trigger"];

    private static object?[] Row(Click click) =>
    [
        click.Id, click.LinkId, click.Time.ToUnixTimeMilliseconds(), click.Visitor, click.AgentId, click.PlaceId, click.SourceId,
        click.Language, click.RedirectMs, click.ImportKey,
    ];

    private static object?[] Row(ClickAgent agent) =>
        [agent.Id, agent.UserAgent, agent.Browser, agent.Os, agent.Device, agent.IsBot, agent.BotRule, agent.Rules, (int)agent.Given];

    private static object?[] Row(ClickPlace place) => [place.Id, place.Country, place.Region, place.City];

    private static object?[] Row(ClickSource source) =>
        [source.Id, source.Referrer, source.ReferrerUrl, source.UtmSource, source.UtmMedium, source.UtmCampaign, source.Trigger];
}
