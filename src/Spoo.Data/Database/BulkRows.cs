using System.Collections;
using System.Data;
using System.Data.Common;
using System.Text;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Spoo.Data.Database;

/// <summary>A table that is filled with many rows at once.</summary>
/// <param name="Columns">Those that are filled.</param>
/// <param name="Key">Which of them no two rows share, the first ones of the columns.</param>
/// <param name="Id">The row's number, where it has one before it is stored.</param>
/// <param name="Order">By the key, as a database sorts it: nodes that put in the same rows at once lock them in one order.</param>
/// <param name="Write">Gives a row's values in the order of the columns.</param>
internal sealed record BulkTable<T>(string Name, string[] Columns, string[] Key, Func<T, long> Id, Comparison<T> Order, Action<T, RowValues> Write)
{
    /// <summary>A table whose key is a number that rows have before they are stored.</summary>
    public BulkTable(string name, string[] columns, Func<T, long> id, Action<T, RowValues> write)
        : this(name, columns, [columns[0]], id, (one, other) => id(one).CompareTo(id(other)), write)
    {
    }

    public List<T> Sorted(IEnumerable<T> rows)
    {
        var sorted = rows.ToList();
        sorted.Sort(Order);
        return sorted;
    }
}

/// <summary>Takes the values of one row, column by column.</summary>
internal abstract class RowValues
{
    public abstract void Number(long? value);

    public abstract void Number(int? value);

    public abstract void Flag(bool? value);

    public abstract void Text(string? value);
}

/// <summary>Puts many rows into a table the way its database likes best.</summary>
internal abstract class BulkRows
{
    private static readonly BulkTable<LinkAdvance> AdvanceTable = new("LinkAdvances", ["LinkId", "Clicks", "Previews", "Blocked", "First", "Last"], advance => advance.LinkId, (advance, row) =>
    {
        row.Number((long?)advance.LinkId);
        row.Number((long?)advance.Clicks);
        row.Number((long?)advance.Previews);
        row.Number((long?)advance.Blocked);
        row.Number(advance.First);
        row.Number(advance.Last);
    });

    public static BulkRows For(DbConnection connection, DbTransaction transaction) => connection switch
    {
        SqliteConnection sqlite => new SqliteRows(sqlite),
        SqlConnection server => new SqlServerRows(server, (SqlTransaction)transaction),
        NpgsqlConnection server => new PostgreSqlRows(server),
        _ => throw new NotSupportedException($"No bulk insert for {connection.GetType().Name}."),
    };

    /// <summary>Inserts the rows whose key is not there yet. No two of the rows may have one key.</summary>
    public abstract Task InsertMissingAsync<T>(BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the rows of which neither the id, which is the key, nor the second key is there yet, and returns the ids of those; null when
    /// that is all of them. No two of the rows may have a key in common.
    /// </summary>
    /// <param name="secondKey">A column with a unique index that leaves nulls out.</param>
    public abstract Task<HashSet<long>?> InsertNewAsync<T>(
        BulkTable<T> table, string secondKey, IReadOnlyCollection<T> rows, CancellationToken cancellationToken);

    /// <summary>Moves the counters of links by the clicks that have been inserted and the visits that were turned away.</summary>
    public abstract Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken);

    /// <summary>
    /// One prepared statement, run once a row: within a transaction that is SQLite's fast way. Its own functions are called, because
    /// what the driver does for every command takes longer than the insert.
    /// </summary>
    private sealed class SqliteRows(SqliteConnection connection) : BulkRows
    {
        public override Task InsertMissingAsync<T>(BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            Run(Insert(table), table, rows, cancellationToken);
            return Task.CompletedTask;
        }

        public override Task<HashSet<long>?> InsertNewAsync<T>(
            BulkTable<T> table, string secondKey, IReadOnlyCollection<T> rows, CancellationToken cancellationToken) =>
            Task.FromResult(Run(Insert(table), table, rows, cancellationToken));

        public override Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken)
        {
            Run(
                """
                UPDATE Links SET
                    TotalClicks = TotalClicks + ?2,
                    PreviewClicks = PreviewClicks + ?3,
                    BlockedHits = BlockedHits + ?4,
                    LastClick = max(coalesce(LastClick, ?6), coalesce(?6, LastClick)),
                    CreatedAt = min(CreatedAt, coalesce(?5, CreatedAt))
                WHERE Id = ?1
                """,
                AdvanceTable,
                advances,
                cancellationToken);
            return Task.CompletedTask;
        }

        // Only keys that are taken are passed over; everything else that is wrong with a row is an error.
        private static string Insert<T>(BulkTable<T> table) =>
            $"""
            INSERT INTO "{table.Name}" ({string.Join(", ", table.Columns.Select(name => $"\"{name}\""))})
            VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"?{i + 1}"))}) ON CONFLICT DO NOTHING
            """;

        // Returns the keys of those rows for which the statement did something; null: for all of them.
        private HashSet<long>? Run<T>(string sql, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            if (rows.Count == 0)
            {
                return null;
            }

            var database = connection.Handle!;
            Check(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
            using (statement)
            {
                var values = new Values(statement, table.Columns.Length);
                var passedOver = new HashSet<long>();
                foreach (var row in rows)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    values.Begin();
                    table.Write(row, values);
                    var result = raw.sqlite3_step(statement);
                    if (result != raw.SQLITE_DONE)
                    {
                        Check(result, database);
                    }

                    if (raw.sqlite3_changes(database) == 0)
                    {
                        passedOver.Add(table.Id(row));
                    }

                    _ = raw.sqlite3_reset(statement);
                }

                return passedOver.Count == 0 ? null : [.. rows.Select(table.Id).Where(key => !passedOver.Contains(key))];
            }
        }

        private static void Check(int result, sqlite3 database) => SqliteException.ThrowExceptionForRC(result, database);

        // What is bound stays so: only what is different from the row before is told, and in the beginning all are null.
        private sealed class Values(sqlite3_stmt statement, int columns) : RowValues
        {
            private readonly long?[] _numbers = new long?[columns];
            private readonly string?[] _texts = new string?[columns];
            private byte[] _text = new byte[1024];
            private int _column;

            public void Begin() => _column = 0;

            public override void Number(long? value)
            {
                ref var bound = ref _numbers[_column++];
                if (bound != value)
                {
                    bound = value;
                    _ = value is { } number ? raw.sqlite3_bind_int64(statement, _column, number) : raw.sqlite3_bind_null(statement, _column);
                }
            }

            public override void Number(int? value) => Number((long?)value);

            public override void Flag(bool? value) => Number(value is { } flag ? (flag ? 1L : 0) : null);

            public override void Text(string? value)
            {
                ref var bound = ref _texts[_column++];
                if (bound == value)
                {
                    return;
                }

                bound = value;
                if (value is null)
                {
                    _ = raw.sqlite3_bind_null(statement, _column);
                    return;
                }

                var most = Encoding.UTF8.GetMaxByteCount(value.Length);
                if (_text.Length < most)
                {
                    _text = new byte[most];
                }

                // SQLite copies it.
                _ = raw.sqlite3_bind_text(statement, _column, _text.AsSpan(0, Encoding.UTF8.GetBytes(value, _text)));
            }
        }
    }

    /// <summary>
    /// Rows go to a temporary table by the server's own way of copying, and from there in pieces: a statement that holds 5,000 locks in a table
    /// gets all of it, and keeps every other node out of it.
    /// </summary>
    private sealed class SqlServerRows(SqlConnection connection, SqlTransaction transaction) : BulkRows
    {
        /// <summary>A row may have six locks: its own, those of its keys before they are there, and one in each index.</summary>
        private const int InsertedAtOnce = 800;

        /// <summary>A link is looked up and written once, and may leave its place in three indexes for another.</summary>
        private const int AdvancedAtOnce = 500;

        public override async Task InsertMissingAsync<T>(BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            if (rows.Count > 0)
            {
                await FillTemporaryAsync(TransactSql.CreateTemporary(table.Name, table.Columns), table, rows, cancellationToken);
                await InPiecesAsync(
                    TransactSql.InsertMissing(table.Name, table.Columns, table.Key), rows.Count, InsertedAtOnce, null, cancellationToken);
                await DropTemporaryAsync(table, cancellationToken);
            }
        }

        public override async Task<HashSet<long>?> InsertNewAsync<T>(
            BulkTable<T> table, string secondKey, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            if (rows.Count == 0)
            {
                return null;
            }

            await FillTemporaryAsync(TransactSql.CreateTemporary(table.Name, table.Columns), table, rows, cancellationToken);
            var ids = new HashSet<long>(rows.Count);
            await InPiecesAsync(
                TransactSql.InsertNew(table.Name, table.Columns, table.Key.Single(), secondKey), rows.Count, InsertedAtOnce, ids, cancellationToken);
            await DropTemporaryAsync(table, cancellationToken);
            return ids.Count == rows.Count ? null : ids;
        }

        public override async Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken)
        {
            if (advances.Count > 0)
            {
                await FillTemporaryAsync(TransactSql.CreateLinkAdvances, AdvanceTable, advances, cancellationToken);
                await InPiecesAsync(TransactSql.AdvanceLinks, advances.Count, AdvancedAtOnce, null, cancellationToken);
                await DropTemporaryAsync(AdvanceTable, cancellationToken);
            }
        }

        private async Task FillTemporaryAsync<T>(string create, BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            await using (var command = Command(create))
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            using var data = new DataTable();
            data.Columns.AddRange([.. table.Columns.Prepend(TransactSql.Row).Select(name => new DataColumn(name, typeof(object)))]);
            var values = new Values(new object[table.Columns.Length + 1]);
            foreach (var (number, row) in table.Sorted(rows).Index())
            {
                values.Number((int?)number);
                table.Write(row, values);
                data.Rows.Add(values.Take());
            }

            using var bulk = new SqlBulkCopy(connection, SqlBulkCopyOptions.CheckConstraints, transaction) { DestinationTableName = $"#{table.Name}" };
            foreach (DataColumn column in data.Columns)
            {
                bulk.ColumnMappings.Add(column.ColumnName, column.ColumnName);
            }

            await bulk.WriteToServerAsync(data, cancellationToken);
        }

        /// <param name="ids">Hears the numbers that the statement answers with.</param>
        private async Task InPiecesAsync(string sql, int rows, int atOnce, HashSet<long>? ids, CancellationToken cancellationToken)
        {
            await using var command = Command(sql);
            var (first, last) = (command.Parameters.Add("@first", SqlDbType.Int), command.Parameters.Add("@last", SqlDbType.Int));
            for (var start = 0; start < rows; start += atOnce)
            {
                (first.Value, last.Value) = (start, start + atOnce - 1);
                await using var answer = await command.ExecuteReaderAsync(cancellationToken);
                do
                {
                    while (await answer.ReadAsync(cancellationToken))
                    {
                        ids?.Add(answer.GetInt64(0));
                    }
                }
                while (await answer.NextResultAsync(cancellationToken));
            }
        }

        private async Task DropTemporaryAsync<T>(BulkTable<T> table, CancellationToken cancellationToken)
        {
            await using var drop = Command(TransactSql.DropTemporary(table.Name));
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }

        private SqlCommand Command(string sql) => new(sql, connection, transaction);

        private sealed class Values(object[] row) : RowValues
        {
            private int _column;

            public object[] Take()
            {
                _column = 0;
                return row;
            }

            public override void Number(long? value) => Add(value);

            public override void Number(int? value) => Add(value);

            public override void Flag(bool? value) => Add(value);

            public override void Text(string? value) => Add(value);

            private void Add(object? value) => row[_column++] = value ?? DBNull.Value;
        }
    }

    /// <summary>
    /// One statement for all rows, to which their columns go as arrays. Sorted by key, so that two nodes which put in the same keys, or
    /// count up the same links, wait for each other and never each for the other.
    /// </summary>
    private sealed class PostgreSqlRows(NpgsqlConnection connection) : BulkRows
    {
        public override async Task InsertMissingAsync<T>(BulkTable<T> table, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            if (rows.Count > 0)
            {
                await using var insert = Command(Insert(table), table, rows);
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        public override async Task<HashSet<long>?> InsertNewAsync<T>(
            BulkTable<T> table, string secondKey, IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        {
            if (rows.Count == 0)
            {
                return null;
            }

            await using var insert = Command($"""{Insert(table)} RETURNING "{table.Key.Single()}" """, table, rows);
            await using var inserted = await insert.ExecuteReaderAsync(cancellationToken);
            var keys = new HashSet<long>(rows.Count);
            while (await inserted.ReadAsync(cancellationToken))
            {
                keys.Add(inserted.GetInt64(0));
            }

            return keys.Count == rows.Count ? null : keys;
        }

        public override async Task AdvanceLinksAsync(IReadOnlyCollection<LinkAdvance> advances, CancellationToken cancellationToken)
        {
            if (advances.Count == 0)
            {
                return;
            }

            await using (var wait = new NpgsqlCommand("""SELECT FROM "Links" WHERE "Id" = ANY($1) ORDER BY "Id" FOR NO KEY UPDATE""", connection))
            {
                wait.Parameters.Add(new NpgsqlParameter { Value = advances.Select(advance => advance.LinkId).ToArray() });
                await wait.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var update = Command(
                $"""
                UPDATE "Links" AS link SET
                    "TotalClicks" = link."TotalClicks" + advance."Clicks",
                    "PreviewClicks" = link."PreviewClicks" + advance."Previews",
                    "BlockedHits" = link."BlockedHits" + advance."Blocked",
                    "LastClick" = greatest(link."LastClick", advance."Last"),
                    "CreatedAt" = least(link."CreatedAt", advance."First")
                FROM {Rows(AdvanceTable)} AS advance ({Names(AdvanceTable)}) WHERE link."Id" = advance."LinkId"
                """,
                AdvanceTable,
                advances);
            await update.ExecuteNonQueryAsync(cancellationToken);
        }

        // Only keys that are taken are passed over; everything else that is wrong with a row is an error.
        private static string Insert<T>(BulkTable<T> table) =>
            $"""INSERT INTO "{table.Name}" ({Names(table)}) SELECT * FROM {Rows(table)} ORDER BY {string.Join(", ", table.Key.Select((_, i) => i + 1))} ON CONFLICT DO NOTHING""";

        private static string Names<T>(BulkTable<T> table) => string.Join(", ", table.Columns.Select(name => $"\"{name}\""));

        private static string Rows<T>(BulkTable<T> table) => $"unnest({string.Join(", ", table.Columns.Select((_, i) => $"${i + 1}"))})";

        private NpgsqlCommand Command<T>(string sql, BulkTable<T> table, IReadOnlyCollection<T> rows)
        {
            var values = new Values(new IList[table.Columns.Length], rows.Count);
            foreach (var row in rows)
            {
                table.Write(row, values);
            }

            var command = new NpgsqlCommand(sql, connection);
            foreach (var column in values.Columns)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = column });
            }

            return command;
        }

        private sealed class Values(IList?[] columns, int rows) : RowValues
        {
            private int _column;

            public IList?[] Columns => columns;

            public override void Number(long? value) => Add(value);

            public override void Number(int? value) => Add(value);

            public override void Flag(bool? value) => Add(value);

            public override void Text(string? value) => Add(value);

            private void Add<T>(T value)
            {
                ((List<T>)(columns[_column] ??= new List<T>(rows))).Add(value);
                _column = (_column + 1) % columns.Length;
            }
        }
    }
}

/// <summary>By how much a batch moves the counters of one link. Times are Unix milliseconds; null: it had no clicks.</summary>
/// <param name="Previews">Those of the clicks that were programs which show what is behind a link.</param>
/// <param name="Blocked">Visits that were turned away.</param>
internal readonly record struct LinkAdvance(long LinkId, long Clicks, long Previews, long Blocked, long? First, long? Last);
