using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data;

/// <summary>
/// Work that is done again and again while the server runs. Whatever goes wrong in one round is said in the log and left to the next one:
/// only the end of the process ends it.
/// </summary>
public abstract partial class Rounds(TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>No timer takes much more, and no work is so rare.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(30);

    private readonly ILogger _logger = logger;

    protected TimeProvider Clock { get; } = clock;

    /// <summary>When the last round ended. Null: there was none yet.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>Why the last round failed. Null: it did not.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>A server that has just started has better things to do.</summary>
    protected abstract TimeSpan FirstPause { get; }

    /// <summary>Does the work once.</summary>
    /// <returns>How long to wait before the next round.</returns>
    protected abstract Task<TimeSpan> RoundAsync(CancellationToken cancellationToken);

    /// <summary>How long to wait after a round that failed.</summary>
    protected virtual TimeSpan PauseAfterFailure => TimeSpan.FromMinutes(1);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var wait = FirstPause; ;)
            {
                // What is reckoned from clocks may be anything, and no pause may end the server.
                await Task.Delay(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestPause ? LongestPause : wait, Clock, stoppingToken);
                wait = await RoundOrFailureAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<TimeSpan> RoundOrFailureAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pause = await RoundAsync(cancellationToken);
            (LastAt, LastFailure) = (Clock.GetUtcNow(), null);
            return pause;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (StoreFailure.IsAbsence(exception))
        {
            // Every round fails until it is back, so that a line has to do.
            IsAway(GetType().Name, StoreFailure.InWords(exception));
            (LastAt, LastFailure) = (Clock.GetUtcNow(), StoreFailure.MessageOf(exception));
            return PauseAfterFailure;
        }
        catch (Exception exception)
        {
            // Also while the server stops: a round that fails then is no reason to end otherwise than in peace.
            RoundFailed(exception, GetType().Name);
            (LastAt, LastFailure) = (Clock.GetUtcNow(), exception.Message);
            return PauseAfterFailure;
        }
    }

    [LoggerMessage(LogLevel.Error, "A round of {Rounds} failed; the next one tries again.")]
    private partial void RoundFailed(Exception exception, string rounds);

    [LoggerMessage(LogLevel.Error, "A round of {Rounds} failed, and the next one tries again: {Reason}")]
    private partial void IsAway(string rounds, string reason);
}
