using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Storing;

namespace Spoo.Data.Care;

/// <summary>
/// Looks once an hour whether a process ended before it had deleted all clicks of a link, lets <see cref="ClickRetention"/> look whether
/// anything has become too old, and finishes imports that were killed.
/// </summary>
public sealed partial class RetentionRounds(
    ClickRetention retention, ClicksWithoutLink withoutLink, ClickStore store, TimeProvider clock, ILogger<RetentionRounds> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>A server that has just started has better things to do.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstPause; ; wait = Pause)
        {
            await Task.Delay(wait, clock, stoppingToken);
            try
            {
                await withoutLink.FinishDeletionsAsync(stoppingToken);
                if (await retention.RunAsync(stoppingToken) is var deleted and > 0)
                {
                    Deleted(deleted);
                }
            }
            catch (Exception exception) when (exception is DbException or TimeoutException)
            {
                CannotDelete(exception);
            }

            try
            {
                await store.FinishAbandonedAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is DbException or TimeoutException)
            {
                CannotFinish(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Deleted} clicks were older than their owners keep them and have been deleted.")]
    private partial void Deleted(long deleted);

    [LoggerMessage(LogLevel.Error, "Clicks of deleted links, or older than their owners keep them, could not be deleted; the next round tries again.")]
    private partial void CannotDelete(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Imports that were killed could not be marked as finished; the next round tries again.")]
    private partial void CannotFinish(Exception exception);
}
