namespace Spoo.Data.Links.Destinations;

/// <summary>Where links may lead.</summary>
internal static class Destination
{
    private static readonly Message NotOfTheWeb = new Message("URL is not allowed or invalid: it should begin with http:// or https://, then name a host, and have no blanks");

    /// <summary>Why a link may not lead there. Null: it may.</summary>
    /// <param name="ownHosts">Where this installation answers, each with its port; a link to a link would go round in circles.</param>
    public static Message? ProblemOf(string longUrl, IEnumerable<BrowserHost> ownHosts, ShorteningOptions options)
    {
        if (longUrl.Any(char.IsControl)
            || longUrl.Any(char.IsWhiteSpace)
            || !LinkSchemes.TryRead(longUrl, out var scheme)
            || !Uri.TryCreate(longUrl, UriKind.Absolute, out _))
        {
            return NotOfTheWeb;
        }

        if (!LinkSchemes.IsOfTheWeb(scheme))
        {
            return !options.Allows(scheme) ? new Message("URL is not allowed or invalid: links here lead to addresses that begin with http:// or https://, and to the kinds that the operator allows")
                : longUrl.Length > scheme.Length + 1 ? null
                : new Message("URL is not allowed or invalid: nothing follows the colon");
        }

        if (BrowserHost.OfUrl(longUrl) is not { } host)
        {
            return NotOfTheWeb;
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
