using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Spoo.Data.Clicks.Reading;

/// <summary>Where a visitor came from. Both null: a direct visit, or none that can be told.</summary>
/// <param name="Domain">The registrable domain ("b.co.uk"), an IP address, a host without dots, or an app ("android-app://com.slack").</param>
/// <param name="Url">The whole address as it was sent, made safe to store. Null also where an import knew only the domain.</param>
public sealed record ReferrerFacts(string? Domain, string? Url)
{
    public static ReferrerFacts Direct { get; } = new(null, null);
}

public static class Referrers
{
    /// <summary>Characters kept of a referrer's URL.</summary>
    public const int LongestUrl = 2048;

    private const int LongestHost = 253;

    // No app's name is nearly as long; with its scheme it has to fit where domains are kept.
    private const int LongestApp = 200;

    private static readonly string[] AppSchemes = ["android-app", "ios-app"];

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <param name="referrer">The <c>Referer</c> header, or what an import has in its place; there a bare domain will do.</param>
    /// <param name="ownHosts">The hosts this server answers for, in lower case: who comes from one of our pages came directly.</param>
    public static ReferrerFacts Read(string? referrer, IReadOnlySet<string>? ownHosts = null)
    {
        if (OutsideText.Clean(referrer, LongestUrl) is not { } url || Parse(url) is not { } origin)
        {
            return ReferrerFacts.Direct;
        }

        // Words without a scheme are a place only if they end like one: "direct" and "n/a" are none, "t.co" is.
        if (origin.Scheme.Length == 0 && !(origin.Host.Contains('.') && PublicSuffixes.IsListed(origin.Host)) && !IsAddress(origin.Host))
        {
            return ReferrerFacts.Direct;
        }

        return ownHosts?.Contains(origin.Host) == true ? ReferrerFacts.Direct
            : new(DomainOf(origin), origin.Scheme.Length == 0 ? null : url);
    }

    /// <summary>The address of a page without what was asked of it, and without a name and a password before its host.</summary>
    public static string? WithoutQuery(string? referrer)
    {
        if (referrer is null)
        {
            return null;
        }

        var end = referrer.AsSpan().IndexOfAny('?', '#');
        var page = end < 0 ? referrer : referrer[..end];
        var host = page.IndexOf("://", StringComparison.Ordinal) is var colon and >= 0 ? colon + 3 : 0;
        var path = page.AsSpan(host).IndexOfAny('/', '\\');
        var name = page.AsSpan(host, path < 0 ? page.Length - host : path).LastIndexOf('@');
        return name < 0 ? page : page.Remove(host, name + 1);
    }

    /// <summary>
    /// What is stored for a URL, a host or a domain in a filter. Every stored domain is its own; text that is none of these stays as it is.
    /// </summary>
    public static string Normalise(string filter)
    {
        var text = OutsideText.Clean(filter, LongestUrl) ?? "";
        return Parse(text) is { } origin ? DomainOf(origin) : text.ToLowerInvariant();
    }

    private static string DomainOf(Origin origin) =>
        AppSchemes.Contains(origin.Scheme) ? $"{origin.Scheme}://{origin.Host}"
        : IsAddress(origin.Host) ? origin.Host
        : PublicSuffixes.RegisteredPart(origin.Host) is var part && part.Length == origin.Host.Length ? origin.Host
        : part.ToString();

    // By hand and not by System.Uri, which is made for addresses that are meant to be followed: it refuses hosts with an
    // underscore in the wrong place, and takes "1" for an address.
    private static Origin? Parse(string url)
    {
        var rest = url.AsSpan();
        var scheme = "";
        var colon = rest.IndexOf("://");
        if (colon >= 0)
        {
            scheme = rest[..colon].ToString().ToLowerInvariant();
            rest = rest[(colon + 3)..];
            if (scheme is not ("http" or "https") && !AppSchemes.Contains(scheme))
            {
                return null;
            }
        }
        else if (IPAddress.TryParse(rest, out var bare) && bare.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return new("", bare.ToString());
        }

        var end = rest.IndexOfAny("/?#\\");
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];

        if (AppSchemes.Contains(scheme))
        {
            // A package name is no domain and its letters' case counts.
            return rest.Length <= LongestApp && IsHost(rest) ? new(scheme, rest.ToString()) : null;
        }

        if (rest is ['[', ..] && rest.IndexOf(']') is var closing and > 0)
        {
            return IPAddress.TryParse(rest[1..closing], out var address) ? new(scheme, address.ToString()) : null;
        }

        colon = rest.IndexOf(':');
        rest = colon < 0 ? rest : rest[..colon];
        return Ascii(rest.TrimEnd('.')) is { } host && IsHost(host) && (IsAddress(host) || !char.IsAsciiDigit(host[^1])) ? new(scheme, host) : null;
    }

    private static string? Ascii(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > LongestHost)
        {
            return null;
        }

        try
        {
            var text = host.ToString();
            return (System.Text.Ascii.IsValid(text) ? text : Idn.GetAscii(text)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > LongestHost)
        {
            return false;
        }

        foreach (var label in host.Split('.'))
        {
            if (host[label].Length is 0 or > 63)
            {
                return false;
            }
        }

        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    // Four numbers or something with colons; IPAddress would also take "1" and "127.1".
    private static bool IsAddress(ReadOnlySpan<char> host) => IPAddress.TryParse(host, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count('.') == 3);

    private sealed record Origin(string Scheme, string Host);
}
