using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Links;

/// <summary>
/// Tells webhooks of links that end by the clock, which nothing in the database changes at. Up to when that has been told stands with each
/// endpoint and moves in the same transaction, so that it is told once, by whichever process.
/// </summary>
public sealed class LinkExpiryRounds(
    IDbContextFactory<SpooDbContext> contexts, SpooDatabase database, ShorteningOptions options, TimeProvider clock, ILogger<LinkExpiryRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>An end that is set to the next moment may be stored a little later than that.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    private bool _began;

    protected override TimeSpan FirstPause => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (database.IsReady)
        {
            await TellAsync(cancellationToken);
        }

        return Pause;
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal async Task TellAsync(CancellationToken cancellationToken)
    {
        var until = Clock.GetUtcNow() - Delay;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!_began && options.PublicUrl?.TrimEnd('/') is { } start && await context.WebhookEndpoints.AnyAsync(endpoint => endpoint.ShortLinksAt != start, cancellationToken))
        {
            // Where short links begin may have been set since the endpoints were made.
            await context.WebhookEndpoints.Where(endpoint => endpoint.ShortLinksAt != start)
                .ExecuteUpdateAsync(set => set.SetProperty(endpoint => endpoint.ShortLinksAt, start), cancellationToken);
        }

        _began = true;
        var listening = await context.WebhookEndpoints.AsNoTracking()
            .Where(endpoint => endpoint.HearsClicks && endpoint.Status == WebhookStatus.Active && endpoint.ToldUntil < until)
            .Select(endpoint => new { endpoint.Id, endpoint.OwnerId, endpoint.ToldUntil }).ToListAsync(cancellationToken);
        foreach (var endpoint in listening)
        {
            // Nothing is written as long as nothing ends.
            if (await Ended(context, endpoint.OwnerId, endpoint.ToldUntil, until).AnyAsync(cancellationToken))
            {
                await context.InTransactionAsync(_ => TellAsync(context, endpoint.Id, endpoint.OwnerId, endpoint.ToldUntil, until, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task<bool> TellAsync(SpooDbContext context, long endpointId, string ownerId, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await context.WebhookEndpoints.Where(endpoint => endpoint.Id == endpointId && endpoint.ToldUntil == since)
            .ExecuteUpdateAsync(set => set.SetProperty(endpoint => endpoint.ToldUntil, until), cancellationToken) == 0
            || await WebhookOutbox.OpenAsync(context, [ownerId], Clock.GetUtcNow(), cancellationToken) is not { } outbox)
        {
            return false;
        }

        outbox.OnlyFor(endpointId);
        foreach (var link in await Ended(context, ownerId, since, until).AsNoTracking().Include(link => link.Tags).OrderBy(link => link.ExpireAfter).ToListAsync(cancellationToken))
        {
            await outbox.AddAsync(
                LinkEvents.Expired(link, LinkEvents.TimeExpired, WebhookBody.Text(link.ExpireAfter!.Value), until), cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static IQueryable<Link> Ended(SpooDbContext context, string ownerId, DateTimeOffset since, DateTimeOffset until) =>
        context.Links.Where(link => link.ExpireAfter > since && link.ExpireAfter <= until && link.OwnerId == ownerId && link.Status == LinkStatus.Active
            && (link.MaxClicks == null || link.TotalClicks + link.ForgottenClicks - link.PreviewClicks < link.MaxClicks));
}
