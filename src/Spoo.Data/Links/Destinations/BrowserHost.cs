using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spoo.Data.Links.Destinations;

/// <summary>
/// The host of an address as browsers read it: however it is spelled, one host has one name. Full-width digits, octal and hexadecimal numbers,
/// percent signs and an IPv4 address inside of an IPv6 one all come down to the address that they lead to.
/// </summary>
/// <param name="Name">In lower case and ASCII, without dots at its end.</param>
/// <param name="Port">Null: that of the scheme.</param>
/// <param name="IsAddress">Whether it is an IP address.</param>
internal sealed record BrowserHost(string Name, int? Port, bool IsAddress)
{
    private const int LongestHost = 253;
    private const int ShortestMappedAddress = 12;

    /// <summary>What no name of a host may have in it, because it means something else in an address.</summary>
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" #/:<>?@[\\]^|%`{}\"");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>Null: no browser goes there.</summary>
    /// <param name="url">With its scheme.</param>
    public static BrowserHost? OfUrl(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var authority = url[(start + 3)..];
        var end = authority.AsSpan().IndexOfAny("/\\?#");
        authority = end < 0 ? authority : authority[..end];
        return OfAuthority(authority[(authority.LastIndexOf('@') + 1)..]);
    }

    /// <summary>As the other, for what stands between the slashes: a host, and perhaps a port.</summary>
    public static BrowserHost? OfAuthority(string authority)
    {
        var end = authority.StartsWith('[') ? authority.IndexOf(']') + 1 : authority.LastIndexOf(':');
        var (host, rest) = end <= 0 ? (authority, "") : (authority[..end], authority[end..]);
        int? port = null;
        if (rest.Length > 1)
        {
            if (rest[0] != ':' || !ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            port = number;
        }

        return host.StartsWith('[') ? OfLiteral(host, port) : OfName(host, port);
    }

    /// <summary>Whether both lead to the same server: the two ports that addresses need not name are taken for one.</summary>
    public bool IsSameServerAs(BrowserHost other) => Name == other.Name && (Port == other.Port || (IsDefault(Port) && IsDefault(other.Port)));

    private static bool IsDefault(int? port) => port is null or 80 or 443;

    private static BrowserHost? OfLiteral(string host, int? port)
    {
        if (!host.EndsWith(']') || !IPAddress.TryParse(host[1..^1], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        return new((address.IsIPv4MappedToIPv6 ? new IPAddress(bytes.AsSpan(ShortestMappedAddress)) : address).ToString(), port, IsAddress: true);
    }

    private static BrowserHost? OfName(string host, int? port)
    {
        if (Ascii(Decoded(host)) is not { Length: > 0 and <= LongestHost } name || name.AsSpan().ContainsAny(Forbidden) || name.Any(char.IsControl))
        {
            return null;
        }

        // What ends in a number is an address, or nothing that a browser opens.
        var last = name[(name.LastIndexOf('.') + 1)..];
        return !last.All(char.IsAsciiDigit) && NumberOf(last) is null ? new(name, port, IsAddress: false)
            : AddressOf(name) is { } address ? new(address, port, IsAddress: true)
            : null;
    }

    private static string Decoded(string host) => host.Contains('%') ? Uri.UnescapeDataString(host) : host;

    private static string? Ascii(string host)
    {
        try
        {
            var name = System.Text.Ascii.IsValid(host) ? host : Idn.GetAscii(host.Normalize(NormalizationForm.FormKC).Replace('\u3002', '.').TrimEnd('.'));
            name = name.ToLowerInvariant().TrimEnd('.');
            return name.Split('.').Any(label => label.StartsWith("xn--", StringComparison.Ordinal) && System.Text.Ascii.IsValid(Idn.GetUnicode(label))) ? null : name;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // One to four numbers, of which the last has the room of those that are missing.
    private static string? AddressOf(string name)
    {
        var parts = name.Split('.');
        if (parts.Length > 4)
        {
            return null;
        }

        var address = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            var most = isLast ? 1L << (8 * (4 - i)) : 256;
            if (NumberOf(parts[i]) is not { } number || number >= most)
            {
                return null;
            }

            address = isLast ? (address << (8 * (4 - i))) + number : (address << 8) + number;
        }

        return new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString();
    }

    // Decimal, octal behind a 0, hexadecimal behind 0x, which alone is 0.
    private static long? NumberOf(string text)
    {
        var (digits, radix) = text switch
        {
            ['0', 'x', .. var hexadecimal] => (hexadecimal, 16),
            ['0', .. var octal and not ""] => (octal, 8),
            _ => (text, 10),
        };
        if (text.Length == 0)
        {
            return null;
        }

        var number = 0L;
        foreach (var digit in digits)
        {
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (value >= radix)
            {
                return null;
            }

            // Larger than any address, and still a number.
            number = Math.Min((number * radix) + value, 1L << 33);
        }

        return number;
    }
}
