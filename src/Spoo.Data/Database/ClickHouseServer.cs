using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Database;

/// <summary>A ClickHouse server that counts clicks.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="patient">The same, for statements that take as long as there are clicks.</param>
/// <param name="number">Which of the servers it is, in the order in which they are named; from 1.</param>
public sealed class ClickHouseServer(ClickHouseClientSettings settings, ClickHouseClientSettings patient, int number, TimeProvider clock) : IDisposable
{
    /// <summary>Of what it says of a failure, so much is for people; the rest is a trace of its own.</summary>
    private const int MostOfReason = 300;

    /// <summary>Rows that it has not taken by then it does not take later either, when whoever brought them has given up.</summary>
    public static readonly TimeSpan LongestInsert = TimeSpan.FromSeconds(45);

    /// <summary>Whether a server that works at something long is still there is asked so often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    // A question that names a hundred thousand links is a long one.
    private static readonly QueryOptions LongQuestions = new() { CustomSettings = new Dictionary<string, object> { ["max_query_size"] = 1 << 28 } };

    private readonly Lazy<ClickHouseClient> _client = new(() => new ClickHouseClient(settings));
    private readonly Lazy<ClickHouseClient> _patientClient = new(() => new ClickHouseClient(patient));

    // When each statement that is not answered yet was sent, but for questions, which may take their time.
    private readonly ConcurrentDictionary<long, long> _open = new();
    private long _sent;

    /// <summary>Which of the servers it is, in the order in which they are named; from 1.</summary>
    public int Number => number;

    /// <summary>The database in it that is ours.</summary>
    public string Database => settings.Database;

    /// <summary>Host and port.</summary>
    public string Where => string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");

    /// <summary>Whether something short has not been answered for so long.</summary>
    public bool IsSilentFor(TimeSpan patience) => _open.Values.Any(sent => clock.GetElapsedTime(sent) >= patience);

    /// <summary>Finds out whether it is there, before anything is held that others would wait for.</summary>
    /// <param name="patience">How long that may take. Null: as long as any short statement.</param>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public async Task RequireAnswerAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        var answer = RunAsync("SELECT 1", cancellationToken);
        try
        {
            // By the clock of the network, as the driver's own patience.
            await (patience is { } most ? answer.WaitAsync(most, cancellationToken) : answer);
        }
        catch (TimeoutException exception) when (patience is { } most)
        {
            throw Silent(most, exception);
        }
    }

    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task RunAsync(string sql, CancellationToken cancellationToken) =>
        AnsweredAsync(_client.Value, client => client.ExecuteNonQueryAsync(sql, null, LongQuestions, cancellationToken), isShort: true, cancellationToken);

    /// <summary>Has something done that takes as long as there are clicks, however long that is, while it answers other things.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task RunAtLengthAsync(string sql, CancellationToken cancellationToken) => AtLengthAsync(
        ends => AnsweredAsync(_patientClient.Value, client => client.ExecuteNonQueryAsync(sql, null, LongQuestions, ends), isShort: false, ends), cancellationToken);

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

    /// <summary>Asks what takes as long as there are clicks, however long that is, while it answers other things, and hands over row by row.</summary>
    /// <exception cref="ClickHouseException">It does not answer, or refuses.</exception>
    public Task CountAtLengthAsync(string sql, Action<DbDataReader> row, CancellationToken cancellationToken) =>
        AtLengthAsync(ends => ReadAsync(_patientClient.Value, sql, row, isShort: false, ends), cancellationToken);

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
                        ["max_execution_time"] = (int)LongestInsert.TotalSeconds,
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

    private async Task<T> AtLengthAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = ask(ends.Token);
        try
        {
            while (await Task.WhenAny(answer, Task.Delay(Look, ends.Token)) != answer)
            {
                await RequireAnswerAsync(null, ends.Token);
            }

            return await answer;
        }
        finally
        {
            await ends.CancelAsync();
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<T> AnsweredAsync<T>(ClickHouseClient client, Func<ClickHouseClient, Task<T>> ask, bool isShort, CancellationToken cancellationToken)
    {
        var statement = Interlocked.Increment(ref _sent);
        if (isShort)
        {
            _open[statement] = clock.GetTimestamp();
        }

        try
        {
            return await ask(client);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(client.Settings.Timeout, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Failed($"does not answer: {CallFaults.InWords(exception)}", exception);
        }
        catch (ClickHouseServerException exception)
        {
            var reason = exception.Message.Split('\n')[0];
            throw Failed($"refuses: {OutsideText.Clean(reason, MostOfReason)}", exception);
        }
        finally
        {
            _open.TryRemove(statement, out _);
        }
    }

    private ClickHouseException Silent(TimeSpan patience, Exception exception) =>
        Failed(string.Create(CultureInfo.InvariantCulture, $"has not answered within {patience.TotalSeconds:0.#} seconds"), exception);

    private ClickHouseException Failed(string how, Exception exception) => new($"ClickHouse at {Where} {how}", exception) { Server = number };
}
