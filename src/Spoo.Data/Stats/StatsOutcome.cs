using Spoo.Data.Stats.Report;



namespace Spoo.Data.Stats;

/// <summary>What came of a question.</summary>
public abstract record StatsOutcome
{
    private StatsOutcome()
    {
    }

    public sealed record Found(StatsReport Report) : StatsOutcome;

    public sealed record Refused(Refusal Refusal) : StatsOutcome;
}
