using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spoo.Data.Webhooks;

/// <summary>What is sent: the event itself, or a line about it for a channel of people.</summary>
internal static class WebhookBody
{
    private const int MaxLine = 1900;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string NewEventId() => "evt_" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string NewMessageId() => "msg_" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The same id whenever the same is told: what is stored again has the ids that it had.</summary>
    public static string IdOf(string start, string text) => start + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>An instant as events write it.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The event as an object.</summary>
    public static JsonObject Envelope(string eventId, string type, DateTimeOffset at, JsonObject data) =>
        new() { ["id"] = eventId, ["type"] = type, ["timestamp"] = Text(at), ["data"] = data };

    public static string Write(WebhookFlavor flavor, JsonObject envelope) => (flavor switch
    {
        // A destination that says @everyone calls nobody.
        WebhookFlavor.Discord => new JsonObject { ["content"] = Line(envelope, text => text), ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() } },
        WebhookFlavor.Slack => new JsonObject
        {
            ["text"] = Line(envelope, text => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)),
        },
        _ => envelope,
    }).ToJsonString(Compact);

    private static string Line(JsonObject envelope, Func<string, string> escape)
    {
        var (type, data) = ((string)envelope["type"]!, envelope["data"]!.AsObject());
        var link = data["link"] as JsonObject ?? data;
        var parts = new List<string?>
        {
            type,
            (string?)link["short_url"],
            (string?)link["long_url"] is { } url ? "→ " + url : null,
            (string?)data["reason"] is { } reason ? $"({reason})" : null,
            data["changes"] is JsonObject changes ? $"({string.Join(", ", changes.Select(change => change.Key))})" : null,
            data["clicks"] is JsonArray clicks ? string.Create(CultureInfo.InvariantCulture, $"+{clicks.Count}") : null,
            data["country"] is { } country ? $"{(string?)country} {(string?)data["browser"]} {(string?)data["os"]}".Trim() : null,
            (string?)data["message"],
        };
        var line = string.Join(' ', parts.OfType<string>());
        return escape(line.Length <= MaxLine ? line : line[..MaxLine] + "…");
    }
}
