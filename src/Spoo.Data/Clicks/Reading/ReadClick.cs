using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Reading;

/// <summary>What has been found out of a click by reading it. Only of which link it is, and what it is called, is still to be said.</summary>
public readonly record struct ReadClick(
    DateTimeOffset Time, long Visitor, ClickAgent Agent, ClickPlace Place, ClickSource Source, string? Language, int? RedirectMs)
{
    public Click As(ClickId id, long linkId, long? importKey) => new()
    {
        Id = id.Packed,
        LinkId = linkId,
        Time = Time,
        Visitor = Visitor,
        AgentId = Agent.Id,
        PlaceId = Place.Id,
        SourceId = Source.Id,
        Language = Language,
        RedirectMs = RedirectMs,
        ImportKey = importKey,
    };
}
