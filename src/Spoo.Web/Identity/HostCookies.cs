using System.Text;
using Microsoft.AspNetCore.Localization;

namespace Spoo.Web.Identity;

/// <summary>
/// Over TLS our cookies have names that begin with <c>__Host-</c> or, where they are for one path, <c>__Secure-</c>: browsers take such a
/// cookie from this host alone, and only over TLS. Without TLS, as on one's own machine, the names are plain.
/// </summary>
internal static class HostCookies
{
    private const string ForHost = "__Host-";
    private const string ForPath = "__Secure-";

    /// <summary>Written by the scripts of pages; they hold no secret.</summary>
    private static readonly string[] OfScripts = ["theme", "timezone"];

    /// <summary>Those of earlier versions go on being read, because they open nothing.</summary>
    private static readonly string[] Harmless = [.. OfScripts, "spoo-own", "spoo-made", CookieRequestCultureProvider.DefaultCookieName];

    public static void UseHostCookies(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.IsHttps)
        {
            if (context.Request.Headers.Cookie is { Count: > 0 } cookies)
            {
                context.Request.Headers.Cookie = Plain(cookies.ToString());
            }

            context.Response.OnStarting(NameAsync, context);
        }

        return next(context);
    });

    /// <summary>The cookies of a request under the names that the product knows. What anybody else could have set is left out.</summary>
    internal static string Plain(string header)
    {
        var cookies = header.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ours = cookies.Where(cookie => cookie.StartsWith(ForHost, StringComparison.Ordinal)).Select(cookie => cookie[ForHost.Length..])
            .Concat(cookies.Where(cookie => cookie.StartsWith(ForPath, StringComparison.Ordinal)).Select(cookie => cookie[ForPath.Length..]))
            .ToList();
        var names = ours.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return string.Join("; ", ours.Concat(cookies.Where(cookie => Harmless.Contains(NameOf(cookie)) && !names.Contains(NameOf(cookie)))));
    }

    private static Task NameAsync(object state)
    {
        var headers = ((HttpContext)state).Response.Headers;
        if (headers.SetCookie is { Count: > 0 } cookies)
        {
            headers.SetCookie = cookies.Select(cookie => cookie is null || OfScripts.Contains(NameOf(cookie)) ? cookie : Named(cookie)).ToArray();
        }

        return Task.CompletedTask;
    }

    private static string Named(string cookie)
    {
        var attributes = cookie.Split(';', StringSplitOptions.TrimEntries)[1..];
        var isForHost = attributes.Contains("path=/", StringComparer.OrdinalIgnoreCase)
            && !attributes.Any(attribute => attribute.StartsWith("domain=", StringComparison.OrdinalIgnoreCase));
        var named = new StringBuilder(isForHost ? ForHost : ForPath).Append(cookie);
        return attributes.Contains("secure", StringComparer.OrdinalIgnoreCase) ? named.ToString() : named.Append("; secure").ToString();
    }

    private static string NameOf(string cookie) => cookie.Split('=', 2)[0];
}
