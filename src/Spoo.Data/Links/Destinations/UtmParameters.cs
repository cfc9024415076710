namespace Spoo.Data.Links.Destinations;

/// <summary>The campaign parameters of an address: read from it, and put into it.</summary>
/// <remarks>Everything else of the address stays as it was written, in its order; addresses that cannot be taken apart stay whole.</remarks>
public sealed record UtmParameters
{
    /// <summary>Longest value of one parameter.</summary>
    public const int MaxLength = 200;

    /// <summary>Five values, each letter of which may become three bytes of three characters.</summary>
    public const int MaxQueryLength = 4000;

    /// <summary>The parameters, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Names { get; } = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

    private readonly IReadOnlyDictionary<string, string> _values;

    private UtmParameters(IReadOnlyDictionary<string, string> values) => _values = values;

    public static UtmParameters None { get; } = new(new Dictionary<string, string>());

    public bool IsEmpty => _values.Count == 0;

    /// <summary>As it stands behind the question mark.</summary>
    public string Query => string.Join('&', Names.Where(_values.ContainsKey).Select(name => $"{name}={Uri.EscapeDataString(_values[name])}"));

    /// <summary>The value of one parameter; empty where there is none.</summary>
    public string this[string name] => _values.GetValueOrDefault(name, "");

    /// <summary>What is behind an address, or is the part of it behind the question mark.</summary>
    public static UtmParameters In(string address)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Pairs(QueryOf(address)).Select(Split))
        {
            if (Names.Contains(name) && value.Length > 0)
            {
                values.TryAdd(name, value.Length > MaxLength ? value[..MaxLength] : value);
            }
        }

        return new UtmParameters(values);
    }

    /// <summary>The same with another value, or without any.</summary>
    public UtmParameters With(string name, string? value)
    {
        var values = new Dictionary<string, string>(_values, StringComparer.Ordinal);
        if (value?.Trim() is { Length: > 0 } text)
        {
            values[name] = text.Length > MaxLength ? text[..MaxLength] : text;
        }
        else
        {
            values.Remove(name);
        }

        return new UtmParameters(values);
    }

    /// <summary>The address with these parameters in place of those that it had.</summary>
    public string PutInto(string address)
    {
        var fragment = address.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 ? address[hash..] : "";
        var rest = address[..^fragment.Length];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? rest : rest[..mark];
        var kept = Pairs(mark < 0 ? "" : rest[(mark + 1)..]).Where(pair => !Names.Contains(Split(pair).Name));
        var query = string.Join('&', [.. kept, .. IsEmpty ? (string[])[] : [Query]]);
        return path + (query.Length > 0 ? "?" + query : "") + fragment;
    }

    public bool Equals(UtmParameters? other) => other is not null && other.Query == Query;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Query);

    private static string QueryOf(string address)
    {
        var whole = address.Split('#', 2)[0];
        var mark = whole.IndexOf('?', StringComparison.Ordinal);
        return mark >= 0 ? whole[(mark + 1)..] : whole.Contains("://", StringComparison.Ordinal) ? "" : whole;
    }

    private static string[] Pairs(string query) => query.Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static (string Name, string Value) Split(string pair)
    {
        var parts = pair.Split('=', 2);
        return (Decoded(parts[0]), parts.Length > 1 ? Decoded(parts[1]) : "");
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
