namespace Spoo.Data.Database;

/// <summary>
/// When to try again after the store has failed: soon at first, because most failures are short, then ever more rarely, so that a
/// database that is coming back is not knocked over again.
/// </summary>
internal sealed class RetryBackoff(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>Once the store is back, its backlog begins to drain no later than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _wait;

    /// <summary>Null: the last attempt succeeded.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <returns>Whether it had failed before.</returns>
    public bool Succeeded()
    {
        var wasFailing = FailingSince is not null;
        FailingSince = null;
        _wait = TimeSpan.Zero;
        return wasFailing;
    }

    /// <returns>How long to wait before the next attempt.</returns>
    public TimeSpan Failed()
    {
        FailingSince ??= clock.GetUtcNow();
        return _wait = _wait == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, Longest.Ticks));
    }
}
