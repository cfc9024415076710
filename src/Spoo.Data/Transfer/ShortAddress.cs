using Spoo.Data.Links.Codes;

namespace Spoo.Data.Transfer;

/// <summary>Reads the code out of the addresses of short links, as files have them: with a scheme, with a host alone, or as a path.</summary>
internal static class ShortAddress
{
    /// <summary>What stands between the host and the question mark; a text without either is all path.</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> address, out ReadOnlySpan<char> query)
    {
        address = address.Trim();
        query = default;
        if (address.IndexOf('#') is var mark and >= 0)
        {
            address = address[..mark];
        }

        if (address.IndexOf('?') is var question and >= 0)
        {
            query = address[(question + 1)..];
            address = address[..question];
        }

        if (address.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
        {
            var rest = address[(scheme + 3)..];
            return rest.IndexOf('/') is var slash and >= 0 ? rest[slash..] : "/";
        }

        // Codes have no dots, hosts have.
        return address.IndexOf('/') is var first and > 0 && address[..first].Contains('.') ? address[first..] : address;
    }

    /// <summary>The host of an address that has a scheme, or of <c>host/code</c>, without its port. Empty: there is none.</summary>
    public static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> address)
    {
        address = address.Trim();
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var hasScheme = scheme >= 0;
        var rest = hasScheme ? address[(scheme + 3)..] : address;
        var end = rest.IndexOfAny("/?#:");
        var host = end < 0 ? rest : rest[..end];
        return host.Contains('.') && (hasScheme || end > 0) ? host : default;
    }

    /// <summary>What a path has behind the place where the links are, decoded. Null: nothing, or the path is elsewhere.</summary>
    public static string? CodeIn(ReadOnlySpan<char> path, string prefix) => CodePartIn(path, prefix) is { IsEmpty: false } code ? code.ToString() : null;

    /// <summary>As <see cref="CodeIn"/>; empty where there is none.</summary>
    public static ReadOnlySpan<char> CodePartIn(ReadOnlySpan<char> path, string prefix)
    {
        if (prefix.Length > 0 && (!path.StartsWith(prefix, StringComparison.Ordinal) || path.Length == prefix.Length || path[prefix.Length] != '/'))
        {
            return default;
        }

        var code = path[prefix.Length..].Trim('/');
        return code.Contains('%') ? Uri.UnescapeDataString(code) : code;
    }

    /// <summary>Whether the text is an address under which a short link could be.</summary>
    public static bool IsShort(string address) =>
        !HostOf(address).IsEmpty && IsPlainCode(CodeIn(PathOf(address, out var query), "")) && query.Length < 64;

    /// <summary>Whether the text is a code by its look. Codes in folders look like any path, and have to be called codes.</summary>
    public static bool IsPlainCode(string? text) => ShortCode.TryParse(text, out var code) && !ShortCode.IsInFolder(code.Value);

    public static string? ValueIn(ReadOnlySpan<char> query, string name)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var pair = end < 0 ? query : query[..end];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return Uri.UnescapeDataString(pair[(name.Length + 1)..].ToString().Replace('+', ' '));
            }

            query = end < 0 ? default : query[(end + 1)..];
        }

        return null;
    }
}
