using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Spoo.Data;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;

namespace Spoo.Web.Components.Public;

/// <summary>
/// <c>/stats/{code}/live</c>: a stream of events that brings an open public page its new numbers, drawn, at most once a second. An open
/// page costs the server a connection, and many that show the same cost it one drawing.
/// </summary>
internal sealed class PublicLive(
    LinkService links,
    StatsQueryParser parser,
    PublicReports reports,
    ClickSubscriptions news,
    PasswordProof proof,
    ShorteningOptions options,
    TimeProvider clock,
    IServiceScopeFactory scopes,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime)
{
    /// <summary>After this the browser comes again by itself, and is asked for its password if that has run out.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private const string Data = "data: ";

    private int _open;

    /// <summary>Streams that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    public async Task ServeAsync(HttpContext context)
    {
        var code = (string?)context.Request.RouteValues["code"] ?? "";
        var viewer = context.User.Viewer();
        var zone = TimeZones.Resolve(context.Request.Cookies["timezone"]);
        if (await links.FindWithStatsAsync(code, viewer, context.RequestAborted) is not { } link
            || !DashboardAddress.TryParse(parser, AddressOf(context.Request), zone, out var address, out _)
            || (link.PasswordHash is not null && !link.IsOwnedBy(viewer) && !proof.IsIn(context, link.Id, link.PasswordHash)))
        {
            // Which of these it is, the page itself says.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";

        // Proxies that gather an answer before they pass it on would keep all of this one.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        using var life = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        life.CancelAfter(Life);
        Interlocked.Increment(ref _open);
        try
        {
            await FollowAsync(context, link, address.Url, life.Token);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // The reader has gone, the server stops, or it has been long enough.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task FollowAsync(HttpContext context, Link opened, string url, CancellationToken cancellationToken)
    {
        using var pulse = new RefreshThrottle(clock);
        using var listening = news.ListenToLink(opened.Id, pulse.Beat);
        await SendAsync(context, ": here\n\n", cancellationToken);
        if (SeenBy(context.Request) != news.VersionOf(opened.Id))
        {
            pulse.Beat();
        }

        while (true)
        {
            await pulse.NextAsync(cancellationToken);

            // Links are renamed, deleted, locked and made private while pages about them are open.
            var viewer = context.User.Viewer();
            var zone = TimeZones.Resolve(context.Request.Cookies["timezone"]);
            var code = (string?)context.Request.RouteValues["code"] ?? "";
            if (await links.FindWithStatsAsync(code, viewer, cancellationToken) is not { } link
                || (link.Id, link.PasswordHash) != (opened.Id, opened.PasswordHash)
                || !DashboardAddress.TryParse(parser, AddressOf(context.Request), zone, out var address, out _))
            {
                await SendAsync(context, "event: gone\ndata:\n\n", cancellationToken);
                return;
            }

            var view = await reports.AskAsync(address, link, SpooUrls.ShortLink(context.Request, options, link.Name), link.IsOwnedBy(viewer));
            if (view.Refusal is { Kind: RefusalKind.Busy })
            {
                // The numbers stay as they are, with the moment as of which they are, until there are others.
                continue;
            }

            var culture = CultureInfo.CurrentUICulture;
            var html = await reports.SharedAsync(("drawn", url, zone.Id, culture.Name, view.IsOwner, view.ShortUrl), view, () => DrawAsync(view, culture));
            await context.Response.WriteAsync($"id: {view.Version}\nevent: report\n", cancellationToken);
            await context.Response.Body.WriteAsync(html, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }

    /// <summary>The report as the lines of an event, and the empty one behind it.</summary>
    private async Task<byte[]> DrawAsync(PublicView view, CultureInfo culture)
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        using var html = new StringWriter(CultureInfo.InvariantCulture);
        await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<PublicReport>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PublicReport.View)] = view }))).WriteHtmlTo(html));
        return Event(html.GetStringBuilder());
    }

    /// <summary>A text as the lines of an event, in UTF-8, and the empty one behind it.</summary>
    internal static byte[] Event(StringBuilder text)
    {
        var sheet = PageSheets.Take();
        try
        {
            using var lines = new StreamWriter(sheet, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            lines.Write(Data);
            foreach (var chunk in text.GetChunks())
            {
                var rest = chunk.Span;
                for (var end = rest.IndexOfAny('\r', '\n'); end >= 0; end = rest.IndexOfAny('\r', '\n'))
                {
                    lines.Write(rest[..end]);
                    lines.Write('\n');
                    lines.Write(Data);
                    rest = rest[(end + 1)..];
                }

                lines.Write(rest);
            }

            lines.Write("\n\n");
            lines.Flush();
            return sheet.ToArray();
        }
        finally
        {
            PageSheets.BringBack(sheet);
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>What the page has: what it was drawn with or, when it comes again, what it was sent last.</summary>
    private static long SeenBy(HttpRequest request) => long.TryParse(
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : request.Query[SpooUrls.SeenParameter].ToString(),
        NumberStyles.AllowLeadingSign,
        CultureInfo.InvariantCulture,
        out var seen) ? seen : -1;

    /// <summary>The address of the page that this stream is of.</summary>
    private static Uri AddressOf(HttpRequest request) => new($"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}");
}
