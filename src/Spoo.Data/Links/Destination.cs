namespace Spoo.Data.Links;

/// <summary>Where links may lead.</summary>
internal static class Destination
{
    /// <summary>Why a link may not lead there. Null: it may.</summary>
    /// <param name="ownHosts">Where this installation answers, each with its port; a link to a link would go round in circles.</param>
    public static Message? ProblemOf(string longUrl, IEnumerable<BrowserHost> ownHosts, ShorteningOptions options)
    {
        if (!Uri.TryCreate(longUrl, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || BrowserHost.OfUrl(longUrl) is not { } host
            || longUrl.Any(char.IsControl)
            || longUrl.Any(char.IsWhiteSpace))
        {
            return new Message("URL is not allowed or invalid: it should begin with http:// or https://, then name a host, and have no blanks");
        }

        if (!options.AllowIpAddresses && host.IsAddress)
        {
            return new Message("URL is not allowed or invalid: its host is an IP address");
        }

        return ownHosts.Any(host.IsSameServerAs)
            ? new Message("URL is not allowed or invalid: it leads back here")
            : null;
    }
}
