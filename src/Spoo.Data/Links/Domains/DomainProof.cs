using System.Net;
using System.Text;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Logging;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links.Domains;

/// <summary>
/// Looks whether a person has published the token of a domain where only its owner can: in a record of its name server, or in a file on the
/// server that answers at it now.
/// </summary>
public sealed partial class DomainProof : IDisposable
{
    /// <summary>Before the host, where the record is looked for.</summary>
    public const string RecordStart = "_spoo-verify.";

    /// <summary>The file's path at the domain.</summary>
    public const string FilePath = "/.well-known/spoo-verify.txt";

    private const int MostBytes = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly LookupClient _names;
    private readonly HttpClient _files;
    private readonly int _port;
    private readonly ILogger _logger;

    public DomainProof(DomainOptions options, ILogger<DomainProof> logger)
        : this(options, PublicAddresses.Has, 80, logger)
    {
    }

    /// <param name="mayGoTo">To which addresses a file may be fetched from.</param>
    /// <param name="port">At which the file is.</param>
    internal DomainProof(DomainOptions options, Func<IPAddress, bool> mayGoTo, int port, ILogger<DomainProof> logger)
    {
        (_port, _logger) = (port, logger);
        var settings = options.NameServers.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. options.NameServers.Select(EndPointOf)]);
        settings.Timeout = TimeSpan.FromSeconds(3);
        settings.Retries = 1;

        // Who has just published a record does not want to hear of the time before.
        settings.UseCache = false;
        _names = new LookupClient(settings);
        _files = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = (context, cancellationToken) => PublicAddresses.ConnectAsync(context, AddressesAsync, mayGoTo, cancellationToken),
        })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    /// <summary>Why the domain is not proved. Null: it is.</summary>
    public async Task<string?> FaultOfAsync(string host, string token, CancellationToken cancellationToken)
    {
        var inRecord = await RecordFaultAsync(host, token, cancellationToken);
        if (inRecord is null || await FileFaultAsync(host, token, cancellationToken) is not { } inFile)
        {
            return null;
        }

        return DomainFaults.Text(inRecord, inFile);
    }

    public void Dispose() => _files.Dispose();

    private static IPEndPoint EndPointOf(string text) => IPEndPoint.TryParse(text, out var server)
        ? new IPEndPoint(server.Address, server.Port == 0 ? 53 : server.Port)
        : throw new FormatException($"Domains:NameServers: '{text}' is not an address such as 9.9.9.9 or 10.0.0.1:5353");

    private async Task<Message?> RecordFaultAsync(string host, string token, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _names.QueryAsync(RecordStart + host, QueryType.TXT, cancellationToken: cancellationToken);
            var texts = answer.Answers.OfType<TxtRecord>().Select(record => string.Concat(record.Text)).ToList();
            return texts.Contains(token, StringComparer.Ordinal) ? null
                : texts.Count == 0 ? DomainFaults.NoRecord(host)
                : DomainFaults.OtherRecord(host);
        }
        catch (DnsResponseException exception)
        {
            NoAnswer(host, exception.Message);
            return DomainFaults.NoNameServer();
        }
    }

    private async Task<Message?> FileFaultAsync(string host, string token, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(Uri.UriSchemeHttp, host, _port, FilePath).Uri;
        try
        {
            var response = await _files.GetAsync(address, cancellationToken);
            var secure = new UriBuilder(address) { Scheme = Uri.UriSchemeHttps, Port = -1 }.Uri;
            if (response.Headers.Location == secure)
            {
                // To the same place over TLS. A site that redirects elsewhere may do so for anybody, which proves nothing.
                response.Dispose();
                response = await _files.GetAsync(secure, cancellationToken);
            }

            using var answer = response;
            var text = answer.IsSuccessStatusCode ? Encoding.ASCII.GetString(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) : null;
            return text?.Trim() == token ? null
                : text is null ? DomainFaults.FileAnswers(host, (int)answer.StatusCode)
                : DomainFaults.OtherFile(host);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            NoAnswer(host, exception.Message);
            return exception.InnerException is NotPublicException ? DomainFaults.NoAddress(host) : DomainFaults.NoFile(host);
        }
    }

    private async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            _names.QueryAsync(host, QueryType.A, cancellationToken: cancellationToken),
            _names.QueryAsync(host, QueryType.AAAA, cancellationToken: cancellationToken));
        return [.. answers.SelectMany(answer => answer.Answers.AddressRecords()).Select(record => record.Address)];
    }

    [LoggerMessage(LogLevel.Debug, "The proof of {Host} could not be read: {Reason}")]
    private partial void NoAnswer(string host, string reason);
}
