using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Care;

/// <summary>
/// Looks once an hour whether a process ended before it had deleted all clicks of a link, lets <see cref="ClickRetention"/> look whether
/// anything has become too old, and finishes imports that were killed.
/// </summary>
public sealed partial class RetentionRounds(
    ClickRetention retention, SpooDatabase database, ClicksWithoutLink withoutLink, ClickStore store, AbandonedImports imports, TimeProvider clock, ILogger<RetentionRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private readonly ClockDoubts _doubts = new(database, clock);

    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(2);

    protected override TimeSpan PauseAfterFailure => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await withoutLink.FinishDeletionsAsync(cancellationToken);
            if (await _doubts.WhyAsync(cancellationToken) is { } why)
            {
                ClockIsDoubted(why);
            }
            else if (await retention.RunAsync(cancellationToken) is var deleted and > 0)
            {
                Deleted(deleted);
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // The other one may get on all the same.
            CannotDelete(exception);
        }

        await imports.EndAsync(cancellationToken);
        await store.FinishAbandonedAsync(cancellationToken);
        return Pause;
    }

    [LoggerMessage(LogLevel.Information, "{Deleted} clicks were older than their owners keep them and have been deleted.")]
    private partial void Deleted(long deleted);

    [LoggerMessage(LogLevel.Error, "No click is deleted for its age now, because this machine's clock is doubted: {Why}.")]
    private partial void ClockIsDoubted(string why);

    [LoggerMessage(LogLevel.Error, "Clicks of deleted links, or older than their owners keep them, could not be deleted; the next round tries again.")]
    private partial void CannotDelete(Exception exception);
}
