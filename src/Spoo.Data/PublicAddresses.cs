using System.Net;
using System.Net.Sockets;

namespace Spoo.Data;

/// <summary>
/// Addresses to which this server may go when a person names the host: those of the public internet, and none inside of the network that
/// the server itself is in.
/// </summary>
public static class PublicAddresses
{
    /// <summary>What is set aside for other uses, by the registries of special addresses (RFC 6890).</summary>
    private static readonly IPNetwork[] SetAside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    /// <summary>
    /// Connects to an address of a host that may be gone to. Looked up and connected to in one step, so that a name cannot lead elsewhere in between.
    /// </summary>
    /// <param name="context">Where a client wants to go.</param>
    /// <param name="lookUp">The addresses of a host that is a name.</param>
    /// <param name="mayGoTo">Which of them are allowed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotPublicException">None of them is.</exception>
    internal static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<string, CancellationToken, Task<IPAddress[]>> lookUp, Func<IPAddress, bool> mayGoTo, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await lookUp(host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => mayGoTo(address));
        if (allowed.Length == 0)
        {
            throw new NotPublicException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static bool Has(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : address.AddressFamily == AddressFamily.InterNetworkV6 && (Translated.Contains(address) || Compatible.Contains(address)) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
        return !Array.Exists(SetAside, network => network.Contains(plain)) && !Array.Exists(SetAside, network => network.Contains(address));
    }
}

internal sealed class NotPublicException(string host) : IOException($"{host} has no address in the public internet.");
