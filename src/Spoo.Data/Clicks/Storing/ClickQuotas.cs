using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// How many clicks the links of an account have had in this month of UTC, for accounts that may have only so many. A visit beyond that is sent on
/// like any other and is no click. Links with a limit of clicks of their own go on counting, or their limit would never be reached.
/// </summary>
/// <remarks>
/// As <see cref="ClickLimits"/>, the counts are this node's: they begin with what is stored, and learn of the clicks of others once a minute.
/// Clicks that were deleted for their age are not among them.
/// </remarks>
public sealed partial class ClickQuotas(IDbContextFactory<SpooDbContext> contexts, Quotas quotas, TimeProvider clock, ILogger<ClickQuotas> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Month> _months = new(StringComparer.Ordinal);

    /// <summary>Whether one more visit counts as a click, which is then taken.</summary>
    public bool TryTake(string? ownerId, DateTimeOffset now)
    {
        // Nearly every installation ends here.
        if (ownerId is null || !quotas.LimitsAny(QuotaKind.ClicksAMonth) || quotas.Most(ownerId, QuotaKind.ClicksAMonth) is not { } most)
        {
            return true;
        }

        var month = MonthOf(ownerId, now);
        if (month.IsDue(clock, Pause))
        {
            _ = RefreshAsync(ownerId, month);
        }

        return month.Count.TryTake(most);
    }

    /// <summary>The clicks of this month so far.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<long> UsedAsync(string ownerId, CancellationToken cancellationToken)
    {
        var month = MonthOf(ownerId, clock.GetUtcNow());
        month.Count.AtLeast(await StoredAsync(ownerId, month.Start, cancellationToken));
        return month.Count.Clicks;
    }

    public static DateTimeOffset StartOf(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private Month MonthOf(string ownerId, DateTimeOffset now)
    {
        var start = StartOf(now);
        var month = _months.GetOrAdd(ownerId, _ => new Month(start));
        if (month.Start != start)
        {
            var next = new Month(start);
            month = _months.TryUpdate(ownerId, next, month) ? next : _months[ownerId];
        }

        return month;
    }

    private async Task RefreshAsync(string ownerId, Month month)
    {
        try
        {
            month.Count.AtLeast(await StoredAsync(ownerId, month.Start, CancellationToken.None));
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // What was counted here holds until the database is back.
            CannotCount(ownerId, exception);
        }
    }

    private async Task<long> StoredAsync(string ownerId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var links = context.Links.Where(link => link.OwnerId == ownerId && link.LastClick >= from);
        return await context.Moved().ReadAsync(
            context,
            async moved =>
            {
                var stored = await context.Clicks.Where(click => click.Time >= from && links.Any(link => link.Id == click.LinkId)).LongCountAsync(cancellationToken);
                return moved is null || await links.Select(link => link.Id).ToListAsync(cancellationToken) is not { Count: > 0 } clicked
                    ? stored
                    : stored + await moved.CountAsync(string.Create(CultureInfo.InvariantCulture, $"Time >= {from.ToUnixTimeMilliseconds()} AND {MovedTable.IsOneOf("LinkId", clicked)}"), cancellationToken);
            },
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The clicks of account {Owner} in this month could not be counted.")]
    private partial void CannotCount(string owner, Exception exception);

    private sealed class Month(DateTimeOffset start)
    {
        private long _next = long.MinValue;

        public DateTimeOffset Start { get; } = start;

        public ClickCount Count { get; } = new(0);

        /// <summary>Whether it is time to look again; of those who ask at once, one is told so.</summary>
        public bool IsDue(TimeProvider clock, TimeSpan pause)
        {
            var (now, next) = (clock.GetTimestamp(), Interlocked.Read(ref _next));
            return now >= next && Interlocked.CompareExchange(ref _next, now + (long)(pause.TotalSeconds * clock.TimestampFrequency), next) == next;
        }
    }
}
