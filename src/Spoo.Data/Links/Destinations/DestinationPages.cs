using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Spoo.Data.Links.Destinations;

/// <summary>What a page says of itself, in the words that a card of it would have.</summary>
public sealed record DestinationPage
{
    public required Uri Url { get; init; }

    /// <summary>Where redirects led.</summary>
    public required Uri FinalUrl { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>An address that begins with https://.</summary>
    public string? Image { get; init; }

    public string? Color { get; init; }

    public string? SiteName { get; init; }

    public string? HtmlTitle { get; init; }

    public string? HtmlDescription { get; init; }

    public string? Favicon { get; init; }

    public required IReadOnlyDictionary<string, string> Og { get; init; }

    public required IReadOnlyDictionary<string, string> Twitter { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }
}

/// <summary>What came of reading a page.</summary>
public enum PageFault
{
    /// <summary>There is none that can be read: no page, no public address, or an answer that is none. Which of these is not said, so that nobody can look around in our network.</summary>
    Unfetchable,

    /// <summary>It took too long.</summary>
    Timeout,
}

/// <summary>
/// Reads the head of a page of the public internet that a person names, for the card of a link. Bounded in time, size and redirects; every
/// host is looked up and connected to in one step, so that a name cannot lead into our own network; and remembered, so that asking again costs its site nothing.
/// </summary>
public sealed partial class DestinationPages : IDisposable
{
    public const int MaxUrlLength = 2048;

    private const int MostBytes = 1024 * 1024;
    private const int MostRedirects = 5;
    private const int Remembered = 500;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan FaultFresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly RecentEntries<string, (DestinationPage? Page, PageFault? Fault, DateTimeOffset At)> _pages = new(Remembered, StringComparer.Ordinal);
    private readonly HttpClient _client;
    private readonly string _scheme;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public DestinationPages(TimeProvider clock, ILogger<DestinationPages> logger)
        : this(PublicAddresses.Has, Uri.UriSchemeHttps, clock, logger)
    {
    }

    /// <param name="mayGoTo">To which addresses it goes.</param>
    /// <param name="scheme">Which one every address has to have.</param>
    internal DestinationPages(Func<IPAddress, bool> mayGoTo, string scheme, TimeProvider clock, ILogger<DestinationPages> logger)
    {
        (_scheme, _clock, _logger) = (scheme, clock, logger);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, cancellationToken) => PublicAddresses.ConnectAsync(context, Dns.GetHostAddressesAsync, mayGoTo, cancellationToken),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (compatible; SpooMetadata/1.0)");
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml");
    }

    /// <summary>Whether a page at this address may be asked for.</summary>
    public bool IsReadable(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == _scheme && BrowserHost.OfUrl(url) is not null && uri.UserInfo.Length == 0;

    /// <summary>The page at an address that is <see cref="IsReadable"/>, or why there is none.</summary>
    public async Task<(DestinationPage? Page, PageFault? Fault)> ReadAsync(string url, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_pages.TryGet(url, out var known, out _) && now - known.At < (known.Page is null ? FaultFresh : Fresh))
        {
            return (known.Page, known.Fault);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        DestinationPage? page = null;
        PageFault? fault = null;
        try
        {
            page = await FetchAsync(new Uri(url), now, patience.Token);
            fault = page is null ? PageFault.Unfetchable : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            fault = PageFault.Timeout;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or InvalidDataException or RegexMatchTimeoutException)
        {
            NotRead(exception.Message);
            fault = PageFault.Unfetchable;
        }

        _pages.Add(url, (page, fault, now));
        return (page, fault);
    }

    public void Dispose() => _client.Dispose();

    private async Task<DestinationPage?> FetchAsync(Uri url, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = url;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!IsReadable(at.AbsoluteUri))
            {
                return null;
            }

            using var answer = await _client.GetAsync(at, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
            {
                at = new Uri(at, next);
                continue;
            }

            return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml"
                ? Describe(PageTags.Read(await HeadOfAsync(answer, cancellationToken)), url, at, now)
                : null;
        }

        return null;
    }

    private static async Task<string> HeadOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MostBytes];
        var length = 0;
        while (length < bytes.Length && await body.ReadAsync(bytes.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;

            // The end of the head may lie across two pieces.
            if (bytes.AsSpan(Math.Max(0, length - read - 8)..length).IndexOf("</head"u8) >= 0)
            {
                break;
            }
        }

        var head = bytes.AsSpan(0, length);
        var charset = answer.Content.Headers.ContentType?.CharSet?.Trim('"') ?? Charset().Match(Encoding.Latin1.GetString(head[..Math.Min(length, 2048)])).Groups["name"].Value;
        try
        {
            return (charset.Length == 0 ? Encoding.UTF8 : Encoding.GetEncoding(charset)).GetString(head);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetString(head);
        }
    }

    private static DestinationPage Describe(PageTags tags, Uri url, Uri at, DateTimeOffset now)
    {
        return new DestinationPage
        {
            Url = url,
            FinalUrl = at,
            Title = First("title") ?? tags.HtmlTitle,
            Description = First("description") ?? tags.HtmlDescription,
            Image = Absolute(First("image")) is { } image && LinkPreview.IsImage(image) ? image : null,
            Color = tags.Color,
            SiteName = tags.Og.GetValueOrDefault("site_name"),
            HtmlTitle = tags.HtmlTitle,
            HtmlDescription = tags.HtmlDescription,
            Favicon = Absolute(tags.Favicon),
            Og = tags.Og,
            Twitter = tags.Twitter,
            FetchedAt = now,
        };

        string? First(string name) => tags.Og.GetValueOrDefault(name) ?? tags.Twitter.GetValueOrDefault(name);
        string? Absolute(string? address) => address is not null && Uri.TryCreate(at, address, out var whole) ? whole.AbsoluteUri : null;
    }

    [GeneratedRegex("""charset\s*=\s*["']?(?<name>[\w-]{1,40})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Charset();

    [LoggerMessage(LogLevel.Debug, "A page could not be read: {Reason}")]
    private partial void NotRead(string reason);
}
