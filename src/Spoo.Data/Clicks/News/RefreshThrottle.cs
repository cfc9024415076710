namespace Spoo.Data.Clicks.News;

/// <summary>
/// Wakes one viewer of numbers when there are new ones: at most once in a while, not while the page is hidden, and now and then without
/// being told, because time passes and other nodes store clicks as well.
/// </summary>
public sealed class RefreshThrottle(TimeProvider clock) : IDisposable
{
    /// <summary>Between two wakings, at least.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Without any news, so often.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource? _paused;
    private long _last = clock.GetTimestamp();

    public bool IsPaused => _paused is not null;

    /// <summary>To be called for each piece of news, from any thread.</summary>
    public void Beat()
    {
        lock (_lock)
        {
            if (_news.CurrentCount == 0)
            {
                _news.Release();
            }
        }
    }

    /// <summary>The page is hidden. What comes in the meantime is one piece of news when it is seen again.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The page is seen again, and may have missed something.</summary>
    public void Resume()
    {
        TaskCompletionSource? paused;
        lock (_lock)
        {
            (paused, _paused) = (_paused, null);
        }

        if (paused is not null)
        {
            Beat();
            paused.SetResult();
        }
    }

    /// <summary>Returns when it is time to look again.</summary>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        await _news.WaitAsync(Idle, cancellationToken);
        if (Pace - clock.GetElapsedTime(_last) is { Ticks: > 0 } early)
        {
            await Task.Delay(early, clock, cancellationToken);
        }

        while (_paused is { } paused)
        {
            await paused.Task.WaitAsync(cancellationToken);
        }

        // What came while we waited is seen now.
        _news.Wait(0, CancellationToken.None);
        _last = clock.GetTimestamp();
    }

    public void Dispose() => _news.Dispose();
}
