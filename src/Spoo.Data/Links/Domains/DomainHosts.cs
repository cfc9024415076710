using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links.Domains;

/// <summary>Names of hosts as domains have them.</summary>
public static class DomainHosts
{
    private const int MaxLabelLength = 63;

    /// <summary>Names by which programs call the domain that a server begins with, wherever that is: spoo.me's own, and that of trying out.</summary>
    private static readonly string[] Always = ["localhost", "spoo.me"];

    /// <summary>In lower case and ASCII, without a port or a dot at its end, out of what a person or a program says. Null: it names no host.</summary>
    public static string? Parse(string? text)
    {
        var name = text?.Trim() ?? "";
        if (name.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme >= 0)
        {
            // People paste whole addresses.
            name = name[(scheme + 3)..].TrimEnd('/');
        }

        return BrowserHost.OfAuthority(name) is { IsAddress: false } host && host.Name.Split('.').All(IsLabel) ? host.Name : null;
    }

    /// <summary>
    /// Whether a text names the installation's own domain: with a port or without, in any case, with a dot at its end or <c>www.</c> before it.
    /// </summary>
    /// <param name="hosts">Where the installation is.</param>
    public static bool IsOwn(string text, IEnumerable<string> hosts) => Plain(text) is var name && hosts.Select(Plain).Concat(Always).Contains(name);

    /// <summary>Whether it is a name that all the world can look up, instead of one of a machine in its own network.</summary>
    public static bool IsPublic(string host) => host.Contains('.', StringComparison.Ordinal);

    private static string Plain(string text)
    {
        var host = BrowserHost.OfAuthority(text.Trim())?.Name ?? text.Trim().ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');
}
