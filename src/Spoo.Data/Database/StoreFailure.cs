using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Spoo.Data.Database;

/// <summary>
/// What a failure is: one of the database, which is away, does not answer in time or has no connection left, or something else. And of
/// those, whether the database cannot now, or does not want to. Code that has to tell them apart asks here.
/// </summary>
public static class StoreFailure
{
    /// <summary>When a client that was told that the database is away may ask again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for a list or a link; after that the database is taken to be away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Who throws when all connections are in use: the type is one that others throw, too.</summary>
    private const string SqlServerDriver = "SqlClient";

    /// <summary>An error in what was asked, a value too big, a constraint, a type or a number out of range.</summary>
    private static readonly int[] SqliteRefusals = [1, 18, 19, 20, 25];

    /// <summary>Classes up to this one are about what was asked; those above about the server and its disks.</summary>
    private const byte LastClassAboutTheQuestion = 16;

    /// <summary>A timeout, too many locks, a deadlock, a lock that was not to be had: in those classes, and about the moment.</summary>
    private static readonly int[] SqlServerMoments = [SqlServerTimeout, 1204, 1205, 1222];

    /// <summary>Classes of errors about values, constraints, what was asked, and limits of it.</summary>
    private static readonly string[] PostgreSqlRefusals = ["22", "23", "42", "54"];

    /// <summary>Whether the database has failed, in whatever the failure is wrapped.</summary>
    public static bool Is(Exception? exception) => exception switch
    {
        null => false,
        DbException or TimeoutException => true,
        DbUpdateConcurrencyException => false,
        DbUpdateException => true,
        InvalidOperationException { Source: { } source } when source.Contains(SqlServerDriver, StringComparison.Ordinal) => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        _ => Is(exception.InnerException),
    };

    /// <summary>Whether the database cannot now: its reason says all there is to know, and where in the program it was asked says nothing.</summary>
    public static bool IsAbsence(Exception exception) => Is(exception) && !IsRefusal(exception);

    /// <summary>The failure of ClickHouse that this is, in whatever it is wrapped. Null: it is another's.</summary>
    public static ClickHouseException? OfClickHouse(Exception? exception) => exception is null or ClickHouseException ? exception as ClickHouseException : OfClickHouse(exception.InnerException);

    /// <summary>Who does not answer, and what its driver says, in a line for those who run the server.</summary>
    public static string InWords(Exception exception) => OfClickHouse(exception)?.Message ?? $"the database does not answer: {MessageOf(exception)}";

    /// <summary>What the database's driver says, without the words of what it is wrapped in.</summary>
    public static string MessageOf(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException database)
            {
                return SpooDatabase.InWords(database);
            }
        }

        return exception.GetBaseException().Message;
    }

    /// <summary>PostgreSQL's words for a deadlock, and for two transactions that cannot both have happened.</summary>
    private static readonly string[] PostgreSqlDeadlocks = [PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.SerializationFailure];

    private const int SqlServerDeadlock = 1205;

    /// <summary>Whether the database has undone it only because it and another had been waiting for each other. Done again, it may well succeed.</summary>
    public static bool IsDeadlock(Exception exception) => exception switch
    {
        SqlException sql => sql.Errors.Cast<SqlError>().Any(error => error.Number == SqlServerDeadlock),
        PostgresException postgres => PostgreSqlDeadlocks.Contains(postgres.SqlState),
        _ => exception.InnerException is { } inner && IsDeadlock(inner),
    };

    /// <summary>PostgreSQL's words for a statement, a wait for a lock and a transaction that took too long.</summary>
    private static readonly string[] PostgreSqlTimeouts = [PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.LockNotAvailable, "25P03"];

    private const int SqlServerTimeout = -2;

    /// <summary>Whether the database, or its driver, has given up because it took too long. Less at once may well succeed.</summary>
    public static bool IsTimeout(Exception exception) => exception switch
    {
        TimeoutException => true,
        SqlException sql => sql.Errors.Cast<SqlError>().Any(error => error.Number == SqlServerTimeout),
        PostgresException postgres => PostgreSqlTimeouts.Contains(postgres.SqlState),
        _ => exception.InnerException is { } inner && IsTimeout(inner),
    };

    /// <summary>Whether the same would perhaps fail again tomorrow, because of what it is. A full disk, a lock or a timeout says nothing about a click.</summary>
    public static bool IsRefusal(Exception exception) => exception switch
    {
        SqliteException sqlite => SqliteRefusals.Contains(sqlite.SqliteErrorCode),
        SqlException sql => sql.Class <= LastClassAboutTheQuestion && !SqlServerMoments.Contains(sql.Number),
        PostgresException postgres => PostgreSqlRefusals.Contains(postgres.SqlState[..2]),
        DbException database => !database.IsTransient,
        ArgumentException or FormatException or ArithmeticException or InvalidCastException or NullReferenceException or IndexOutOfRangeException => true,
        _ => exception.InnerException is { } inner && IsRefusal(inner),
    };
}
