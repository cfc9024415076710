using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Spoo.Data.Database;

/// <summary>What every connection to the SQLite file is told: deleted bytes are overwritten, and not only left out.</summary>
internal sealed class SqliteConnections : DbConnectionInterceptor
{
    private const string Overwrite = "PRAGMA secure_delete = ON";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Overwrite;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Overwrite;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
