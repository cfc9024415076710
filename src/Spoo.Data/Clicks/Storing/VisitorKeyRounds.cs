using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Storing;

/// <summary>Writes down the key by which visitors are told apart when it has changed, over the one that it was made from.</summary>
public sealed class VisitorKeyRounds(VisitorHash visitors, StoreGate gate, TimeProvider clock, ILogger<VisitorKeyRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private string? _kept;

    protected override TimeSpan FirstPause => TimeSpan.FromSeconds(1);

    protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        var key = visitors.Key;
        if (key.ToString() is var text && text != _kept)
        {
            gate.Keep(key);
            _kept = text;
        }

        return Task.FromResult(Pause);
    }
}
