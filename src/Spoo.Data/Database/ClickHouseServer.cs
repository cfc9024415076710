using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;

namespace Spoo.Data.Database;

/// <summary>Settings of the section <c>Stats:ClickHouse</c>: where clicks are counted that one machine's memory does not hold.</summary>
public sealed class ClickHouseOptions
{
    public const string Section = "Stats:ClickHouse";

    /// <summary>Where the server is, in the words of its driver: <c>Host=…;Port=8123;Database=spoo;Username=spoo</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The password, of any characters, where it does not stand in <see cref="ConnectionString"/>. Null: it stands there, or none is asked for.</summary>
    public string? Password { get; set; }

    /// <summary>Null: they cannot be understood, or name no server.</summary>
    internal ClickHouseClientSettings? Parsed()
    {
        try
        {
            var connection = new ClickHouseConnectionStringBuilder(ConnectionString ?? "");
            if (Password is { Length: > 0 } password)
            {
                connection.Password = password;
            }

            // The driver would take this machine where no other is named, and its own port for one that is none.
            var isNamed = connection.ContainsKey("Host")
                && (!connection.TryGetValue("Port", out var port) || ushort.TryParse(port.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _));
            return isNamed && connection.ToSettings() is { Host.Length: > 0, Database.Length: > 0 } settings ? settings : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            // What is wrong with it is not repeated, because it may be a password that has lost its quotes.
            return null;
        }
    }
}

/// <summary>The ClickHouse server that counts clicks. Its failures are the database's, for whoever asks.</summary>
public sealed class ClickHouseServer(ClickHouseOptions options) : IDisposable
{
    private const int UnknownTable = 60;
    private const int UnknownDatabase = 81;

    // A question that names a hundred thousand links is a long one.
    private static readonly QueryOptions LongQuestions = new() { CustomSettings = new Dictionary<string, object> { ["max_query_size"] = 1 << 28 } };

    private readonly Lazy<ClickHouseClient> _client = new(() => new ClickHouseClient(SettingsOf(options)));

    /// <summary>The database in it that is ours.</summary>
    public string Database => _client.Value.Settings.Database;

    private string Where => string.Create(CultureInfo.InvariantCulture, $"{_client.Value.Settings.Host}:{_client.Value.Settings.Port}");

    /// <exception cref="DbException">It does not answer, or refuses.</exception>
    public Task RunAsync(string sql, CancellationToken cancellationToken) =>
        AnsweredAsync(() => _client.Value.ExecuteNonQueryAsync(sql, null, LongQuestions, cancellationToken), cancellationToken);

    /// <summary>Makes a table, and the database that it is in where that is not there either.</summary>
    /// <exception cref="DbException">It does not answer, or refuses.</exception>
    public async Task MakeTableAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(sql, cancellationToken);
        }
        catch (ClickHouseServerException exception) when (exception.ErrorCode == UnknownDatabase)
        {
            // In no database, because the one that is meant is not there yet.
            var outside = new QueryOptions { Database = "default" };
            var make = $"CREATE DATABASE IF NOT EXISTS {Quoted(Database)}";
            await AnsweredAsync(() => _client.Value.ExecuteNonQueryAsync(make, null, outside, cancellationToken), cancellationToken);
            await RunAsync(sql, cancellationToken);
        }
    }

    /// <summary>Asks, and hands over row by row.</summary>
    /// <exception cref="DbException">It does not answer, or refuses.</exception>
    public Task ReadAsync(string sql, Action<DbDataReader> row, CancellationToken cancellationToken) => AnsweredAsync(
        async () =>
        {
            await using var reader = await _client.Value.ExecuteReaderAsync(sql, null, LongQuestions, cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                row(reader);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Adds rows, all or none. Rows that come under a token that others had before are left out, whatever they are.</summary>
    /// <param name="columns">Their names, with their types.</param>
    /// <exception cref="DbException">It does not answer, or refuses. Whether the rows are there is not known then.</exception>
    public Task AddAsync(string table, IReadOnlyDictionary<string, string> columns, IReadOnlyCollection<object[]> rows, string token, CancellationToken cancellationToken) =>
        AnsweredAsync(
            () => _client.Value.InsertBinaryAsync(
                table,
                columns.Keys,
                rows,
                new InsertOptions
                {
                    BatchSize = rows.Count,
                    MaxDegreeOfParallelism = 1,
                    ColumnTypes = columns,

                    // One block, which a table without partitions takes in whole or not at all.
                    CustomSettings = new Dictionary<string, object>
                    {
                        ["insert_deduplication_token"] = token,
                        ["insert_deduplicate"] = 1,
                        ["async_insert"] = 0,
                        ["max_insert_block_size"] = 1_000_000,
                    },
                },
                cancellationToken),
            cancellationToken);

    /// <summary>Whether the table that was asked for is not there.</summary>
    public static bool IsMissingTable(Exception exception) => exception is ClickHouseServerException { ErrorCode: UnknownTable or UnknownDatabase };

    /// <summary>A name as it stands in a statement.</summary>
    public static string Quoted(string name) => $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A text as it stands in a statement.</summary>
    public static string Text(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static ClickHouseClientSettings SettingsOf(ClickHouseOptions options) =>
        options.Parsed() ?? throw new SettingException("Stats:ClickHouse:ConnectionString names no ClickHouse server");

    private async Task<T> AnsweredAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StoreAwayException($"ClickHouse at {Where} does not answer: {CallFaults.InWords(exception)}", exception);
        }
    }
}
