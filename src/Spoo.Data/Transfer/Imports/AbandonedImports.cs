using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;

namespace Spoo.Data.Transfer.Imports;

/// <summary>
/// Ends the imports whose process was killed before it could do so itself: what they have added is written down, and what of sums does not count any more
/// because of their clicks is settled. The same file goes on with such an import as before.
/// </summary>
public sealed class AbandonedImports(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <returns>How many that were.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the next time goes on from there.</exception>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var silentSince = now - ImportRecord.Silence;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var silent = await context.Set<ImportRecord>().Where(import => import.State == ImportState.Running && import.HeardAt <= silentSince)
            .OrderBy(import => import.Id).Select(import => new { import.Id, import.HeardAt }).ToListAsync(cancellationToken);
        var ended = 0;
        foreach (var import in silent)
        {
            await context.SettleTotalsAsync(await context.LinksWithTotalsAsync(import.Id, cancellationToken), cancellationToken);
            await context.ClickWriters.Where(writer => writer.ImportId == import.Id && writer.FinishedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(writer => writer.FinishedAt, now), cancellationToken);
            var (clicks, links) = await ImportRecords.CountAddedAsync(context, import.Id, cancellationToken);
            var totals = await ImportRecords.CountTotalsAsync(context, import.Id, cancellationToken);

            // Unless it was only slow, and has said meanwhile that it goes on.
            ended += await context.Set<ImportRecord>().Where(record => record.Id == import.Id && record.State == ImportState.Running && record.HeardAt == import.HeardAt).ExecuteUpdateAsync(
                set => set.SetProperty(record => record.State, ImportState.Stopped)
                    .SetProperty(record => record.FinishedAt, now)
                    .SetProperty(record => record.Clicks, clicks)
                    .SetProperty(record => record.Links, links)
                    .SetProperty(record => record.Totals, totals),
                cancellationToken);
        }

        return ended;
    }
}
