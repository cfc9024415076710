using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>An endpoint that is to be made.</summary>
public sealed record WebhookDraft
{
    public required string Url { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    public string? Description { get; init; }

    /// <summary>Null: all links.</summary>
    public IReadOnlyList<string>? ScopeLinks { get; init; }

    public WebhookFlavor Flavor { get; init; }
}

/// <summary>What is to be different about an endpoint. Null everywhere: that part stays as it is.</summary>
public sealed record WebhookEdit
{
    public string? Url { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    public Change<string?>? Description { get; init; }

    public Change<IReadOnlyList<string>?>? ScopeLinks { get; init; }

    public WebhookFlavor? Flavor { get; init; }

    /// <summary><see cref="WebhookStatus.Active"/> or <see cref="WebhookStatus.Paused"/>.</summary>
    public WebhookStatus? Status { get; init; }
}

/// <summary>What came of an attempt to make, find or change an endpoint.</summary>
public abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    public sealed record Done(WebhookEndpoint Endpoint) : WebhookOutcome
    {
        /// <summary>Null: it was not asked for.</summary>
        public string? Secret { get; init; }

        /// <summary>What was sent. Null: nothing was.</summary>
        public WebhookDelivery? Delivery { get; init; }
    }

    public sealed record Refused(Refusal Refusal) : WebhookOutcome;
}

/// <summary>Makes, changes and tries out the endpoints of accounts.</summary>
public sealed class WebhookService(
    IDbContextFactory<SpooDbContext> contexts,
    WebhookQueue queue,
    WebhookSender sender,
    WebhookSecrets secrets,
    VerifiedEmail verifiedEmail,
    WebhookOptions options,
    TimeProvider clock)
{
    public static readonly Refusal NoSuchEndpoint = new(RefusalKind.NotFound, "webhook endpoint not found");

    public static readonly Refusal NotOffered = Refusal.NotOffered("not available on this server: webhooks are switched off by its operator");

    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(5);

    private static readonly WebhookOutcome.Refused NoneSuch = new(NoSuchEndpoint);
    private static readonly WebhookOutcome.Refused NoSuchDelivery = new(new Refusal(RefusalKind.NotFound, "webhook delivery not found"));
    private static readonly WebhookOutcome.Refused SecretIsUnreadable = new(
        new Refusal(RefusalKind.Conflict, "the signing secret cannot be read any more, because this server has lost the keys that seal it; make a new one"));

    /// <summary>Whether there are webhooks here at all.</summary>
    public bool IsOffered => options.PerAccount > 0;

    /// <summary>Makes an endpoint. Its secret is in the outcome.</summary>
    /// <param name="shortLinksAt">Where the account's short links begin, as it sees them.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> CreateAsync(WebhookDraft draft, Viewer viewer, string shortLinksAt, CancellationToken cancellationToken)
    {
        if (!IsOffered)
        {
            return new WebhookOutcome.Refused(NotOffered);
        }

        var refusal = await verifiedEmail.RefuseAsync(viewer, cancellationToken)
            ?? RefuseEvents(draft.Events) ?? RefuseScope(draft.ScopeLinks) ?? await RefuseUrlAsync(draft.Url, cancellationToken);
        if (refusal is not null)
        {
            return new WebhookOutcome.Refused(refusal);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.WebhookEndpoints.CountAsync(endpoint => endpoint.OwnerId == viewer.UserId, cancellationToken) >= options.PerAccount)
        {
            return new WebhookOutcome.Refused(new Refusal(
                RefusalKind.Forbidden, $"an account may have {options.PerAccount} webhook endpoints here; delete one that is not needed any more")
            { Code = "limit_reached" });
        }

        var now = clock.GetUtcNow();
        var (secret, isSealed, prefix) = secrets.Make();
        var made = new WebhookEndpoint
        {
            PublicId = PublicId.New(now),
            OwnerId = viewer.UserId!,
            Url = draft.Url,
            Description = OwnWords(draft.Description),
            Events = draft.Events,
            ScopeLinks = draft.ScopeLinks,
            Flavor = draft.Flavor,
            Secret = isSealed,
            SecretPrefix = prefix,
            ShortLinksAt = shortLinksAt,
            CreatedAt = now,
            ToldUntil = now,
            HeldUntil = now,
        };
        made.Hear(draft.Events);
        context.WebhookEndpoints.Add(made);
        await context.SaveChangesAsync(cancellationToken);
        return new WebhookOutcome.Done(made) { Secret = secret };
    }

    /// <summary>The account's endpoints, the oldest first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.WebhookEndpoints.AsNoTracking().Where(endpoint => endpoint.OwnerId == viewer.UserId).OrderBy(endpoint => endpoint.Id).ToListAsync(cancellationToken);
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> FindAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await FindAsync(context, publicId, viewer, cancellationToken) is { } endpoint ? new WebhookOutcome.Done(endpoint) : NoneSuch;
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> EditAsync(string publicId, WebhookEdit edit, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return NoneSuch;
        }

        var refusal = (edit.Events is null ? null : RefuseEvents(edit.Events)) ?? RefuseScope(edit.ScopeLinks?.To)
            ?? (edit.Url is null || edit.Url == endpoint.Url ? null : await RefuseUrlAsync(edit.Url, cancellationToken));
        if (refusal is not null)
        {
            return new WebhookOutcome.Refused(refusal);
        }

        if (edit.Status == WebhookStatus.Disabled)
        {
            return new WebhookOutcome.Refused(Refusal.Invalid("status should be active or paused: disabled is what this server sets itself", "status"));
        }

        endpoint.Url = edit.Url ?? endpoint.Url;
        endpoint.Hear(edit.Events ?? endpoint.Events);
        endpoint.Description = edit.Description is { } description ? OwnWords(description.To) : endpoint.Description;
        endpoint.ScopeLinks = edit.ScopeLinks is { } scope ? scope.To : endpoint.ScopeLinks;
        endpoint.Flavor = edit.Flavor ?? endpoint.Flavor;
        if (edit.Status is { } status && status != endpoint.Status)
        {
            (endpoint.Status, endpoint.DisabledReason) = (status, null);
            if (status == WebhookStatus.Active)
            {
                // What ended while it was not listening is not told.
                (endpoint.ConsecutiveFailures, endpoint.ToldUntil) = (0, clock.GetUtcNow());
            }
        }

        await context.SaveChangesAsync(cancellationToken);
        return new WebhookOutcome.Done(endpoint);
    }

    /// <summary>Deletes an endpoint with all that was, or was to be, delivered to it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> DeleteAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return NoneSuch;
        }

        await context.InTransactionAsync(
            async _ =>
            {
                await context.WebhookEndpoints.Where(row => row.Id == endpoint.Id).ExecuteDeleteAsync(cancellationToken);
                await context.NoteDeletionAsync(cancellationToken);
                return true;
            },
            cancellationToken);
        return new WebhookOutcome.Done(endpoint);
    }

    /// <summary>The signing secret of an endpoint.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> RevealAsync(string publicId, Viewer viewer, CancellationToken cancellationToken) =>
        await FindAsync(publicId, viewer, cancellationToken) switch
        {
            WebhookOutcome.Done(var endpoint) => secrets.Open(endpoint.Secret) is { } secret ? new WebhookOutcome.Done(endpoint) { Secret = secret } : SecretIsUnreadable,
            var refused => refused,
        };

    /// <summary>Gives an endpoint another signing secret. The one before signs as well for <see cref="WebhookSecrets.Overlap"/>.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> RotateAsync(string publicId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return NoneSuch;
        }

        var (secret, isSealed, prefix) = secrets.Make();
        endpoint.FormerSecret = secrets.Open(endpoint.Secret) is null ? null : endpoint.Secret;
        endpoint.FormerSecretUntil = endpoint.FormerSecret is null ? null : clock.GetUtcNow() + WebhookSecrets.Overlap;
        (endpoint.Secret, endpoint.SecretPrefix) = (isSealed, prefix);
        await context.SaveChangesAsync(cancellationToken);
        return new WebhookOutcome.Done(endpoint) { Secret = secret };
    }

    /// <summary>Sends an event of a made-up link and waits for the answer. It says nothing about how the endpoint fares otherwise.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> TestAsync(string publicId, string type, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return NoneSuch;
        }

        if (WebhookEvents.Sample(type) is not { } data)
        {
            return new WebhookOutcome.Refused(Refusal.Invalid(
                $"unknown event type '{type}'. There are {WebhookEvents.Test}, {string.Join(", ", WebhookEvents.All.Select(known => known.Type))}", "event_type"));
        }

        var now = clock.GetUtcNow();
        if (queue.SigningSecrets(endpoint, now) is not { } signing)
        {
            return SecretIsUnreadable;
        }

        var body = WebhookBody.Write(endpoint.Flavor, WebhookBody.Envelope(WebhookBody.NewEventId(), type, now, data));
        var delivery = WebhookOutbox.New(endpoint, type, WebhookBody.NewMessageId(), body, now, isTest: true);
        var answer = await sender.SendAsync(endpoint.Url, delivery.MessageId, body, signing, cancellationToken);
        delivery.Add(answer.Attempt);
        (delivery.AttemptCount, delivery.NextAttemptAt) = (1, null);
        delivery.Status = answer.IsSuccess ? WebhookDeliveryStatus.Success : WebhookDeliveryStatus.Failed;
        context.WebhookDeliveries.Add(delivery);
        await context.SaveChangesAsync(cancellationToken);
        return new WebhookOutcome.Done(endpoint) { Delivery = delivery };
    }

    /// <summary>What was delivered to an endpoint or waits for it, the newest first, and how much there is on all pages. Null: the account has no such endpoint.</summary>
    /// <param name="status">Null: whatever came of it.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<WebhookDelivery> Deliveries, int Total)?> DeliveriesAsync(
        string publicId, WebhookDeliveryStatus? status, int skip, int take, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return null;
        }

        var deliveries = context.WebhookDeliveries.AsNoTracking().Where(delivery => delivery.EndpointId == endpoint.Id && (status == null || delivery.Status == status));
        return (await deliveries.OrderByDescending(delivery => delivery.Id).Skip(skip).Take(take).ToListAsync(cancellationToken), await deliveries.CountAsync(cancellationToken));
    }

    /// <summary>Sends once more what has arrived or was given up, under the id that it had, and waits for the answer.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<WebhookOutcome> RetryAsync(string publicId, string deliveryId, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, publicId, viewer, cancellationToken) is not { } endpoint)
        {
            return NoneSuch;
        }

        if (await context.WebhookDeliveries.SingleOrDefaultAsync(row => row.PublicId == deliveryId && row.EndpointId == endpoint.Id, cancellationToken) is not { } delivery)
        {
            return NoSuchDelivery;
        }

        if (delivery.Status == WebhookDeliveryStatus.Pending)
        {
            return new WebhookOutcome.Refused(Refusal.Invalid("the delivery is still pending; it is tried again by itself"));
        }

        if (delivery.Body is null)
        {
            return new WebhookOutcome.Refused(Refusal.Invalid(delivery.IsOfDeletedLink
                ? "what was delivered is forgotten, because its link is deleted"
                : "what was to be delivered was too large, and is not kept"));
        }

        if (queue.SigningSecrets(endpoint, clock.GetUtcNow()) is not { } signing)
        {
            return SecretIsUnreadable;
        }

        var answer = await sender.SendAsync(endpoint.Url, delivery.MessageId, delivery.Body, signing, cancellationToken);
        delivery.Add(answer.Attempt);
        delivery.AttemptCount++;
        if (answer.IsSuccess)
        {
            delivery.Status = WebhookDeliveryStatus.Success;
            delivery.Body = delivery.IsOfDeletedLink ? null : delivery.Body;
        }

        await context.SaveChangesAsync(cancellationToken);
        return new WebhookOutcome.Done(endpoint) { Delivery = delivery };
    }

    private static Task<WebhookEndpoint?> FindAsync(SpooDbContext context, string publicId, Viewer viewer, CancellationToken cancellationToken) =>
        context.WebhookEndpoints.SingleOrDefaultAsync(endpoint => endpoint.PublicId == publicId && endpoint.OwnerId == viewer.UserId, cancellationToken);

    private static string? OwnWords(string? text) => text?.Trim() is { Length: > 0 } words ? words : null;

    private static Refusal? RefuseEvents(IReadOnlyList<string> events) =>
        events.Select(WebhookEvents.ProblemOf).FirstOrDefault(problem => problem is not null) is { } problem ? Refusal.Invalid(problem, "events") : null;

    private static Refusal? RefuseScope(IReadOnlyList<string>? links) =>
        links is null ? null
        : links.Count == 0 ? Refusal.Invalid("scope_links should name at least one link; leave it out, or null, for all", "scope_links")
        : links.Any(link => !PublicId.IsValid(link)) ? Refusal.Invalid($"scope_links should be ids of links: {PublicId.Shape}", "scope_links")
        : null;

    /// <summary>Why no endpoint may be at an address. Null: it may, or its host is not known yet.</summary>
    private async Task<Refusal?> RefuseUrlAsync(string url, CancellationToken cancellationToken)
    {
        var schemes = options.AllowPrivateAddresses ? new[] { Uri.UriSchemeHttps, Uri.UriSchemeHttp } : [Uri.UriSchemeHttps];
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !schemes.Contains(uri.Scheme) || uri.Host.Length == 0)
        {
            return Refusal.Invalid($"url should be an address that begins with {string.Join(":// or ", schemes)}://, such as https://example.com/hooks/spoo", "url");
        }

        if (uri.UserInfo.Length > 0)
        {
            return Refusal.Invalid("url should have no name and no password: deliveries are signed", "url");
        }

        return await AddressesOfAsync(uri, cancellationToken) is { Length: > 0 } addresses && !addresses.Any(sender.MayGoTo)
            ? Refusal.Invalid("url should lead to the public internet; its host has only addresses of internal networks", "url")
            : null;
    }

    // A name that is not known today may be tomorrow; every delivery looks again, and goes to public addresses only.
    private static async Task<IPAddress[]> AddressesOfAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LookUpPatience);
        try
        {
            return IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? [address] : await Dns.GetHostAddressesAsync(url.IdnHost, patience.Token);
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }
}
