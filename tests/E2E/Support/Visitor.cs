using System.Net;

namespace Spoo.Stories.Support;

/// <summary>A person who follows links and goes no further.</summary>
internal static class Visitor
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    /// <summary>Follows a link, and says when its redirect was there: Unix milliseconds.</summary>
    public static async Task<double> FollowAsync(SpooServer server, string code, string userAgent = Firefox)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var visitor = new HttpClient(handler);
        visitor.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        using var answer = await visitor.GetAsync($"{server.Url}/{code}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
    }
}
