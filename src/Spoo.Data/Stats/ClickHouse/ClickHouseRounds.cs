using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>Copies clicks to ClickHouse also while there are no questions, so that the first one after a night has not to wait for it.</summary>
public sealed class ClickHouseRounds(ClickHouseClicks clicks, StatsOptions options, SpooDatabase database, TimeProvider clock, ILogger<ClickHouseRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    protected override TimeSpan FirstPause => TimeSpan.FromSeconds(2);

    protected override TimeSpan PauseAfterFailure => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (options.Engine != StatsEngine.ClickHouse)
        {
            return TimeSpan.MaxValue;
        }

        if (database.IsReady)
        {
            await clicks.FollowAsync(verify: true, cancellationToken);
        }

        return Pause;
    }
}
