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
    /// <summary>As one part of a path, where a slash would begin the next: <c>launch@links.example.com</c>.</summary>
    public string Segment => Host is null ? Code : $"{Code}@{Host}";

    /// <summary>Reads both spellings. Null: no link can be called that.</summary>
    public static LinkName? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string? host = null;
        var code = text;
        if (text.IndexOf('/', StringComparison.Ordinal) is var slash && slash >= 0)
        {
            (host, code) = (text[..slash], text[(slash + 1)..]);
        }
        else if (text.LastIndexOf('@') is var at && at >= 0)
        {
            (code, host) = (text[..at], text[(at + 1)..]);
        }

        return ShortCode.TryParse(code, out var parsed) && host is not { Length: 0 or > Domain.MaxHostLength }
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

    public override string ToString() => Host is null ? Code : $"{Host}/{Code}";
}
