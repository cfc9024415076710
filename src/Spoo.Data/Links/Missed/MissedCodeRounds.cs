using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Links.Missed;

/// <summary>Writes the <see cref="MissedCodes"/> down every few minutes and at the end, and removes once an hour what is old.</summary>
public sealed partial class MissedCodeRounds(MissedCodes missed, TimeProvider clock, ILogger<MissedCodeRounds> logger) : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenClearings = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private DateTimeOffset _clearedAt = DateTimeOffset.MinValue;

    protected override TimeSpan FirstPause => Pause;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await missed.WriteAsync(cancellationToken);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) || exception is OperationCanceledException)
        {
            // The last few minutes of a list of typing errors are not worth waiting for.
            NotWritten(exception.Message);
        }
    }

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await missed.WriteAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        if (now - _clearedAt >= BetweenClearings)
        {
            _clearedAt = now;
            await missed.ClearUpAsync(cancellationToken);
        }

        return Pause;
    }

    [LoggerMessage(LogLevel.Debug, "Codes that were asked for and are not there were not written down: {Reason}")]
    private partial void NotWritten(string reason);
}
