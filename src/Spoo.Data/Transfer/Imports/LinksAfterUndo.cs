using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.Imports;

/// <summary>
/// Makes links that stay as they would be without an import whose clicks are gone: when they were clicked last, from when they count as made, and where
/// they lead if nothing else said it.
/// </summary>
internal static class LinksAfterUndo
{
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    /// <param name="links">As they are.</param>
    /// <param name="imported">What the import did to each.</param>
    public static async Task RestoreAsync(
        SpooDbContext context, IReadOnlyList<Link> links, IReadOnlyDictionary<long, ImportedLink> imported, CancellationToken cancellationToken)
    {
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            var others = (await context.Set<ImportedLink>().AsNoTracking().Where(other => group.Contains(other.LinkId)).ToListAsync(cancellationToken))
                .Where(other => other.ImportId != imported[other.LinkId].ImportId)
                .OrderBy(other => other.ImportId)
                .ToLookup(other => other.LinkId);
            var clicks = await TimesAsync(context, group, cancellationToken);
            foreach (var link in links.Where(link => group.Contains(link.Id)))
            {
                await HandOnAsync(context, imported[link.Id], [.. others[link.Id]], cancellationToken);
                await RestoreAsync(context, link, imported[link.Id], [.. others[link.Id]], clicks.GetValueOrDefault(link.Id), cancellationToken);
            }
        }
    }

    // The next import of the link takes the place of this one.
    private static async Task HandOnAsync(SpooDbContext context, ImportedLink undone, IReadOnlyList<ImportedLink> others, CancellationToken cancellationToken)
    {
        if (others.Count == 0)
        {
            return;
        }

        var (link, import, before) = (undone.LinkId, undone.ImportId, undone.CreatedBefore);
        await context.Set<ImportedLink>().Where(other => other.LinkId == link && other.ImportId != import && !other.IsMade)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.CreatedBefore, before), cancellationToken);
        if (undone.IsMade)
        {
            var next = others[0].ImportId;
            await context.Set<ImportedLink>().Where(other => other.LinkId == link && other.ImportId == next)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.IsMade, true), cancellationToken);
        }
    }

    private static async Task RestoreAsync(
        SpooDbContext context, Link link, ImportedLink undone, IReadOnlyList<ImportedLink> others, Times clicks, CancellationToken cancellationToken)
    {
        if (undone.Destination is { } gave && link.UpdatedAt is null && link.LongUrl == gave)
        {
            var next = others.Select(other => other.Destination).FirstOrDefault(destination => destination is not null) ?? "";
            await context.Links.Where(row => row.Id == link.Id && row.UpdatedAt == null && row.LongUrl == gave)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LongUrl, next), cancellationToken);
        }

        // Who stores a click meanwhile moves the counter as well, and then all of it is looked at again.
        for (var (now, times) = (new State(link.TotalClicks, link.CreatedAt, link.LastClick), clicks); ;)
        {
            var createdAt = Earliest([undone.CreatedBefore, times.First, .. others.Select(other => other.CreatedAtSource)]);
            createdAt = createdAt == Never || (undone.IsMade && others.Count == 0) || createdAt < now.CreatedAt ? now.CreatedAt : createdAt;
            var (total, created, last) = now;
            if ((createdAt == created && times.Last == last)
                || await context.Links.Where(row => row.Id == link.Id && row.TotalClicks == total && row.CreatedAt == created && row.LastClick == last)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, createdAt).SetProperty(row => row.LastClick, times.Last), cancellationToken) > 0)
            {
                return;
            }

            var found = await context.Links.AsNoTracking().Where(row => row.Id == link.Id)
                .Select(row => new State(row.TotalClicks, row.CreatedAt, row.LastClick)).SingleOrDefaultAsync(cancellationToken);
            if (found is null)
            {
                return;
            }

            now = found;
            times = (await TimesAsync(context, [link.Id], cancellationToken)).GetValueOrDefault(link.Id);
        }
    }

    /// <summary>When the links were clicked first and last; those without a click are left out.</summary>
    private static Task<Dictionary<long, Times>> TimesAsync(SpooDbContext context, IReadOnlyList<long> links, CancellationToken cancellationToken) => context.Moved().ReadAsync(
        context,
        async moved =>
        {
            var times = await StoredTimesAsync(context, links, cancellationToken);
            if (moved is not null)
            {
                await moved.EachAsync(
                    "LinkId, min(Time), max(Time)",
                    MovedTable.IsOneOf("LinkId", links),
                    "GROUP BY LinkId",
                    row =>
                    {
                        var (first, last) = (DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));
                        var others = times.GetValueOrDefault(row.GetInt64(0));
                        times[row.GetInt64(0)] = new(Earliest([others.First, first]), others.Last > last ? others.Last : last);
                    },
                    cancellationToken);
            }

            return times;
        },
        cancellationToken);

    private static async Task<Dictionary<long, Times>> StoredTimesAsync(SpooDbContext context, IReadOnlyList<long> links, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, Times>();
        if (links.Count > 1)
        {
            return await context.Clicks.OfLinks(links).GroupBy(click => click.LinkId)
                .Select(link => new { link.Key, First = link.Min(click => click.Time), Last = link.Max(click => click.Time) })
                .ToDictionaryAsync(link => link.Key, link => new Times(link.First, link.Last), cancellationToken);
        }

        await foreach (var piece in context.Clicks.OfLinks(links).PiecesAsync(cancellationToken))
        {
            var (first, last) = (await piece.MinAsync(click => (DateTimeOffset?)click.Time, cancellationToken), await piece.MaxAsync(click => (DateTimeOffset?)click.Time, cancellationToken));
            if (first is not null)
            {
                var before = found.GetValueOrDefault(links[0]);
                found[links[0]] = new(Earliest([before.First, first]), before.Last > last ? before.Last : last);
            }
        }

        return found;
    }

    private static DateTimeOffset Earliest(IEnumerable<DateTimeOffset?> times) => times.Min() ?? Never;

    private sealed record State(long TotalClicks, DateTimeOffset CreatedAt, DateTimeOffset? LastClick);

    private readonly record struct Times(DateTimeOffset? First, DateTimeOffset? Last);
}
