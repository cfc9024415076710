using System.Collections.Concurrent;
using Spoo.Data.Accounts;

namespace Spoo.Web.Limits;

/// <summary>An endpoint whose answer is a file of an account's links or clicks, of which one account may fetch only so many at once.</summary>
internal sealed class IsExport;

/// <summary>
/// Calls with the keys of an account within a day of UTC, and exports that are being sent, for accounts that may have only so many
/// (<see cref="Quotas"/>). Calls count on all nodes, and from their start; exports on this one.
/// </summary>
internal sealed class CallQuotas(Quotas quotas, CallCounts counts)
{
    private readonly DayCount _calls = new(counts);
    private readonly ConcurrentDictionary<string, int> _exports = new(StringComparer.Ordinal);

    /// <summary>Counts a call.</summary>
    /// <returns>How long to wait until there are calls again. Null: it goes ahead.</returns>
    public TimeSpan? Count(string accountId)
    {
        if (!quotas.LimitsAny(QuotaKind.ApiCallsADay) || quotas.Most(accountId, QuotaKind.ApiCallsADay) is not { } most)
        {
            return null;
        }

        var now = counts.Clock.GetUtcNow();
        return _calls.Count(accountId) <= most ? null : new DateTimeOffset(DayCount.DateOf(now).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) - now;
    }

    /// <summary>Calls of today, those that were refused not among them.</summary>
    public long CallsToday(string accountId) => Math.Min(_calls.Today(accountId), quotas.Most(accountId, QuotaKind.ApiCallsADay) ?? long.MaxValue);

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

    /// <summary>Calls of each account within the day of UTC that it is.</summary>
    private sealed class DayCount : CallCount
    {
        private readonly ConcurrentDictionary<UInt128, (DateOnly Date, long Calls)> _days = new();

        public DayCount(CallCounts counts)
            : base("calls a day", counts) => counts.Add(this);

        public static DateOnly DateOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

        public long Count(string accountId)
        {
            var account = Counts.KeyOf(accountId);
            Note(account, 1);
            return Add(account, 1);
        }

        public long Today(string accountId) =>
            _days.TryGetValue(Counts.KeyOf(accountId), out var day) && day.Date == DateOf(Counts.Clock.GetUtcNow()) ? day.Calls : 0;

        public override void Hear(UInt128 caller, int calls) => Add(caller, calls);

        public override void Forget()
        {
            foreach (var day in _days.Where(day => day.Value.Date != DateOf(Counts.Clock.GetUtcNow())))
            {
                _days.TryRemove(day);
            }
        }

        private long Add(UInt128 account, int calls)
        {
            var today = DateOf(Counts.Clock.GetUtcNow());
            return _days.AddOrUpdate(account, (today, calls), (_, day) => day.Date == today ? (today, day.Calls + calls) : (today, calls)).Calls;
        }
    }
}
