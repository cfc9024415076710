using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Spoo.Tests.Support;

/// <summary>How SQLite goes about each question of a kind.</summary>
/// <param name="having">What the questions have in their text.</param>
internal sealed class QueryPlans(string having) : DbCommandInterceptor
{
    public List<string> Seen { get; } = [];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.Contains(having, StringComparison.Ordinal))
        {
            using var explain = command.Connection!.CreateCommand();
            (explain.Transaction, explain.CommandText) = (command.Transaction, "EXPLAIN QUERY PLAN " + command.CommandText);
            foreach (DbParameter parameter in command.Parameters)
            {
                explain.Parameters.Add(new SqliteParameter(parameter.ParameterName, parameter.Value));
            }

            using var reader = explain.ExecuteReader();
            Seen.Add(string.Join('\n', reader.Cast<IDataRecord>().Select(row => row.GetString(3))));
        }

        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }
}
