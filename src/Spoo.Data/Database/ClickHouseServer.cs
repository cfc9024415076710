using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Database;

/// <summary>Settings of the section <c>Stats:ClickHouse</c>: where clicks are counted that one machine's memory does not hold.</summary>
public sealed class ClickHouseOptions
{
    public const string Section = "Stats:ClickHouse";

    /// <summary>How long a statement may take where <see cref="ConnectionString"/> does not say so with Timeout, in seconds. The driver's own two minutes are too long to look at a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where the server is, in the words of its driver: <c>Host=…;Port=8123;Database=spoo;Username=spoo</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The password, of any characters, where it does not stand in <see cref="ConnectionString"/>. Null: it stands there, or none is asked for.</summary>
    public string? Password { get; set; }

    /// <summary>So long, in seconds, a question waits for clicks that are being copied.</summary>
    [Range(1, 600)]
    public int WaitSeconds { get; set; } = 4;

    /// <summary>Null: they cannot be understood, or name no server.</summary>
    /// <param name="atLeast">How long a statement may take at least, whatever they say.</param>
    internal ClickHouseClientSettings? Parsed(TimeSpan atLeast = default)
    {
        try
        {
            var connection = new ClickHouseConnectionStringBuilder(ConnectionString ?? "");
            if (Password is { Length: > 0 } password)
            {
                connection.Password = password;
            }

            if (!connection.ContainsKey("Timeout"))
            {
                connection.Timeout = Patience;
            }

            connection.Timeout = connection.Timeout < atLeast ? atLeast : connection.Timeout;

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

/// <summary>ClickHouse does not answer, or refuses. The database is another matter, and goes on storing clicks.</summary>
public sealed class ClickHouseException(string message, Exception inner) : DbException(message, inner)
{
    internal const int UnknownDatabase = 81;

    private const int UnknownTable = 60;

    public override bool IsTransient => true;

    /// <summary>Whether what was asked for is not there.</summary>
    public bool IsMissingTable => Code is UnknownTable or UnknownDatabase;

    /// <summary>By which ClickHouse calls what it refuses with. Null: it has not answered.</summary>
    internal int? Code => (InnerException as ClickHouseServerException)?.ErrorCode;
}

/// <summary>The ClickHouse server that counts clicks.</summary>
public sealed class ClickHouseServer(ClickHouseOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Of what it says of a failure, so much is for people; the rest is a trace of its own.</summary>
    private const int MostOfReason = 300;

    // A question that names a hundred thousand links is a long one.
    private static readonly QueryOptions LongQuestions = new() { CustomSettings = new Dictionary<string, object> { ["max_query_size"] = 1 << 28 } };

    // What goes over all clicks and nobody waits for takes as long as it takes.
    private static readonly TimeSpan AtLength = TimeSpan.FromHours(6);

    private readonly Lazy<ClickHouseClient> _client = new(() => new ClickHouseClient(SettingsOf(options)));
    private readonly Lazy<ClickHouseClient> _patientClient = new(() => new ClickHouseClient(SettingsOf(options, AtLength)));

    // When each statement that is not answered yet was sent, but for questions, which may take their time.
    private readonly ConcurrentDictionary<long, long> _open = new();
    private long _sent;

    /// <summary>The database in it that is ours.</summary>
    public string Database => _client.Value.Settings.Database;

    /// <summary>Host and port.</summary>
    public string Where => string.Create(CultureInfo.InvariantCulture, $"{_client.Value.Settings.Host}:{_client.Value.Settings.Port}");

    /// <summary>Whether something short has not been answered for so long.</summary>
    public bool IsSilentFor(TimeSpan patience) => _open.Values.Any(sent => clock.GetElapsedTime(sent) >= patience);

    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task RunAsync(string sql, CancellationToken cancellationToken) =>
        AnsweredAsync(_client.Value, client => client.ExecuteNonQueryAsync(sql, null, LongQuestions, cancellationToken), isShort: true, cancellationToken);

    /// <summary>Has something done that takes as long as there are clicks, however long that is.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task RunAtLengthAsync(string sql, CancellationToken cancellationToken) =>
        AnsweredAsync(_patientClient.Value, client => client.ExecuteNonQueryAsync(sql, null, LongQuestions, cancellationToken), isShort: false, cancellationToken);

    /// <summary>Makes a table, and the database that it is in where that is not there either.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task MakeTableAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(sql, cancellationToken);
        }
        catch (ClickHouseException exception) when (exception.Code == ClickHouseException.UnknownDatabase)
        {
            // In no database, because the one that is meant is not there yet.
            var outside = new QueryOptions { Database = "default" };
            var make = $"CREATE DATABASE IF NOT EXISTS {Quoted(Database)}";
            await AnsweredAsync(_client.Value, client => client.ExecuteNonQueryAsync(make, null, outside, cancellationToken), isShort: true, cancellationToken);
            await RunAsync(sql, cancellationToken);
        }
    }

    /// <summary>Asks what is known at once, and hands over row by row.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task ReadAsync(string sql, Action<DbDataReader> row, CancellationToken cancellationToken) => ReadAsync(_client.Value, sql, row, isShort: true, cancellationToken);

    /// <summary>Asks what takes as long as there are clicks, and hands over row by row.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task CountAsync(string sql, Action<DbDataReader> row, CancellationToken cancellationToken) => ReadAsync(_client.Value, sql, row, isShort: false, cancellationToken);

    /// <summary>Asks what takes as long as there are clicks, however long that is, and hands over row by row.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task CountAtLengthAsync(string sql, Action<DbDataReader> row, CancellationToken cancellationToken) =>
        ReadAsync(_patientClient.Value, sql, row, isShort: false, cancellationToken);

    private Task<bool> ReadAsync(ClickHouseClient asked, string sql, Action<DbDataReader> row, bool isShort, CancellationToken cancellationToken) => AnsweredAsync(
        asked,
        async client =>
        {
            await using var reader = await client.ExecuteReaderAsync(sql, null, LongQuestions, cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                row(reader);
            }

            return true;
        },
        isShort,
        cancellationToken);

    /// <summary>Adds rows, all or none. Rows that come under a token that others had before are left out, whatever they are.</summary>
    /// <param name="columns">Their names, with their types.</param>
    /// <exception cref="ClickHouseException">It does not answer, or refuses. Whether the rows are there is not known then.</exception>
    public Task AddAsync(string table, IReadOnlyDictionary<string, string> columns, IReadOnlyCollection<object[]> rows, string token, CancellationToken cancellationToken) =>
        AnsweredAsync(
            _client.Value,
            client => client.InsertBinaryAsync(
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
            isShort: true,
            cancellationToken);

    /// <summary>A name as it stands in a statement.</summary>
    public static string Quoted(string name) => $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A text as it stands in a statement.</summary>
    public static string Text(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    public void Dispose()
    {
        foreach (var client in new[] { _client, _patientClient }.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static ClickHouseClientSettings SettingsOf(ClickHouseOptions options, TimeSpan atLeast = default) =>
        options.Parsed(atLeast) ?? throw new SettingException("Stats:ClickHouse:ConnectionString names no ClickHouse server");

    private async Task<T> AnsweredAsync<T>(ClickHouseClient client, Func<ClickHouseClient, Task<T>> ask, bool isShort, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _sent);
        if (isShort)
        {
            _open[number] = clock.GetTimestamp();
        }

        try
        {
            return await ask(client);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = client.Settings.Timeout.TotalSeconds;
            throw new ClickHouseException(string.Create(CultureInfo.InvariantCulture, $"ClickHouse at {Where} has not answered within {seconds:0.#} seconds"), exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ClickHouseException($"ClickHouse at {Where} does not answer: {CallFaults.InWords(exception)}", exception);
        }
        catch (ClickHouseServerException exception)
        {
            var reason = exception.Message.Split('\n')[0];
            throw new ClickHouseException($"ClickHouse at {Where} refuses: {OutsideText.Clean(reason, MostOfReason)}", exception);
        }
        finally
        {
            _open.TryRemove(number, out _);
        }
    }
}
