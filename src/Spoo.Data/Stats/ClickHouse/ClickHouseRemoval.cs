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
/// The rows of the database that have been copied are some of the copy's, or all. Which ones need not be known: both are counted by link and writer, and where
/// the database has fewer, those are left out that are older than the oldest row that it has, or have a lower key than any. What is left must then be as many
/// as in the database, for every link and every writer; then they are the same. Where they are not, what was removed lay in between, and there is no other way
/// than a new copy.
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

    /// <summary>No click is so late.</summary>
    private const long Never = long.MaxValue;

    private static readonly TimeSpan CountingPatience = TimeSpan.FromHours(1);

    /// <summary>Makes a table of the family that has what the database still has of this copy.</summary>
    /// <returns>How many clicks were left out. Null: nothing was made, because the database has other clicks.</returns>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer.</exception>
    public async Task<long?> FollowAsync(ClickHouseTable family, CancellationToken cancellationToken)
    {
        // First what was copied, then what there is: in the rows up to there nothing is added, within an epoch.
        var copied = await copy.PositionsAsync(cancellationToken);
        var before = await CountAsync(copy.Table, cancellationToken);
        if (await StoredAsync(copied, cancellationToken) is not { } stored || stored.Any(group => group.Value.Clicks > before.GetValueOrDefault(group.Key)))
        {
            return null;
        }

        var changed = before.Where(group => group.Value != stored.GetValueOrDefault(group.Key).Clicks).Select(group => group.Key).ToList();
        var made = family.Unfinished();
        await server.RunAsync(made.Create, cancellationToken);
        try
        {
            await server.RunAtLengthAsync(Fill(made, changed.ConvertAll(group => (group, stored.GetValueOrDefault(group, Left.Nothing)))), cancellationToken);
            var after = await CountAsync(made, cancellationToken);
            if (after.Count != stored.Count || after.Any(group => group.Value != stored.GetValueOrDefault(group.Key).Clicks))
            {
                await server.RunAsync(made.Drop, cancellationToken);
                return null;
            }

            await server.RunAsync(made.RenameTo(family.New()), cancellationToken);
            return before.Values.Sum() - after.Values.Sum();
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

    private async Task<Dictionary<Group, long>> CountAsync(ClickHouseTable table, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<Group, long>();
        await server.CountAtLengthAsync(
            $"SELECT LinkId, toInt64({Writer}), toInt64(count()) FROM {table.Path} WHERE LinkId != {ClickHouseTable.MarkLink} GROUP BY 1, 2",
            row => counts[new(row.GetInt64(0), row.GetInt64(1))] = row.GetInt64(2),
            cancellationToken);
        return counts;
    }

    // Of the rows that had been copied. Null: too few were.
    private async Task<Dictionary<Group, Left>?> StoredAsync(FollowedWriters copied, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(CountingPatience);
        var there = copied.All.ToDictionary(writer => writer.Id, writer => writer.LastClickId);
        var writers = FollowedWriters.Of((await FollowedWriters.NowAsync(context, null, cancellationToken)).All.Select(writer => writer with
        {
            LastClickId = there.GetValueOrDefault(writer.Id, ClickId.FirstOf(writer.Id)),
            IsFinished = writer.IsFinished && there.GetValueOrDefault(writer.Id) == writer.LastClickId,
        }));
        if (writers.Open.Count > MostBehind)
        {
            return null;
        }

        return (await writers.ClicksIn(context)
                .GroupBy(click => new { click.LinkId, Writer = click.Id / KeysPerWriter })
                .Select(group => new { group.Key.LinkId, group.Key.Writer, Clicks = group.LongCount(), Oldest = group.Min(click => click.Time), FirstId = group.Min(click => click.Id) })
                .ToListAsync(cancellationToken))
            .ToDictionary(
                group => new Group(group.LinkId, group.Writer),
                group => new Left(group.Clicks, Math.Clamp(group.Oldest.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last), group.FirstId));
    }

    // The groups come as arrays, because a statement may have as many numbers as it likes in an array and not elsewhere. Of a group that does not come, both limits are 0.
    private string Fill(ClickHouseTable made, List<(Group Group, Left Left)> changed)
    {
        var columns = string.Join(", ", ClickHouseTable.Columns.Keys.Select(ClickHouseServer.Quoted));
        if (changed.Count == 0)
        {
            return $"INSERT INTO {made.Path} ({columns}) SETTINGS insert_deduplicate = 0 SELECT {columns} FROM {copy.Table.Path}";
        }

        string[] arrays =
        [
            Numbers(changed.Select(entry => entry.Group.LinkId)), Numbers(changed.Select(entry => entry.Group.Writer)),
            Numbers(changed.Select(entry => entry.Left.Oldest)), Numbers(changed.Select(entry => entry.Left.FirstId)),
        ];
        return $"""
            INSERT INTO {made.Path} ({columns}) SETTINGS insert_deduplicate = 0, join_use_nulls = 0
            SELECT {columns} FROM {copy.Table.Path}
            ANY LEFT JOIN
            (
                SELECT tupleElement(row, 1) AS ChangedLink, tupleElement(row, 2) AS ChangedWriter, tupleElement(row, 3) AS Oldest, tupleElement(row, 4) AS FirstId
                FROM (SELECT arrayJoin(arrayZip({string.Join(", ", arrays)})) AS row)
            ) AS changed ON LinkId = ChangedLink AND {Writer} = ChangedWriter
            WHERE Time >= Oldest AND Id >= FirstId
            """;
    }

    private static string Writer => string.Create(CultureInfo.InvariantCulture, $"bitShiftRight(Id, {ClickId.SequenceBits})");

    private static string Numbers(IEnumerable<long> numbers) =>
        $"CAST([{string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}], 'Array(Int64)')";

    private readonly record struct Group(long LinkId, long Writer);

    /// <param name="Oldest">Unix milliseconds.</param>
    private readonly record struct Left(long Clicks, long Oldest, long FirstId)
    {
        public static Left Nothing { get; } = new(0, Never, Never);
    }
}
