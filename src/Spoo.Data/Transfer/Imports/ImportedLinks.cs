using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Transfer.Imports;

/// <summary>Writes down what an import does to links, before it does it.</summary>
internal static class ImportedLinks
{
    private static readonly BulkTable<ImportedLink> Table = new(
        "ImportedLinks",
        [
            nameof(ImportedLink.ImportId), nameof(ImportedLink.LinkId), nameof(ImportedLink.IsMade), nameof(ImportedLink.Destination),
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
            row.Text(link.Destination);
            row.Number(link.CreatedBefore?.ToUnixTimeMilliseconds());
            row.Number(link.CreatedAtSource?.ToUnixTimeMilliseconds());
        });

    /// <summary>To be done in the transaction that makes the links, or before they are changed. What is there already stays.</summary>
    public static Task AddImportedLinksAsync(
        this SpooDbContext context, IDbContextTransaction transaction, IReadOnlyCollection<ImportedLink> links, CancellationToken cancellationToken) =>
        BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction()).InsertMissingAsync(Table, links, cancellationToken);

    /// <summary>Writes down that an import tells something of links that were there.</summary>
    public static async Task NoteKnownAsync(
        this SpooDbContext context, int importId, IReadOnlyCollection<(long Id, DateTimeOffset CreatedAt)> links, CancellationToken cancellationToken)
    {
        var before = await context.BeforeImportsAsync([.. links.Select(link => link.Id)], cancellationToken);
        await context.InTransactionAsync(
            async transaction =>
            {
                await context.AddImportedLinksAsync(
                    transaction,
                    [
                        .. links.Select(link => new ImportedLink
                        {
                            ImportId = importId,
                            LinkId = link.Id,
                            IsMade = false,
                            CreatedBefore = before.TryGetValue(link.Id, out var first) ? first.CreatedAt : link.CreatedAt,
                        }),
                    ],
                    cancellationToken);
                return links.Count;
            },
            cancellationToken);
    }

    /// <summary>The links that an import has something to do with, and of whose clicks any import has told only how many they were.</summary>
    public static Task<List<long>> LinksWithTotalsAsync(this SpooDbContext context, int importId, CancellationToken cancellationToken) => context.Links
        .Where(link => context.Set<ImportedLink>().Any(imported => imported.ImportId == importId && imported.LinkId == link.Id))
        .Where(link => link.ImportedClicks != 0 || context.Set<ImportedTotal>().Any(total => total.LinkId == link.Id))
        .Select(link => link.Id).ToListAsync(cancellationToken);

    /// <summary>How links were before any import did something to them. Those that no import knows are left out.</summary>
    public static async Task<Dictionary<long, LinkBeforeImports>> BeforeImportsAsync(
        this SpooDbContext context, IReadOnlyCollection<long> links, CancellationToken cancellationToken)
    {
        var known = await context.Set<ImportedLink>().AsNoTracking().Where(link => links.Contains(link.LinkId))
            .Select(link => new { link.LinkId, link.CreatedBefore, HadNoDestination = link.Destination != null }).ToListAsync(cancellationToken);
        return known.GroupBy(link => link.LinkId).ToDictionary(
            link => link.Key,
            link => new LinkBeforeImports(link.First().CreatedBefore, link.Any(import => import.HadNoDestination)));
    }
}

/// <param name="CreatedAt">Null: the link was made by an import. All imports of a link say the same.</param>
/// <param name="HadNoDestination">Whether where it leads was first said by an import.</param>
internal sealed record LinkBeforeImports(DateTimeOffset? CreatedAt, bool HadNoDestination);
