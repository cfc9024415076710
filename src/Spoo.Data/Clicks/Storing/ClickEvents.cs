using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Puts down for webhooks what was clicked, in the transaction that stores it. Ids follow from the keys of the clicks, so that clicks
/// which are stored once more, in a database that has gone back, are told once more under the ids that they had.
/// </summary>
internal static class ClickEvents
{
    /// <summary>Clicks of one event, at most.</summary>
    private const int MostInOne = 100;

    /// <summary>Characters of them, about. Receivers have bounds, too.</summary>
    private const int MostCharacters = 16_000;

    private const int MaxUserAgent = 512;

    /// <param name="added">Those of the batch that are stored now and were not before.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task AddAsync(SpooDbContext context, IReadOnlyList<Click> added, ClickBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (added.Count == 0 || await WebhookOutbox.OpenForClicksAsync(context, now, cancellationToken) is not { } outbox)
        {
            return;
        }

        var (ids, owners) = (added.Select(click => click.LinkId).Distinct().ToList(), outbox.Owners);
        var links = new Dictionary<long, Link>();
        foreach (var some in ids.Chunk(500))
        {
            foreach (var link in await context.Links.AsNoTracking().Include(link => link.Tags).Where(link => some.Contains(link.Id) && owners.Contains(link.OwnerId!)).ToListAsync(cancellationToken))
            {
                links.Add(link.Id, link);
            }
        }

        foreach (var clicks in added.Where(click => links.ContainsKey(click.LinkId)).GroupBy(click => click.LinkId))
        {
            await AddAsync(outbox, links[clicks.Key], [.. clicks], batch, now, cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private static async Task AddAsync(WebhookOutbox outbox, Link link, List<Click> clicks, ClickBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = link.TotalClicks - clicks.Count;
        if (outbox.IsHeard(link.OwnerId, WebhookEvents.LinkClicked, link.PublicId))
        {
            foreach (var (number, click) in clicks.Index())
            {
                await outbox.AddAsync(
                    new WebhookEvent(link.OwnerId!, WebhookEvents.LinkClicked, link.PublicId, start => One(link, click, batch, before + number + 1, start)) { Key = Key(click) }, cancellationToken);
            }
        }

        if (outbox.IsHeard(link.OwnerId, WebhookEvents.ClicksCreated, link.PublicId))
        {
            var total = before;
            foreach (var some in InPieces(clicks, batch))
            {
                var upTo = total += some.Count;
                await outbox.AddAsync(
                    new WebhookEvent(link.OwnerId!, WebhookEvents.ClicksCreated, link.PublicId, start => Many(link, some, upTo, start))
                    {
                        Key = $"{(string?)some[0]["click_id"]} {(string?)some[^1]["click_id"]} {some.Count}",
                    },
                    cancellationToken);
            }
        }

        if (link.MaxClicks is { } most && link.TotalClicks + link.ForgottenClicks - link.PreviewClicks is var used && used >= most
            && used - clicks.Count(click => !Bots.IsPreview(batch.Agents[click.AgentId])) < most)
        {
            await outbox.AddAsync(LinkEvents.Expired(link, LinkEvents.MaxClicksReached, most.ToString(CultureInfo.InvariantCulture), now), cancellationToken);
        }
    }

    private static JsonObject One(Link link, Click click, ClickBatch batch, long total, string shortLinksAt)
    {
        var data = LinkEvents.Name(link, shortLinksAt);
        foreach (var (name, value) in Describe(click, batch))
        {
            data[name] = value?.DeepClone();
        }

        data["total_clicks"] = total;
        return data;
    }

    private static JsonObject Many(Link link, List<JsonObject> clicks, long total, string shortLinksAt) => new()
    {
        ["link"] = LinkEvents.Name(link, shortLinksAt),
        ["clicks"] = new JsonArray([.. clicks.Select(click => click.DeepClone())]),
        ["total_clicks"] = total,
    };

    private static IEnumerable<List<JsonObject>> InPieces(List<Click> clicks, ClickBatch batch)
    {
        var (piece, characters) = (new List<JsonObject>(), 0);
        foreach (var click in clicks)
        {
            var described = Describe(click, batch);
            var length = described.ToJsonString().Length;
            if (piece.Count == MostInOne || (piece.Count > 0 && characters + length > MostCharacters))
            {
                yield return piece;
                (piece, characters) = ([], 0);
            }

            piece.Add(described);
            characters += length;
        }

        yield return piece;
    }

    private static JsonObject Describe(Click click, ClickBatch batch)
    {
        var (agent, place, source) = (batch.Agents[click.AgentId], batch.Places[click.PlaceId], batch.Sources[click.SourceId]);
        return new JsonObject
        {
            ["click_id"] = Key(click),
            ["clicked_at"] = WebhookBody.Text(click.Time),
            ["country"] = place.Country,
            ["city"] = place.City,
            ["browser"] = agent.Browser,
            ["os"] = agent.Os,
            ["device"] = agent.Device,
            ["user_agent"] = Cut(agent.UserAgent),
            ["referrer"] = source.ReferrerUrl ?? source.Referrer,
            ["utm"] = new JsonObject { ["source"] = source.UtmSource, ["medium"] = source.UtmMedium, ["campaign"] = source.UtmCampaign },
            ["trigger"] = source.Trigger,
            ["is_bot"] = agent.IsBot,
            ["bot_name"] = agent.BotRule,
        };
    }

    private static string? Cut(string? text) => text?.Length > MaxUserAgent ? text[..MaxUserAgent] : text;

    private static string Key(Click click) => click.Id.ToString("x", CultureInfo.InvariantCulture);
}
