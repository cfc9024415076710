using System.Buffers;

namespace Spoo.Web.Redirect;

/// <summary>
/// Requests that a browser makes ahead of a click that may never come. They are refused and not stored, so that the browser asks again
/// when a person really clicks, and count nowhere.
/// </summary>
internal static class Prefetch
{
    /// <summary>Where browsers say so: all of today's, then Chromium's and Safari's of before, Safari's for its most visited sites, and Firefox's of before.</summary>
    private static readonly string[] Headers = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    private static readonly SearchValues<string> Words = SearchValues.Create(["prefetch", "prerender", "preview"], StringComparison.OrdinalIgnoreCase);

    public static bool Is(HttpRequest request)
    {
        foreach (var name in Headers)
        {
            // With whatever parameters: "prefetch;prerender", "prefetch;anonymous-client-ip".
            if (request.Headers.TryGetValue(name, out var values) && values.ToString().AsSpan().ContainsAny(Words))
            {
                return true;
            }
        }

        return false;
    }

    public static void Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }
}
