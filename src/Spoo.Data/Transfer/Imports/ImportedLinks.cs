using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Database;

namespace Spoo.Data.Transfer.Imports;

/// <summary>Writes down what an import does to links, before it does it.</summary>
internal static class ImportedLinks
{
    private static readonly BulkTable<ImportedLink> Table = new(
        "ImportedLinks",
        [
            nameof(ImportedLink.ImportId), nameof(ImportedLink.LinkId), nameof(ImportedLink.IsMade), nameof(ImportedLink.GaveDestination),
            nameof(ImportedLink.CreatedBefore), nameof(ImportedLink.CreatedAtSource),
        ],
        [nameof(ImportedLink.ImportId), nameof(ImportedLink.LinkId)],
        link => link.LinkId,
        (one, other) => one.ImportId != other.ImportId ? one.ImportId.CompareTo(other.ImportId) : one.LinkId.CompareTo(other.LinkId),
        (link, row) =>
        {
            row.Number((int?)link.ImportId);
            row.Number((long?)link.LinkId);
            row.Flag(link.IsMade);
            row.Flag(link.GaveDestination);
            row.Number(link.CreatedBefore?.ToUnixTimeMilliseconds());
            row.Number(link.CreatedAtSource?.ToUnixTimeMilliseconds());
        });

    /// <summary>To be done in the transaction that makes the links, or before they are changed. What is there already stays.</summary>
    public static Task AddImportedLinksAsync(
        this SpooDbContext context, IDbContextTransaction transaction, IReadOnlyCollection<ImportedLink> links, CancellationToken cancellationToken) =>
        BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction()).InsertMissingAsync(Table, links, cancellationToken);

    /// <summary>From when links were before any import dated them back; null for those that an import made. Links that no import knows are left out.</summary>
    public static async Task<Dictionary<long, DateTimeOffset?>> CreatedBeforeImportsAsync(
        this SpooDbContext context, IReadOnlyCollection<long> links, CancellationToken cancellationToken)
    {
        // All imports of a link say the same.
        var known = await context.Set<ImportedLink>().AsNoTracking().Where(link => links.Contains(link.LinkId))
            .Select(link => new { link.LinkId, link.CreatedBefore }).ToListAsync(cancellationToken);
        return known.DistinctBy(link => link.LinkId).ToDictionary(link => link.LinkId, link => link.CreatedBefore);
    }
}
