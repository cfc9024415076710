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

    /// <summary>Keys asked for at a time when a batch refers to things not met before.</summary>
    private const int KeysAtOnce = 2000;

    private readonly Dictionary<Dimension, ColumnDictionary> _dictionaries;

    // Database keys met so far. Written and read only while clicks are added, which happens in turn.
    private readonly Dictionary<long, AgentTexts> _agents = [];
    private readonly Dictionary<long, PlaceTexts> _places = [];
    private readonly Dictionary<long, int[]> _sources = [];

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
        await LookUpAsync(context, rows, cancellationToken);
        var without = rows.Where(row => !IsKnown(row)).Select(row => row.Id).ToList();
        foreach (var ids in without.Chunk(KeysAtOnce))
        {
            var gone = ids.Except(await context.Clicks.Where(click => ids.Contains(click.Id)).Select(click => click.Id).ToListAsync(cancellationToken)).ToHashSet();
            rows.RemoveAll(row => gone.Contains(row.Id));
        }
    }

    private bool IsKnown(ClickRow row) => _agents.ContainsKey(row.AgentId) && _places.ContainsKey(row.PlaceId) && _sources.ContainsKey(row.SourceId);

    private async Task LookUpAsync(SpooDbContext context, List<ClickRow> rows, CancellationToken cancellationToken)
    {
        foreach (var keys in Unknown(rows, row => row.AgentId, _agents))
        {
            await foreach (var agent in context.ClickAgents.AsNoTracking().Where(agent => keys.Contains(agent.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                _agents[agent.Id] = new AgentTexts(agent.Browser, agent.Os, agent.Device, agent.IsBot, agent.BotRule);
            }
        }

        foreach (var keys in Unknown(rows, row => row.PlaceId, _places))
        {
            await foreach (var place in context.ClickPlaces.AsNoTracking().Where(place => keys.Contains(place.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                _places[place.Id] = new PlaceTexts(place.Country, place.Region, place.City);
            }
        }

        foreach (var keys in Unknown(rows, row => row.SourceId, _sources))
        {
            await foreach (var source in context.ClickSources.AsNoTracking().Where(source => keys.Contains(source.Id)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                _sources[source.Id] = Codes(Source, ClickFacts.Of(source));
            }
        }
    }

    /// <summary>These rows as numbers; everything they refer to has been learned.</summary>
    public ClickArrays Encode(List<ClickRow> rows, AttributeTable sources)
    {
        var visitors = new long[rows.Count];
        var times = new long[rows.Count];
        var links = new int[rows.Count];
        var profileRows = new int[rows.Count];
        var sourceRows = new int[rows.Count];
        var redirects = new int[rows.Count];
        var profiles = new AttributeTable(ProfileWidth);
        var knownProfiles = new Dictionary<(long, long, string?), int>();
        var knownSources = new Dictionary<long, int>();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var who = (row.AgentId, row.PlaceId, row.Language);
            if (!knownProfiles.TryGetValue(who, out var profile))
            {
                knownProfiles.Add(who, profile = profiles.Add(CodesOfVisitor(row)));
            }

            if (!knownSources.TryGetValue(row.SourceId, out var source))
            {
                knownSources.Add(row.SourceId, source = sources.Add(_sources[row.SourceId]));
            }

            (visitors[i], times[i], links[i]) = (row.Visitor, row.Time, NumberOf(row.LinkId));
            (profileRows[i], sourceRows[i], redirects[i]) = (profile, source, row.RedirectMs);
        }

        return new ClickArrays
        {
            Visitors = visitors,
            Times = times,
            Links = links,
            Profiles = profileRows,
            Sources = sourceRows,
            RedirectMs = redirects,
            ProfileTable = profiles,
            SourceTable = sources,
        };
    }

    private int[] CodesOfVisitor(ClickRow row)
    {
        var (agent, place) = (_agents[row.AgentId], _places[row.PlaceId]);
        return Codes(Profile, ClickFacts.Nothing with
        {
            Browser = agent.Browser,
            Os = agent.Os,
            Device = agent.Device,
            IsBot = agent.IsBot,
            BotRule = agent.BotRule,
            Country = place.Country,
            Region = place.Region,
            City = place.City,
            Language = row.Language,
        });
    }

    private int[] Codes(Dimension[] dimensions, ClickFacts facts) =>
        Array.ConvertAll(dimensions, dimension => _dictionaries[dimension].Add(dimension.ValueIn(facts)));

    private int NumberOf(long linkId)
    {
        lock (_linking)
        {
            if (!_linkNumbers.TryGetValue(linkId, out var number))
            {
                _linkNumbers.Add(linkId, number = _linkIds.Count);
                _linkIds.Add(linkId);
            }

            return number;
        }
    }

    private static IEnumerable<long[]> Unknown<T>(List<ClickRow> rows, Func<ClickRow, long> key, Dictionary<long, T> known) =>
        rows.Select(key).Where(key => !known.ContainsKey(key)).Distinct().Chunk(KeysAtOnce);

    private sealed record AgentTexts(string? Browser, string? Os, string? Device, bool IsBot, string? BotRule);

    private sealed record PlaceTexts(string? Country, string? Region, string? City);
}
