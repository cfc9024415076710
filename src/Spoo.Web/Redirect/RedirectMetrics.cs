using System.Diagnostics.Metrics;
using System.Text.Json;
using Spoo.Data;

namespace Spoo.Web.Redirect;

/// <summary>What became of a visit.</summary>
internal enum RedirectOutcome
{
    /// <summary>Sent on, and counted as a click.</summary>
    Redirected,

    /// <summary>Sent on without a click: the owner's own visits, and HEAD requests.</summary>
    Uncounted,

    /// <summary>Sent on without a click: the account has had as many in this month as it may.</summary>
    OverQuota,
    Previewed,

    /// <summary>A card for a chat or a network, of a link with a limit or a password.</summary>
    CardShown,
    PasswordAsked,
    Unlocked,
    TooManyAttempts,
    NotFound,
    Expired,

    /// <summary>Asked for before its start.</summary>
    NotYet,
    Blocked,
    BotBlocked,
    Reported,
    StoreFailed,
}

/// <summary>Counts what visitors are answered. Every visitor passes here, so counting is one addition, and gets its name when it is read.</summary>
internal sealed class RedirectMetrics
{
    private static readonly KeyValuePair<string, object?>[] Tags =
    [
        .. Enum.GetNames<RedirectOutcome>().Select(name => new KeyValuePair<string, object?>("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];

    private readonly long[] _counts = new long[Tags.Length];
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _clock;

    public RedirectMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = SpooMeter.Of(meters);
        _duration = meter.CreateHistogram(
            "spoo.redirect.duration",
            unit: "s",
            description: "Time from a request to its redirect, of visits that were counted as clicks.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1] });
        meter.CreateObservableCounter(
            "spoo.visits",
            () => _counts.Select((_, outcome) => new Measurement<long>(Interlocked.Read(ref _counts[outcome]), Tags[outcome])),
            description: "Visits to short links, by what became of them.");
    }

    public void Count(RedirectOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    /// <param name="started">When the request came, in the clock's own time stamps.</param>
    public void Redirected(long started)
    {
        Count(RedirectOutcome.Redirected);
        _duration.Record(_clock.GetElapsedTime(started).TotalSeconds);
    }
}
