using Microsoft.Data.Sqlite;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// Counts how often each line has come in this file. Two equal lines are two clicks, so the second must not look like the first one
/// come again; in the same file imported again, both must.
/// </summary>
/// <remarks>
/// Exact for files of any length: the first three million different lines are counted in memory, all others in a nameless database, which SQLite keeps
/// in a temporary file that is gone with the process.
/// </remarks>
internal sealed class Occurrences : IDisposable
{
    private readonly SeenLines _seen = new();
    private Further? _further;

    /// <summary>How often this line has come, this time included.</summary>
    public long Count(long line) => _seen.Count(line) is var times and > 0 ? times : (_further ??= new Further()).Count(line);

    public void Dispose() => _further?.Dispose();

    private sealed class Further : IDisposable
    {
        private const int CacheKilobytes = 32 * 1024;

        private readonly SqliteConnection _connection = new("Data Source=;Pooling=False");
        private readonly SqliteCommand _count;
        private readonly SqliteParameter _key;

        public Further()
        {
            _connection.Open();
            using var setUp = _connection.CreateCommand();
            setUp.CommandText =
                $"""
                PRAGMA journal_mode = OFF;
                PRAGMA synchronous = OFF;
                PRAGMA cache_size = -{CacheKilobytes};
                CREATE TABLE Seen (Line INTEGER PRIMARY KEY, Times INTEGER NOT NULL);
                BEGIN;
                """;
            setUp.ExecuteNonQuery();

            _count = _connection.CreateCommand();
            _count.CommandText = "INSERT INTO Seen VALUES ($line, 1) ON CONFLICT DO UPDATE SET Times = Times + 1 RETURNING Times";
            _key = _count.Parameters.Add("$line", SqliteType.Integer);
            _count.Prepare();
        }

        public long Count(long line)
        {
            _key.Value = line;
            return (long)_count.ExecuteScalar()!;
        }

        public void Dispose()
        {
            _count.Dispose();
            _connection.Dispose();
        }
    }
}
