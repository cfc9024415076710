using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Wire;

namespace Spoo.Web.Components.Public;

/// <summary>
/// Public pages as they were drawn and compressed last: strangers who ask for the same get the same, until a click comes in or the link is
/// changed. Each says as of when its numbers are. What is not for everybody is never kept: pages of people who are signed in, of links with a
/// password, and of links whose statistics are private.
/// </summary>
internal sealed class PublicPages(LinkService links, ClickSubscriptions news, TimeProvider clock) : IDisposable
{
    /// <summary>Without a click, so long until the end of a range that reaches to now has moved on too far.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Every bucket of the chart, and every day in every zone, begins at a multiple of this: no page outlives its last bucket.</summary>
    private static readonly TimeSpan Grid = TimeSpan.FromMinutes(5);

    /// <summary>In bytes of pages.</summary>
    private const long Room = 48 << 20;

    /// <summary>Longer addresses and headers than browsers send are no reason to remember much.</summary>
    private const int LongestKey = 2000;

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = Room, ExpirationScanFrequency = Longest });
    private readonly ConcurrentDictionary<Key, Task<Page?>> _drawing = new();
    private long _drawn;

    /// <summary>How many pages had to be drawn.</summary>
    public long Drawn => Interlocked.Read(ref _drawn);

    public void Dispose() => _pages.Dispose();

    /// <summary>Answers what can be answered from memory, and lets the page be drawn otherwise.</summary>
    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (await KeyOfAsync(context) is not { } key)
        {
            await next(context);
            return;
        }

        if (_pages.TryGetValue(key, out Page? page) && page!.Until > clock.GetUtcNow())
        {
            await SendAsync(context, page);
            return;
        }

        // Of those who ask at the same moment the first one draws, and the others wait for it.
        var mine = new TaskCompletionSource<Page?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var drawing = _drawing.GetOrAdd(key, mine.Task);
        if (drawing == mine.Task)
        {
            Page? drawn = null;
            try
            {
                drawn = await DrawAsync(context, next);
                if (drawn is not null)
                {
                    _pages.Set(key, drawn, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Longest, Size = drawn.Body.Length });
                }
            }
            finally
            {
                _drawing.TryRemove(key, out _);
                mine.SetResult(drawn);
            }
        }
        else if (await drawing.WaitAsync(context.RequestAborted) is { } theirs)
        {
            await SendAsync(context, theirs);
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>What makes the answer differ. Null: it is not one for everybody.</summary>
    private async Task<Key?> KeyOfAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || context.User.Identity?.IsAuthenticated == true
            || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type != typeof(PublicPage))
        {
            return null;
        }

        var told = string.Join('\n', request.Cookies["theme"], request.Cookies["timezone"], request.Headers.AcceptEncoding);
        var url = $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}{request.QueryString}";
        if (told.Length + url.Length > LongestKey)
        {
            return null;
        }

        try
        {
            var link = await links.FindWithStatsAsync((string?)request.RouteValues["Code"] ?? "", Viewer.Nobody, context.RequestAborted);
            return link is null or { PasswordHash: not null }
                ? null
                : new Key(link.Id, link.UpdatedAt, link.Status, link.TotalClicks, news.VersionOf(link.Id), url, CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name, told);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // The page itself says so.
            return null;
        }
    }

    private async Task<Page?> DrawAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _drawn);
        var now = clock.GetUtcNow();
        var untilEdge = TimeSpan.FromTicks(Grid.Ticks - (now.UtcTicks % Grid.Ticks));
        var answer = context.Response;
        var visitor = answer.Body;
        using var drawn = new MemoryStream();
        answer.Body = drawn;
        try
        {
            await next(context);
        }
        finally
        {
            answer.Body = visitor;
        }

        var body = drawn.ToArray();
        if (body.Length > 0)
        {
            answer.ContentLength = body.Length;
            await answer.Body.WriteAsync(body, context.RequestAborted);
        }

        return answer.StatusCode == StatusCodes.Status200OK && body.Length > 0 && StringValues.IsNullOrEmpty(answer.Headers.SetCookie) && ContentPolicy.ScriptOf(context) is { } script
            ? new Page(body, answer.ContentType, answer.Headers.ContentEncoding, answer.Headers.Vary, script, now + (untilEdge < Longest ? untilEdge : Longest))
            : null;
    }

    private static async Task SendAsync(HttpContext context, Page page)
    {
        ContentPolicy.IsPage(context, hasStyleAttributes: true);
        ContentPolicy.AllowScript(context, page.Script);
        PublicHeaders.PutOn(context);
        var answer = context.Response;
        answer.ContentType = page.ContentType;
        answer.Headers.ContentEncoding = page.Encoding;
        answer.Headers.Vary = page.Vary;
        answer.ContentLength = page.Body.Length;
        await answer.Body.WriteAsync(page.Body, context.RequestAborted);
    }

    private sealed record Key(long Link, DateTimeOffset? Changed, LinkStatus Status, long Clicks, long Version, string Url, string Region, string Language, string Told);

    private sealed record Page(byte[] Body, string? ContentType, StringValues Encoding, StringValues Vary, string Script, DateTimeOffset Until);
}
