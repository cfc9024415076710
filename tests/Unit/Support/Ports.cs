using System.Net;
using System.Net.Sockets;

namespace Spoo.Tests.Support;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    /// <summary>The systems give out ports from here on for connections; a server that comes back would find its own taken.</summary>
    private const int FirstOfConnections = 32768;

    private const int First = 20000;

    /// <summary>One that nobody listens on.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, FirstOfConnections);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's.
            }
        }
    }
}
