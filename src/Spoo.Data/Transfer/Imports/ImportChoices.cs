using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spoo.Data.Transfer.Imports;

/// <summary>
/// What a person said about how a file is to be read, in the words of the command line. It is kept with the import, and proposed for the
/// next file with the same columns. What was not said is null.
/// </summary>
public sealed record ImportChoices
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static ImportChoices None { get; } = new();

    public string? Format { get; init; }

    /// <summary>Fields by the names of columns; a null field leaves the column out.</summary>
    public SortedDictionary<string, string?>? Map { get; init; }

    public DateOrder? Dates { get; init; }

    public string? Zone { get; init; }

    public string? Code { get; init; }

    public string? LinksAt { get; init; }

    public string? Host { get; init; }

    public IReadOnlyList<int>? Statuses { get; init; }

    public static ImportChoices Parse(string text) => JsonSerializer.Deserialize<ImportChoices>(text, Json) ?? None;

    public override string ToString() => JsonSerializer.Serialize(this, Json);
}
