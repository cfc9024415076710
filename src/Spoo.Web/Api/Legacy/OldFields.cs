using System.Text.Json;

namespace Spoo.Web.Api.Legacy;

/// <summary>The fields of a call of the old API, from wherever its programs put them: the query, a form, or a JSON object. The later counts.</summary>
internal sealed class OldFields
{
    private static readonly HashSet<string> Known = [.. JsonFields.NamesIn(typeof(ShortenBody)), "emojies"];

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private OldFields()
    {
    }

    /// <summary>Null: the body is no form, or one that cannot be read.</summary>
    public static async Task<IFormCollection?> FormOfAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    public static async Task<OldFields> ReadAsync(HttpRequest request)
    {
        var fields = new OldFields();
        foreach (var (name, text) in request.Parameters())
        {
            fields._texts[name] = text;
        }

        foreach (var (name, texts) in await FormOfAsync(request) ?? FormCollection.Empty)
        {
            fields._texts[name] = texts.Count > 0 ? texts[^1] ?? "" : "";
        }

        if (request.HasJsonContentType())
        {
            await fields.AddJsonAsync(request);
        }

        return fields;
    }

    /// <summary>The text of a field. Null: absent or empty, or no text that databases agree about.</summary>
    public string? Text(string name) =>
        _texts.GetValueOrDefault(name) is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;

    /// <summary>A field that asks for something, and that only another call of these, or the newer API, does something about. Null: there is none.</summary>
    /// <param name="taken">The names that the call knows.</param>
    public string? Ignored(IReadOnlyList<string> taken) =>
        _texts.Keys.FirstOrDefault(name => Text(name) is not null && !taken.Contains(name) && WireNames.Meant(name, Known) is not null);

    /// <summary>Whether a field says yes: any text but the words for no.</summary>
    public bool Flag(string name) => Text(name)?.Trim().ToLowerInvariant() is not (null or "" or "false" or "0" or "no" or "off");

    private async Task AddJsonAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                _texts[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Null => "",
                    _ => property.Value.GetRawText(),
                };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or half a surrogate pair: the field that is missed is named in the answer.
            _texts.Clear();
        }
    }
}
