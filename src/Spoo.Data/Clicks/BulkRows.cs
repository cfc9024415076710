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

    /// <summary>Inserts rows that are known to be new.</summary>
    public abstract Task InsertAsync(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Inserts the rows whose key, the first column, is not there yet.</summary>
    public abstract Task InsertMissingAsync(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>One prepared statement, run once a row: within a transaction that is SQLite's fast way.</summary>
    private sealed class SqliteRows(SqliteConnection connection, SqliteTransaction transaction) : BulkRows
    {
        public override Task InsertAsync(string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
            RunAsync("INSERT INTO", table, columns, rows, cancellationToken);

        public override Task InsertMissingAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
            RunAsync("INSERT OR IGNORE INTO", table, columns, rows, cancellationToken);

        private Task RunAsync(
            string verb, string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText =
                $"{verb} \"{table}\" ({string.Join(", ", columns.Select(name => $"\"{name}\""))}) VALUES ({string.Join(", ", columns.Select(name => "$" + name))})";
            var parameters = columns.Select(name => command.Parameters.Add(new SqliteParameter("$" + name, DBNull.Value))).ToArray();
            command.Prepare();
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < parameters.Length; i++)
                {
                    parameters[i].Value = row[i] ?? DBNull.Value;
                }

                command.ExecuteNonQuery();
            }

            return Task.CompletedTask;
        }
    }

    private sealed class SqlServerRows(SqlConnection connection, SqlTransaction transaction) : BulkRows
    {
        public override async Task InsertAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            using var data = new DataTable();
            foreach (var row in rows)
            {
                if (data.Columns.Count == 0)
                {
                    data.Columns.AddRange([.. columns.Select(name => new DataColumn(name, typeof(object)))]);
                }

                data.Rows.Add(row.Select(value => value ?? DBNull.Value).ToArray());
            }

            if (data.Rows.Count == 0)
            {
                return;
            }

            using var bulk = new SqlBulkCopy(connection, SqlBulkCopyOptions.CheckConstraints, transaction) { DestinationTableName = table };
            foreach (var name in columns)
            {
                bulk.ColumnMappings.Add(name, name);
            }

            await bulk.WriteToServerAsync(data, cancellationToken);
        }

        public override async Task InsertMissingAsync(
            string table, string[] columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
        {
            var names = string.Join(", ", columns.Select(name => $"[{name}]"));
            await RunAsync($"SELECT TOP 0 {names} INTO [#{table}] FROM [{table}]", cancellationToken);
            await InsertAsync($"#{table}", columns, rows, cancellationToken);

            // The range lock keeps another node from inserting the same key between the look and the insert.
            await RunAsync(
                $"""
                INSERT INTO [{table}] ({names})
                SELECT {names} FROM [#{table}] AS fresh
                WHERE NOT EXISTS (SELECT 1 FROM [{table}] AS old WITH (UPDLOCK, HOLDLOCK) WHERE old.[{columns[0]}] = fresh.[{columns[0]}]);
                DROP TABLE [#{table}]
                """,
                cancellationToken);
        }

        private async Task RunAsync(string sql, CancellationToken cancellationToken)
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
