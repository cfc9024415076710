using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats;

/// <summary>Adds up the clicks of which imports have told only how many they were.</summary>
internal static class ImportedCounting
{
    private static readonly TimeOnly Noon = new(12, 0);

    /// <summary>Those of the selected links. Null: they have none, which needs no question to the database.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<ImportedClicks?> CountAsync(IDbContextFactory<SpooDbContext> contexts, ClickSelection clicks, CancellationToken cancellationToken)
    {
        var all = clicks.Links.Sum(link => link.ImportedClicks);
        if (all == 0 || clicks.Filters.Count > 0)
        {
            return all == 0 ? null : new ImportedClicks { LeftOut = all, IsFiltered = true };
        }

        // A day stands at its noon on the viewer's clock: so each is in exactly one of two ranges that meet, in whichever zone. A range from the beginning has
        // the first day, at whichever hour the link was made.
        var range = clicks.Range;
        var isFromBeginning = range.Start <= clicks.Links.Where(link => link.ImportedClicks > 0).Min(link => link.CreatedAt);
        var (start, end) = (range.Local(range.Start), range.Local(range.End));
        var first = isFromBeginning ? ImportedTotal.NoDay + 1 : DayOf(start) + (TimeOnly.FromDateTime(start.DateTime) > Noon ? 1 : 0);
        var last = DayOf(end) - (TimeOnly.FromDateTime(end.DateTime) < Noon ? 1 : 0);
        var (counted, withoutDay, byTime) = (0L, 0L, clicks.Buckets is null ? null : new long[clicks.Buckets.All.Count]);
        foreach (var sum in await SumsAsync(contexts, clicks, all, cancellationToken))
        {
            if (sum.Day == ImportedTotal.NoDay)
            {
                withoutDay += sum.IsOver ? sum.Clicks : 0;
            }
            else if (sum.Day >= first && sum.Day <= last)
            {
                counted += sum.Clicks;
                if (byTime is not null)
                {
                    var noon = DateOnly.FromDayNumber(sum.Day).ToDateTime(Noon);
                    var instant = new DateTimeOffset(noon, range.Zone.GetUtcOffset(noon));
                    byTime[clicks.Buckets!.NumberOf(instant < range.Start ? range.Start : instant)] += sum.Clicks;
                }
            }
        }

        counted += withoutDay;
        return new ImportedClicks { Clicks = counted, WithoutDay = withoutDay, ByTime = byTime, LeftOut = all - counted };

        static int DayOf(DateTimeOffset local) => DateOnly.FromDateTime(local.DateTime).DayNumber;
    }

    private static async Task<IReadOnlyList<Sum>> SumsAsync(IDbContextFactory<SpooDbContext> contexts, ClickSelection clicks, long all, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var (start, end, owner) = (clicks.Range.Start, clicks.Range.End, clicks.OwnerId);
        var only = clicks.Links.Count == 1 ? clicks.Links[0].Id : 0;
        var totals = context.Set<ImportedTotal>().Where(total => total.Counted > 0);
        var rows = (only > 0 ? totals.Where(total => total.LinkId == only) : totals.Where(total => total.Link!.OwnerId == owner))
            .Select(total => new { total.LinkId, total.Day, total.Counted, IsOver = total.Day == ImportedTotal.NoDay && total.Link!.CreatedAt >= start && total.Until <= end });
        var sums = await rows.GroupBy(row => new { row.Day, row.IsOver }).Select(day => new Sum(day.Key.Day, day.Key.IsOver, day.Sum(row => row.Counted))).ToListAsync(cancellationToken);
        if (only > 0 || sums.Sum(sum => sum.Clicks) == all)
        {
            return sums;
        }

        // Some of the owner's links are not in question.
        var links = clicks.Links.Where(link => link.ImportedClicks > 0).Select(link => link.Id).ToHashSet();
        return [.. (await rows.ToListAsync(cancellationToken)).Where(row => links.Contains(row.LinkId)).Select(row => new Sum(row.Day, row.IsOver, row.Counted))];
    }

    /// <param name="IsOver">Whether all that it may be of lies within the range.</param>
    private sealed record Sum(int Day, bool IsOver, long Clicks);
}
