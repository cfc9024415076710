using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Makes the copy of a new epoch from the one before, within ClickHouse, where nothing but the removal of clicks lies between the two: for their age, with
/// an import that was undone, or because an account cleared them. Reading all that is left from the database again would take many times as long.
/// </summary>
/// <remarks>
/// <para>
/// The rows of the database that have been copied are some of the copy's, or all. Which ones need not be known: both are counted by link. Of a link of which
/// the database has fewer, and there of each writer, those are left out that are older than the oldest row that it has, or have a lower key than any. What is
/// left must then be as many as in the database, for every link; then they are the same. Where they are not, what was removed lay in between, and there is no
/// other way than a new copy.
/// </para>
/// <para>
/// The database does not know which shard has a row. So shards are counted together, up to where all of them have been copied, and what is made of them begins there.
/// </para>
/// <para>
/// It is filled under another name and gets its own when it has everything. What another process still adds to the old one is not in it, nor is the mark
/// that came with it, so that it is copied again. With clicks taken out of the old one itself, a late piece could bring some of them back.
/// </para>
/// </remarks>
/// <param name="bases">What each shard has: its copy of the epoch before, or that of the new epoch, where another process has made it already.</param>
internal sealed class ClickHouseRemoval(IDbContextFactory<SpooDbContext> contexts, IReadOnlyList<ClickHouseCopy> bases)
{
    private const long KeysPerWriter = 1L << ClickId.SequenceBits;

    /// <summary>Under which the marks of a table come that is made here: no key of a click.</summary>
    private const string MarksToken = "marks";

    /// <summary>Writers that had more to be copied. Each is a condition of its own, of which a database takes only so many.</summary>
    private const int MostBehind = 500;

    /// <summary>A tenth of the clicks, as the rows of single links lie apart.</summary>
    private const int PartOfMuch = 10;

    private static readonly TimeSpan CountingPatience = TimeSpan.FromHours(1);

    /// <summary>Makes tables of the new epoch that have what the database still has of these copies.</summary>
    /// <param name="families">Of the new epoch, one for each shard.</param>
    /// <returns>How many clicks were left out. Null: nothing was made, because the database has other clicks.</returns>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<long?> FollowAsync(IReadOnlyList<ClickHouseTable> families, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(CountingPatience);

        // First what was copied, then what there is: in the rows up to there nothing is added, within an epoch.
        var positions = await Task.WhenAll(bases.Select(copy => copy.PositionsAsync(cancellationToken)));
        var writers = await CopiedAsync(context, positions, cancellationToken);
        if (writers.Open.Count > MostBehind)
        {
            return null;
        }

        var only = ClickHouseMoment.OnlyUpTo(writers);
        var copied = await CountAsync(bases.Select(copy => (copy.Server, copy.Table)), only, cancellationToken);
        var stored = await StoredAsync(context, writers, only, cancellationToken);
        if (stored.Any(link => link.Value > copied.GetValueOrDefault(link.Key)))
        {
            return null;
        }

        var changed = copied.Where(link => link.Value != stored.GetValueOrDefault(link.Key)).Select(link => link.Key).ToHashSet();
        var left = await context.Moved().ReadAsync(context, moved => LeftAsync(context, writers, only, changed, stored, moved, cancellationToken), cancellationToken);
        List<Making> making =
        [
            .. bases.Zip(families, positions).Where(shard => !shard.Second.IsOfFamily(shard.First.Table.Name))
                .Select(shard => new Making(shard.First, shard.Second, shard.Second.Unfinished(), Marks(writers, shard.Third))),
        ];
        return await MakeAsync(making, from => Fill(from, only, changed, left), only, stored, cancellationToken) ? copied.Values.Sum() - stored.Values.Sum() : null;
    }

    private static Task<Dictionary<long, long>> StoredAsync(SpooDbContext context, FollowedWriters writers, string only, CancellationToken cancellationToken) => context.Moved().ReadAsync(
        context,
        async moved =>
        {
            var stored = await writers.ClicksIn(context).GroupBy(click => click.LinkId)
                .Select(link => new { link.Key, Clicks = link.LongCount() })
                .ToDictionaryAsync(link => link.Key, link => link.Clicks, cancellationToken);
            foreach (var (link, clicks) in moved is null ? [] : await moved.CountByAsync("LinkId", only, cancellationToken))
            {
                stored[link] = stored.GetValueOrDefault(link) + clicks;
            }

            return stored;
        },
        cancellationToken);

    // Whether what was made is what is stored, and has its name.
    private async Task<bool> MakeAsync(
        List<Making> making, Func<Making, string> fill, string only, Dictionary<long, long> stored, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(making.Select(async one =>
            {
                await one.Server.RunAsync(one.Made.Create, cancellationToken);
                await one.Server.RunAtLengthAsync(fill(one), cancellationToken);
                await one.Server.AddAsync(one.Made.Path, ClickHouseTable.Columns, one.Marks, MarksToken, cancellationToken);
            }));
            var made = making.ToDictionary(one => one.From, one => one.Made);
            var there = await CountAsync(bases.Select(copy => (copy.Server, made.GetValueOrDefault(copy, copy.Table))), only, cancellationToken);
            var isTheSame = there.Count == stored.Count && there.All(link => link.Value == stored.GetValueOrDefault(link.Key));
            await Task.WhenAll(making.Select(one => one.Server.RunAsync(isTheSame ? one.Made.RenameTo(one.Family.New()) : one.Made.Drop, cancellationToken)));
            return isTheSame;
        }
        catch
        {
            // Where this fails as well, whoever completes a copy finds it.
            await Task.WhenAll(making.Select(one => IgnoreAsync(one.Server.RunAsync(one.Made.Drop, CancellationToken.None))));
            throw;
        }
    }

    private static async Task IgnoreAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (ClickHouseException)
        {
        }
    }

    private static async Task<Dictionary<long, long>> CountAsync(
        IEnumerable<(ClickHouseServer Server, ClickHouseTable Table)> tables, string only, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<long, long>();
        foreach (var of in await Task.WhenAll(tables.Select(CountOneAsync)))
        {
            foreach (var (link, clicks) in of)
            {
                counts[link] = counts.GetValueOrDefault(link) + clicks;
            }
        }

        return counts;

        async Task<List<(long Link, long Clicks)>> CountOneAsync((ClickHouseServer Server, ClickHouseTable Table) of)
        {
            var found = new List<(long, long)>();
            await of.Server.CountAtLengthAsync(
                $"SELECT LinkId, toInt64(count()) FROM {of.Table.Path} WHERE LinkId != {ClickHouseTable.MarkLink} AND {only} GROUP BY LinkId",
                row => found.Add((row.GetInt64(0), row.GetInt64(1))),
                cancellationToken);
            return found;
        }
    }

    // How far the writers were copied on all shards. Those that were copied to their end, and have finished, need not be told apart.
    private static async Task<FollowedWriters> CopiedAsync(SpooDbContext context, FollowedWriters[] positions, CancellationToken cancellationToken)
    {
        var there = positions.Select(shard => shard.All.ToDictionary(writer => writer.Id, writer => writer.LastClickId)).ToList();
        return FollowedWriters.Of((await FollowedWriters.NowAsync(context, null, cancellationToken)).All.Select(writer =>
        {
            var copied = there.Min(shard => shard.GetValueOrDefault(writer.Id, ClickId.FirstOf(writer.Id)));
            return writer with { LastClickId = copied, IsFinished = writer.IsFinished && copied == writer.LastClickId };
        }));
    }

    // What is made of a shard that had got further begins where all of them are.
    private static List<object[]> Marks(FollowedWriters writers, FollowedWriters positions)
    {
        var copied = writers.All.ToDictionary(writer => writer.Id, writer => writer.LastClickId);
        return [.. positions.All.Select(writer => ClickHouseTable.Mark(writer.CreatedAt, copied.GetValueOrDefault(writer.Id, writer.LastClickId)))];
    }

    // Of the links of which something was removed. Where that are many, one look at all rows costs less than one at those of each.
    private static async Task<List<Left>> LeftAsync(
        SpooDbContext context, FollowedWriters writers, string only, HashSet<long> changed, Dictionary<long, long> stored, MovedMoment? moved, CancellationToken cancellationToken)
    {
        var all = writers.ClicksIn(context);
        var links = changed.Where(stored.ContainsKey).Select(link => (link, stored[link])).ToList();
        var isMuch = links.Sum(link => link.Item2) > stored.Values.Sum() / PartOfMuch;
        var left = new List<Left>();
        foreach (var clicks in isMuch ? [all] : ClickPieces.GroupLinks(links, ClickPieces.ToRead).Select(group => all.OfLinks(group)))
        {
            var groups = await clicks.GroupBy(click => new { click.LinkId, Writer = click.Id / KeysPerWriter })
                .Select(group => new { group.Key.LinkId, group.Key.Writer, Oldest = group.Min(click => click.Time), FirstId = group.Min(click => click.Id) })
                .ToListAsync(cancellationToken);
            left.AddRange(groups.Where(group => changed.Contains(group.LinkId)).Select(group => new Left(
                group.LinkId, group.Writer, Math.Clamp(group.Oldest.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last), group.FirstId)));
        }

        if (moved is not null && changed.Count > 0)
        {
            await moved.EachAsync(
                $"LinkId, toInt64({Writer}), min(Time), min(Id)",
                $"{only} AND {MovedTable.IsOneOf("LinkId", changed)}",
                "GROUP BY 1, 2",
                row => left.Add(new Left(row.GetInt64(0), row.GetInt64(1), Math.Clamp(row.GetInt64(2), Click.Times.First, Click.Times.Last), row.GetInt64(3))),
                cancellationToken);
            left = [.. left.GroupBy(group => (group.LinkId, group.Writer)).Select(same => new Left(same.Key.LinkId, same.Key.Writer, same.Min(group => group.Oldest), same.Min(group => group.FirstId)))];
        }

        return left;
    }

    // What has not changed is taken as it is. The links and groups come as arrays, because a statement may have as many numbers as it likes in an array and not elsewhere.
    private static string Fill(Making making, string only, IReadOnlyCollection<long> changed, List<Left> left)
    {
        var columns = string.Join(", ", ClickHouseTable.Columns.Keys.Select(ClickHouseServer.Quoted));
        string[] arrays =
        [
            Numbers(left.Select(group => group.LinkId)), Numbers(left.Select(group => group.Writer)),
            Numbers(left.Select(group => group.Oldest)), Numbers(left.Select(group => group.FirstId)),
        ];
        return $"""
            INSERT INTO {making.Made.Path} ({columns}) SETTINGS insert_deduplicate = 0, join_use_nulls = 0
            SELECT {columns} FROM {making.From.Table.Path}
            ANY LEFT JOIN (SELECT arrayJoin({Numbers(changed)}) AS ChangedLink) AS links ON LinkId = ChangedLink
            ANY LEFT JOIN
            (
                SELECT tupleElement(row, 1) AS LeftLink, tupleElement(row, 2) AS LeftWriter, tupleElement(row, 3) AS Oldest, tupleElement(row, 4) AS FirstId
                FROM (SELECT arrayJoin(arrayZip({string.Join(", ", arrays)})) AS row)
            ) AS groups ON LinkId = LeftLink AND {Writer} = LeftWriter
            WHERE LinkId != {ClickHouseTable.MarkLink} AND {only} AND (ChangedLink = 0 OR (LeftLink != 0 AND Time >= Oldest AND Id >= FirstId))
            """;
    }

    private static string Writer => string.Create(CultureInfo.InvariantCulture, $"bitShiftRight(Id, {ClickId.SequenceBits})");

    private static string Numbers(IEnumerable<long> numbers) =>
        $"CAST([{string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}], 'Array(Int64)')";

    /// <summary>Where what is left of a writer's clicks through a link begins.</summary>
    /// <param name="Oldest">Unix milliseconds.</param>
    private readonly record struct Left(long LinkId, long Writer, long Oldest, long FirstId);

    /// <param name="Made">That is filled, and gets a name of the family when it is right.</param>
    /// <param name="Marks">How far it is copied.</param>
    private sealed record Making(ClickHouseCopy From, ClickHouseTable Family, ClickHouseTable Made, List<object[]> Marks)
    {
        public ClickHouseServer Server => From.Server;
    }
}
