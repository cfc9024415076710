using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Spoo.Data.Database;

/// <summary>What a failure to store says: that the database cannot now, or that it does not want to.</summary>
internal static class StoreFailure
{
    /// <summary>An error in what was asked, a value too big, a constraint, a type or a number out of range.</summary>
    private static readonly int[] SqliteRefusals = [1, 18, 19, 20, 25];

    /// <summary>Classes up to this one are about what was asked; those above about the server and its disks.</summary>
    private const byte LastClassAboutTheQuestion = 16;

    /// <summary>A timeout, too many locks, a deadlock, a lock that was not to be had: in those classes, and about the moment.</summary>
    private static readonly int[] SqlServerMoments = [-2, 1204, 1205, 1222];

    /// <summary>Classes of errors about values, constraints, what was asked, and limits of it.</summary>
    private static readonly string[] PostgreSqlRefusals = ["22", "23", "42", "54"];

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
