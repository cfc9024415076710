using System.Data;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.Live;

/// <summary>A click as it is stored, with the keys of what it refers to.</summary>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="RedirectMs">-1: not measured.</param>
internal readonly record struct ClickRow(
    long Id, long LinkId, long Time, long Visitor, long AgentId, long PlaceId, long SourceId, string? Language, int RedirectMs)
{
    /// <summary>A click that lives elsewhere.</summary>
    public static ClickRow Of(Click click) => new(
        click.Id,
        click.LinkId,
        Math.Clamp(click.Time.ToUnixTimeMilliseconds(), Click.Times.First, Click.Times.Last),
        click.Visitor,
        click.AgentId,
        click.PlaceId,
        click.SourceId,
        click.Language,
        Click.IsRedirectTime(click.RedirectMs) ? click.RedirectMs!.Value : -1);
}

/// <summary>Asks for clicks by the million. Plain readers, because tracking and materialising entities would take most of the time.</summary>
internal static class ClickRows
{
    public static Task<ClickRowReader> AllAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        ReadAsync(context, ClickRowsSql.All(), [], cancellationToken);

    public static Task<ClickRowReader> OfOwnerAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken) =>
        ReadAsync(
            context, ClickRowsSql.OfOwner(ownerId is null), Owner(ownerId), cancellationToken);

    /// <summary>The owner's clicks with keys in (<paramref name="after"/>, <paramref name="until"/>], which are one writer's.</summary>
    public static Task<ClickRowReader> OfWriterAsync(
        SpooDbContext context, string? ownerId, long after, long until, CancellationToken cancellationToken) =>
        ReadAsync(
            context,
            ClickRowsSql.OfWriter(ownerId is null),
            [("@after", after), ("@until", until), .. Owner(ownerId)],
            cancellationToken);

    /// <summary>
    /// The next clicks by key, at most <paramref name="count"/>, of one link or of all links of an owner.
    /// </summary>
    /// <param name="onlyLink">Null: all links of the owner.</param>
    /// <param name="from">Unix milliseconds, included.</param>
    /// <param name="to">Unix milliseconds, included.</param>
    public static Task<ClickRowReader> NextAsync(
        SpooDbContext context, string? ownerId, long? onlyLink, long from, long to, long after, int count, CancellationToken cancellationToken)
    {
        return ReadAsync(
            context,
            onlyLink is null
                ? ClickRowsSql.NextOfOwner(ownerId is null, context.Database.IsSqlServer())
                : ClickRowsSql.NextOfLink(context.Database.IsSqlServer()),
            [
                ("@after", after), ("@from", from), ("@to", to), ("@count", count),
                .. onlyLink is { } link ? [("@link", link)] : Owner(ownerId),
            ],
            cancellationToken);
    }

    /// <summary>The next clicks of one writer by key, whosever they are: those with keys in (<paramref name="after"/>, <paramref name="until"/>].</summary>
    public static Task<ClickRowReader> NextOfWriterAsync(SpooDbContext context, long after, long until, int count, CancellationToken cancellationToken) =>
        ReadAsync(
            context,
            ClickRowsSql.NextOfWriter(context.Database.IsSqlServer()),
            [("@after", after), ("@until", until), ("@count", count)],
            cancellationToken);

    /// <summary>The first clicks by key of those in the database and those that were moved, of each of which these are the first.</summary>
    public static List<ClickRow> Together(List<ClickRow> stored, List<Click> moved, int count) =>
        moved.Count == 0 ? stored : [.. stored.Concat(moved.Select(ClickRow.Of)).OrderBy(row => row.Id).Take(count)];

    private static IEnumerable<(string, object)> Owner(string? ownerId) => ownerId is null ? [] : [("@owner", ownerId)];

    private static async Task<ClickRowReader> ReadAsync(
        SpooDbContext context, string sql, IEnumerable<(string Name, object Value)> parameters, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var command = context.Database.GetDbConnection().CreateCommand();
        try
        {
            command.CommandText = sql;
            command.CommandTimeout = 0;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                if (value is string)
                {
                    // An id. SQL Server would otherwise make each one in the table wider before it compares.
                    parameter.DbType = DbType.AnsiString;
                }

                command.Parameters.Add(parameter);
            }

            return ClickRowReader.Of(command, await command.ExecuteReaderAsync(cancellationToken));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }
}

/// <summary>What <see cref="ClickRows"/> asks.</summary>
internal static class ClickRowsSql
{
    // Every database understands double quotes, and PostgreSQL takes a name without them for one in small letters.
    private const string Columns = """
        c."Id", c."LinkId", c."Time", c."Visitor", c."AgentId", c."PlaceId", c."SourceId", c."Language", c."RedirectMs"
        """;

    private static string OfOwners(bool nobodys) =>
        $"""IN (SELECT l."Id" FROM "Links" l WHERE {IsOwner(nobodys)})""";

    public static string All() => $"""SELECT {Columns} FROM "Clicks" c""";

    public static string OfOwner(bool nobodys) => $"""SELECT {Columns} FROM "Clicks" c WHERE c."LinkId" {OfOwners(nobodys)}""";

    public static string OfWriter(bool nobodys) =>
        $"""
        SELECT {Columns} FROM "Clicks" c JOIN "Links" l ON l."Id" = c."LinkId"
        WHERE c."Id" > @after AND c."Id" <= @until AND {IsOwner(nobodys)}
        """;

    // Clicks lie in the order of their keys. The plus keeps SQLite from collecting them link by link and sorting them for every page.
    public static string NextOfOwner(bool nobodys, bool sqlServer) => Next($"""+c."LinkId" {OfOwners(nobodys)}""", sqlServer);

    public static string NextOfLink(bool sqlServer) => Next("""c."LinkId" = @link""", sqlServer);

    public static string NextOfWriter(bool sqlServer) =>
        $"""
        SELECT {Columns} FROM "Clicks" c
        WHERE c."Id" > @after AND c."Id" <= @until
        ORDER BY c."Id" {First(sqlServer)}
        """;

    private static string Next(string isWanted, bool sqlServer) =>
        $"""
        SELECT {Columns} FROM "Clicks" c
        WHERE c."Id" > @after AND c."Time" >= @from AND c."Time" <= @to AND {isWanted}
        ORDER BY c."Id" {First(sqlServer)}
        """;

    private static string First(bool sqlServer) => sqlServer ? "OFFSET 0 ROWS FETCH NEXT @count ROWS ONLY" : "LIMIT @count";

    private static string IsOwner(bool nobodys) => nobodys ? """l."OwnerId" IS NULL""" : """l."OwnerId" = @owner""";
}
