using System.Net;
using System.Net.Sockets;

namespace Spoo.Web.Limits;

/// <summary>Who somebody is by network address, where nothing else is known of them.</summary>
internal static class Network
{
    /// <summary>Whoever has one IPv6 address has 2⁶⁴ of them, so their network counts as a whole.</summary>
    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.MapToIPv4().ToString(),
    };
}
