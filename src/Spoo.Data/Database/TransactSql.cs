namespace Spoo.Data.Database;

/// <summary>
/// Every statement of our own that only SQL Server is sent, so that a test can have them all read by its parser. Those that are the same for all
/// databases stand where they are used.
/// </summary>
internal static class TransactSql
{
    /// <summary>The column by which temporary tables are sorted: rows come with it in the order of their keys.</summary>
    public const string Row = "Row";

    /// <summary>
    /// To be narrowed by ids. Held are rows of the table itself, which the index named is, in its order, and not of some other index; and rows
    /// alone, because a page has those of strangers on it.
    /// </summary>
    public const string LinksToHold = "SELECT * FROM [Links] WITH (UPDLOCK, ROWLOCK, INDEX([PK_Links]))";

    /// <summary>To be narrowed by name. Held for others to read and for none to change, also where readers otherwise see the state before a change.</summary>
    public const string SecretsToHold = "SELECT * FROM [InstallationSecrets] WITH (HOLDLOCK, ROWLOCK)";

    /// <summary>As <see cref="SecretsToHold"/>.</summary>
    public const string MoveToHold = "SELECT * FROM [ClickMoves] WITH (HOLDLOCK, ROWLOCK)";

    /// <summary>Whether readers of this database see the state before a change that is going on, instead of waiting for its end.</summary>
    public const string ReadsDoNotWait = "SELECT is_read_committed_snapshot_on AS [Value] FROM sys.databases WHERE database_id = DB_ID()";

    /// <summary>What time it is there, in UTC.</summary>
    public const string Now = "SELECT SYSUTCDATETIME() AS [Value]";

    /// <summary>What an operator with the right to does when they wait.</summary>
    public static string LetReadsNotWait(string database) =>
        $"ALTER DATABASE {Quoted(database)} SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE";

    /// <summary>An empty temporary table with the columns of a table, which it is filled from.</summary>
    public static string CreateTemporary(string table, string[] columns) =>
        $"""
        SELECT TOP 0 {Names(columns)} INTO {Temporary(table)} FROM {Quoted(table)};
        ALTER TABLE {Temporary(table)} ADD [{Row}] int NOT NULL PRIMARY KEY CLUSTERED
        """;

    public static string DropTemporary(string table) => $"DROP TABLE {Temporary(table)}";

    /// <summary>
    /// Inserts those of a temporary table's rows from @first to @last whose keys are not there yet. The range lock keeps another node from
    /// inserting the same key between the look and the insert. Loops look each row's key up in the order of the rows; any other way of joining
    /// might read, and so hold, the whole table.
    /// </summary>
    public static string InsertMissing(string table, string[] columns, string[] key) =>
        $"""
        INSERT INTO {Quoted(table)} ({Names(columns)})
        SELECT {Names(columns)} FROM {Temporary(table)} AS fresh
        WHERE fresh.[{Row}] BETWEEN @first AND @last AND {IsNotThere(table, key)}
        ORDER BY fresh.[{Row}]
        OPTION (LOOP JOIN)
        """;

    /// <summary>
    /// As <see cref="InsertMissing"/>, where a second key must not be there either; answers with the ids of what was inserted. Saying that
    /// the second key is not null lets the server use the index that leaves nulls out.
    /// </summary>
    public static string InsertNew(string table, string[] columns, string id, string secondKey) =>
        $"""
        INSERT INTO {Quoted(table)} ({Names(columns)})
        OUTPUT inserted.{Quoted(id)}
        SELECT {Names(columns)} FROM {Temporary(table)} AS fresh
        WHERE fresh.[{Row}] BETWEEN @first AND @last AND {IsNotThere(table, [id])}
        AND NOT EXISTS (
            SELECT 1 FROM {Quoted(table)} AS old WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
            WHERE old.{Quoted(secondKey)} = fresh.{Quoted(secondKey)} AND old.{Quoted(secondKey)} IS NOT NULL)
        ORDER BY fresh.[{Row}]
        OPTION (LOOP JOIN)
        """;

    /// <summary>By how much a batch moves the counters of links; all numbers, so that it has no collation.</summary>
    public const string CreateLinkAdvances =
        $"""
        CREATE TABLE [#LinkAdvances] (
            [{Row}] int NOT NULL PRIMARY KEY CLUSTERED, [LinkId] bigint NOT NULL, [Clicks] bigint NOT NULL, [Previews] bigint NOT NULL,
            [Blocked] bigint NOT NULL, [First] bigint NULL, [Last] bigint NULL)
        """;

    public const string AdvanceLinks =
        $"""
        UPDATE link SET
            [TotalClicks] = link.[TotalClicks] + advance.[Clicks],
            [PreviewClicks] = link.[PreviewClicks] + advance.[Previews],
            [BlockedHits] = link.[BlockedHits] + advance.[Blocked],
            [LastClick] = CASE WHEN link.[LastClick] > advance.[Last] OR advance.[Last] IS NULL THEN link.[LastClick] ELSE advance.[Last] END,
            [CreatedAt] = CASE WHEN link.[CreatedAt] < advance.[First] OR advance.[First] IS NULL THEN link.[CreatedAt] ELSE advance.[First] END
        FROM [#LinkAdvances] AS advance JOIN [Links] AS link ON link.[Id] = advance.[LinkId]
        WHERE advance.[{Row}] BETWEEN @first AND @last
        OPTION (LOOP JOIN, FORCE ORDER)
        """;

    private static string IsNotThere(string table, string[] key) =>
        $"""
        NOT EXISTS (
            SELECT 1 FROM {Quoted(table)} AS old WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
            WHERE {string.Join(" AND ", key.Select(name => $"old.{Quoted(name)} = fresh.{Quoted(name)}"))})
        """;

    private static string Names(string[] columns) => string.Join(", ", columns.Select(Quoted));

    private static string Temporary(string table) => Quoted("#" + table);

    private static string Quoted(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";
}
