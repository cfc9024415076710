using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Data.Stats.Live;

/// <summary>A link as far as counting is concerned.</summary>
public sealed record CountedLink(long Id, string? DomainHost, string ShortCode, string? OwnerId, DateTimeOffset CreatedAt)
{
    /// <summary>What it is called in a report.</summary>
    public string Name { get; } = new LinkName(DomainHost, ShortCode).ToString();

    /// <summary>As <see cref="Link.ImportedClicks"/>.</summary>
    public long ImportedClicks { get; init; }
}

/// <summary>Which clicks a question is about, once it is settled who may ask, which links are meant and when the range begins.</summary>
public sealed record ClickSelection
{
    /// <summary>Whose links and clicks. Null: links without an owner.</summary>
    public required string? OwnerId { get; init; }

    /// <summary>The links whose clicks are meant; all of one owner.</summary>
    public required IReadOnlyList<CountedLink> Links { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>All must hold; none is about links.</summary>
    public IReadOnlyList<StatsFilter> Filters { get; init; } = [];

    /// <summary>The buckets of time to count them in. Null: time is not asked for.</summary>
    public TimeBuckets? Buckets { get; init; }

    /// <summary>When it was asked, in the clock's own time stamps: every click that was stored by then counts. Null: when counting begins.</summary>
    public long? Asked { get; init; }
}
