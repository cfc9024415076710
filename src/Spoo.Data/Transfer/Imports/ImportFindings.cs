using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spoo.Data.Transfer.Imports;

/// <summary>Why a link that an import made stays when the import is undone.</summary>
public enum KeptBecause
{
    /// <summary>It has clicks that the import did not bring.</summary>
    Clicked,

    /// <summary>Its owner has changed it.</summary>
    Changed,

    /// <summary>It is blocked, and its code must not become free by that.</summary>
    Blocked,
}

/// <param name="Name">The text of a <see cref="Links.LinkName"/>.</param>
public sealed record KeptLink(string Name, KeptBecause Because);

/// <summary>What people want to know of an import besides its counts.</summary>
public sealed record ImportFindings
{
    /// <summary>Bad lines, and kept links, that are told one by one.</summary>
    public const int MaxTold = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new MessageConverter(), new JsonStringEnumConverter() },
    };

    /// <summary>Why it ended before the file did.</summary>
    public Message? Fault { get; init; }

    /// <summary>The first lines that were rejected.</summary>
    public IReadOnlyList<BadLine> BadLines { get; init; } = [];

    /// <summary>Links that stayed when it was undone.</summary>
    public int Kept { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<KeptLink> KeptLinks { get; init; } = [];

    public static ImportFindings Parse(string? text) => text is null ? new() : JsonSerializer.Deserialize<ImportFindings>(text, Json) ?? new();

    /// <summary>Null: nothing is worth telling.</summary>
    public string? Stored() => this is { Fault: null, BadLines.Count: 0, Kept: 0 } ? null : JsonSerializer.Serialize(this, Json);

    /// <summary>The English text, then what its places are filled with; a message among that is a list of its own.</summary>
    private sealed class MessageConverter : JsonConverter<Message>
    {
        public override Message Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, Message value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(value.Text);
            foreach (var part in value.Values)
            {
                switch (part)
                {
                    case Message message:
                        Write(writer, message, options);
                        break;
                    case int or long:
                        writer.WriteNumberValue(Convert.ToInt64(part, CultureInfo.InvariantCulture));
                        break;
                    default:
                        writer.WriteStringValue(Convert.ToString(part, CultureInfo.InvariantCulture));
                        break;
                }
            }

            writer.WriteEndArray();
        }

        private static Message Read(JsonElement list) => new(list[0].GetString()!, [.. list.EnumerateArray().Skip(1).Select(Value)]);

        private static object? Value(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => Read(value),
            JsonValueKind.Number => value.GetInt64(),
            _ => value.GetString(),
        };
    }
}
