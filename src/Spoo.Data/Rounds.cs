using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Spoo.Data;

/// <summary>
/// Work that is done again and again while the server runs. Whatever goes wrong in one round is said in the log and left to the next one:
/// only the end of the process ends it.
/// </summary>
public abstract partial class Rounds(TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly ILogger _logger = logger;

    protected TimeProvider Clock { get; } = clock;

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
                await Task.Delay(wait, Clock, stoppingToken);
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
            return await RoundAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RoundFailed(exception, GetType().Name);
            return PauseAfterFailure;
        }
    }

    [LoggerMessage(LogLevel.Error, "A round of {Rounds} failed; the next one tries again.")]
    private partial void RoundFailed(Exception exception, string rounds);
}
