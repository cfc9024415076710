using Spoo.Data.Stats.Question;



namespace Spoo.Data.Stats.Live;

/// <summary>Clicks that the viewer may see one by one.</summary>
public sealed record ClickSelection
{
    /// <summary>Whose links and clicks.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The links whose clicks are meant; all of the owner.</summary>
    public required IReadOnlyList<CountedLink> Links { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>All must hold; none is about links.</summary>
    public required IReadOnlyList<StatsFilter> Filters { get; init; }
}
