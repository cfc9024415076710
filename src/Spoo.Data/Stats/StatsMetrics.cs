using System.Diagnostics.Metrics;

namespace Spoo.Data.Stats;

/// <summary>How many questions were counted, and how long that took.</summary>
public sealed class StatsMetrics
{
    private readonly Histogram<double> _answered;
    private readonly Counter<long> _failed;

    public StatsMetrics(IMeterFactory meters)
    {
        var meter = SpooMeter.Of(meters);
        _answered = meter.CreateHistogram(
            "spoo.questions.duration",
            unit: "s",
            description: "Questions about clicks that were answered, and how long counting took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _failed = meter.CreateCounter<long>("spoo.questions.failed", description: "Questions about clicks that could not be answered.");
        _failed.Add(0);
    }

    internal void Answered(TimeSpan took) => _answered.Record(took.TotalSeconds);

    internal void Failed() => _failed.Add(1);
}
