using System.Security.Cryptography;

namespace Spoo.Data.Links.Pictures;

/// <param name="At">Where this installation is, without a slash at the end: there the picture is shown.</param>
public sealed record BroughtPicture(PictureFile File, string At);

/// <summary>A picture that is brought, whose bytes have been seen to be of its type.</summary>
/// <param name="MediaType">One of <see cref="Endings"/>.</param>
public sealed record PictureFile(string MediaType, byte[] Content)
{
    /// <summary>In bytes, as spoo.me takes them.</summary>
    public const int MaxLength = 512_000;

    /// <summary>The types that chats draw, and how the names of such files end.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Endings =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["image/png"] = "png", ["image/jpeg"] = "jpg", ["image/webp"] = "webp" };

    private const string Scheme = "data:";
    private const string Base64 = ";base64,";

    private static readonly Message WrongType = new Message("a picture should be a PNG, a JPEG or a WebP; no chat draws others");
    private static readonly Message TooLong = new Message("a picture should have at most {0} bytes", MaxLength);
    private static readonly Message NotBase64 = new Message("a picture in a field should be written like data:image/png;base64, and its bytes in Base64");

    /// <summary>What it is called here: by its content, so that the same picture is kept once.</summary>
    public string Name => string.Concat(Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, KeptPicture.NameBytes)), ".", Endings[MediaType]);

    /// <summary>Whether this is meant to be a picture itself and not the address of one.</summary>
    public static bool IsMeant(string? text) => text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The picture in a text of the form <c>data:image/png;base64,…</c>.</summary>
    public static (PictureFile? Picture, Message? Problem) Read(string dataUri)
    {
        var comma = dataUri.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        if (!IsMeant(dataUri) || comma < 0)
        {
            return (null, NotBase64);
        }

        var bytes = new byte[(dataUri.Length * 3 / 4) + 3];
        return !Endings.ContainsKey(dataUri[Scheme.Length..comma]) ? (null, WrongType)
            : Convert.TryFromBase64Chars(dataUri.AsSpan(comma + Base64.Length), bytes, out var length) ? Read(bytes.AsSpan(0, length), dataUri[Scheme.Length..comma])
            : (null, NotBase64);
    }

    /// <summary>The picture in a file.</summary>
    /// <param name="mediaType">What it is said to be. Null: whatever it is.</param>
    public static (PictureFile? Picture, Message? Problem) Read(ReadOnlySpan<byte> content, string? mediaType = null) =>
        content.Length > MaxLength ? (null, TooLong)
        : TypeOf(content) is not { } found || (mediaType is not null && !found.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) ? (null, WrongType)
        : (new PictureFile(found, content.ToArray()), null);

    // By the marks with which such files begin: PNG (W3C, 5.2), JPEG (ITU T.81, B.1.1.3), WebP (RFC 9649, 2.4).
    private static string? TypeOf(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;
}
