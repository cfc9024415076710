using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Transfer.Imports;

/// <summary>How new links and their tags become rows, past Entity Framework, which takes ten times as long for many.</summary>
internal static class LinkRows
{
    /// <summary>All columns but the number, which the database makes; so the domain and the short code tell them apart.</summary>
    public static readonly BulkTable<Link> Links = new(
        "Links",
        [
            nameof(Link.DomainId), nameof(Link.ShortCode), nameof(Link.DomainHost), nameof(Link.PublicId), nameof(Link.OwnerId), nameof(Link.LongUrl), nameof(Link.Title), nameof(Link.Note), nameof(Link.CreatedAt), nameof(Link.UpdatedAt),
            nameof(Link.Status), nameof(Link.PasswordHash), nameof(Link.BlockBots), nameof(Link.BlockedHits), nameof(Link.PassQuery), nameof(Link.MaxClicks),
            nameof(Link.ExpireAfter), nameof(Link.PrivateStats), nameof(Link.TotalClicks), nameof(Link.ForgottenClicks), nameof(Link.PreviewClicks), nameof(Link.LastClick), nameof(Link.ClaimHash),
            nameof(Link.BlockedReason), nameof(Link.BlockedAt), nameof(Link.StatusBeforeBlock),
            nameof(Link.PassPath), nameof(Link.RedirectStatus), nameof(Link.Rules), nameof(Link.Preview), nameof(Link.ExpiredUrl),
            nameof(Link.FoldedCode), nameof(Link.ArchivedAt), nameof(Link.StartsAt), nameof(Link.PreStartUrl), nameof(Link.ImportedClicks),
        ],
        [nameof(Link.DomainId), nameof(Link.ShortCode)],
        link => link.Id,
        (one, other) => one.DomainId != other.DomainId ? one.DomainId.CompareTo(other.DomainId) : string.CompareOrdinal(one.ShortCode, other.ShortCode),
        (link, row) =>
        {
            row.Number((long?)link.DomainId);
            row.Text(link.ShortCode);
            row.Text(link.DomainHost);
            row.Text(link.PublicId);
            row.Text(link.OwnerId);
            row.Text(link.LongUrl);
            row.Text(link.Title);
            row.Text(link.Note);
            row.Number((long?)link.CreatedAt.ToUnixTimeMilliseconds());
            row.Number(link.UpdatedAt?.ToUnixTimeMilliseconds());
            row.Text(link.Status.ToString());
            row.Text(link.PasswordHash);
            row.Flag(link.BlockBots);
            row.Number((long?)link.BlockedHits);
            row.Flag(link.PassQuery);
            row.Number(link.MaxClicks);
            row.Number(link.ExpireAfter?.ToUnixTimeMilliseconds());
            row.Flag(link.PrivateStats);
            row.Number((long?)link.TotalClicks);
            row.Number((long?)link.ForgottenClicks);
            row.Number((long?)link.PreviewClicks);
            row.Number(link.LastClick?.ToUnixTimeMilliseconds());
            row.Text(link.ClaimHash);
            row.Text(link.BlockedReason);
            row.Number(link.BlockedAt?.ToUnixTimeMilliseconds());
            row.Text(link.StatusBeforeBlock?.ToString());
            row.Flag(link.PassPath);
            row.Number(link.RedirectStatus);
            row.Text(link.Rules?.ToString());
            row.Text(link.Preview?.Stored());
            row.Text(link.ExpiredUrl);
            row.Text(link.FoldedCode);
            row.Number(link.ArchivedAt?.ToUnixTimeMilliseconds());
            row.Number(link.StartsAt?.ToUnixTimeMilliseconds());
            row.Text(link.PreStartUrl);
            row.Number((long?)link.ImportedClicks);
        });

    public static readonly BulkTable<LinkTag> Tags = new(
        "LinkTags",
        [nameof(LinkTag.LinkId), nameof(LinkTag.Name), nameof(LinkTag.OwnerId)],
        [nameof(LinkTag.LinkId), nameof(LinkTag.Name)],
        tag => tag.LinkId,
        (one, other) => one.LinkId != other.LinkId ? one.LinkId.CompareTo(other.LinkId) : string.CompareOrdinal(one.Name, other.Name),
        (tag, row) =>
        {
            row.Number((long?)tag.LinkId);
            row.Text(tag.Name);
            row.Text(tag.OwnerId);
        });

    /// <summary>Adds the links whose code is free, with their tags, with what an import did to them, and with the news of them.</summary>
    /// <param name="note">What is written down of a link and its number.</param>
    /// <returns>The numbers of those that were added, by their public ids.</returns>
    public static async Task<Dictionary<string, long>> AddNewLinksAsync(
        this SpooDbContext context, IDbContextTransaction transaction, IReadOnlyCollection<Link> links, Func<Link, long, ImportedLink> note, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction());
        var last = await context.Links.MaxAsync(link => (long?)link.Id, cancellationToken) ?? 0;
        await rows.InsertMissingAsync(Links, links, cancellationToken);

        // The keys are the database's, and they only grow. Others may have added links meanwhile.
        var keys = await context.Links.Where(link => link.Id > last)
            .Select(link => new { link.PublicId, link.Id }).ToDictionaryAsync(link => link.PublicId, link => link.Id, cancellationToken);
        var added = links.Where(link => keys.ContainsKey(link.PublicId)).ToList();
        await rows.InsertMissingAsync(
            Tags,
            [.. added.SelectMany(link => link.Tags, (link, tag) => new LinkTag { LinkId = keys[link.PublicId], OwnerId = tag.OwnerId, Name = tag.Name })],
            cancellationToken);
        await context.AddImportedLinksAsync(transaction, added.ConvertAll(link => note(link, keys[link.PublicId])), cancellationToken);
        await LinkEvents.AddCreatedAsync(context, added, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        return added.ToDictionary(link => link.PublicId, link => keys[link.PublicId]);
    }
}
