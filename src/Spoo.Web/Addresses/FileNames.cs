using System.Text.RegularExpressions;
using Spoo.Data.Links;

namespace Spoo.Web.Addresses;

/// <summary>Names of files that are saved, as every system and every header takes them.</summary>
internal static partial class FileNames
{
    /// <summary>Of a link whose code has nothing that may be in one, as those of emoji.</summary>
    private const string OfAnyLink = "link";

    /// <summary>The name of a file without its extension, as far as callers may choose it.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>What stands for a link in the name of a file. Codes and hosts may have more than such names.</summary>
    /// <param name="name">The text of a <see cref="LinkName"/>.</param>
    public static string OfLink(string name) => Others().Replace(LinkName.Parse(name)?.Segment ?? name, "-").Trim('-', '.') is { Length: > 0 } plain ? plain : OfAnyLink;

    /// <summary>Under which name a file is to be saved, in a header.</summary>
    /// <param name="fileName">An <see cref="IsName"/> with its extension; nothing in it needs escaping.</param>
    public static string Disposition(string fileName) => $"attachment; filename=\"{fileName}\"";

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,149}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"[^A-Za-z0-9._-]+")]
    private static partial Regex Others();
}
