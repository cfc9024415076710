using System.Text.Json;
using Spoo.Data;

namespace Spoo.Web.Api.ShortIo;

/// <summary>
/// The parameters of a call, from the query and, over them, from the JSON body. The first thing wrong with those that were asked
/// for is remembered.
/// </summary>
internal sealed class ShortIoFields
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _blocks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private ShortIoFields()
    {
    }

    /// <summary>Null: nothing is wrong so far.</summary>
    public Refusal? Refusal { get; private set; }

    public static async Task<ShortIoFields> ReadAsync(HttpRequest request)
    {
        var fields = new ShortIoFields();
        foreach (var (name, text) in request.Parameters())
        {
            fields._texts[name] = text;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return fields;
        }

        // The official client sends no body at all for "no options".
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (body.Length > 0)
        {
            fields.Add(body);
        }

        return fields;
    }

    /// <summary>A parameter's text. Null: absent, empty, or what JavaScript makes of an option that is not set.</summary>
    public string? Text(string name)
    {
        _read.Add(name);
        if (_blocks.ContainsKey(name))
        {
            Refuse(name, "should be a text or a number");
            return null;
        }

        return _texts.GetValueOrDefault(name) is { Length: > 0 } text and not ("undefined" or "null") ? text : null;
    }

    /// <summary>The entries of an object in the body. Empty: it is absent.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> Entries(string name)
    {
        if (!_blocks.TryGetValue(name, out var block))
        {
            if (Text(name) is not null)
            {
                Refuse(name, "should be an object");
            }

            return [];
        }

        if (block.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "should be an object");
            return [];
        }

        return [.. block.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value))];
    }

    /// <summary>A list in the body. Null: it is absent.</summary>
    public IReadOnlyList<JsonElement>? List(string name)
    {
        _read.Add(name);
        if (_blocks.TryGetValue(name, out var block) && block.ValueKind == JsonValueKind.Array)
        {
            return [.. block.EnumerateArray()];
        }

        if (_blocks.ContainsKey(name) || Text(name) is not null)
        {
            Refuse(name, "should be a list");
        }

        return null;
    }

    /// <summary>Refuses those of some parameters that are given and that nothing has looked at. To be called when all that the call does has been read.</summary>
    public void RefuseUnread(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !_read.Contains(name)).ToList())
        {
            if (_blocks.ContainsKey(name) || Text(name) is not null)
            {
                Refuse(name, "this call does nothing about it");
            }
        }
    }

    public void Refuse(string name, string message) => Refusal ??= Refusal.Invalid($"{name}: {message}", name);

    private void Add(MemoryStream body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !IsWellFormed(document.RootElement))
            {
                Refuse("body", "should be a JSON object");
                return;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                _texts.Remove(property.Name);
                _blocks.Remove(property.Name);
                switch (property.Value.ValueKind)
                {
                    case JsonValueKind.Object or JsonValueKind.Array:
                        _blocks[property.Name] = property.Value.Clone();
                        break;
                    case JsonValueKind.Null:
                        break;
                    case JsonValueKind.String:
                        _texts[property.Name] = property.Value.GetString()!;
                        break;
                    default:
                        _texts[property.Name] = property.Value.GetRawText();
                        break;
                }
            }
        }
        catch (JsonException)
        {
            Refuse("body", "should be a JSON object and is no valid JSON");
        }
    }

    /// <summary>Whether all texts are text: JSON can spell half of a surrogate pair.</summary>
    private static bool IsWellFormed(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(property => property.Name is not null && IsWellFormed(property.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsWellFormed),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
