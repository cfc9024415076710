using System.Text.Json.Nodes;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Alerts;

/// <summary>What webhooks are told of alerts.</summary>
internal static class AlertEvents
{
    /// <param name="link">The link that it is about. Null: none.</param>
    public static WebhookEvent Raised(Alert alert, Link? link) => new(alert.OwnerId, WebhookEvents.AlertRaised, alert.LinkId, shortLinksAt =>
    {
        var data = new JsonObject
        {
            ["alert"] = new JsonObject
            {
                ["id"] = alert.Id,
                ["rule_id"] = alert.RuleId,
                ["kind"] = AlertKindFacts.Of(alert.Kind).Name,
                ["subject"] = alert.Subject,
                ["value"] = alert.Value,
                ["usual"] = alert.Usual,
                ["detail"] = alert.Detail,
                ["at"] = WebhookBody.Text(alert.At),
            },
            ["message"] = AlertMessages.Of(alert).ToString(),
        };
        if (link is not null)
        {
            data["link"] = LinkEvents.Name(link, shortLinksAt);
        }

        return data;
    })
    {
        Key = alert.Id,
    };
}
