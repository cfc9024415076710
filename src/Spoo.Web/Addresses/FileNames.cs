using System.Text;
using System.Text.RegularExpressions;

namespace Spoo.Web.Addresses;

/// <summary>Names of files that are saved, as every system and every header takes them.</summary>
internal static partial class FileNames
{
    /// <summary>Of a link whose code has nothing that may be in one, as those of emoji.</summary>
    private const string OfAnyLink = "link";

    /// <summary>The name of a file without its extension, as far as callers may choose it.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>What stands for a link in the name of a file. Codes and hosts may have more than such names.</summary>
    /// <param name="name">The text of a <see cref="Spoo.Data.Links.LinkName"/>, or a part of it.</param>
    public static string OfLink(string name) => Others().Replace(name, "-").Trim('-', '.') is { Length: > 0 } plain ? plain : OfAnyLink;

    /// <summary>Under which name a file is to be saved, in a header: those have no letters but A to Z, and say others beside them (RFC 6266).</summary>
    /// <param name="fileName">An <see cref="IsName"/> with its extension.</param>
    public static string Disposition(string fileName) => Ascii.IsValid(fileName)
        ? $"attachment; filename=\"{fileName}\""
        : $"attachment; filename=\"{NotAscii().Replace(fileName, "-")}\"; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";

    [GeneratedRegex(@"^[\p{L}\p{Nd}_-][\p{L}\p{M}\p{Nd}._-]{0,149}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{Nd}._-]+")]
    private static partial Regex Others();

    [GeneratedRegex(@"[^\x20-\x7E]+")]
    private static partial Regex NotAscii();
}
