namespace Spoo.Data;

/// <summary>Why a request was not carried out. ApiPaths turn each into their own words and status codes, in one place.</summary>
public enum RefusalKind
{
    /// <summary>A field has the wrong shape.</summary>
    Malformed,

    /// <summary>The shape is right, the meaning is not.</summary>
    Invalid,

    NotSignedIn,

    Forbidden,

    NotFound,

    Conflict,

    /// <summary>Too much is being asked at this moment; a little later it would be answered.</summary>
    Busy,

    /// <summary>This caller has tried too often.</summary>
    TooMany,
}

/// <summary>What is wrong with one field, and what would be right.</summary>
public sealed record FieldError(string Field, string Message);

/// <summary>An expected "no".</summary>
public sealed record Refusal(RefusalKind Kind, string Message)
{
    /// <summary>The fields at fault; may be empty.</summary>
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>The word for programs, where there is a more exact one than that of the kind. Null: the kind's.</summary>
    public string? Code { get; init; }

    /// <summary>When trying again makes sense. Null: not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How far what has to be waited for is. Null: that is not known.</summary>
    public (long Done, long All)? Progress { get; init; }

    public static Refusal SignInFirst { get; } = new(RefusalKind.NotSignedIn, "Authentication required");

    public static Refusal MissingScope { get; } = new(RefusalKind.Forbidden, "Insufficient scope for this operation");

    /// <summary>What was asked for is known from elsewhere and not to be had here: better said than left out.</summary>
    public static Refusal NotOffered(string message) => new(RefusalKind.Forbidden, message) { Code = "feature_disabled" };

    /// <inheritdoc cref="NotOffered(string)"/>
    /// <param name="field">Which field of the request asked for it.</param>
    public static Refusal NotOffered(string field, string message) => NotOffered(message) with { Fields = [new FieldError(field, message)] };

    public static Refusal Malformed(IReadOnlyList<FieldError> fields) => fields is [var only]
        ? new(RefusalKind.Malformed, $"{only.Field}: {only.Message}") { Fields = fields }
        : new(RefusalKind.Malformed, $"Validation failed for: {string.Join(", ", fields.Select(field => field.Field).Distinct())}") { Fields = fields };

    public static Refusal Invalid(string message, string? field = null) =>
        new(RefusalKind.Invalid, message) { Fields = field is null ? [] : [new FieldError(field, message)] };
}
