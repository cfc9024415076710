using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Spoo.Data.Links;

namespace Spoo.Web.Addresses;

/// <summary>Settings of the section <c>Server</c>: how what stands in front of this server passes requests on.</summary>
internal sealed partial class ServerOptions
{
    public const string Section = "Server";

    /// <summary>
    /// The path that everything is below, such as <c>/go</c>; empty where the server has its host to itself. Whatever stands in front passes the
    /// path on as it came. One that takes the path away says so in <c>X-Forwarded-Prefix</c>, and this stays empty.
    /// </summary>
    public string PathBase { get; set; } = "";

    /// <summary>Who comes without TLS is sent to the same address with TLS. Health and metrics stay as they are, for programs beside this server.</summary>
    public bool RedirectToHttps { get; set; }

    /// <summary>After it was told to stop, the server goes on for so long, and says by <c>/health/ready</c> that balancers should ask others.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Server:DrainFor should be from 00:00:00 to 00:05:00")]
    public TimeSpan DrainFor { get; set; }

    /// <summary>Whether a text is a path without anything by which a browser could read another host in it.</summary>
    public static bool IsPath(string text) => Path().IsMatch(text);

    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[A-Za-z0-9._~-]{1,100}){1,10}\z")]
    private static partial Regex Path();
}

/// <summary>The path that the server is below, and addresses that do not know of it.</summary>
internal static class ServerPaths
{
    /// <summary>What programs beside this server ask without TLS.</summary>
    private static readonly PathString[] Unencrypted = ["/health", "/health/ready", "/metrics"];

    /// <summary>Where cookies of ours hold: not on what else the host has beside the path that this server is below.</summary>
    public static string CookiePath(HttpContext context) => context.Request.PathBase.HasValue ? context.Request.PathBase.Value! : "/";

    /// <summary>This page's address as if the server had its host to itself.</summary>
    public static Uri Below(this NavigationManager navigation) => navigation.Below(navigation.Uri);

    /// <summary>An address of this server as if it had its host to itself.</summary>
    public static Uri Below(this NavigationManager navigation, string address) =>
        new($"{new Uri(navigation.BaseUri).GetLeftPart(UriPartial.Authority)}/{navigation.ToBaseRelativePath(address)}");

    /// <summary>Takes the path that the server is below from the front of each request, and sends those who came without TLS to where it is.</summary>
    public static void UseServerPath(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        var known = new PathString(options.PathBase.Length == 0 ? null : options.PathBase);
        if (known.HasValue)
        {
            app.Use((context, next) =>
            {
                var request = context.Request;

                // A proxy that says what it took away has been believed before.
                if (!request.PathBase.HasValue)
                {
                    if (request.Path.StartsWithSegments(known, StringComparison.Ordinal, out var rest))
                    {
                        request.Path = rest;
                    }

                    request.PathBase = known;
                }

                return next(context);
            });
        }

        app.Use((context, next) =>
        {
            var request = context.Request;
            if (request.Path.HasValue || !request.PathBase.HasValue)
            {
                return next(context);
            }

            // The page at /go is at /go/, or what hangs on its base would be beside it.
            if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            {
                context.Response.Redirect($"{request.PathBase}/{request.QueryString}");
                return Task.CompletedTask;
            }

            request.Path = "/";
            return next(context);
        });

        if (options.RedirectToHttps)
        {
            var publicUrl = app.Services.GetRequiredService<ShorteningOptions>().PublicUrl;
            var host = publicUrl is null || !Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps ? null : url.Authority;
            app.Use((context, next) =>
            {
                var request = context.Request;
                if (request.IsHttps || Array.Exists(Unencrypted, path => request.Path == path))
                {
                    return next(context);
                }

                // Not for good, or a browser would keep to it after the setting is taken back. Programs send again what they sent.
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = $"https://{host ?? request.Host.Host}{request.PathBase}{request.Path}{request.QueryString}";
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>
    /// Redirects to addresses of this server say its path alone: what the browser came over, and which host it asked for, is not always known here,
    /// and it need not be.
    /// </summary>
    public static void UseRelativeLocations(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(Shorten, context);
        return next(context);
    });

    private static Task Shorten(object state)
    {
        var context = (HttpContext)state;
        var location = context.Response.Headers.Location.ToString();
        if (location.Length > 0 && context.Response.StatusCode is >= 300 and < 400)
        {
            var here = $"{context.Request.Scheme}://{context.Request.Host}/";

            // Two slashes at the start of a path would be read as another host.
            if (location.StartsWith(here, StringComparison.OrdinalIgnoreCase) && location[here.Length..] is not ['/' or '\\', ..])
            {
                context.Response.Headers.Location = location[(here.Length - 1)..];
            }
        }

        return Task.CompletedTask;
    }
}
