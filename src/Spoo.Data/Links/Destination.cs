using System.Net;

namespace Spoo.Data.Links;

/// <summary>Where links may lead.</summary>
internal static class Destination
{
    /// <summary>Why a link may not lead there. Null: it may.</summary>
    /// <param name="ownHosts">Hosts at which this installation answers; a link to a link would go round in circles.</param>
    public static Message? ProblemOf(string longUrl, IEnumerable<string> ownHosts, ShorteningOptions options)
    {
        if (!Uri.TryCreate(longUrl, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.Host.Length == 0
            || longUrl.Any(char.IsControl)
            || longUrl.Any(char.IsWhiteSpace))
        {
            return new Message("URL is not allowed or invalid: it should begin with http:// or https://, then name a host, and have no blanks");
        }

        if (!options.AllowIpAddresses && IPAddress.TryParse(uri.DnsSafeHost, out _))
        {
            return new Message("URL is not allowed or invalid: its host is an IP address");
        }

        return ownHosts.Any(own => string.Equals(own, uri.Host, StringComparison.OrdinalIgnoreCase))
            ? new Message("URL is not allowed or invalid: it leads back here")
            : null;
    }
}
