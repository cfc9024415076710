using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
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
/// It is filled under another name and gets its own when it has everything. What another process still adds to the old one is not in it, nor is the mark
/// that came with it, so that it is copied again. With clicks taken out of the old one itself, a late piece could bring some of them back.
/// </para>
/// </remarks>
internal sealed class ClickHouseRemoval(IDbContextFactory<SpooDbContext> contexts, ClickHouseServer server, ClickHouseCopy copy)
{
    private const long KeysPerWriter = 1L << ClickId.SequenceBits;

    /// <summary>Writers that had more to be copied. Each is a condition of its own, of which a database takes only so many.</summary>
    private const int MostBehind = 500;

    /// <summary>A tenth of the clicks, as the rows of single links lie apart.</summary>
    private const int PartOfMuch = 10;

    private static readonly TimeSpan CountingPatience = TimeSpan.FromHours(1);

    /// <summary>Makes a table of the family that has what the database still has of this copy.</summary>
    /// <returns>How many clicks were left out. Null: nothing was made, because the database has other clicks.</returns>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<long?> FollowAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(CountingPatience);

        // First what was copied, then what there is: in the rows up to there nothing is added, within an epoch.
        var writers = await CopiedAsync(context, cancellationToken);
        if (writers.Open.Count > MostBehind)
        {
            return null;
        }

        var copied = await CountAsync(copy.Table, cancellationToken);
        var stored = await writers.ClicksIn(context).GroupBy(click => click.LinkId)
            .Select(link => new { link.Key, Clicks = link.LongCount() })
            .ToDictionaryAsync(link => link.Key, link => link.Clicks, cancellationToken);
        if (stored.Any(link => link.Value > copied.GetValueOrDefault(link.Key)))
        {
            return null;
        }

        var changed = copied.Where(link => link.Value != stored.GetValueOrDefault(link.Key)).Select(link => link.Key).ToHashSet();
        var left = await LeftAsync(context, writers, changed, stored, cancellationToken);
        var made = family.Unfinished();
        return await MakeAsync(made, Fill(made, changed, left), family, stored, cancellationToken) ? copied.Values.Sum() - stored.Values.Sum() : null;
    }

    // Whether what was made is what is stored, and has its name.
    private async Task<bool> MakeAsync(ClickHouseTable made, string fill, ClickHouseTable family, Dictionary<long, long> stored, CancellationToken cancellationToken)
    {
        await server.RunAsync(made.Create, cancellationToken);
        try
        {
            await server.RunAtLengthAsync(fill, cancellationToken);
            var there = await CountAsync(made, cancellationToken);
            var isTheSame = there.Count == stored.Count && there.All(link => link.Value == stored.GetValueOrDefault(link.Key));
            await server.RunAsync(isTheSame ? made.RenameTo(family.New()) : made.Drop, cancellationToken);
            return isTheSame;
        }
        catch
        {
            // Where this fails as well, whoever completes a copy finds it.
            await IgnoreAsync(server.RunAsync(made.Drop, CancellationToken.None));
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

    private async Task<Dictionary<long, long>> CountAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<long, long>();
        await server.CountAtLengthAsync(
            $"SELECT LinkId, toInt64(count()) FROM {table.Path} WHERE LinkId != {ClickHouseTable.MarkLink} GROUP BY LinkId",
            row => counts[row.GetInt64(0)] = row.GetInt64(1),
            cancellationToken);
        return counts;
    }

    // How far the writers were copied. Those that were copied to their end, and have finished, need not be told apart.
    private async Task<FollowedWriters> CopiedAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var there = (await copy.PositionsAsync(cancellationToken)).All.ToDictionary(writer => writer.Id, writer => writer.LastClickId);
        return FollowedWriters.Of((await FollowedWriters.NowAsync(context, null, cancellationToken)).All.Select(writer => writer with
        {
            LastClickId = there.GetValueOrDefault(writer.Id, ClickId.FirstOf(writer.Id)),
            IsFinished = writer.IsFinished && there.GetValueOrDefault(writer.Id) == writer.LastClickId,
        }));
    }

    // Of the links of which something was removed. Where that are many, one look at all rows costs less than one at those of each.
    private static async Task<List<Left>> LeftAsync(
        SpooDbContext context, FollowedWriters writers, HashSet<long> changed, Dictionary<long, long> stored, CancellationToken cancellationToken)
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

        return left;
    }

    // What has not changed is taken as it is. The links and groups come as arrays, because a statement may have as many numbers as it likes in an array and not elsewhere.
    private string Fill(ClickHouseTable made, IReadOnlyCollection<long> changed, List<Left> left)
    {
        var columns = string.Join(", ", ClickHouseTable.Columns.Keys.Select(ClickHouseServer.Quoted));
        string[] arrays =
        [
            Numbers(left.Select(group => group.LinkId)), Numbers(left.Select(group => group.Writer)),
            Numbers(left.Select(group => group.Oldest)), Numbers(left.Select(group => group.FirstId)),
        ];
        return $"""
            INSERT INTO {made.Path} ({columns}) SETTINGS insert_deduplicate = 0, join_use_nulls = 0
            SELECT {columns} FROM {copy.Table.Path}
            ANY LEFT JOIN (SELECT arrayJoin({Numbers(changed)}) AS ChangedLink) AS links ON LinkId = ChangedLink
            ANY LEFT JOIN
            (
                SELECT tupleElement(row, 1) AS LeftLink, tupleElement(row, 2) AS LeftWriter, tupleElement(row, 3) AS Oldest, tupleElement(row, 4) AS FirstId
                FROM (SELECT arrayJoin(arrayZip({string.Join(", ", arrays)})) AS row)
            ) AS groups ON LinkId = LeftLink AND {Writer} = LeftWriter
            WHERE ChangedLink = 0 OR (LeftLink != 0 AND Time >= Oldest AND Id >= FirstId)
            """;
    }

    private static string Writer => string.Create(CultureInfo.InvariantCulture, $"bitShiftRight(Id, {ClickId.SequenceBits})");

    private static string Numbers(IEnumerable<long> numbers) =>
        $"CAST([{string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}], 'Array(Int64)')";

    /// <summary>Where what is left of a writer's clicks through a link begins.</summary>
    /// <param name="Oldest">Unix milliseconds.</param>
    private readonly record struct Left(long LinkId, long Writer, long Oldest, long FirstId);
}
