using System.Data.Common;
using ClickHouse.Driver;

namespace Spoo.Data.Database;

/// <summary>ClickHouse does not answer, or refuses. The database is another matter, and goes on storing clicks.</summary>
public sealed class ClickHouseException(string message, Exception inner) : DbException(message, inner)
{
    internal const int UnknownDatabase = 81;

    private const int UnknownTable = 60;

    /// <summary>Of the servers, in the order in which they are named; from 1.</summary>
    public int Server { get; init; } = 1;

    public override bool IsTransient => true;

    /// <summary>Whether what was asked for is not there.</summary>
    public bool IsMissingTable => Code is UnknownTable or UnknownDatabase;

    /// <summary>Whether it has said anything.</summary>
    public bool HasAnswered => Code is not null;

    /// <summary>By which ClickHouse calls what it refuses with. Null: it has not answered.</summary>
    internal int? Code => (InnerException as ClickHouseServerException)?.ErrorCode;
}
