using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Spoo.Data.Database;

/// <summary>
/// What every connection to the SQLite file is told: deleted bytes are overwritten, and not only left out; and the function that the servers have
/// for letters that ASCII has not (<see cref="TextPart"/>).
/// </summary>
internal sealed class SqliteConnections : DbConnectionInterceptor
{
    private const string Overwrite = "PRAGMA secure_delete = ON";

    private static readonly Func<string?, string, string, string?> Translate = (text, from, to) => text is null ? null : TextPart.Translate(text, from, to);

    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        ((SqliteConnection)result).CreateFunction("TRANSLATE", Translate, isDeterministic: true);
        return result;
    }

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
