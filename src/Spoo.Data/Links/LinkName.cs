using System.Globalization;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links;

/// <summary>
/// What a link is called: <c>launch</c> on the installation's own domain, <c>links.example.com/launch</c> on another. To hold one is to
/// hold a code that is valid.
/// </summary>
/// <param name="Host">In lower case. Null: the installation's own domain.</param>
public readonly record struct LinkName(string? Host, string Code)
{
    /// <summary>Instead of a slash, where one would begin another part of a path. In no code and in no host.</summary>
    public const char FolderMark = '~';

    /// <summary>As one part of a path, where a slash would begin the next: <c>launch@links.example.com</c>, <c>team~launch</c>.</summary>
    public string Segment => (Host is null ? Code : AtHost).Replace(ShortCode.Slash, FolderMark);

    private string AtHost => $"{Code}@{Host}";

    /// <summary>
    /// Reads both spellings. What is before the first slash is a host where it has a dot, else a folder that the code is in; so text alone tells which, whatever
    /// domains there are. Null: no link can be called that.
    /// </summary>
    public static LinkName? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string? host = null;
        var code = text;
        if (text.LastIndexOf('@') is var at && at >= 0)
        {
            (code, host) = (text[..at], text[(at + 1)..]);
        }
        else if (text.IndexOf(ShortCode.Slash, StringComparison.Ordinal) is var slash && slash >= 0 && IsFullName(text.AsSpan(0, slash)))
        {
            (host, code) = (text[..slash], text[(slash + 1)..]);
        }

        return ShortCode.TryParse(code.Replace(FolderMark, ShortCode.Slash), out var parsed) && host is not { Length: 0 or > Domain.MaxHostLength }
            ? new(host?.ToLowerInvariant(), parsed.Value)
            : null;
    }

    /// <summary>Its short link, where the installation's own begin there: other domains lead to it by the same scheme and port.</summary>
    /// <param name="origin">Without a slash at its end.</param>
    public string UrlAt(string origin)
    {
        if (Host is null)
        {
            return $"{origin}/{Code}";
        }

        var own = new Uri(origin);
        return $"{own.Scheme}://{Host}{(own.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{own.Port}"))}/{Code}";
    }

    // A host of one word would be taken for a folder.
    public override string ToString() => Host is null ? Code : IsFullName(Host) ? $"{Host}/{Code}" : AtHost;

    private static bool IsFullName(ReadOnlySpan<char> host) => host.Contains('.');
}
