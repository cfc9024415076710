using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Spoo.Data.Database;

/// <summary>
/// What a connection to PostgreSQL is told where the server's settings differ: that a backslash in a text is one. Statements are written so, and a server with the setting of
/// twenty years ago refuses some of them and takes others for something else.
/// </summary>
internal sealed class PostgreSqlConnections : DbConnectionInterceptor
{
    private const string Setting = "standard_conforming_strings";
    private const string Set = $"SET {Setting} = on";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (Differs(connection))
        {
            using var command = connection.CreateCommand();
            command.CommandText = Set;
            command.ExecuteNonQuery();
        }
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (Differs(connection))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Set;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // The server tells it with every connection and every change, so that nothing is asked.
    private static bool Differs(DbConnection connection) =>
        connection is NpgsqlConnection { PostgresParameters: var settings } && settings.TryGetValue(Setting, out var value) && value == "off";
}
