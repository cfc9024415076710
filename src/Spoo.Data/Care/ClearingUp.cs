using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>Removes from the database and the folder of refused clicks what is left when links or clicks have been deleted.</summary>
public sealed class ClearingUp(IDbContextFactory<SpooDbContext> contexts, UnusedEntries unused, RefusedClicks refused)
{
    /// <summary>A file of so many bytes is written anew in seconds.</summary>
    private const long MostToRewrite = 256L << 20;

    /// <returns>
    /// Whether nothing is left. Where readers keep the SQLite file's log from being emptied, something may be until the next run.
    /// </returns>
    /// <exception cref="System.Data.Common.DbException">The database, or ClickHouse, does not answer; the next run goes on with what waits for it.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var away = await ClearMovedAsync(context, cancellationToken);
        await DropRefusedAsync(context, cancellationToken);
        var isDone = !context.Database.IsSqlite() || await RewriteAsync(context, cancellationToken);
        away?.Throw();
        return isDone;
    }

    // What refers to clicks in ClickHouse waits for it, and nothing else does.
    private async Task<ExceptionDispatchInfo?> ClearMovedAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Moved().SettleAsync(context, cancellationToken);
            await unused.RemoveAsync(cancellationToken);
            return null;
        }
        catch (ClickHouseException exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    // Clicks of a link that is gone can never be stored. One that cannot be read is left to the operator.
    private async Task DropRefusedAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        foreach (var file in refused.Files().ToList())
        {
            try
            {
                var link = RefusedClicks.Read(file).Click.LinkId;
                if (!await context.Links.AnyAsync(row => row.Id == link, cancellationToken))
                {
                    File.Delete(file);
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    // Deleted bytes are overwritten where they stood. Pages that were divided before may have copies of them in room that is not in use.
    private static async Task<bool> RewriteAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var bytes = await context.Database
            .SqlQueryRaw<long>("""SELECT page_count * page_size AS "Value" FROM pragma_page_count(), pragma_page_size()""")
            .SingleAsync(cancellationToken);
        if (bytes <= MostToRewrite)
        {
            await context.Database.ExecuteSqlRawAsync("VACUUM", cancellationToken);
        }

        // The log of the database still has what was deleted, until it is moved into the file.
        var busy = await context.Database.SqlQueryRaw<long>("PRAGMA wal_checkpoint(TRUNCATE)").ToListAsync(cancellationToken);
        return busy is [0];
    }
}
