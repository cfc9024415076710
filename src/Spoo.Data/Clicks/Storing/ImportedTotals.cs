using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Stores what imports tell in sums, and settles how much of it counts, so that nothing counts twice. Of a day that has clicks, no sum counts. A sum of no
/// known day counts without the clicks until then and without the days that count. Of several imports, the one that tells most counts.
/// </summary>
internal static class ImportedTotals
{
    private const int LinksAtOnce = 500;

    private static readonly BulkTable<ImportedTotal> Table = new(
        "ImportedTotals",
        [
            nameof(ImportedTotal.LinkId), nameof(ImportedTotal.ImportId), nameof(ImportedTotal.Day), nameof(ImportedTotal.Clicks), nameof(ImportedTotal.Until),
            nameof(ImportedTotal.Counted),
        ],
        [nameof(ImportedTotal.LinkId), nameof(ImportedTotal.ImportId), nameof(ImportedTotal.Day)],
        total => total.LinkId,
        (one, other) => (one.LinkId, one.ImportId, one.Day).CompareTo((other.LinkId, other.ImportId, other.Day)),
        (total, row) =>
        {
            row.Number((long?)total.LinkId);
            row.Number((int?)total.ImportId);
            row.Number((int?)total.Day);
            row.Number((long?)total.Clicks);
            row.Number((long?)total.Until.ToUnixTimeMilliseconds());
            row.Number((long?)total.Counted);
        });

    /// <summary>Stores totals of links that were made in this transaction: all of them count.</summary>
    public static Task AddTotalsAsync(
        this SpooDbContext context, IDbContextTransaction transaction, IReadOnlyCollection<ImportedTotal> totals, CancellationToken cancellationToken) =>
        BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction()).InsertMissingAsync(Table, totals, cancellationToken);

    /// <summary>Stores what an import tells of links, in the place of what it has told of them before, and settles them.</summary>
    public static async Task ReplaceTotalsAsync(
        this SpooDbContext context, int importId, IEnumerable<ImportedTotal> totals, CancellationToken cancellationToken)
    {
        foreach (var links in totals.GroupBy(total => total.LinkId).OrderBy(link => link.Key).Chunk(LinksAtOnce))
        {
            await SettleAsync(context, [.. links.Select(link => link.Key)], importId, [.. links.SelectMany(link => link)], cancellationToken);
        }
    }

    /// <summary>Settles the totals of links anew: something has become of their clicks, or of other totals.</summary>
    public static async Task SettleTotalsAsync(this SpooDbContext context, IEnumerable<long> links, CancellationToken cancellationToken)
    {
        foreach (var some in links.Distinct().Order().Chunk(LinksAtOnce))
        {
            await SettleAsync(context, some, null, [], cancellationToken);
        }
    }

    /// <summary>Those of the links that have totals, and how many clicks of these count: by the rows, and as they would be settled now.</summary>
    public static async Task<IReadOnlyList<(long LinkId, long Rows, long Settled)>> RecountTotalsAsync(
        this SpooDbContext context, string? ownerId, CancellationToken cancellationToken)
    {
        var all = context.Set<ImportedTotal>().AsNoTracking().Where(total => total.Link!.OwnerId == ownerId);
        var links = await all.Select(total => total.LinkId).Distinct().OrderBy(link => link).ToListAsync(cancellationToken);
        var counts = new List<(long, long, long)>();
        foreach (var some in links.Chunk(LinksAtOnce))
        {
            var totals = await all.Where(total => some.Contains(total.LinkId)).ToListAsync(cancellationToken);
            var rows = totals.GroupBy(total => total.LinkId).ToDictionary(link => link.Key, link => link.Sum(total => total.Counted));
            await CountAsync(context, totals, cancellationToken);
            counts.AddRange(totals.GroupBy(total => total.LinkId).Select(link => (link.Key, rows[link.Key], link.Sum(total => total.Counted))));
        }

        return counts;
    }

    /// <summary>Takes all totals of these links away. To be done in the transaction that takes their last clicks away.</summary>
    public static async Task ForgetTotalsAsync(this SpooDbContext context, IReadOnlyList<long> links, CancellationToken cancellationToken)
    {
        await context.Set<ImportedTotal>().Where(total => links.Contains(total.LinkId)).ExecuteDeleteAsync(cancellationToken);
        await context.Links.Where(link => links.Contains(link.Id) && link.ImportedClicks != 0)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ImportedClicks, 0), cancellationToken);
    }

    private static async Task SettleAsync(
        SpooDbContext context, IReadOnlyList<long> links, int? replaced, IReadOnlyList<ImportedTotal> added, CancellationToken cancellationToken)
    {
        var totals = context.Set<ImportedTotal>();
        var known = await totals.AsNoTracking().Where(total => links.Contains(total.LinkId)).ToListAsync(cancellationToken);
        known.RemoveAll(total => total.ImportId == replaced);

        // What an earlier import has told already belongs to that one, as a click does that two files have.
        var told = known.GroupBy(total => (total.LinkId, total.Day)).ToDictionary(same => same.Key, same => same.Max(total => total.Clicks));
        added = [.. added.Where(total => total.Clicks > told.GetValueOrDefault((total.LinkId, total.Day)))];
        if (known.Count + added.Count == 0 && replaced is null)
        {
            // As a rule there are none. The link counts what it has, for the last of them may just have gone.
            await context.Links.Where(link => links.Contains(link.Id) && link.ImportedClicks != 0)
                .ExecuteUpdateAsync(set => set.SetProperty(link => link.ImportedClicks, 0), cancellationToken);
            return;
        }

        // Millions of clicks may have to be looked at, and nobody has to wait for that.
        var before = known.ConvertAll(total => total.Counted);
        await CountAsync(context, [.. known, .. added], cancellationToken);
        await context.InTransactionAsync(
            async transaction =>
            {
                await context.HoldLinksAsync(links, LinkHold.ToChange, cancellationToken);
                await totals.Where(total => total.ImportId == replaced && links.Contains(total.LinkId)).ExecuteDeleteAsync(cancellationToken);
                await context.AddTotalsAsync(transaction, added, cancellationToken);
                foreach (var (total, _) in known.Zip(before).Where(pair => pair.First.Counted != pair.Second))
                {
                    var (link, import, day, counted) = (total.LinkId, total.ImportId, total.Day, total.Counted);
                    await totals.Where(row => row.LinkId == link && row.ImportId == import && row.Day == day)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Counted, counted), cancellationToken);
                }

                return await context.Links.Where(link => links.Contains(link.Id)).ExecuteUpdateAsync(
                    set => set.SetProperty(link => link.ImportedClicks, link => totals.Where(total => total.LinkId == link.Id).Sum(total => total.Counted)), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Says of each total how much of it counts.</summary>
    private static async Task CountAsync(SpooDbContext context, IReadOnlyList<ImportedTotal> totals, CancellationToken cancellationToken)
    {
        var links = totals.GroupBy(total => total.LinkId).ToDictionary(link => link.Key, link => new RealClicks([.. link]));
        var ids = links.Keys.ToList();
        var counters = await context.Links.Where(link => ids.Contains(link.Id)).Select(link => new { link.Id, link.TotalClicks, link.ForgottenClicks }).ToListAsync(cancellationToken);
        counters.ForEach(link => links[link.Id].Forgotten = link.ForgottenClicks);
        foreach (var group in ClickPieces.GroupLinks(counters.Where(link => link.TotalClicks > 0).Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToRead))
        {
            await context.Moved().ReadAsync(context, moved => AddAsync(group, moved), cancellationToken);
        }

        foreach (var link in links.Values)
        {
            link.Settle();
        }

        async Task<bool> AddAsync(IReadOnlyList<long> group, MovedMoment? moved)
        {
            // Only the clicks of one link can be read piece by piece.
            var clicks = context.Clicks.OfLinks(group);
            await foreach (var piece in group.Count > 1 ? new[] { clicks }.ToAsyncEnumerable() : clicks.PiecesAsync(cancellationToken))
            {
                await foreach (var click in piece.Select(click => new { click.LinkId, click.Time }).AsAsyncEnumerable().WithCancellation(cancellationToken))
                {
                    links[click.LinkId].Add(click.Time);
                }
            }

            if (moved is not null)
            {
                await moved.EachAsync(
                    "LinkId, Time", MovedTable.IsOneOf("LinkId", group), null, row => links[row.GetInt64(0)].Add(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), cancellationToken);
            }

            return true;
        }
    }

    /// <summary>What is known of one link's clicks, as far as its totals tell of the same.</summary>
    private sealed class RealClicks
    {
        private readonly IReadOnlyList<ImportedTotal> _totals;
        private readonly List<DateTimeOffset> _ends;
        private readonly long[] _before;
        private readonly Dictionary<int, DateTimeOffset> _first;

        public RealClicks(IReadOnlyList<ImportedTotal> totals)
        {
            _totals = totals;
            _ends = [.. totals.Select(total => total.Until).Distinct()];
            _before = new long[_ends.Count];
            _first = totals.Select(total => total.Day).Distinct().ToDictionary(day => day, _ => DateTimeOffset.MaxValue);
        }

        /// <summary>Clicks that were deleted for their age.</summary>
        public long Forgotten { get; set; }

        public void Add(DateTimeOffset time)
        {
            for (var end = 0; end < _before.Length; end++)
            {
                _before[end] += time < _ends[end] ? 1 : 0;
            }

            if (ImportedTotal.DayOf(time) is var day && _first.TryGetValue(day, out var first) && time < first)
            {
                _first[day] = time;
            }
        }

        public void Settle()
        {
            var ofDays = 0L;
            foreach (var day in _totals.Where(total => total.Day != ImportedTotal.NoDay).GroupBy(total => total.Day))
            {
                ofDays += Settle([.. day], total => _first[total.Day] < total.Until ? 0 : total.Clicks);
            }

            Settle(
                [.. _totals.Where(total => total.Day == ImportedTotal.NoDay)],
                total => Math.Max(0, total.Clicks - _before[_ends.IndexOf(total.Until)] - Forgotten - ofDays));
        }

        // Of totals of the same clicks, the largest counts.
        private static long Settle(IReadOnlyList<ImportedTotal> same, Func<ImportedTotal, long> clicksOf)
        {
            var largest = same.OrderByDescending(clicksOf).ThenBy(total => total.ImportId).FirstOrDefault();
            foreach (var total in same)
            {
                total.Counted = total == largest ? clicksOf(total) : 0;
            }

            return largest?.Counted ?? 0;
        }
    }
}
