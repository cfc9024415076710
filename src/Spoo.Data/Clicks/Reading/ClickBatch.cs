using Spoo.Data.Clicks.Facts;



namespace Spoo.Data.Clicks.Reading;

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

    /// <summary>Clicks and visits that were turned away.</summary>
    public int Count => Clicks.Count + BlockedHits.Count;

    /// <summary>Of a batch that is not empty, the link of some click in it.</summary>
    public long FirstLinkId => Clicks is [var click, ..] ? click.LinkId : BlockedHits[0].LinkId;

    /// <summary>Nothing to store, and yet the writer goes on from here.</summary>
    public static ClickBatch Past(ClickId id) => new() { Last = id };

    /// <summary>Adds a click that has been read, and what it refers to.</summary>
    public void Add(ReadClick read, ClickId id, long linkId, long? importKey) => Add(read.As(id, linkId, importKey), read.Agent, read.Place, read.Source);

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

    /// <summary>The earlier clicks and the later ones, each with what they refer to. For two at least.</summary>
    public (ClickBatch First, ClickBatch Second) Halves()
    {
        var writer = Last!.Value.Writer;
        var inOrder = Clicks.Select((click, index) => (ClickId.Unpack(click.Id).Sequence, Index: index))
            .Concat(BlockedHits.Select((hit, index) => (hit.Sequence, Index: ~index)))
            .Order()
            .ToList();
        var (first, second) = (new ClickBatch(), new ClickBatch());
        for (var i = 0; i < inOrder.Count; i++)
        {
            var half = i < inOrder.Count / 2 ? first : second;
            var index = inOrder[i].Index;
            if (index >= 0)
            {
                var click = Clicks[index];
                half.Add(click, Agents[click.AgentId], Places[click.PlaceId], Sources[click.SourceId]);
            }
            else
            {
                half.AddBlocked(new ClickId(writer, inOrder[i].Sequence), BlockedHits[~index].LinkId);
            }
        }

        return (first, second);
    }

    public void Clear()
    {
        BlockedHits.Clear();
        Last = null;

        // A listener may still be looking at the clicks.
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
