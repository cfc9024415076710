using System.Net;
using System.Net.Sockets;

namespace Spoo.Web.Identity;

/// <summary>What stands for an anonymous caller.</summary>
internal static class ClientNetwork
{
    /// <summary>The IPv4 address, or the network of an IPv6 address: who has one of those has 2⁶⁴ of them, so they count as a whole.</summary>
    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.MapToIPv4().ToString(),
    };

    /// <summary>Whether it belongs to this machine or a network of one's own, and so to no visitor from elsewhere.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var plain = Proxies.Plain(address);
        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.IsIPv6UniqueLocal;
        }

        var bytes = plain.GetAddressBytes();
        return bytes[0] is 10 or 127 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254);
    }
}
