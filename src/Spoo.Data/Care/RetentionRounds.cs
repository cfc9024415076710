using Microsoft.Extensions.Logging;

namespace Spoo.Data.Care;

/// <summary>Lets <see cref="ClickRetention"/> look once an hour whether anything has become too old.</summary>
public sealed partial class RetentionRounds(ClickRetention retention, TimeProvider clock, ILogger<RetentionRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;

    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(2);

    protected override TimeSpan PauseAfterFailure => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (await retention.RunAsync(cancellationToken) is var deleted and > 0)
        {
            Deleted(deleted);
        }

        return Pause;
    }

    [LoggerMessage(LogLevel.Information, "{Deleted} clicks were older than their owners keep them and have been deleted.")]
    private partial void Deleted(long deleted);
}
