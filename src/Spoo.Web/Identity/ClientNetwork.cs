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
}
