namespace Spoo.Web.Limits;

/// <summary>
/// Counts one caller's calls in several windows of time at once: so many a minute and so many a day. A window begins with its first
/// call. A call that is refused counts in none of them.
/// </summary>
internal sealed class FixedWindows(IReadOnlyList<RateWindow> windows, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly (DateTimeOffset End, int Calls)[] _counted = new (DateTimeOffset, int)[windows.Count];
    private volatile bool _isForgotten;

    /// <summary>Whether these count nothing any more.</summary>
    public bool IsForgotten => _isForgotten;

    /// <summary>Counts calls where there is room for them.</summary>
    /// <param name="calls">0: only says where the caller stands.</param>
    /// <returns>Null: these windows are forgotten, and the caller has others.</returns>
    public RateStanding? Count(int calls)
    {
        lock (_lock)
        {
            if (_isForgotten)
            {
                return null;
            }

            var now = OpenAll();
            var full = LastFull();
            if (full >= 0)
            {
                return new RateStanding(windows[full].Calls, 0, _counted[full].End, _counted[full].End - now);
            }

            for (var number = 0; number < _counted.Length; number++)
            {
                _counted[number].Calls += calls;
            }

            var ends = Array.ConvertAll(_counted, window => window.End);
            return Standing() with { GiveBack = () => GiveBack(ends, calls) };
        }
    }

    /// <summary>Counts calls that another node has let through, or has taken back again where they are fewer than none.</summary>
    /// <returns>Whether they count; otherwise these windows are forgotten, and the caller has others.</returns>
    public bool Hear(int calls)
    {
        lock (_lock)
        {
            if (_isForgotten)
            {
                return false;
            }

            OpenAll();
            for (var number = 0; number < _counted.Length; number++)
            {
                _counted[number].Calls = (int)Math.Clamp((long)_counted[number].Calls + calls, 0, int.MaxValue);
            }

            return true;
        }
    }

    /// <summary>Whether all windows are over, so that nothing has to be remembered. From then on these count nothing.</summary>
    public bool Forget()
    {
        lock (_lock)
        {
            return _isForgotten = _isForgotten || Array.TrueForAll(_counted, window => window.End <= clock.GetUtcNow());
        }
    }

    private DateTimeOffset OpenAll()
    {
        var now = clock.GetUtcNow();
        for (var number = 0; number < _counted.Length; number++)
        {
            if (_counted[number].End <= now)
            {
                _counted[number] = (now + windows[number].Length, 0);
            }
        }

        return now;
    }

    // Takes calls out of the count again, in the windows in which they were counted.
    private RateStanding GiveBack(DateTimeOffset[] ends, int calls)
    {
        lock (_lock)
        {
            for (var number = 0; number < _counted.Length; number++)
            {
                if (_counted[number].End == ends[number])
                {
                    _counted[number].Calls = Math.Max(0, _counted[number].Calls - calls);
                }
            }

            return Standing();
        }
    }

    // The shortest is the one that clients pace themselves by.
    private RateStanding Standing() => new(windows[0].Calls, Math.Max(0, windows[0].Calls - _counted[0].Calls), _counted[0].End, null);

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
}
