using System.Globalization;
using Spoo.Data;

namespace Spoo.Web.Api;

/// <summary>
/// The parameters of a query string, read one by one; whatever is wrong is remembered. Of a repeated parameter the last counts, and an
/// empty one counts as not given.
/// </summary>
internal sealed class QueryFields
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];

    public QueryFields(HttpRequest request)
    {
        foreach (var (name, value) in request.Parameters())
        {
            _given[name] = value;
        }
    }

    /// <summary>What is wrong with the parameters read so far. Null: nothing.</summary>
    public Refusal? Refusal => _errors.Count == 0 ? null : Refusal.Malformed(_errors);

    public void Refuse(string field, string message) => _errors.Add(new FieldError(field, message));

    /// <summary>A parameter under its name or an older one, whichever is given. Null: neither is, or it is refused.</summary>
    public string? Text(string name, int maxLength, string? olderName = null)
    {
        var used = UsedOf(name, olderName);
        if (ValueOf(used) is not { } text)
        {
            return null;
        }

        if (text.EnumerateRunes().Count() > maxLength)
        {
            Refuse(used, string.Create(CultureInfo.InvariantCulture, $"String should have at most {maxLength} characters"));
            return null;
        }

        return text;
    }

    public string RequiredText(string name, int maxLength)
    {
        if (ValueOf(name) is null)
        {
            Refuse(name, "Field required");
        }

        return Text(name, maxLength) ?? "";
    }

    /// <summary>A whole number within bounds, both included.</summary>
    public int Whole(string name, int least, int most, int otherwise, string? olderName = null)
    {
        var used = UsedOf(name, olderName);
        if (ValueOf(used) is not { } text)
        {
            return otherwise;
        }

        // "3.0" and " 3 " are whole numbers to spoo.me, too.
        if (!decimal.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number))
        {
            Refuse(used, "Input should be a valid integer");
            return otherwise;
        }

        if (number < least || number > most)
        {
            Refuse(used, number < least
                ? string.Create(CultureInfo.InvariantCulture, $"Input should be greater than or equal to {least}")
                : string.Create(CultureInfo.InvariantCulture, $"Input should be less than or equal to {most}"));
            return otherwise;
        }

        return (int)number;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string name, IReadOnlyDictionary<string, T> choices, T otherwise, string? olderName = null)
    {
        var used = UsedOf(name, olderName);
        if (ValueOf(used) is not { } text)
        {
            return otherwise;
        }

        if (choices.TryGetValue(text, out var choice))
        {
            return choice;
        }

        Refuse(used, $"Input should be one of: {string.Join(", ", choices.Keys)}");
        return otherwise;
    }

    /// <summary>Under which of its names a parameter is given.</summary>
    private string UsedOf(string name, string? olderName)
    {
        if (olderName is null || ValueOf(olderName) is not { } older)
        {
            return name;
        }

        if (ValueOf(name) is { } newer && newer != older)
        {
            Refuse(olderName, $"This is the other name of {name}, which says something else");
        }

        return ValueOf(name) is null ? olderName : name;
    }

    private string? ValueOf(string name) => _given.TryGetValue(name, out var text) && text.Length > 0 ? text : null;
}
