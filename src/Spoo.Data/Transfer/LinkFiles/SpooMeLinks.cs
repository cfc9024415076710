using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>
/// Fetches the links of an account at spoo.me, or at any server that speaks its API, as a file that can be imported. Page by page and one call at a
/// time; when the server asks to wait, it waits.
/// </summary>
public sealed class SpooMeLinks(TimeProvider clock)
{
    private const int PageSize = 100;
    private const int MaxPages = LinkFilePlan.MaxLinks / PageSize;
    private const int MostAttempts = 8;

    /// <summary>Who asks to wait longer than that means another day.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>spoo.me takes sixty calls a minute.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A client for a server. It does not follow to other addresses: the key is for this one.</summary>
    /// <exception cref="ClickFileException">The address is none.</exception>
    public static HttpClient ClientFor(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var server) || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp))
        {
            throw new ClickFileException(new Message("'{0}' is not the address of a server, such as https://spoo.me.", address));
        }

        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server, MaxResponseContentBufferSize = 16 << 20 };
    }

    /// <param name="progress">Hears how many links are there.</param>
    /// <exception cref="ClickFileException">The server does not give them.</exception>
    public async Task<Stream> ReadAsync(HttpClient client, string key, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var (file, links) = (new MemoryStream(), 0);
        var host = client.BaseAddress!.Host;
        for (var page = 1; ; page++)
        {
            // The oldest first: what is made meanwhile comes at the end, and moves nothing to another page. Servers of ours list what was archived only where it is asked for.
            using var answer = await AskAsync(client, $"api/v1/urls?page={page}&pageSize={PageSize}&sortBy=created_at&sortOrder=ascending&archived=any", key, cancellationToken);
            if (!answer.RootElement.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
            {
                throw NotTheApi(host);
            }

            foreach (var link in items.EnumerateArray())
            {
                await JsonSerializer.SerializeAsync(file, link, cancellationToken: cancellationToken);
                file.WriteByte((byte)'\n');
                links++;
            }

            progress?.Report(links);
            if (!answer.RootElement.TryGetProperty("hasNext", out var more) || more.ValueKind != JsonValueKind.True)
            {
                break;
            }

            if (page == MaxPages || file.Length > LinkFilePlan.MaxCharacters)
            {
                throw new ClickFileException(new Message("The account at {0} has more links than can be fetched at once.", host));
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        if (links == 0)
        {
            throw new ClickFileException(new Message("The account at {0} has no links.", host));
        }

        file.Position = 0;
        return file;
    }

    private async Task<JsonDocument> AskAsync(HttpClient client, string address, string key, CancellationToken cancellationToken)
    {
        var host = client.BaseAddress!.Host;
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.UserAgent.ParseAdd("Spoo (import of links)");
            request.Headers.Accept.ParseAdd("application/json");
            try
            {
                using var answer = await client.SendAsync(request, cancellationToken);
                switch (answer.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
                    case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                        throw new ClickFileException(new Message("{0} does not take the key ({1}): it should be one with the scope urls:read.", host, (int)answer.StatusCode));
                    case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout when attempt < MostAttempts:
                        var wait = WaitOf(answer.Headers.RetryAfter) ?? Pause * (1 << attempt);
                        if (wait > Patience)
                        {
                            throw new ClickFileException(new Message("{0} takes no more calls for {1} minutes. Begin again after that.", host, (int)wait.TotalMinutes));
                        }

                        await Task.Delay(wait, clock, cancellationToken);
                        break;
                    default:
                        throw new ClickFileException(new Message("{0} answers {1} where its links should be. Is it the address of spoo.me, or of a server with its API?", host, (int)answer.StatusCode));
                }
            }
            catch (JsonException)
            {
                throw NotTheApi(host);
            }
            catch (HttpRequestException exception) when (attempt == MostAttempts || exception.HttpRequestError != HttpRequestError.ResponseEnded)
            {
                throw new ClickFileException(new Message("{0} cannot be reached: {1}", host, exception.Message));
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private static ClickFileException NotTheApi(string host) =>
        new(new Message("{0} does not answer as spoo.me does. Is it the address of spoo.me, or of a server with its API?", host));

    private TimeSpan? WaitOf(RetryConditionHeaderValue? said)
    {
        var wait = said?.Delta ?? (said?.Date is { } until ? until - clock.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
