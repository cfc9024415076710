using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Spoo.Data.Alerts;

/// <summary>
/// Looks whether a destination answers: with HEAD, and where that is not liked with GET, of which nothing is read. It goes to addresses of the
/// public internet only, is followed through a few redirects, and says who it is.
/// </summary>
public sealed class DestinationCheck : IDisposable
{
    private const int MostRedirects = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;

    public DestinationCheck(AlertOptions options)
    {
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, cancellationToken) => PublicAddresses.ConnectAsync(
                context, Dns.GetHostAddressesAsync, address => options.AllowPrivateAddresses || PublicAddresses.Has(address), cancellationToken),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (compatible; SpooLinkCheck/1.0)");
        _client.DefaultRequestHeaders.Accept.ParseAdd("*/*");
    }

    /// <summary>Whether an address is one that can be asked: pages of the web are, mail addresses and apps are not.</summary>
    public static bool CanAsk(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsOfWeb(uri);

    /// <summary>Why it does not answer as it should. Null: it does.</summary>
    public async Task<string?> FaultOfAsync(string url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var uri = new Uri(url);
            for (var redirects = 0; ; redirects++)
            {
                var (status, next) = await AskAsync(uri, HttpMethod.Head, patience.Token);
                if (status >= 400 && status != (int)HttpStatusCode.TooManyRequests)
                {
                    // Some servers know GET only, or answer HEAD with something else.
                    (status, next) = await AskAsync(uri, HttpMethod.Get, patience.Token);
                }

                if (next is null)
                {
                    return FaultOf(status);
                }

                if (redirects == MostRedirects || !IsOfWeb(next))
                {
                    // Into an app, or round and round: visitors are led somewhere, and a program cannot tell where.
                    return redirects == MostRedirects ? "it redirects again and again" : null;
                }

                uri = next;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return CallFaults.InWords(exception);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>That a server does not want to be asked by programs, or asks for a password, does not say that nothing is there.</summary>
    private static string? FaultOf(int status) => status switch
    {
        (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Gone or >= 500 => string.Create(CultureInfo.InvariantCulture, $"it answers {status}"),
        _ => null,
    };

    private static bool IsOfWeb(Uri uri) => (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;

    private async Task<(int Status, Uri? Next)> AskAsync(Uri uri, HttpMethod method, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri);
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var status = (int)answer.StatusCode;
        return (status, status is >= 300 and < 400 && answer.Headers.Location is { } next ? new Uri(uri, next) : null);
    }
}
