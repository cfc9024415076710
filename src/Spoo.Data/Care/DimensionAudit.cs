using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats;

namespace Spoo.Data.Care;

/// <summary>Counts clicks by every dimension from their rows, without the columns: slowly, in as many questions as there are shared tables.</summary>
internal sealed class DimensionAudit(SpooDbContext context)
{
    private const int KeysAtOnce = 1_000;

    private static readonly Dimension[] OfAgent = Of(DimensionKind.Agent);
    private static readonly Dimension[] OfPlace = Of(DimensionKind.Place);
    private static readonly Dimension[] OfSource = Of(DimensionKind.Source);
    private static readonly Dimension[] OfClick = Of(DimensionKind.Click);

    private readonly Dictionary<(Dimension Dimension, string Label), long> _counts = [];

    /// <summary>The dimensions that are counted.</summary>
    public static IReadOnlyList<Dimension> All { get; } = [.. OfAgent, .. OfPlace, .. OfSource, .. OfClick];

    /// <summary>How many clicks have each label of each dimension.</summary>
    public IReadOnlyDictionary<(Dimension Dimension, string Label), long> Counts => _counts;

    public async Task AddAsync(IQueryable<Click> clicks, CancellationToken cancellationToken)
    {
        await AddAsync(
            clicks.GroupBy(click => click.AgentId).Select(group => new { group.Key, Clicks = group.LongCount() })
                .Join(context.ClickAgents, group => group.Key, agent => agent.Id, (group, agent) => new Counted<ClickAgent>(agent, group.Clicks)),
            ClickFacts.Of,
            OfAgent,
            cancellationToken);
        await AddAsync(
            clicks.GroupBy(click => click.PlaceId).Select(group => new { group.Key, Clicks = group.LongCount() })
                .Join(context.ClickPlaces, group => group.Key, place => place.Id, (group, place) => new Counted<ClickPlace>(place, group.Clicks)),
            ClickFacts.Of,
            OfPlace,
            cancellationToken);
        await AddAsync(
            clicks.GroupBy(click => click.SourceId).Select(group => new { group.Key, Clicks = group.LongCount() })
                .Join(context.ClickSources, group => group.Key, source => source.Id, (group, source) => new Counted<ClickSource>(source, group.Clicks)),
            ClickFacts.Of,
            OfSource,
            cancellationToken);
        await AddAsync(
            clicks.GroupBy(click => click.Language).Select(group => new Counted<string?>(group.Key, group.LongCount())),
            language => ClickFacts.Nothing with { Language = language },
            OfClick,
            cancellationToken);
    }

    /// <summary>The same of clicks that were moved.</summary>
    public async Task AddAsync(MovedMoment moved, string which, CancellationToken cancellationToken)
    {
        await AddAsync(moved, "AgentId", which, context.ClickAgents, agent => agent.Id, ClickFacts.Of, OfAgent, cancellationToken);
        await AddAsync(moved, "PlaceId", which, context.ClickPlaces, place => place.Id, ClickFacts.Of, OfPlace, cancellationToken);
        await AddAsync(moved, "SourceId", which, context.ClickSources, source => source.Id, ClickFacts.Of, OfSource, cancellationToken);
        await moved.EachAsync(
            "Language, toInt64(count())",
            which,
            "GROUP BY 1",
            row => Add(ClickFacts.Nothing with { Language = row.IsDBNull(0) ? null : row.GetString(0) }, row.GetInt64(1), OfClick),
            cancellationToken);
    }

    private async Task AddAsync<T>(
        MovedMoment moved, string column, string which, IQueryable<T> entries, Expression<Func<T, long>> key, Func<T, ClickFacts> facts, Dimension[] dimensions, CancellationToken cancellationToken)
        where T : class
    {
        var (counts, keyOf) = (await moved.CountByAsync(column, which, cancellationToken), key.Compile());
        foreach (var keys in counts.Keys.Chunk(KeysAtOnce))
        {
            foreach (var entry in await entries.AsNoTracking().WithAny(context, key, [.. keys]).ToListAsync(cancellationToken))
            {
                Add(facts(entry), counts[keyOf(entry)], dimensions);
            }
        }
    }

    private static Dimension[] Of(DimensionKind kind) => [.. Dimension.All.Where(dimension => dimension.Kind == kind)];

    private async Task AddAsync<T>(IQueryable<Counted<T>> groups, Func<T, ClickFacts> facts, Dimension[] dimensions, CancellationToken cancellationToken)
    {
        await foreach (var group in groups.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Add(facts(group.Of), group.Clicks, dimensions);
        }
    }

    private void Add(ClickFacts click, long clicks, Dimension[] dimensions)
    {
        foreach (var dimension in dimensions)
        {
            var key = (dimension, dimension.LabelOf(dimension.Read(click)));
            _counts[key] = _counts.GetValueOrDefault(key) + clicks;
        }
    }

    private sealed record Counted<T>(T Of, long Clicks);
}
