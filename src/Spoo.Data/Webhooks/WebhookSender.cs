using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spoo.Data.Webhooks;

/// <summary>What came of sending something.</summary>
/// <param name="Wait">How long the endpoint asks to be left alone: what was sent has not been looked at. Null: it does not.</param>
internal sealed record WebhookAnswer(WebhookAttempt Attempt, TimeSpan? Wait)
{
    public bool IsSuccess => Attempt.StatusCode is >= 200 and < 300;

    /// <summary>The endpoint wants nothing any more, ever.</summary>
    public bool IsGone => Attempt.StatusCode == (int)HttpStatusCode.Gone;
}

/// <summary>
/// Sends deliveries: signed, to addresses of the public internet only, without following anybody anywhere, and with bounds to how long and how
/// much an endpoint may answer.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>Of an answer so much is kept.</summary>
    internal const int MaxAnswerBytes = 256;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan UsualWait = TimeSpan.FromMinutes(1);

    private readonly HttpClient _client;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _clock;

    public WebhookSender(WebhookOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, cancellationToken) => PublicAddresses.ConnectAsync(context, Dns.GetHostAddressesAsync, MayGoTo, cancellationToken),
        })
        {
            // Each call has a patience of its own, in which its answer is read as well.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("Spoo-Webhooks/1.0");
    }

    /// <summary>Whether an endpoint may be at this address.</summary>
    public bool MayGoTo(IPAddress address) => _options.AllowPrivateAddresses || PublicAddresses.Has(address);

    /// <param name="secrets">Which sign it: one, or two while they change.</param>
    internal async Task<WebhookAnswer> SendAsync(string url, string messageId, string body, IEnumerable<string> secrets, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", messageId);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", string.Join(' ', secrets.Select(secret => WebhookSecrets.Sign(secret, messageId, now.ToUnixTimeSeconds(), body))));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Timeout);
        var started = _clock.GetTimestamp();
        WebhookAttempt Attempt(string? error) => new() { At = now, DurationMs = (int)_clock.GetElapsedTime(started).TotalMilliseconds, Error = error };
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)answer.StatusCode;
            var text = await BeginningOfAsync(answer, patience.Token);
            return new WebhookAnswer(
                Attempt(ErrorOf(status)) with { StatusCode = status, Answer = text },
                status == (int)HttpStatusCode.TooManyRequests ? WaitOf(answer, now) : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer(Attempt(string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.Timeout.TotalSeconds:0.#} seconds")), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return new WebhookAnswer(Attempt(CallFaults.InWords(exception)), null);
        }
    }

    public void Dispose() => _client.Dispose();

    private static string? ErrorOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => "it answers with another address, and redirects are not followed",
        _ => string.Create(CultureInfo.InvariantCulture, $"it answers {status}"),
    };

    private static TimeSpan WaitOf(HttpResponseMessage answer, DateTimeOffset now)
    {
        var asked = answer.Headers.RetryAfter is not { } retry ? UsualWait : retry.Delta ?? (retry.Date - now) ?? UsualWait;
        return asked < ShortestWait ? ShortestWait : asked > LongestWait ? LongestWait : asked;
    }

    private static async Task<string?> BeginningOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MaxAnswerBytes];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);

        // Half a letter at the end is left out, and a NUL is nothing databases agree about.
        var text = Encoding.UTF8.GetString(bytes, 0, length).Replace("\0", "", StringComparison.Ordinal).TrimEnd('\uFFFD');
        return text.Length == 0 ? null : text;
    }
}
