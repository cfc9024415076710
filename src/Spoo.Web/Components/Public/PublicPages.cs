using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Net.Http.Headers;
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

    /// <summary>Who has waited so long for a turn is drawn beside the others: a database that does not answer must hold up nobody whose page does not need it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>In bytes of pages.</summary>
    private const long Room = 48 << 20;

    /// <summary>Longer addresses and headers than browsers send are no reason to remember much.</summary>
    private const int LongestKey = 2000;

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = Room, ExpirationScanFrequency = Longest });
    private readonly ConcurrentDictionary<Key, Task<Page?>> _drawing = new();

    // Hundreds that are drawn at once are hundreds of half pages in memory, which the collector moves about for none of them to be there sooner.
    private readonly SemaphoreSlim _turns = new(2 * Environment.ProcessorCount);
    private long _drawn;
    private int _asked;

    /// <summary>How many pages had to be drawn.</summary>
    public long Drawn => Interlocked.Read(ref _drawn);

    public void Dispose()
    {
        _pages.Dispose();
        _turns.Dispose();
    }

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

        // Of those who ask at the same moment the first one draws, and the others wait for it; not for whom it is sent to first, who may read slowly.
        var mine = new TaskCompletionSource<Page?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var drawing = _drawing.GetOrAdd(key, mine.Task);
        if (drawing == mine.Task)
        {
            try
            {
                await DrawAsync(context, next, Keep);
            }
            finally
            {
                Keep(null);
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

        void Keep(Page? drawn)
        {
            if (drawn is not null)
            {
                _pages.Set(key, drawn, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Longest, Size = drawn.Body.Length });
            }

            if (mine.TrySetResult(drawn))
            {
                _drawing.TryRemove(key, out _);
            }
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

        var encoding = EncodingFor(request);
        var told = string.Join('\n', request.Cookies["theme"], request.Cookies["timezone"], encoding);
        var url = $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}{request.QueryString}";
        if (told.Length + url.Length > LongestKey)
        {
            return null;
        }

        try
        {
            var link = await links.FindWithStatsAsync((string?)request.RouteValues["Code"] ?? "", Viewer.Nobody, context.RequestAborted);
            context.Features.Set(link);
            return link is null or { PasswordHash: not null }
                ? null
                : new Key(link.Id, link.UpdatedAt, link.Status, link.TotalClicks + link.ImportedClicks, news.VersionOf(link.Id), url, CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name, told);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // The page itself says so.
            return null;
        }
    }

    /// <summary>Lets the page be drawn and sends it.</summary>
    /// <param name="keep">Given what can be sent again before it is sent, if it can.</param>
    private async Task DrawAsync(HttpContext context, RequestDelegate next, Action<Page> keep)
    {
        Interlocked.Increment(ref _drawn);
        var encoding = EncodingFor(context.Request);
        context.Request.Headers.AcceptEncoding = default;
        var sheet = PageSheets.Take();
        try
        {
            if (await DrawAsync(context, next, sheet, encoding) is { } page)
            {
                keep(page);
                await SendAsync(context, page);
            }
            else
            {
                sheet.Position = 0;
                await sheet.CopyToAsync(context.Response.Body, context.RequestAborted);
            }
        }
        finally
        {
            PageSheets.BringBack(sheet);
        }
    }

    /// <returns>Null: what is on the sheet now is no report.</returns>
    private async Task<Page?> DrawAsync(HttpContext context, RequestDelegate next, MemoryStream sheet, string? encoding)
    {
        var answer = context.Response;
        var visitor = answer.Body;
        var others = Interlocked.Increment(ref _asked) - 1;
        var hasTurn = false;
        try
        {
            hasTurn = await _turns.WaitAsync(LongestWait, context.RequestAborted);
            var now = clock.GetUtcNow();
            var untilEdge = TimeSpan.FromTicks(Grid.Ticks - (now.UtcTicks % Grid.Ticks));
            answer.Body = sheet;
            await next(context);
            if (answer.StatusCode != StatusCodes.Status200OK || sheet.Length == 0 || ContentPolicy.ScriptOf(context) is not { } script)
            {
                return null;
            }

            // The framework gives every page a token for forms and a state for circuits, each the visitor's own. These pages have neither.
            answer.Headers.Remove(HeaderNames.SetCookie);
            var html = WithoutState(sheet.GetBuffer().AsSpan(0, (int)sheet.Length));
            var body = Compressed(html, encoding, others < Environment.ProcessorCount ? CompressionLevel.Optimal : CompressionLevel.Fastest);
            return new Page(body, answer.ContentType, encoding, script, ContentPolicy.NonceOf(context), now + (untilEdge < Longest ? untilEdge : Longest));
        }
        finally
        {
            answer.Body = visitor;
            Interlocked.Decrement(ref _asked);
            if (hasTurn)
            {
                _turns.Release();
            }
        }
    }

    private static async Task SendAsync(HttpContext context, Page page)
    {
        ContentPolicy.IsPage(context, hasStyleAttributes: false);
        ContentPolicy.AllowScript(context, page.Script);
        ContentPolicy.Repeat(context, page.Nonce);
        PublicHeaders.PutOn(context);
        var answer = context.Response;
        answer.ContentType = page.ContentType;
        answer.Headers.ContentEncoding = page.Encoding;
        answer.Headers.Vary = HeaderNames.AcceptEncoding;
        answer.ContentLength = page.Body.Length;
        await answer.Body.WriteAsync(page.Body, context.RequestAborted);
    }

    /// <summary>The smallest that the browser takes. Null: it takes none.</summary>
    private static string? EncodingFor(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding.Where(encoding => encoding.Quality is not 0).Select(encoding => encoding.Value.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return accepted.Contains("br") ? "br" : accepted.Contains("gzip") ? "gzip" : null;
    }

    /// <summary>Moves what stands behind the framework's comments over them.</summary>
    /// <returns>The beginning of the same bytes.</returns>
    internal static Span<byte> WithoutState(Span<byte> html)
    {
        var begin = "<!--Blazor-"u8;
        var end = "-->"u8;
        var length = 0;
        for (var rest = html; ;)
        {
            var comment = rest.IndexOf(begin);
            var after = comment < 0 ? -1 : rest[comment..].IndexOf(end);
            var kept = after < 0 ? rest : rest[..comment];
            kept.CopyTo(html[length..]);
            length += kept.Length;
            if (after < 0)
            {
                return html[..length];
            }

            rest = rest[(comment + after + end.Length)..];
        }
    }

    /// <param name="level">While many are drawn, the quickest: a fifth more bytes, a quarter of the time.</param>
    private static byte[] Compressed(ReadOnlySpan<byte> html, string? encoding, CompressionLevel level)
    {
        if (encoding is null)
        {
            return html.ToArray();
        }

        using var small = new MemoryStream();
        using (Stream compressing = encoding == "br" ? new BrotliStream(small, level) : new GZipStream(small, level))
        {
            compressing.Write(html);
        }

        return small.ToArray();
    }

    private sealed record Key(long Link, DateTimeOffset? Changed, LinkStatus Status, long Clicks, long Version, string Url, string Region, string Language, string Told);

    private sealed record Page(byte[] Body, string? ContentType, string? Encoding, string Script, string Nonce, DateTimeOffset Until);
}
