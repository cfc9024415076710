using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Spoo.Data.Links;

namespace Spoo.Data.Stats.Question;

/// <summary>The filters of a question: the JSON object <c>filters</c>, a parameter for each dimension and operator, and ids of links.</summary>
internal static class StatsFilterParser
{
    /// <summary>The filter by ids of links, beside those that are dimensions.</summary>
    public const string UrlId = "url_id";

    /// <summary>First the JSON object, then the parameters of their own, which replace an entry of the same name.</summary>
    public static bool TryParse(
        Dictionary<string, string> given, List<FieldError> errors, ref List<string> linkIds, out List<StatsFilter> filters, out List<string> unknown)
    {
        (filters, unknown) = ([], []);
        if (given.GetValueOrDefault("filters") is { Length: > 0 } json)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                if (document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                {
                    errors.Add(new("filters", """Input should be a JSON object, such as {"browser":["Chrome"]}"""));
                    return false;
                }

                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in document.RootElement.EnumerateObject())
                    {
                        if (property.Name == UrlId)
                        {
                            linkIds = linkIds.Count > 0 ? linkIds : Values(property.Value);
                        }
                        else if (TryParseName(property.Name, out var dimension, out var op))
                        {
                            Replace(filters, new StatsFilter(dimension, op, Values(property.Value)));
                        }
                        else
                        {
                            unknown.Add(property.Name);
                        }
                    }
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // The second kind is text that is no text: half a surrogate pair.
                errors.Add(new("input", "Value error, filters must be valid JSON"));
                return false;
            }
        }

        foreach (var (name, text) in given)
        {
            // "short_code" itself depends on the scope and is read elsewhere. A list with nothing in it is not given.
            if (name != Dimension.ShortCode.Name
                && TryParseName(name, out var dimension, out var op)
                && Split(text) is { Count: > 0 } values)
            {
                Replace(filters, new StatsFilter(dimension, op, values));
            }
        }

        return CheckLinkIds(linkIds, errors);
    }

    public static bool CheckLinkIds(List<string> ids, List<FieldError> errors)
    {
        if (!ids.TrueForAll(PublicId.IsValid))
        {
            errors.Add(new(UrlId, "Every id should have 24 characters of 0-9 and a-f"));
            return false;
        }

        return true;
    }

    /// <summary>A list with commas; what is empty between them is not given.</summary>
    public static List<string> Split(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static bool TryParseName(string name, [NotNullWhen(true)] out Dimension? dimension, [NotNullWhen(true)] out FilterOperator? op)
    {
        op = FilterOperator.All.First(op => name.EndsWith(op.Suffix, StringComparison.Ordinal));
        var bare = name[..^op.Suffix.Length];
        dimension = Dimension.Filterable.FirstOrDefault(dimension => dimension.Name == bare);
        return dimension is not null;
    }

    /// <summary>A filter takes the place of the one with its name.</summary>
    public static void Replace(List<StatsFilter> filters, StatsFilter filter)
    {
        filters.RemoveAll(other => other.Name == filter.Name);
        filters.Add(filter);
    }

    /// <summary>An array is taken value by value; a text is a list with commas; anything else is one value.</summary>
    private static List<string> Values(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array =>
        [
            .. element.EnumerateArray()
                .Where(item => item.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                .Select(item => Text(item).Trim())
                .Where(text => text.Length > 0),
        ],
        JsonValueKind.String => Split(element.GetString()!),
        JsonValueKind.Null => [],
        _ => [Text(element)],
    };

    private static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
