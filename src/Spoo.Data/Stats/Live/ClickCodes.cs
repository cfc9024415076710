using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Live;

/// <summary>
/// Between what the database calls things and the small numbers that are counted. One set per owner; it only ever grows, so a count
/// may use it while clicks are being added.
/// </summary>
internal sealed class ClickCodes
{
    /// <summary>The visitor's dimensions, in the order of the codes of a profile.</summary>
    public static readonly Dimension[] Profile =
        [.. Dimension.All.Where(dimension => dimension.Kind is DimensionKind.Agent or DimensionKind.Place or DimensionKind.Click)];

    /// <summary>The source's dimensions, in the order of its codes.</summary>
    public static readonly Dimension[] Source = [.. Dimension.All.Where(dimension => dimension.Kind == DimensionKind.Source)];

    // Where in a profile the codes of an agent and of a place are.
    private static readonly int[] AgentInProfile = PlacesOf(DimensionKind.Agent);
    private static readonly int[] PlaceInProfile = PlacesOf(DimensionKind.Place);
    private static readonly int LanguageInProfile = PlacesOf(DimensionKind.Click).Single();

    /// <summary>Keys asked for at a time when a batch refers to things not met before.</summary>
    internal const int KeysAtOnce = 2000;

    private readonly Dictionary<Dimension, ColumnDictionary> _dictionaries;

    // Met so far. Written and read only while clicks are added, which happens in turn.
    private readonly SharedCodes _agents = new(Array.ConvertAll(AgentInProfile, place => Profile[place]));
    private readonly SharedCodes _places = new(Array.ConvertAll(PlaceInProfile, place => Profile[place]));
    private readonly SharedCodes _sources = new(Source);
    private readonly Dictionary<string, int> _languages = new(StringComparer.Ordinal);

    // Written only while clicks are added, so who adds them reads without the lock.
    private readonly Dictionary<long, int> _linkNumbers = [];
    private readonly Lock _linking = new();
    private readonly List<long> _linkIds = [];

    public ClickCodes()
        : this(_ => new ColumnDictionary())
    {
    }

    private ClickCodes(Func<Dimension, ColumnDictionary> dictionaryOf) => _dictionaries = Profile.Concat(Source).ToDictionary(dimension => dimension, dictionaryOf);

    public static int ProfileWidth => Profile.Length;

    public static int SourceWidth => Source.Length;

    /// <summary>How many agents, places and sources have been learned.</summary>
    public int Learned => _agents.Count + _places.Count + _sources.Count;

    /// <summary>How many links have had a click.</summary>
    public int LinkCount
    {
        get
        {
            lock (_linking)
            {
                return _linkIds.Count;
            }
        }
    }

    /// <summary>How many codes each of the visitor's dimensions has.</summary>
    public int[] ProfileCodes => Array.ConvertAll(Profile, dimension => _dictionaries[dimension].Count);

    /// <summary>How many codes each dimension of the source has.</summary>
    public int[] SourceCodes => Array.ConvertAll(Source, dimension => _dictionaries[dimension].Count);

    public static AttributeId AttributeOf(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Time => AttributeId.Time,
        DimensionKind.Link => AttributeId.Link,
        DimensionKind.Domain => AttributeId.LinkGroup,
        DimensionKind.Source => AttributeId.Source(Array.IndexOf(Source, dimension)),
        _ => AttributeId.Profile(Array.IndexOf(Profile, dimension)),
    };

    public ColumnDictionary Dictionary(Dimension dimension) => _dictionaries[dimension];

    /// <summary>The link's number; null if it has never had a click.</summary>
    public int? LinkNumber(long linkId)
    {
        lock (_linking)
        {
            return _linkNumbers.TryGetValue(linkId, out var number) ? number : null;
        }
    }

    /// <summary>The links by number.</summary>
    public long[] LinkIds()
    {
        lock (_linking)
        {
            return [.. _linkIds];
        }
    }

    /// <exception cref="InvalidDataException">This is not what was written, or by a version with other dimensions.</exception>
    public static ClickCodes Read(IndexReader reader)
    {
        var codes = new ClickCodes(dimension =>
        {
            IndexReader.Require(reader.ReadText() == dimension.Name, "it has other dimensions");
            return ColumnDictionary.Read(reader);
        });
        foreach (var linkId in reader.Read<long>(reader.ReadCount(sizeof(long))))
        {
            IndexReader.Require(codes.NumberOf(linkId) == codes.LinkCount - 1, "a link occurs twice");
        }

        reader.EndSection();
        return codes;
    }

    public void Write(IndexWriter writer)
    {
        foreach (var (dimension, dictionary) in _dictionaries)
        {
            writer.Write(dimension.Name);
            dictionary.Write(writer);
        }

        var linkIds = LinkIds();
        writer.Write(linkIds.Length);
        writer.Write<long>(linkIds);
        writer.EndSection();
    }

    /// <summary>Looks up what these rows refer to and has not been met before.</summary>
    /// <param name="rows">Those are left out that have been deleted since they were read, and what they referred to with them.</param>
    public async Task LearnAsync(SpooDbContext context, List<ClickRow> rows, CancellationToken cancellationToken)
    {
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(rows))
        {
            _agents.Want(row.AgentId);
            _places.Want(row.PlaceId);
            _sources.Want(row.SourceId);
        }

        if (_agents.KnowsAll && _places.KnowsAll && _sources.KnowsAll)
        {
            return;
        }

        try
        {
            await _agents.FindAsync(context.ClickAgents, keys => agent => keys.Contains(agent.Id), agent => agent.Id, ClickFacts.Of, cancellationToken);
            await _places.FindAsync(context.ClickPlaces, keys => place => keys.Contains(place.Id), place => place.Id, ClickFacts.Of, cancellationToken);
            await _sources.FindAsync(context.ClickSources, keys => source => keys.Contains(source.Id), source => source.Id, ClickFacts.Of, cancellationToken);
            if (_agents.Missing + _places.Missing + _sources.Missing > 0)
            {
                await RemoveGoneAsync(context, rows, cancellationToken);
            }

            // Only now, so that no word gets a code that only deleted clicks have said.
            foreach (ref readonly var row in CollectionsMarshal.AsSpan(rows))
            {
                _agents.Learn(row.AgentId, CodeOf);
                _places.Learn(row.PlaceId, CodeOf);
                _sources.Learn(row.SourceId, CodeOf);
            }
        }
        finally
        {
            _agents.EndLearning();
            _places.EndLearning();
            _sources.EndLearning();
        }
    }

    /// <summary>The profile of a click whose agent and place have been learned.</summary>
    public ClickProfile ProfileOf(in ClickRow row) => new(_agents[row.AgentId], _places[row.PlaceId], LanguageOf(row));

    /// <summary>The codes of a profile, in the order of <see cref="Profile"/>.</summary>
    public int[] CodesOf(in ClickProfile profile)
    {
        var codes = new int[ProfileWidth];
        Put(_agents.Codes, profile.Agent, AgentInProfile);
        Put(_places.Codes, profile.Place, PlaceInProfile);
        codes[LanguageInProfile] = profile.Language;
        return codes;

        void Put(AttributeTable table, int row, int[] places)
        {
            for (var column = 0; column < places.Length; column++)
            {
                codes[places[column]] = table[row, column];
            }
        }
    }

    /// <summary>The row of the codes of a click's source, which has been learned.</summary>
    public int SourceOf(in ClickRow row) => _sources[row.SourceId];

    /// <summary>The codes in such a row, in the order of <see cref="Source"/>.</summary>
    public int[] CodesOfSource(int row) => [.. Enumerable.Range(0, SourceWidth).Select(column => _sources.Codes[row, column])];

    /// <summary>The link's number, which is a new one if the link is.</summary>
    public int NumberOf(long linkId)
    {
        if (_linkNumbers.TryGetValue(linkId, out var number))
        {
            return number;
        }

        lock (_linking)
        {
            _linkNumbers.Add(linkId, number = _linkIds.Count);
            _linkIds.Add(linkId);
            return number;
        }
    }

    private static int[] PlacesOf(DimensionKind kind) => [.. Profile.Index().Where(dimension => dimension.Item.Kind == kind).Select(dimension => dimension.Index)];

    private async Task RemoveGoneAsync(SpooDbContext context, List<ClickRow> rows, CancellationToken cancellationToken)
    {
        var unknown = rows.Where(row => _agents.IsMissing(row.AgentId) || _places.IsMissing(row.PlaceId) || _sources.IsMissing(row.SourceId)).Select(row => row.Id).ToList();
        foreach (var ids in unknown.Chunk(KeysAtOnce))
        {
            var gone = ids.Except(await context.Clicks.Where(click => ids.Contains(click.Id)).Select(click => click.Id).ToListAsync(cancellationToken)).ToHashSet();
            rows.RemoveAll(row => gone.Contains(row.Id));
        }
    }

    private int CodeOf(Dimension dimension, ClickFacts facts) => _dictionaries[dimension].Add(dimension.ValueIn(facts));

    private int LanguageOf(in ClickRow row)
    {
        var language = row.Language ?? "";
        if (!_languages.TryGetValue(language, out var code))
        {
            _languages.Add(language, code = CodeOf(Dimension.Language, ClickFacts.Nothing with { Language = row.Language }));
        }

        return code;
    }
}
