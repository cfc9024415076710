using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.Live;

/// <summary>A click as it is stored, with the keys of what it refers to.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="RedirectMs">-1: not measured.</param>
internal readonly record struct ClickRow(
    long Id, long LinkId, long Time, long Visitor, long AgentId, long PlaceId, long SourceId, string? Language, int RedirectMs);

/// <summary>How far a writer has got.</summary>
/// <param name="CreatedAt">Unix milliseconds; a number that is given out again, after a backup was restored, is not the same writer.</param>
/// <param name="LastSequence">How far it says that it has got, which never goes back but with the whole database.</param>
/// <param name="LastClickId">The highest key it has stored; its first possible key when it has stored none.</param>
/// <param name="Last">What stands in the row with that key; nothing when there is none.</param>
internal readonly record struct ClickWriterState(
    int Id, long CreatedAt, long LastSequence, long LastClickId, bool IsFinished, ClickFingerprint Last);

/// <summary>By what a row is known again: another click that was stored under the same key, in another life of the database, has another one.</summary>
/// <param name="LinkId">Its link, with which it may have been deleted.</param>
/// <param name="Sum">A checksum of everything that the row says.</param>
internal readonly record struct ClickFingerprint(long LinkId, long Sum);

/// <summary>Reads clicks by the million. Plain readers, because tracking and materialising entities would take most of the time.</summary>
internal static class ClickRows
{
    // Every database understands double quotes, and PostgreSQL takes a name without them for one in small letters.
    private const string Columns = """
        c."Id", c."LinkId", c."Time", c."Visitor", c."AgentId", c."PlaceId", c."SourceId", c."Language", c."RedirectMs"
        """;

    public static async Task<IReadOnlyList<ClickWriterState>> WritersAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        const long KeysPerWriter = 1L << ClickId.SequenceBits;
        var writers = await context.ClickWriters
            .Select(writer => new
            {
                writer.Id,
                writer.CreatedAt,
                writer.FinishedAt,
                writer.LastSequence,
                Last = context.Clicks
                    .Where(click => click.Id >= writer.Id * KeysPerWriter && click.Id < (writer.Id + 1) * KeysPerWriter)
                    .Max(click => (long?)click.Id),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. writers.Select(writer => new ClickWriterState(
                writer.Id,
                writer.CreatedAt.ToUnixTimeMilliseconds(),
                writer.LastSequence,
                writer.Last ?? ClickId.FirstOf(writer.Id),
                writer.FinishedAt is not null,
                default)),
        ];
    }

    /// <summary>
    /// Whether the database has everything that it had when somebody followed these writers: it may have been replaced by an older state
    /// of itself, and have gone on from there.
    /// </summary>
    /// <param name="isFromFile">Whether that was in another life of this process, in which the database may have been replaced and gone on.</param>
    /// <returns>The writers as they are now, with fingerprints. Null with the reason: it has not.</returns>
    public static async Task<(IReadOnlyList<ClickWriterState>? Writers, string? Reason)> FollowedAsync(
        SpooDbContext context, IReadOnlyList<ClickWriterState> before, IReadOnlyList<ClickWriterState> now, bool isFromFile, CancellationToken cancellationToken)
    {
        var known = before.ToDictionary(writer => writer.Id);
        if (!isFromFile && before.Count == now.Count && now.All(writer => known.TryGetValue(writer.Id, out var same) && same with { Last = default } == writer))
        {
            return (before, null);
        }

        var moved = now.Where(writer => isFromFile || !known.TryGetValue(writer.Id, out var same) || same.LastClickId != writer.LastClickId || same.Last == default);
        var rows = await FingerprintsAsync(
            context,
            [.. moved.Select(writer => writer.LastClickId), .. before.Select(writer => writer.LastClickId)],
            cancellationToken);
        var current = now.ToDictionary(writer => writer.Id);
        foreach (var writer in before)
        {
            if (!current.TryGetValue(writer.Id, out var same) || same.CreatedAt != writer.CreatedAt || same.LastSequence < writer.LastSequence)
            {
                return (null, $"the database has not all clicks of writer {writer.Id} that are in it");
            }

            if (writer.Last != default
                && (rows.TryGetValue(writer.LastClickId, out var row)
                    ? row != writer.Last
                    : await context.Links.AnyAsync(link => link.Id == writer.Last.LinkId, cancellationToken)))
            {
                return (null, $"the database has other clicks of writer {writer.Id} than are in it");
            }
        }

        return ([.. now.Select(writer => writer with { Last = rows.GetValueOrDefault(writer.LastClickId) })], null);
    }

    private static async Task<Dictionary<long, ClickFingerprint>> FingerprintsAsync(
        SpooDbContext context, IEnumerable<long> clicks, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        var found = new Dictionary<long, ClickFingerprint>();
        foreach (var ids in clicks.Distinct().Chunk(AtOnce))
        {
            foreach (var click in await context.Clicks.AsNoTracking().Where(click => ids.Contains(click.Id)).ToListAsync(cancellationToken))
            {
                var said = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{click.LinkId} {click.Time.ToUnixTimeMilliseconds()} {click.Visitor} {click.AgentId} {click.PlaceId} {click.SourceId} {click.Language} {click.RedirectMs}");
                found[click.Id] = new ClickFingerprint(click.LinkId, BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(said))));
            }
        }

        return found;
    }

    public static IAsyncEnumerable<ClickRow> AllAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        ReadAsync(context, $"""SELECT {Columns} FROM "Clicks" c""", [], cancellationToken);

    public static IAsyncEnumerable<ClickRow> OfOwnerAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken) =>
        ReadAsync(
            context,
            $"""SELECT {Columns} FROM "Clicks" c WHERE c."LinkId" IN (SELECT l."Id" FROM "Links" l WHERE {IsOwner(ownerId)})""",
            Owner(ownerId),
            cancellationToken);

    /// <summary>The owner's clicks with keys in (<paramref name="after"/>, <paramref name="until"/>], which are one writer's.</summary>
    public static IAsyncEnumerable<ClickRow> OfWriterAsync(
        SpooDbContext context, string? ownerId, long after, long until, CancellationToken cancellationToken) =>
        ReadAsync(
            context,
            $"""
            SELECT {Columns} FROM "Clicks" c JOIN "Links" l ON l."Id" = c."LinkId"
            WHERE c."Id" > @after AND c."Id" <= @until AND {IsOwner(ownerId)}
            """,
            [("@after", after), ("@until", until), .. Owner(ownerId)],
            cancellationToken);

    /// <summary>
    /// The next clicks by key, at most <paramref name="count"/>, of one link or of all links of an owner.
    /// </summary>
    /// <param name="onlyLink">Null: all links of the owner.</param>
    /// <param name="from">Unix milliseconds, included.</param>
    /// <param name="to">Unix milliseconds, included.</param>
    public static IAsyncEnumerable<ClickRow> NextAsync(
        SpooDbContext context, string? ownerId, long? onlyLink, long from, long to, long after, int count, CancellationToken cancellationToken)
    {
        // Clicks lie in the order of their keys. The plus keeps SQLite from collecting them link by link and sorting them for every page.
        var isWanted = onlyLink is null
            ? $"""+c."LinkId" IN (SELECT l."Id" FROM "Links" l WHERE {IsOwner(ownerId)})"""
            : """c."LinkId" = @link""";
        var firstOnes = context.Database.IsSqlServer() ? "OFFSET 0 ROWS FETCH NEXT @count ROWS ONLY" : "LIMIT @count";
        return ReadAsync(
            context,
            $"""
            SELECT {Columns} FROM "Clicks" c
            WHERE c."Id" > @after AND c."Time" >= @from AND c."Time" <= @to AND {isWanted} ORDER BY c."Id" {firstOnes}
            """,
            [
                ("@after", after), ("@from", from), ("@to", to), ("@count", count),
                .. onlyLink is { } link ? [("@link", link)] : Owner(ownerId),
            ],
            cancellationToken);
    }

    private static string IsOwner(string? ownerId) => ownerId is null ? """l."OwnerId" IS NULL""" : """l."OwnerId" = @owner""";

    private static IEnumerable<(string, object)> Owner(string? ownerId) => ownerId is null ? [] : [("@owner", ownerId)];

    private static async IAsyncEnumerable<ClickRow> ReadAsync(
        SpooDbContext context,
        string sql,
        IEnumerable<(string Name, object Value)> parameters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new ClickRow(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? -1 : reader.GetInt32(8));
        }
    }
}
