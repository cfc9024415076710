using System.Collections.Concurrent;
using Spoo.Data.Accounts;

namespace Spoo.Web.Limits;

/// <summary>An endpoint whose answer is a file of an account's links or clicks, of which one account may fetch only so many at once.</summary>
internal sealed class IsExport;

/// <summary>
/// Calls with the keys of an account within a day of UTC, and exports that are being sent, for accounts that may have only so many
/// (<see cref="Quotas"/>). As rate limits, each node counts for itself, and from its start.
/// </summary>
internal sealed class CallQuotas(Quotas quotas, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Day> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _exports = new(StringComparer.Ordinal);

    /// <summary>Counts a call.</summary>
    /// <returns>How long to wait until there are calls again. Null: it goes ahead.</returns>
    public TimeSpan? Count(string accountId)
    {
        if (!quotas.LimitsAny(QuotaKind.ApiCallsADay) || quotas.Most(accountId, QuotaKind.ApiCallsADay) is not { } most)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var day = _calls.AddOrUpdate(accountId, _ => new Day(Today(now), 1), (_, day) => day.Date == Today(now) ? day with { Calls = day.Calls + 1 } : new Day(Today(now), 1));
        return day.Calls <= most ? null : new DateTimeOffset(day.Date.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) - now;
    }

    /// <summary>Calls of today, those that were refused not among them.</summary>
    public long CallsToday(string accountId) =>
        _calls.TryGetValue(accountId, out var day) && day.Date == Today(clock.GetUtcNow()) ? Math.Min(day.Calls, quotas.Most(accountId, QuotaKind.ApiCallsADay) ?? long.MaxValue) : 0;

    public int ExportsNow(string accountId) => _exports.GetValueOrDefault(accountId);

    /// <summary>Whether one more export may be sent; it is over with <see cref="LeaveExport"/>.</summary>
    public bool TryEnterExport(string accountId)
    {
        if (_exports.AddOrUpdate(accountId, 1, (_, running) => running + 1) <= (quotas.Most(accountId, QuotaKind.ExportsAtOnce) ?? long.MaxValue))
        {
            return true;
        }

        LeaveExport(accountId);
        return false;
    }

    public void LeaveExport(string accountId)
    {
        if (_exports.AddOrUpdate(accountId, 0, (_, running) => running - 1) == 0)
        {
            // Only while it is still none; an export that began in between keeps its count.
            _exports.TryRemove(KeyValuePair.Create(accountId, 0));
        }
    }

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private sealed record Day(DateOnly Date, long Calls);
}
