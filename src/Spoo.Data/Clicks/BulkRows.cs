using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Spoo.Data.Clicks;

/// <summary>Puts many rows into a table the way its database likes best.</summary>
internal abstract class BulkRows
{
    public static BulkRows For(DbConnection connection, DbTransaction transaction) => connection switch
    {
        SqliteConnection sqlite => new SqliteRows(sqlite, (SqliteTransaction)transaction),
        SqlConnection server => new SqlServerRows(server, (SqlTransaction)transaction),
        _ => throw new NotSupportedException($"No bulk insert for {connection.GetType().Name}."),
    };

    /// <summary>Inserts the rows whose key, the first column, is not there yet.</summary>
    public abstract Task InsertMissingAsync(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the rows of which neither the key, the first column, nor the second key is there yet, and returns the keys of those.
    /// No two of the rows may have a key in common.
    /// </summary>
    /// <param name="secondKey">A column with a unique index that leaves nulls out.</param>
    public abstract Task<HashSet<long>> InsertNewAsync(
        string table, string[] columns, string secondKey, IEnumerable<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Moves the counters of links by the clicks that have been inserted.</summary>
    public abstract Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken);

    private static readonly string[] AdvanceColumns = ["LinkId", "Clicks", "First", "Last"];

    private static object?[] Row(LinkAdvance advance) => [advance.LinkId, advance.Clicks, advance.First, advance.Last];

    /// <summary>One prepared statement, run once a row: within a transaction that is SQLite's fast way.</summary>
    private sealed class SqliteRows(SqliteConnection connection, SqliteTransaction transaction) : BulkRows
    {
        public override Task InsertMissingAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            Insert(table, columns, rows, cancellationToken);
            return Task.CompletedTask;
        }

        public override Task<HashSet<long>> InsertNewAsync(
            string table, string[] columns, string secondKey, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
            Task.FromResult(Insert(table, columns, rows, cancellationToken));

        public override Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken)
        {
            Run(
                """
                UPDATE Links SET
                    TotalClicks = TotalClicks + $Clicks,
                    LastClick = max(coalesce(LastClick, $Last), $Last),
                    CreatedAt = min(CreatedAt, $First)
                WHERE Id = $LinkId
                """,
                AdvanceColumns,
                advances.Select(Row),
                cancellationToken);
            return Task.CompletedTask;
        }

        // Only keys that are taken are passed over; everything else that is wrong with a row is an error.
        private HashSet<long> Insert(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
            Run(
                $"""
                INSERT INTO "{table}" ({string.Join(", ", columns.Select(name => $"\"{name}\""))})
                VALUES ({string.Join(", ", columns.Select(name => $"${name}"))}) ON CONFLICT DO NOTHING
                """,
                columns,
                rows,
                cancellationToken);

        // Returns the first values of those rows for which the statement did something.
        private HashSet<long> Run(string sql, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            var parameters = columns.Select(name => command.Parameters.Add(new SqliteParameter($"${name}", DBNull.Value))).ToArray();
            command.Prepare();
            var done = new HashSet<long>();
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < parameters.Length; i++)
                {
                    parameters[i].Value = row[i] ?? DBNull.Value;
                }

                if (command.ExecuteNonQuery() > 0)
                {
                    done.Add((long)row[0]!);
                }
            }

            return done;
        }
    }

    private sealed class SqlServerRows(SqlConnection connection, SqlTransaction transaction) : BulkRows
    {
        public override async Task InsertMissingAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            await FillTemporaryAsync(table, columns, rows, cancellationToken);

            // The range lock keeps another node from inserting the same key between the look and the insert.
            await using var insert = Command(
                $"""
                INSERT INTO [{table}] ({Names(columns)})
                SELECT {Names(columns)} FROM [#{table}] AS fresh
                WHERE NOT EXISTS (SELECT 1 FROM [{table}] AS old WITH (UPDLOCK, HOLDLOCK) WHERE old.[{columns[0]}] = fresh.[{columns[0]}]);
                DROP TABLE [#{table}]
                """);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        public override async Task<HashSet<long>> InsertNewAsync(
            string table, string[] columns, string secondKey, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            await FillTemporaryAsync(table, columns, rows, cancellationToken);

            // Saying that the second key is not null lets the server use the index that leaves nulls out.
            await using var insert = Command(
                $"""
                INSERT INTO [{table}] ({Names(columns)})
                OUTPUT inserted.[{columns[0]}]
                SELECT {Names(columns)} FROM [#{table}] AS fresh
                WHERE NOT EXISTS (SELECT 1 FROM [{table}] AS old WITH (UPDLOCK, HOLDLOCK) WHERE old.[{columns[0]}] = fresh.[{columns[0]}])
                AND NOT EXISTS (
                    SELECT 1 FROM [{table}] AS old WITH (UPDLOCK, HOLDLOCK)
                    WHERE old.[{secondKey}] = fresh.[{secondKey}] AND old.[{secondKey}] IS NOT NULL);
                DROP TABLE [#{table}]
                """);
            await using var inserted = await insert.ExecuteReaderAsync(cancellationToken);
            var keys = new HashSet<long>();
            while (await inserted.ReadAsync(cancellationToken))
            {
                keys.Add(inserted.GetInt64(0));
            }

            return keys;
        }

        public override async Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken)
        {
            await using var create = Command(
                "CREATE TABLE [#LinkAdvances] (LinkId bigint NOT NULL PRIMARY KEY, Clicks bigint NOT NULL, First bigint NOT NULL, Last bigint NOT NULL)");
            await create.ExecuteNonQueryAsync(cancellationToken);
            await CopyAsync("#LinkAdvances", AdvanceColumns, advances.Select(Row), cancellationToken);
            await using var update = Command(
                """
                UPDATE link SET
                    TotalClicks = link.TotalClicks + advance.Clicks,
                    LastClick = CASE WHEN link.LastClick > advance.Last THEN link.LastClick ELSE advance.Last END,
                    CreatedAt = CASE WHEN link.CreatedAt < advance.First THEN link.CreatedAt ELSE advance.First END
                FROM Links AS link JOIN [#LinkAdvances] AS advance ON advance.LinkId = link.Id;
                DROP TABLE [#LinkAdvances]
                """);
            await update.ExecuteNonQueryAsync(cancellationToken);
        }

        private static string Names(string[] columns) => string.Join(", ", columns.Select(name => $"[{name}]"));

        private async Task FillTemporaryAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            await using var create = Command($"SELECT TOP 0 {Names(columns)} INTO [#{table}] FROM [{table}]");
            await create.ExecuteNonQueryAsync(cancellationToken);
            await CopyAsync($"#{table}", columns, rows, cancellationToken);
        }

        private async Task CopyAsync(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            using var data = new DataTable();
            data.Columns.AddRange([.. columns.Select(name => new DataColumn(name, typeof(object)))]);
            foreach (var row in rows)
            {
                data.Rows.Add([.. row.Select(value => value ?? DBNull.Value)]);
            }

            using var bulk = new SqlBulkCopy(connection, SqlBulkCopyOptions.CheckConstraints, transaction) { DestinationTableName = table };
            foreach (var name in columns)
            {
                bulk.ColumnMappings.Add(name, name);
            }

            await bulk.WriteToServerAsync(data, cancellationToken);
        }

        private SqlCommand Command(string sql) => new(sql, connection, transaction);
    }
}

/// <summary>By how much a batch moves the counters of one link. Times are Unix milliseconds.</summary>
internal readonly record struct LinkAdvance(long LinkId, long Clicks, long First, long Last);
