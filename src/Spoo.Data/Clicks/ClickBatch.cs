namespace Spoo.Data.Clicks;

/// <summary>Clicks on their way into the database, with the entries of the shared tables that they refer to.</summary>
public sealed class ClickBatch
{
    public List<Click> Clicks { get; private set; } = [];

    public Dictionary<long, ClickAgent> Agents { get; } = [];

    public Dictionary<long, ClickPlace> Places { get; } = [];

    public Dictionary<long, ClickSource> Sources { get; } = [];

    /// <summary>Visits that were turned away: their numbers in the writer's sequence, and their links.</summary>
    public List<(long Sequence, long LinkId)> BlockedHits { get; } = [];

    /// <summary>The highest key in the batch, which says whose batch it is, too. Null: the batch is empty.</summary>
    public ClickId? Last { get; private set; }

    /// <summary>Adds a click and what it refers to.</summary>
    public void Add(Click click, ClickAgent agent, ClickPlace place, ClickSource source)
    {
        Clicks.Add(click);
        Last = ClickId.Unpack(click.Id);
        Agents.TryAdd(agent.Id, agent);
        Places.TryAdd(place.Id, place);
        Sources.TryAdd(source.Id, source);
    }

    /// <summary>Adds a visit that was turned away.</summary>
    public void AddBlocked(ClickId id, long linkId)
    {
        BlockedHits.Add((id.Sequence, linkId));
        Last = id;
    }

    public void Clear()
    {
        BlockedHits.Clear();
        Last = null;

        // Whoever heard of the clicks may still be looking at them.
        Clicks = new(Clicks.Count);
        Agents.Clear();
        Places.Clear();
        Sources.Clear();
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Stored">Clicks that are now in the database and were not before.</param>
/// <param name="AlreadyThere">Clicks that had been stored earlier, under the same key or by the same import.</param>
/// <param name="WithoutLink">Clicks whose link has been deleted meanwhile.</param>
public sealed record StoredBatch(int Stored, int AlreadyThere, int WithoutLink);
