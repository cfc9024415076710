using System.Net.Sockets;
using System.Security.Authentication;

namespace Spoo.Data;

/// <summary>
/// Why a call to another server came to nothing, for the person who named it. What a connection failed of may tell how the network here is laid
/// out, so it is said in few words.
/// </summary>
internal static class CallFaults
{
    public static string InWords(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case NotPublicException: return "its host has no address in the public internet";
                case AuthenticationException: return "its certificate is not accepted";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }: return "its host is not known";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }: return "it takes no connection";
            }
        }

        return "the connection failed";
    }
}
