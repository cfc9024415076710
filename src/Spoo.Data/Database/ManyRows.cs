using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>What a connection needs through which many rows go.</summary>
internal static class ManyRows
{
    /// <summary>
    /// For as long as the connection lives: a cache of 64 MB, and as much in the write-ahead log before its pages go to where they
    /// belong. Each batch changes nearly the same pages of the indexes, and this way they are written once for many batches.
    /// </summary>
    private const string SqliteMemory = "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384";

    /// <summary>Opens the connection for a batch of rows.</summary>
    public static async Task OpenForManyRowsAsync(this SpooDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        if (context.Database.IsSqlite())
        {
            // Import keys, codes and tags are spread over the whole of their indexes; with SQLite's own 2 MB of cache every batch would
            // read and write most of them again.
            await context.Database.ExecuteSqlRawAsync(SqliteMemory, cancellationToken);
        }
    }
}
