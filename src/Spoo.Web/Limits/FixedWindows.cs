using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Spoo.Web.Limits;

/// <summary>
/// Counts one caller's calls in several windows of time at once: so many a minute and so many a day. A window begins with its first
/// call. A call that is refused counts in none of them.
/// </summary>
internal sealed class FixedWindows(IReadOnlyList<RateWindow> windows, TimeProvider clock) : RateLimiter
{
    private readonly Lock _lock = new();
    private readonly (DateTimeOffset End, int Calls)[] _counted = new (DateTimeOffset, int)[windows.Count];

    /// <summary>Time since the last window ended, after which nothing has to be remembered. Null: one is open.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
            {
                var idle = clock.GetUtcNow() - _counted.Max(window => window.End);
                return idle > TimeSpan.Zero ? idle : null;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            for (var number = 0; number < _counted.Length; number++)
            {
                if (_counted[number].End <= now)
                {
                    _counted[number] = (now + windows[number].Length, 0);
                }
            }

            var full = LastFull();
            if (full >= 0)
            {
                return new Lease(false, new RateStanding(windows[full].Calls, 0, _counted[full].End, _counted[full].End - now));
            }

            for (var number = 0; number < _counted.Length; number++)
            {
                _counted[number].Calls += permitCount;
            }

            var ends = Array.ConvertAll(_counted, window => window.End);
            return new Lease(true, Standing() with { GiveBack = () => GiveBack(ends, permitCount) });
        }
    }

    /// <summary>Takes calls out of the count again, in the windows in which they were counted.</summary>
    private RateStanding GiveBack(DateTimeOffset[] ends, int permitCount)
    {
        lock (_lock)
        {
            for (var number = 0; number < _counted.Length; number++)
            {
                if (_counted[number].End == ends[number])
                {
                    _counted[number].Calls -= permitCount;
                }
            }

            return Standing();
        }
    }

    // The shortest is the one that clients pace themselves by.
    private RateStanding Standing() => new(windows[0].Calls, Math.Max(0, windows[0].Calls - _counted[0].Calls), _counted[0].End, null);

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));

    // Of several windows that are full, the one that stays so for longest is the one to wait for.
    private int LastFull()
    {
        var full = -1;
        for (var number = 0; number < _counted.Length; number++)
        {
            if (_counted[number].Calls >= windows[number].Calls && (full < 0 || _counted[number].End > _counted[full].End))
            {
                full = number;
            }
        }

        return full;
    }

    private sealed class Lease(bool isAcquired, RateStanding standing) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [RateStanding.Metadata.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == RateStanding.Metadata.Name ? standing : null;
            return metadata is not null;
        }
    }
}

/// <summary>Where a caller stands after a call.</summary>
/// <param name="Limit">Calls in the window.</param>
/// <param name="Remaining">Calls that are left in it.</param>
/// <param name="Reset">When it ends.</param>
/// <param name="RetryAfter">How long to wait. Null: the call was let through.</param>
internal sealed record RateStanding(int Limit, int Remaining, DateTimeOffset Reset, TimeSpan? RetryAfter)
{
    /// <summary>Takes the call back, and says where the caller stands then. Null: it was not counted.</summary>
    public Func<RateStanding>? GiveBack { get; init; }

    public static MetadataName<RateStanding> Metadata { get; } = new("STANDING");
}
