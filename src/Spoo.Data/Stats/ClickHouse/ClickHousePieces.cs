using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Data.Stats.Live;
using System.Globalization;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>Clicks of one writer that follow each other, spelled out for the tables that they are brought to.</summary>
/// <param name="After">Up to which key the tables have them.</param>
/// <param name="End">Up to which key they have them with these.</param>
internal sealed record ClickHousePiece(ClickWriterState Writer, long After, long End, IReadOnlyDictionary<ClickHouseShard, List<object[]>> Rows);

/// <summary>Reads clicks from the database writer by writer and piece by piece, each once for all shards that lack it, with everything that is asked about them. One piece at a time.</summary>
internal sealed class ClickHousePieces(IDbContextFactory<SpooDbContext> contexts)
{
    /// <summary>Clicks in one piece. What a server gets of it is one block of its own, which is stored in whole or not at all.</summary>
    internal const int Size = 1 << 16;

    /// <summary>From so many texts on they are learned anew, which costs less than the memory for those that do not come again.</summary>
    private const int MostLearned = 500_000;

    private ClickCodes _codes = new();

    /// <summary>The next piece of a writer's clicks.</summary>
    /// <param name="after">Up to which key they are there.</param>
    /// <param name="until">Up to which key they are stored in the database.</param>
    /// <param name="shards">Those that the piece is for.</param>
    public async Task<ClickHousePiece> NextAsync(
        ClickWriterState writer, long after, long until, IReadOnlyCollection<ClickHouseShard> shards, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var clicks = await ReadAsync(context, after, until, cancellationToken);
        var end = clicks.Count == Size ? clicks[^1].Id : until;
        if (_codes.Learned > MostLearned)
        {
            _codes = new ClickCodes();
        }

        var rows = new Dictionary<ClickHouseShard, List<object[]>>();
        foreach (var shard in shards)
        {
            var part = shard == ClickHouseShard.Whole ? clicks : clicks.FindAll(click => shard.Has(click.Visitor, click.Id));
            await _codes.LearnAsync(context, part, cancellationToken);
            rows.Add(shard, [.. Spelled(part)]);
        }

        return new(writer, after, end, rows);
    }

    private static Task<List<ClickRow>> ReadAsync(SpooDbContext context, long after, long until, CancellationToken cancellationToken) => context.Moved().ReadAsync(
        context,
        async moved =>
        {
            var clicks = new List<ClickRow>();
            await using (var stored = await ClickRows.NextOfWriterAsync(context, after, until, Size, cancellationToken))
            {
                await stored.ReadAsync(clicks, Size, cancellationToken);
            }

            return moved is null
                ? clicks
                : ClickRows.Together(clicks, await moved.FirstAsync(string.Create(CultureInfo.InvariantCulture, $"Id > {after} AND Id <= {until}"), Size, cancellationToken), Size);
        },
        cancellationToken);

    private IEnumerable<object[]> Spelled(List<ClickRow> clicks)
    {
        var coded = new ClickEncoder(_codes, new AttributeTable(ClickCodes.SourceWidth)).Encode(clicks);
        var profiles = Texts(ClickCodes.Profile, coded.ProfileTable);
        var sources = Texts(ClickCodes.Source, coded.SourceTable);
        for (var i = 0; i < clicks.Count; i++)
        {
            var click = clicks[i];
            yield return
            [
                click.LinkId, click.Time, click.Id, click.Visitor, click.RedirectMs,
                .. profiles[coded.Profiles.Span[i]],
                .. sources[coded.Sources.Span[i]],
            ];
        }
    }

    private string[][] Texts(IReadOnlyList<Dimension> dimensions, AttributeTable codes) =>
    [
        .. Enumerable.Range(0, codes.Count).Select(row => dimensions.Select((dimension, column) => _codes.Dictionary(dimension)[codes[row, column]] ?? "").ToArray()),
    ];
}
