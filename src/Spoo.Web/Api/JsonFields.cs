using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;

namespace Spoo.Web.Api;

/// <summary>
/// The fields of a JSON object, read one by one. Everything that is wrong is remembered, so that the caller hears of all of it at
/// once; as in the peers' answers, wrong shapes (422) come before wrong meanings (400).
/// </summary>
internal sealed class JsonFields(JsonElement json)
{
    private readonly List<FieldError> _malformed = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private Refusal? _invalid;

    /// <summary>What is wrong with the fields read so far. Null: nothing.</summary>
    public Refusal? Refusal => _malformed.Count > 0 ? Refusal.Malformed(_malformed) : _invalid;

    /// <summary>The JSON object that a request brings, or what is wrong with it. A body that does not say what it is, is taken for JSON, as spoo.me does.</summary>
    /// <param name="request">With its body not read yet.</param>
    /// <param name="mayBeAbsent">Whether no body, and <c>null</c>, are as good as an object without fields.</param>
    public static async Task<(JsonFields? Fields, ApiProblem? Problem)> ReadAsync(HttpRequest request, bool mayBeAbsent = false)
    {
        if (mayBeAbsent && (request.ContentLength is 0 || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }))
        {
            return (new JsonFields(JsonElement.Parse("{}")), null);
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && encoding != "identity")
        {
            return (null, ApiProblem.EncodedBody);
        }

        if (request.ContentType is not null && !request.HasJsonContentType())
        {
            request.HttpContext.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return (null, ApiProblem.Of(request.HttpContext.Response));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return mayBeAbsent && document.RootElement.ValueKind == JsonValueKind.Null ? (new JsonFields(JsonElement.Parse("{}")), null)
                : !HasNames(document.RootElement) ? (null, Malformed("the body has a field whose name is no text"))
                : document.RootElement.ValueKind == JsonValueKind.Object
                ? (new JsonFields(document.RootElement.Clone()), null)
                : (null, Malformed("the body should be a JSON object"));
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {exception.BytePositionInLine + 1})")
                : "";
            return (null, Malformed($"the body should be a JSON object and is no valid JSON{where}"));
        }

        static ApiProblem Malformed(string message) => ApiProblem.Of(Refusal.Malformed([new FieldError("body", message)]));
    }

    /// <summary>The names of all fields.</summary>
    public IEnumerable<string> Names => json.EnumerateObject().Select(property => property.Name);

    /// <summary>The names of fields that ask for something, and that nothing has looked at.</summary>
    public IEnumerable<string> Unread => Names.Where(name => !_read.Contains(name)).ToList().Where(Asks);

    /// <summary>Whether the field is there at all, be it null.</summary>
    public bool Has(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out _);
    }

    /// <summary>
    /// The names of the fields of some bodies: what a call does nothing about, though another of its kind does, is to be refused. What is in no
    /// body, such as what an answer says besides, is left alone, so that an answer can be sent back.
    /// </summary>
    public static HashSet<string> NamesIn(params IEnumerable<Type> bodies) =>
        [.. bodies.SelectMany(body => body.GetProperties()).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    /// <summary>Refuses fields that ask for something and that nothing has looked at. To be called when all that the call does has been read.</summary>
    /// <param name="names">Those that other calls know. Null: all are refused.</param>
    public void RefuseOthers(IEnumerable<string>? names = null)
    {
        var read = _read.ToList();
        foreach (var name in Unread.ToList())
        {
            if (WireNames.Meant(name, read) is { } meant)
            {
                Refuse(name, $"Its name is {meant}");
            }
            else if (names is null || WireNames.Meant(name, names) is not null)
            {
                Refuse(name, "This call does nothing about it");
            }
        }
    }

    public void Refuse(string field, string message) => _malformed.Add(new FieldError(field, message));

    /// <summary>Refuses for what the fields mean, not for their shape.</summary>
    public void Refuse(Refusal refusal) => _invalid ??= refusal;

    /// <summary>Under which of its two names a field is given. Both, saying different things, are refused.</summary>
    public string NameOf(string name, string olderName)
    {
        if (Has(olderName) && Has(name) && json.GetProperty(name).GetRawText() != json.GetProperty(olderName).GetRawText())
        {
            Refuse(olderName, $"This is the other name of {name}, which says something else");
        }

        return Has(name) || !Has(olderName) ? name : olderName;
    }

    /// <summary>Whether the field asks for something: it is there, and neither null nor empty nor no.</summary>
    public bool Asks(string name) => TryGet(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.String => value.GetRawText().Length > 2,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => true,
    };

    /// <summary>A text of so many characters. Null: absent, null, or refused.</summary>
    public string? Text(string name, int maxLength, int minLength = 0)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (!TryGetText(value, out var text))
        {
            Refuse(name, "Input should be a valid string");
            return null;
        }

        var length = text.EnumerateRunes().Count();
        if (length < minLength || length > maxLength)
        {
            Refuse(name, length < minLength
                ? string.Create(CultureInfo.InvariantCulture, $"String should have at least {minLength} characters")
                : string.Create(CultureInfo.InvariantCulture, $"String should have at most {maxLength} characters"));
            return null;
        }

        return text;
    }

    /// <summary>A text without which nothing can be done.</summary>
    public string RequiredText(string name, int maxLength, int minLength = 1)
    {
        if (!TryGet(name, out _))
        {
            Refuse(name, "Field required");
        }

        return Text(name, maxLength, minLength) ?? "";
    }

    /// <summary>Yes or no, also as the words and numbers that stand for them. Null: absent, null, or refused.</summary>
    public bool? Flag(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        bool? flag = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.GetRawText() switch { "1" => true, "0" => false, _ => null },
            _ when TryGetText(value, out var text) => text.ToLowerInvariant() switch
            {
                "true" or "1" or "yes" or "on" or "t" or "y" => true,
                "false" or "0" or "no" or "off" or "f" or "n" => false,
                _ => null,
            },
            _ => null,
        };
        if (flag is null)
        {
            Refuse(name, "Input should be true or false");
        }

        return flag;
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>. Null: absent, null, or refused.</summary>
    public long? Whole(string name, long least, long most = long.MaxValue)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (!TryGetWhole(value, out var number))
        {
            Refuse(name, "Input should be a whole number");
            return null;
        }

        if (number < least)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Input should be greater than or equal to {least}"));
            return null;
        }

        if (number > most)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Input should be less than or equal to {most}"));
            return null;
        }

        return number;
    }

    /// <summary>A date as text or as a Unix time. Null: absent, null, or refused.</summary>
    /// <param name="name">Of the field.</param>
    /// <param name="isEnd">A date without a time of day is the end of that day, in UTC; otherwise its beginning.</param>
    public DateTimeOffset? Instant(string name, bool isEnd = false)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) || !TryGetText(value, out var text))
        {
            Refuse(name, "Input should be a date in ISO 8601 or a Unix time");
            return null;
        }

        if (isEnd && DateParser.TryParseDay(text, out var day))
        {
            return new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).AddTicks(-1);
        }

        if (DateParser.TryParse(text, out var instant))
        {
            return instant;
        }

        _invalid ??= Refusal.Invalid($"{name} should be a date in ISO 8601, such as 2027-01-31T12:00:00Z, or a Unix time", name);
        return null;
    }

    /// <summary>One of a few words. Null: absent, null, or refused.</summary>
    public T? Choice<T>(string name, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (TryGetText(value, out var text) && choices.TryGetValue(text, out var choice))
        {
            return choice;
        }

        Refuse(name, $"Input should be {string.Join(" or ", choices.Keys.Select(key => $"'{key}'"))}");
        return null;
    }

    /// <summary>An object, as it is. Null: absent, or something else.</summary>
    public JsonElement? Object(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>A list of objects, each to be read by itself. Empty: refused.</summary>
    public IReadOnlyList<JsonFields> Objects(string name, int least, int most)
    {
        if (!TryGet(name, out var value))
        {
            Refuse(name, "Field required");
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < least || value.GetArrayLength() > most
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Input should be a list of {least} to {most} objects"));
            return [];
        }

        return [.. value.EnumerateArray().Select(item => new JsonFields(item))];
    }

    /// <summary>The fields of an object inside of this one. Null: absent, or refused.</summary>
    public JsonFields? Inner(string name, int most)
    {
        if (TryGet(name, out var value) && value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() <= most)
        {
            return new JsonFields(value);
        }

        if (Has(name))
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Input should be an object of up to {most} fields"));
        }

        return null;
    }

    /// <summary>Takes over what is wrong with an object inside of this one.</summary>
    /// <param name="inner">The object.</param>
    /// <param name="path">What stands before the names of its fields.</param>
    public void Adopt(JsonFields inner, string path)
    {
        _malformed.AddRange(inner._malformed.Select(error => error with { Field = path + error.Field }));
        _invalid ??= inner._invalid is { } invalid ? invalid with { Fields = [.. invalid.Fields.Select(error => error with { Field = path + error.Field })] } : null;
    }

    /// <summary>The field <c>tags</c>. Null: absent, null, or refused.</summary>
    public IReadOnlyList<string>? Tags() =>
        Texts("tags", 0, LinkTag.MaxCount, text => LinkTag.TryParse(text, out _), string.Create(CultureInfo.InvariantCulture, $"a tag of 1 to {LinkTag.MaxLength} characters, without comma and emoji"))?
            .Select(text => LinkTag.TryParse(text, out var tag) ? tag : text).Distinct().ToList();

    /// <summary>A list of texts that each fit the description. Null: absent, null, or refused.</summary>
    public IReadOnlyList<string>? Texts(string name, int least, int most, Func<string, bool> fits, string description)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < least || value.GetArrayLength() > most)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Input should be a list of {least} to {most} entries: {description}"));
            return null;
        }

        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (!TryGetText(item, out var text) || !fits(text))
            {
                Refuse(name, $"Every entry should be {description}");
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    /// <summary>Whether all names are text: JSON can spell half of a surrogate pair.</summary>
    private static bool HasNames(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(property => property.Name is not null && HasNames(property.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(HasNames),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A value that is there and not null.</summary>
    private bool TryGet(string name, out JsonElement value)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>The characters of a text or a number. Half a surrogate pair is no text, and a NUL is nothing databases agree about.</summary>
    private static bool TryGetText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return text is not null && !text.Contains('\0', StringComparison.Ordinal);
    }

    private static bool TryGetWhole(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
        {
            return TryGetText(value, out var text) && long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        // JSON knows one kind of number, and many languages write 5 as 5.0.
        if (value.TryGetInt64(out number))
        {
            return true;
        }

        var isWhole = value.TryGetDecimal(out var written) && written == decimal.Truncate(written) && written is >= long.MinValue and <= long.MaxValue;
        number = isWhole ? (long)written : 0;
        return isWhole;
    }
}
