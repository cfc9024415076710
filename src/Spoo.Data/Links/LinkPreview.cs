using System.Text.Json;
using System.Text.Json.Serialization;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Pictures;

namespace Spoo.Data.Links;

/// <summary>The card that chats and networks draw of a link, in its owner's words instead of the destination's.</summary>
public sealed record LinkPreview
{
    private static readonly JsonSerializerOptions AsStored = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const int MaxTitleLength = 120;
    public const int MaxDescriptionLength = 240;
    public const int MaxImageLength = 2048;

    /// <summary>As JSON, in which a letter may take six.</summary>
    internal const int MaxStoredLength = 20_000;

    public required string Title { get; init; }

    /// <summary>Null: none.</summary>
    public string? Description { get; init; }

    /// <summary>An address that begins with https://, or of a picture that is kept here. Null: none.</summary>
    public string? Image { get; init; }

    /// <summary>A picture that is to be kept here, and whose address <see cref="Image"/> is from then on. Null: it brings none.</summary>
    [JsonIgnore]
    public BroughtPicture? Brought { get; init; }

    /// <summary>As in <c>#1A2B3C</c>. Null: none.</summary>
    public string? Color { get; init; }

    /// <summary>As it is stored. Null: there is none.</summary>
    public static LinkPreview? Parse(string? json) => string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<LinkPreview>(json, JsonSerializerOptions.Web);

    /// <summary>Whether a link may have this card.</summary>
    [JsonIgnore]
    public bool IsValid =>
        Title.Length is > 0 and <= MaxTitleLength && !(Description?.Length > MaxDescriptionLength) && (Image is null || IsImage(Image)) && (Color is null || IsColor(Color))
        && !Title.Any(char.IsControl) && Description?.Any(char.IsControl) != true;

    public string Stored() => JsonSerializer.Serialize(this, AsStored);

    public static bool IsColor(string text) => text is ['#', _, _, _, _, _, _] && text.Skip(1).All(char.IsAsciiHexDigit);

    /// <summary>Whether a card may show this picture. A drawing (SVG) is shown by no chat.</summary>
    public static bool IsImage(string text) =>
        text.Length <= MaxImageLength && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || LinkPictures.IsAddress(text)) && BrowserHost.OfUrl(text) is not null && !text.Any(char.IsWhiteSpace) && !text.Any(char.IsControl)
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && !uri.AbsolutePath.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
}
