using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Care;

/// <summary>Deletes the clicks that are older than their owner keeps them (<see cref="SpooUser.RetentionDays"/>), or may (<see cref="QuotaKind.StoredDays"/>).</summary>
/// <remarks>
/// Whole days go at a time, those of UTC, so that there is something to do once a day: deleting rows begins a new
/// <see cref="ClickEpoch"/> of the account, after which its columns are made again from what is left.
/// </remarks>
public sealed class ClickRetention(IDbContextFactory<SpooDbContext> contexts, Quotas quotas, TimeProvider clock)
{
    /// <summary>The first instant that is kept.</summary>
    public static DateTimeOffset KeptFrom(DateTimeOffset now, int days) => new(now.UtcDateTime.Date.AddDays(-days), TimeSpan.Zero);

    /// <summary>How many clicks of an account are older than it would keep them.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<long> CountOlderAsync(string ownerId, int days, CancellationToken cancellationToken)
    {
        var from = KeptFrom(clock.GetUtcNow(), days);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await context.Links.Where(link => link.OwnerId == ownerId && link.TotalClicks > 0)
            .Select(link => new { link.Id, link.TotalClicks }).ToListAsync(cancellationToken);
        var older = 0L;
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            await foreach (var piece in context.Clicks.OfLinks(group).PiecesAsync(cancellationToken))
            {
                older += await piece.LongCountAsync(click => click.Time < from, cancellationToken);
            }
        }

        var owned = links.ConvertAll(link => link.Id);
        return older + await context.Moved().ReadAsync(
            context, async moved => moved is null || owned.Count == 0 ? 0 : await moved.CountAsync(OlderThan(from, owned), cancellationToken), cancellationToken);
    }

    /// <summary>Deletes what is too old, of all accounts.</summary>
    /// <returns>How many clicks that were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was deleted until then is, and the rest follows in the next round.</exception>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await quotas.ApplyAsync(cancellationToken);
        var isLimited = quotas.LimitsAny(QuotaKind.StoredDays);
        var owners = await context.Users.Where(user => user.RetentionDays != null || isLimited)
            .Select(user => new { user.Id, user.RetentionDays }).ToListAsync(cancellationToken);
        var deleted = 0L;
        foreach (var owner in owners)
        {
            var most = (int?)quotas.Most(owner.Id, QuotaKind.StoredDays);
            if (Fewer(owner.RetentionDays, most) is not { } days)
            {
                continue;
            }

            var from = KeptFrom(clock.GetUtcNow(), days);
            var links = await context.Links.Where(link => link.OwnerId == owner.Id && link.TotalClicks > 0)
                .Select(link => link.Id).ToListAsync(cancellationToken);
            foreach (var link in links)
            {
                deleted += await DeleteAsync(context, owner.Id, link, from, cancellationToken);
            }

            deleted += await DeleteMovedAsync(context, owner.Id, links, from, cancellationToken);
        }

        return deleted;
    }

    private static int? Fewer(int? one, int? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static async Task<long> DeleteAsync(SpooDbContext context, string ownerId, long linkId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var old = context.Clicks.Where(click => click.LinkId == linkId && click.Time < from);
        var deleted = 0L;
        while (await old.AnyAsync(cancellationToken))
        {
            deleted += await context.InTransactionAsync(
                async _ =>
                {
                    // Rows, counters and the sign for processes that keep columns, together.
                    await context.HoldLinksAsync([linkId], LinkHold.ToChange, cancellationToken);
                    var (gone, _) = await context.DeleteSomeAsync(old, cancellationToken);
                    await ForgetAsync(context, linkId, gone, cancellationToken);
                    await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
                    await context.NoteDeletionAsync(cancellationToken);
                    return gone;
                },
                cancellationToken);
        }

        if (deleted > 0)
        {
            // A day without clicks has what an import told of it.
            await context.SettleTotalsAsync([linkId], cancellationToken);
        }

        return deleted;
    }

    // Of clicks that were moved it is known by link how many are too old, and they are taken out of ClickHouse when their counters say so.
    private static async Task<long> DeleteMovedAsync(SpooDbContext context, string ownerId, List<long> links, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var moved = context.Moved();
        var deleted = 0L;
        while (links.Count > 0 && await moved.NowAsync(context, cancellationToken) is ({ } clicks, { } move))
        {
            var older = await clicks.CountByAsync("LinkId", OlderThan(from, links), cancellationToken);
            foreach (var some in older.Chunk(ClickPieces.Links))
            {
                var (ids, isDone) = (some.Select(link => link.Key).Order().ToList(), false);
                await context.InTransactionAsync(
                    async _ =>
                    {
                        await context.HoldLinksAsync(ids, LinkHold.ToChange, cancellationToken);
                        if (!(isDone = await MovedClicks.IsSameAsync(context, move, cancellationToken)))
                        {
                            return false;
                        }

                        foreach (var (link, gone) in some)
                        {
                            await ForgetAsync(context, link, gone, cancellationToken);
                        }

                        await moved.NoteRemovalAsync(context, [.. ids.Select(link => new MovedRemoval { LinkId = link, Before = from })], cancellationToken);
                        await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
                        await context.NoteDeletionAsync(cancellationToken);
                        return true;
                    },
                    cancellationToken);
                if (!isDone)
                {
                    break;
                }

                move.Removals += ids.Count;
                deleted += some.Sum(link => link.Value);
                await context.SettleTotalsAsync(ids, cancellationToken);
            }

            if (older.Count == 0)
            {
                break;
            }
        }

        return deleted;
    }

    private static string OlderThan(DateTimeOffset from, IEnumerable<long> links) =>
        string.Create(CultureInfo.InvariantCulture, $"Time < {from.ToUnixTimeMilliseconds()} AND {MovedTable.IsOneOf("LinkId", links)}");

    private static Task<int> ForgetAsync(SpooDbContext context, long linkId, long gone, CancellationToken cancellationToken) =>
        context.Links.Where(link => link.Id == linkId).ExecuteUpdateAsync(
            set => set
                .SetProperty(link => link.TotalClicks, link => link.TotalClicks - gone)
                .SetProperty(link => link.ForgottenClicks, link => link.ForgottenClicks + gone)
                .SetProperty(link => link.LastClick, link => link.TotalClicks - gone <= 0 ? null : link.LastClick),
            cancellationToken);
}
