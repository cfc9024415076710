using System.Globalization;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>
/// Whether this machine's clock is to be believed where clicks are deleted for their age: one that is ahead makes all of them look old, and what is deleted does not come back.
/// </summary>
internal sealed class ClockDoubts(SpooDatabase database, TimeProvider clock)
{
    /// <summary>A click is kept for days at least, and clocks that are looked after differ by seconds.</summary>
    private static readonly TimeSpan Allowed = TimeSpan.FromHours(1);

    /// <summary>A clock that was set ahead is believed when nobody has set it back for so long; a machine that sleeps every night is, in the evening.</summary>
    private static readonly TimeSpan UntilBelieved = TimeSpan.FromHours(12);

    private (DateTimeOffset Now, long At) _last = (clock.GetUtcNow(), clock.GetTimestamp());
    private long? _since;

    /// <summary>Why it is not believed now. Null: it is.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<string?> WhyAsync(CancellationToken cancellationToken)
    {
        var jump = Jump();
        if (await database.ClockAheadAsync(cancellationToken) is { } ahead && ahead.Duration() > Allowed)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the clock of the database's server is {ahead.Duration().TotalHours:N0} hours {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} it");
        }

        return jump;
    }

    // A machine that slept looks like one whose clock was set ahead, and a day more does no harm.
    private string? Jump()
    {
        var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        var ahead = now - _last.Now - clock.GetElapsedTime(_last.At, at);
        _last = (now, at);
        _since = ahead > Allowed ? at : ahead < -Allowed ? null : _since;
        return _since is { } since && clock.GetElapsedTime(since, at) < UntilBelieved ? "it was set ahead in the last twelve hours, or the machine slept" : null;
    }
}
