using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Moved;

/// <summary>Where clicks live in ClickHouse, moves those there that have come since: once an hour, those that are older than a day.</summary>
public sealed partial class ClickMoveRounds(
    ClickMover mover, MovedClicks moved, IDbContextFactory<SpooDbContext> contexts, SpooDatabase database, TimeProvider clock, ILogger<ClickMoveRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>What is looked at click by click is most often what came last, and the database answers that sooner.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(5);

    protected override TimeSpan PauseAfterFailure => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!moved.MayBe)
        {
            return TimeSpan.MaxValue;
        }

        if (database.IsReady && await IsDueAsync(cancellationToken))
        {
            try
            {
                var clicks = await mover.MoveAsync(Clock.GetUtcNow() - KeptFor, null, cancellationToken);
                if (clicks > 0)
                {
                    Moved(clicks);
                }
            }
            catch (SettingException exception)
            {
                // Another process is at it, as a rule.
                NotMoved(exception.Message);
            }
        }

        return Pause;
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Lease.Free(context.ClickMoves, now).AnyAsync(move => move.Piece > 0 && move.BackUntil == null, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "{Clicks} clicks were moved to ClickHouse.")]
    private partial void Moved(long clicks);

    [LoggerMessage(LogLevel.Information, "No clicks were moved to ClickHouse: {Reason}")]
    private partial void NotMoved(string reason);
}
