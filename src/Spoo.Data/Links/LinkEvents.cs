using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links.Targets;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Links;

/// <summary>What webhooks are told of links: what they are, and what became different.</summary>
internal static class LinkEvents
{
    /// <summary>Values of <c>reason</c> where a link has ended.</summary>
    public const string MaxClicksReached = "max_clicks_reached";

    /// <inheritdoc cref="MaxClicksReached"/>
    public const string TimeExpired = "time_expired";

    /// <summary>What can change about a link, and is told when it does.</summary>
    private static readonly string[] Changing =
    [
        "alias", "domain", "long_url", "status", "password_protected", "block_bots", "max_clicks", "expires_at", "starts_at", "pre_start_url", "archived_at", "expired_redirect_url", "geo_rules", "ab_variants", "redirect_rules",
        "meta_tags", "tags", "title", "note", "private_stats", "pass_query", "pass_path", "redirect_status",
    ];

    /// <summary>Adds, to what the context saves next, that links were made.</summary>
    public static async Task AddCreatedAsync(SpooDbContext context, IReadOnlyCollection<Link> links, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await WebhookOutbox.OpenAsync(context, links.Select(link => link.OwnerId), now, cancellationToken) is { } outbox)
        {
            foreach (var link in links.Where(link => link.OwnerId is not null))
            {
                await outbox.AddAsync(Of(WebhookEvents.LinkCreated, link, now), cancellationToken);
            }
        }
    }

    /// <summary>A link as it is before it is changed, to be given to <see cref="AddChangedAsync"/>.</summary>
    public static JsonObject Remember(Link link, DateTimeOffset now) => Describe(link, now, "");

    /// <summary>Adds, to what the context saves next, what became different about links; of those that are blocked now, that they are.</summary>
    /// <param name="changed">Each as it was, and the link as it is.</param>
    public static async Task AddChangedAsync(SpooDbContext context, IReadOnlyCollection<(JsonObject Before, Link Link)> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await WebhookOutbox.OpenAsync(context, changed.Select(change => change.Link.OwnerId), now, cancellationToken) is not { } outbox)
        {
            return;
        }

        foreach (var (before, link) in changed.Where(change => change.Link.OwnerId is not null))
        {
            var after = Remember(link, now);
            var different = Changing.Where(field => !JsonNode.DeepEquals(before[field], after[field])).ToList();
            if (link.Status == LinkStatus.Blocked && different.Contains("status"))
            {
                await outbox.AddAsync(Of(WebhookEvents.LinkBlocked, link, now), cancellationToken);
            }
            else if (different.Count > 0)
            {
                await outbox.AddAsync(Of(WebhookEvents.LinkUpdated, link, now, (data, host) => data["changes"] = Differences(before, after, different, host)), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Puts down that links are deleted. What was delivered about them goes with them; what is still to be delivered is kept until then. To be
    /// done in the transaction that deletes them, before it does.
    /// </summary>
    public static async Task AddDeletedAsync(this SpooDbContext context, IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await context.WebhookEndpoints.AnyAsync(cancellationToken))
        {
            return;
        }

        var links = await context.Links.AsNoTracking().Include(link => link.Tags).Where(link => ids.Contains(link.Id) && link.OwnerId != null).ToListAsync(cancellationToken);
        foreach (var some in links.Select(link => link.PublicId).Chunk(500))
        {
            await context.WebhookDeliveries.Where(delivery => some.Contains(delivery.LinkId!) && delivery.Status == WebhookDeliveryStatus.Success).ExecuteDeleteAsync(cancellationToken);
            await context.WebhookDeliveries.Where(delivery => some.Contains(delivery.LinkId!))
                .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.IsOfDeletedLink, true), cancellationToken);
        }

        if (await WebhookOutbox.OpenAsync(context, links.Select(link => link.OwnerId), now, cancellationToken) is { } outbox)
        {
            foreach (var link in links)
            {
                await outbox.AddAsync(Of(WebhookEvents.LinkDeleted, link, now) with { IsOfDeletedLink = true }, cancellationToken);
            }

            await context.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>That a link has ended by itself.</summary>
    /// <param name="limit">Which limit it has reached, with its value: so it is the same event when it is stored again.</param>
    public static WebhookEvent Expired(Link link, string reason, string limit, DateTimeOffset now) =>
        Of(WebhookEvents.LinkExpired, link, now, (data, _) => data["reason"] = reason) with { Key = $"{link.PublicId} {limit}" };

    /// <summary>What tells which link something is about.</summary>
    public static JsonObject Name(Link link, string shortLinksAt) => new()
    {
        ["link_id"] = link.PublicId,
        ["alias"] = link.ShortCode,
        ["domain"] = link.DomainHost ?? new Uri(shortLinksAt).Host,
        ["short_url"] = new LinkName(link.DomainHost, link.ShortCode).UrlAt(shortLinksAt),
        ["long_url"] = link.LongUrl,
    };

    private static WebhookEvent Of(string type, Link link, DateTimeOffset now, Action<JsonObject, string>? add = null)
    {
        // As it is now: the event may be written after the link has changed again.
        var described = Describe(link, now, null);
        return new(link.OwnerId!, type, link.PublicId, shortLinksAt =>
        {
            var body = described.DeepClone().AsObject();
            var names = Name(link, shortLinksAt);
            (body["domain"], body["short_url"]) = ((string?)names["domain"], (string?)names["short_url"]);
            var data = new JsonObject { ["link"] = body };
            add?.Invoke(data, (string)names["domain"]!);
            return data;
        });
    }

    private static JsonObject Describe(Link link, DateTimeOffset now, string? host) => new()
    {
        ["link_id"] = link.PublicId,
        ["alias"] = link.ShortCode,
        ["domain"] = link.DomainHost ?? host,
        ["short_url"] = null,
        ["long_url"] = link.LongUrl,
        ["status"] = link.StatusAt(now).ToString().ToUpperInvariant(),
        ["password_protected"] = link.PasswordHash is not null,
        ["block_bots"] = link.BlockBots ?? false,
        ["max_clicks"] = link.MaxClicks,
        ["expires_at"] = Text(link.ExpireAfter),
        ["starts_at"] = Text(link.StartsAt),
        ["pre_start_url"] = link.PreStartUrl,
        ["archived_at"] = Text(link.ArchivedAt),
        ["expired_redirect_url"] = link.ExpiredUrl,
        ["geo_rules"] = Countries(link),
        ["ab_variants"] = Variants(link),
        ["redirect_rules"] = link.Rules is null ? null : JsonSerializer.SerializeToNode(link.Rules),
        ["meta_tags"] = link.Preview is null ? null : JsonNode.Parse(link.Preview.Stored()),
        ["tags"] = new JsonArray([.. link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]),
        ["title"] = link.Title,
        ["note"] = link.Note,
        ["private_stats"] = link.PrivateStats ?? false,
        ["pass_query"] = link.PassQuery ?? false,
        ["pass_path"] = link.PassPath ?? false,
        ["redirect_status"] = link.RedirectStatus ?? LinkRedirects.Default,
        ["total_clicks"] = link.TotalClicks,
        ["created_at"] = Text(link.CreatedAt),
    };

    private static JsonObject Differences(JsonObject before, JsonObject after, IEnumerable<string> fields, string ownHost)
    {
        var changes = new JsonObject();
        foreach (var field in fields)
        {
            changes[field] = new JsonObject { ["old"] = Value(before), ["new"] = Value(after) };

            // The own domain has no name in the database.
            JsonNode? Value(JsonObject link) => field == "domain" && (string?)link[field] is "" ? ownHost : link[field]?.DeepClone();
        }

        return changes;
    }

    private static JsonObject? Countries(Link link)
    {
        if (link.Rules is not { } rules || TargetsEdit.CountriesOf(rules.All) is not { Count: > 0 } countries)
        {
            return null;
        }

        return new JsonObject(countries.Select(country => KeyValuePair.Create<string, JsonNode?>(country.Country, country.Url)));
    }

    private static JsonArray? Variants(Link link) =>
        link.Rules is { } rules && TargetsEdit.VariantsOf(rules.All) is { Count: > 0 } variants
            ? new JsonArray([.. variants.Select(variant => new JsonObject { ["url"] = variant.Url, ["weight"] = variant.Weight })])
            : null;

    private static string? Text(DateTimeOffset? instant) => instant is { } at ? WebhookBody.Text(at) : null;
}
