using System.Globalization;
using System.Text;

namespace Spoo.Data.Links.Destinations;

/// <summary>Destinations as headers want them: visible ASCII characters and nothing else.</summary>
public static class LinkLocation
{
    public static string Of(string longUrl)
    {
        var url = longUrl.Trim();
        if (!url.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return url;
        }

        return Encoded(WithAsciiHost(url));
    }

    // "https://müller.example/" → "https://xn--mller-kva.example/". What is no address at all is left for the encoding.
    private static string WithAsciiHost(string url) =>
        url.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Any(c => !char.IsAscii(c)) && uri.IdnHost.All(char.IsAscii)
            ? $"{uri.Scheme}://{(uri.UserInfo.Length > 0 ? uri.UserInfo + "@" : "")}{uri.IdnHost}{(uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}"))}{uri.PathAndQuery}{uri.Fragment}"
            : url;

    private static string Encoded(string url)
    {
        var encoded = new StringBuilder(url.Length + 16);
        foreach (var single in Encoding.UTF8.GetBytes(url))
        {
            if (single is >= (byte)'!' and <= (byte)'~')
            {
                encoded.Append((char)single);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{single:X2}");
            }
        }

        return encoded.ToString();
    }
}
